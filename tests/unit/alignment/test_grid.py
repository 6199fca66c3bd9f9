"""The cube of any position holds every point near it."""

import numpy as np
import pytest

from domainflow.alignment.native.grid import cube_at, sort_into_grid


@pytest.mark.parametrize(("count", "spread"), [(1, 1.0), (40, 12.0), (200, 20.0), (60, 300.0)])
def test_points_within_the_radius_are_in_the_cube_in_descending_order(count, spread):
    rng = np.random.default_rng(count)
    points = rng.normal(scale=spread, size=(count, 3)).astype(np.float32)
    grid = sort_into_grid(points, np.float32(6.0))
    beside = points + rng.normal(scale=4.0, size=points.shape).astype(np.float32)
    for place in np.concatenate((points, beside, points + 500)):
        near = np.flatnonzero(np.linalg.norm(points - place, axis=1) < 5.999)
        cube = cube_at(grid, *place)
        found = grid.points[grid.start[cube] : grid.start[cube + 1]] if cube >= 0 else np.empty(0, np.int32)
        assert set(near) <= set(found.tolist())
        assert (np.diff(found) < 0).all()


def test_without_points_nothing_is_near():
    grid = sort_into_grid(np.empty((0, 3), np.float32), np.float32(6.0))
    cube = cube_at(grid, np.float32(0), np.float32(0), np.float32(0))
    assert cube < 0 or grid.start[cube] == grid.start[cube + 1]
