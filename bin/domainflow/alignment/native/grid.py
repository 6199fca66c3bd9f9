"""Sort points into cubes, so that the points near a position are found without a search through all points."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["Grid", "cube_at", "sort_into_grid"]

EDGE = np.float32(4.0)
"""Å; edge of a cube, unless the number of cubes would exceed `MOST_CUBES`."""
MOST_CUBES = 20_000
ZERO, ONE = np.float32(0), np.float32(1)


class Grid(NamedTuple):
    """Cubes, each with all points that are near any position in it.

    Attributes
    ----------
    origin : ndarray, shape=(3,), dtype=float32
        Corner of the first cube in Å.
    cubes : ndarray, shape=(3,), dtype=int64
        Number of cubes along each axis.
    scale : float32
        Cubes per Å.
    start : ndarray, shape=(cubes + 1,), dtype=int32
        Index in `points` of each cube's first point.
    points : ndarray, dtype=int32
        Numbers of the points of each cube, descending in each cube.
    """

    origin: NDArray[np.float32]
    cubes: NDArray[np.int64]
    scale: np.float32
    start: NDArray[np.int32]
    points: NDArray[np.int32]


@exact_kernel
def cube_at(grid: Grid, x: np.float32, y: np.float32, z: np.float32) -> int:
    """Return the number of the cube that holds a position in Å; -1 outside all cubes, where no point is near."""
    dx, dy, dz = x - grid.origin[0], y - grid.origin[1], z - grid.origin[2]
    if dx < ZERO or dy < ZERO or dz < ZERO:
        return -1
    a, b, c = np.int64(dx * grid.scale), np.int64(dy * grid.scale), np.int64(dz * grid.scale)
    if a >= grid.cubes[0] or b >= grid.cubes[1] or c >= grid.cubes[2]:
        return -1
    return (a * grid.cubes[1] + b) * grid.cubes[2] + c


@exact_kernel
def sort_into_grid(points: NDArray[np.float32], radius: np.float32) -> Grid:
    """Sort points, shape (n, 3), in Å, into the cubes; a point is in every cube closer to it than the radius."""
    count = points.shape[0]
    origin, span = np.zeros(3, np.float32), np.zeros(3, np.float32)
    if count > 0:
        for axis in range(3):
            origin[axis] = points[:, axis].min() - radius
            span[axis] = points[:, axis].max() + radius - origin[axis]
    edge = max(EDGE, np.float32((span[0] * span[1] * span[2] / MOST_CUBES) ** (1.0 / 3.0)))
    cubes = np.empty(3, np.int64)
    for axis in range(3):
        cubes[axis] = np.int64(span[axis] / edge) + 1
    start = np.zeros(cubes[0] * cubes[1] * cubes[2] + 1, np.int32)
    found = np.empty(0, np.int32)
    first, last, place = np.empty(3, np.int64), np.empty(3, np.int64), np.empty(3, np.float32)
    # The first pass counts each cube's points. The second one fills them in from the cube's end.
    for filling in (False, True):
        for point in range(count):
            for axis in range(3):
                place[axis] = points[point, axis] - origin[axis]
                first[axis] = max(np.int64(0), np.int64((place[axis] - radius) / edge))
                last[axis] = min(cubes[axis] - 1, np.int64((place[axis] + radius) / edge))
            for a in range(first[0], last[0] + 1):
                for b in range(first[1], last[1] + 1):
                    for c in range(first[2], last[2] + 1):
                        x, y, z = _outside(place[0], a, edge), _outside(place[1], b, edge), _outside(place[2], c, edge)
                        if x * x + y * y + z * z >= radius * radius:
                            continue
                        cube = (a * cubes[1] + b) * cubes[2] + c
                        if filling:
                            start[cube] -= 1
                            found[start[cube]] = point
                        else:
                            start[cube] += 1
        if not filling:
            for cube in range(1, start.shape[0]):
                start[cube] += start[cube - 1]
            found = np.empty(start[-1], np.int32)
    return Grid(origin, cubes, ONE / edge, start, found)


@exact_kernel
def _outside(place: np.float32, cube: int, edge: np.float32) -> np.float32:
    """Return the distance in Å of a coordinate to a cube's range on that axis; 0 inside."""
    return max(np.float32(cube) * edge - place, place - np.float32(cube + 1) * edge, ZERO)
