"""Votes of an alignment for pairs of residues, against their plain sum."""

import numpy as np
import pytest

from domainflow.dali.cells import DEAD, cell_scores, live_blocks, local_similarity, workspace
from domainflow.dali.score import DistanceMatrices, distance_matrices


def coil(length: int, seed: int) -> np.ndarray:
    """CA atoms of a random walk in steps of about 3.8 Å."""
    steps = np.random.default_rng(seed).normal(scale=2.2, size=(length, 3))
    return np.cumsum(steps, axis=0).astype(np.float32)


def plain_score(a: float, b: float) -> float:
    mean = (a + b) / 2
    return (0.2 - abs(a - b) / mean) * np.exp(-((mean / 20) ** 2))


def distances(ca: np.ndarray) -> np.ndarray:
    return np.linalg.norm(ca[:, None].astype(float) - ca[None], axis=2)


@pytest.fixture
def chains():
    """Two chains of odd lengths, so that the last blocks are not full, and pairs between them."""
    query, template = coil(45, 1), coil(37, 2)
    pairs = np.array([[3, 4, 5, 6, 20, 21, 22, 40], [1, 2, 3, 4, 15, 16, 17, 30]], np.int32)
    return query, template, pairs


@pytest.mark.parametrize(("exclusion", "local_weight"), [(-1, 0.0), (2, 1.0)])
def test_cells_sum_the_votes_of_all_pairs_but_neighbours(chains, exclusion, local_weight):
    query, template, pairs = chains
    space = workspace(len(query), len(template))
    live = live_blocks(len(query), len(template))
    geometries = [DistanceMatrices(*distance_matrices(ca)) for ca in (query, template)]
    local = local_similarity(*geometries)
    cell_scores(*geometries, pairs, 3.0, exclusion, local, local_weight, live, space)
    a, b = distances(query), distances(template)
    for i, j in ((0, 0), (44, 36), (4, 2), (12, 9), (30, 20), (41, 31)):
        votes = [
            plain_score(a[i, p], b[j, q]) if (p, q) != (i, j) else 0.2
            for p, q in pairs.T.tolist()
            if abs(p - i) > exclusion and abs(q - j) > exclusion
        ]
        # exp(x) is taken as 1 + x in the votes
        expected = 3.0 * sum(votes) + local_weight * local[i, j]
        assert space.cells[i, j] == pytest.approx(expected, rel=0.03, abs=0.02)


def test_local_similarity_is_the_score_of_two_residues_to_either_side(chains):
    query, template, _ = chains
    local = local_similarity(*(DistanceMatrices(*distance_matrices(ca)) for ca in (query, template)))
    a, b = distances(query), distances(template)
    assert local[10, 20] == pytest.approx(
        0.2 + sum(plain_score(a[10, 10 + m], b[20, 20 + m]) for m in (-2, -1, 1, 2)), abs=1e-4
    )
    assert local[0, 36] == pytest.approx(0.2)


def test_only_live_blocks_are_computed_and_they_do_not_change(chains):
    query, template, pairs = chains
    space = workspace(len(query), len(template))
    live = live_blocks(len(query), len(template))
    geometries = [DistanceMatrices(*distance_matrices(ca)) for ca in (query, template)]
    local = local_similarity(*geometries)
    cell_scores(*geometries, pairs, 1.0, 2, local, 1.0, live, space)
    whole = space.cells.copy()
    live[:] = 0
    live[3, 1] = live[22, 2] = 1
    cell_scores(*geometries, pairs, 1.0, 2, local, 1.0, live, space)
    expected = np.full_like(whole, DEAD)
    expected[6:8, 16:32] = whole[6:8, 16:32]
    expected[44:, 32:] = whole[44:, 32:]
    np.testing.assert_array_equal(space.cells, expected)
