"""A first alignment takes the best path over residues that a transform brings near each other."""

import numpy as np
import pytest

from domainflow.alignment.native.rigid import _nearest_path


def coil(length: int, seed: int) -> np.ndarray:
    """Return CA atoms of a compact random walk in Å."""
    steps = np.random.default_rng(seed).normal(size=(length, 3))
    return (np.cumsum(3.8 * steps / np.linalg.norm(steps, axis=1, keepdims=True), axis=0) * 0.6).astype(np.float32)


def best_value(cells: np.ndarray) -> float:
    """Return the value of the best path through the positive cells, by plain dynamic programming."""
    table = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1))
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            table[i + 1, j + 1] = max(table[i, j + 1], table[i + 1, j], table[i, j] + max(cells[i, j], 0))
    return table[-1, -1]


@pytest.mark.parametrize(("rows", "columns", "seed"), [(40, 37, 1), (90, 64, 2), (33, 120, 3), (200, 150, 4)])
def test_the_path_is_worth_as_much_as_the_best_one(rows, columns, seed):
    query, template = coil(rows, seed), coil(columns, seed + 10)
    cells = 1 - np.linalg.norm(query[:, None] - template[None], axis=2) ** 2 / 8.0**2
    path = _nearest_path(query, np.ascontiguousarray(template.T), 8.0)
    assert (np.diff(path, axis=1) > 0).all()
    assert cells[tuple(path)].min() > 0
    assert cells[tuple(path)].sum() == pytest.approx(best_value(cells), rel=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_far_stretches_are_passed_over_without_loss(seed):
    """Extended chains that cross: most boxes are far from each other."""
    query, template = coil(230, seed) * np.float32(4), coil(210, seed + 20) * np.float32(4)
    template += query[100] - template[90]
    cells = 1 - np.linalg.norm(query[:, None] - template[None], axis=2) ** 2 / 8.0**2
    assert 0 < (cells > 0).mean() < 0.1
    path = _nearest_path(query, np.ascontiguousarray(template.T), 8.0)
    assert cells[tuple(path)].sum() == pytest.approx(best_value(cells), rel=1e-5)


def test_there_is_memory_for_chains_whose_residues_are_all_near_each_other():
    query, template = coil(120, 5) * np.float32(0.1), coil(90, 6) * np.float32(0.1)
    cells = 1 - np.linalg.norm(query[:, None] - template[None], axis=2) ** 2 / 8.0**2
    assert (cells > 0).mean() > 0.9
    path = _nearest_path(query, np.ascontiguousarray(template.T), 8.0)
    assert cells[tuple(path)].sum() == pytest.approx(best_value(cells), rel=1e-5)


def test_where_nothing_is_near_there_is_no_path():
    query = coil(40, 1)
    assert _nearest_path(query, np.ascontiguousarray((query + 500).T), 8.0).shape == (2, 0)
