"""The corridor holds every cell of a path that comes close to the best one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domainflow.alignment.native.corridor import ROW_STEP, mark_corridor, mark_near
from domainflow.alignment.native.dynamic_programming import fill_backward, fill_forward, trace_free
from domainflow.alignment.native.workspace import BLOCK_COLUMNS, BLOCK_ROWS, workspace


def corridor_of(cells: np.ndarray, fraction: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, columns = cells.shape
    forward, backward = (np.empty((rows + 1, columns + 1), np.float32) for _ in range(2))
    space = workspace(rows, columns)
    fill_forward(cells, forward, space.bands)
    fill_backward(cells, backward)
    mark_corridor(cells, forward, backward, fraction, space.live, space.bands)
    return forward, backward, space.live


@given(st.integers(0, 10_000), st.integers(1, 70), st.integers(1, 70))
def test_the_best_path_lies_in_the_corridor(seed, rows, columns):
    cells = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)
    forward, backward, live = corridor_of(cells, 0.93)
    np.testing.assert_allclose(backward[0, 0], forward[rows, columns], rtol=1e-4)
    path = trace_free(forward)
    assert live[path[0] // BLOCK_ROWS, path[1] // BLOCK_COLUMNS].all()


def test_cells_off_a_single_ridge_are_left_out():
    cells = np.full((64, 64), -0.5, np.float32)
    np.fill_diagonal(cells, 1.0)
    _, _, live = corridor_of(cells, 0.93)
    assert live[0, 0]
    assert live[15, 3]
    assert not live[0, 3]
    assert not live[15, 0]


def test_blocks_of_residues_near_each_other_are_live():
    """Use two straight chains that coincide atom by atom, with 1 Å per residue."""
    ca = np.stack((np.arange(61.0), np.zeros(61), np.zeros(61)), axis=1).astype(np.float32)
    space = workspace(61, 61)
    mark_near(ca, ca.T.copy(), 3.0, space.live, space.bands)
    i, j = np.nonzero(abs(np.arange(61)[:, None] - np.arange(61)) < 3)
    looked_at = i % ROW_STEP == 0
    expected = np.zeros_like(space.live)
    expected[i[looked_at] // BLOCK_ROWS, j[looked_at] // BLOCK_COLUMNS] = 1
    np.testing.assert_array_equal(space.live, expected)
    for (first, last), row in zip(space.bands, expected, strict=True):
        blocks = np.flatnonzero(row)
        assert (first, last) == (blocks[0] * BLOCK_COLUMNS, min(61, (blocks[-1] + 1) * BLOCK_COLUMNS))
