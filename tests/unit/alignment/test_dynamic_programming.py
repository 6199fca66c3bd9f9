"""Best paths are those of plain recursions."""

import numpy as np
import pytest

from domainflow.alignment.native.corridor import mark_corridor
from domainflow.alignment.native.dynamic_programming import block_path, fill_backward, fill_forward, free_path
from domainflow.alignment.native.workspace import BLOCK_COLUMNS, BLOCK_ROWS

SHAPES = [(1, 1), (3, 2), (4, 4), (5, 40), (40, 5), (17, 23), (30, 64), (61, 33)]


def random_cells(shape, seed: int):
    return np.random.default_rng(seed).normal(-0.3, 1, shape).astype(np.float32)


def space(shape):
    return np.full((shape[0] + 1, shape[1] + 1), np.nan, np.float32)


def whole(shape):
    """Return bands of all columns."""
    return np.tile(np.array([0, shape[1]], np.int32), (-(-shape[0] // BLOCK_ROWS), 1))


def blocks(shape: tuple[int, int]) -> np.ndarray:
    """Return a mask of blocks of cells, none of them live."""
    return np.zeros((-(-shape[0] // BLOCK_ROWS), -(-shape[1] // BLOCK_COLUMNS)), np.uint8)


def best_free(cells) -> float:
    best = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1))
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            best[i + 1, j + 1] = max(best[i, j + 1], best[i + 1, j], best[i, j] + max(cell, 0))
    return best[-1, -1]


def best_blocks(cells, shortest: int) -> float:
    """Try every block with every length."""
    best = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1))
    for i in range(1, best.shape[0]):
        for j in range(1, best.shape[1]):
            best[i, j] = max(best[i - 1, j], best[i, j - 1])
            for length in range(shortest, min(i, j) + 1):
                block = sum(float(cells[i - 1 - k, j - 1 - k]) for k in range(length))
                best[i, j] = max(best[i, j], best[i - length, j - length] + block)
    return best[-1, -1]


def assert_monotone(path):
    assert (np.diff(path, axis=1) > 0).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_a_free_path_has_the_best_score(shape, seed):
    cells = random_cells(shape, seed)
    path = free_path(cells, space(shape), whole(shape))
    assert_monotone(path)
    assert cells[path[0], path[1]].sum() == pytest.approx(best_free(cells), abs=1e-3)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("shortest", [2, 3, 4, 6])
def test_a_path_of_blocks_has_the_best_score(shape, shortest):
    cells = random_cells(shape, shortest)
    path = block_path(cells, space(shape), space(shape), whole(shape), shortest)
    assert_monotone(path)
    assert cells[path[0], path[1]].sum() == pytest.approx(best_blocks(cells, shortest), abs=1e-2)


@pytest.mark.parametrize("shortest", [2, 4, 6])
def test_blocks_have_the_least_length(shortest):
    for seed in range(5):
        cells = random_cells((60, 70), seed)
        path = block_path(cells, space(cells.shape), space(cells.shape), whole(cells.shape), shortest)
        ends = np.flatnonzero((np.diff(path, axis=1) != 1).any(axis=0)) + 1
        assert np.diff([0, *ends, path.shape[1]]).min() >= shortest


def test_nothing_is_aligned_where_all_cells_are_negative():
    cells = np.full((10, 20), -1, np.float32)
    assert free_path(cells, space(cells.shape), whole(cells.shape)).shape == (2, 0)
    assert block_path(cells, space(cells.shape), space(cells.shape), whole(cells.shape), 4).shape == (2, 0)


@pytest.mark.parametrize("shape", SHAPES)
def test_from_the_back_the_best_path_is_the_same(shape):
    cells = random_cells(shape, 7)
    forward, backward = space(shape), space(shape)
    fill_forward(cells, forward, whole(cells.shape))
    fill_backward(cells, backward)
    assert backward[0, 0] == pytest.approx(forward[-1, -1], abs=1e-3)


def test_the_best_path_lies_in_the_corridor():
    cells = random_cells((45, 50), 3)
    forward, backward = space(cells.shape), space(cells.shape)
    path = free_path(cells, forward, whole(cells.shape))
    fill_backward(cells, backward)
    live, bands = blocks(cells.shape), whole(cells.shape)
    mark_corridor(cells, forward, backward, 0.99, live, bands)
    assert live[path[0] // BLOCK_ROWS, path[1] // BLOCK_COLUMNS].all()


def test_a_narrow_corridor_is_part_of_a_wide_one():
    cells = random_cells((45, 50), 4)
    forward, backward = space(cells.shape), space(cells.shape)
    fill_forward(cells, forward, whole(cells.shape))
    fill_backward(cells, backward)
    narrow, wide = blocks(cells.shape), blocks(cells.shape)
    mark_corridor(cells, forward, backward, 0.99, narrow, whole(cells.shape))
    mark_corridor(cells, forward, backward, 0.8, wide, whole(cells.shape))
    assert (narrow <= wide).all()
    assert narrow.sum() < wide.sum()


@pytest.mark.parametrize("shortest", [1, 4])
def test_in_a_band_the_best_path_is_that_of_the_band(shortest):
    """Compare with cells outside set to small losses, which no path takes."""
    cells = random_cells((61, 70), 5)
    first = np.arange(-(-61 // BLOCK_ROWS)) * BLOCK_ROWS // 2
    bands = np.stack((first, first + 32), axis=1).astype(np.int32)
    for row, line in enumerate(cells):
        first, last = bands[row // BLOCK_ROWS]
        line[:first] = line[last:] = -100
    forward, block = space(cells.shape), space(cells.shape)
    for limits in (bands, whole(cells.shape)):
        if shortest == 1:
            path = free_path(cells, forward, limits)
        else:
            path = block_path(cells, forward, block, limits, shortest)
        best = best_free(cells) if shortest == 1 else best_blocks(cells, shortest)
        assert cells[path[0], path[1]].sum() == pytest.approx(best, abs=1e-2)
