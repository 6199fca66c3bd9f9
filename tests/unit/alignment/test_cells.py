"""Votes of an alignment for pairs of residues are their plain sum."""

import numpy as np
import pytest

from domainflow.alignment.native.cells import DEAD, cell_scores, local_similarity
from domainflow.alignment.native.score import distance_matrices
from domainflow.alignment.native.workspace import workspace


def coil(length: int, seed: int) -> np.ndarray:
    """Return CA atoms of a random walk in steps of about 3.8 Å."""
    steps = np.random.default_rng(seed).normal(scale=2.2, size=(length, 3))
    return np.cumsum(steps, axis=0).astype(np.float32)


def plain_score(a: float, b: float) -> float:
    mean = (a + b) / 2
    return (0.2 - abs(a - b) / mean) * np.exp(-((mean / 20) ** 2))


def plain_vote(a: float, b: float) -> float:
    """Return s with u in place of |a - b| / (a + b) = tanh u, and without exp(((a - b) / 40 Å)²)."""
    apart = abs(np.log(np.maximum(a, 0.8) / np.maximum(b, 0.8))) / 2
    return 2 * np.exp(-(a * a + b * b) / 800) * (0.1 - apart)


def test_votes_are_close_to_scores_where_scores_are_not_far_below_nothing():
    a, b = np.meshgrid(np.arange(4.0, 40.0), np.arange(4.0, 40.0))
    near = abs(a - b) < 0.3 * (a + b) / 2
    np.testing.assert_allclose(plain_vote(a, b)[near], plain_score(a, b)[near], atol=0.002)


def distances(ca: np.ndarray) -> np.ndarray:
    return np.linalg.norm(ca[:, None].astype(float) - ca[None], axis=2)


def plain_cells(query: np.ndarray, template: np.ndarray, pairs: np.ndarray, exclusion: int) -> np.ndarray:
    """Sum the votes of all pairs that are not too near in either chain, cell by cell."""
    a, b = distances(query), distances(template)
    cells = np.zeros((len(query), len(template)))
    for i, j in np.ndindex(cells.shape):
        for p, q in pairs.T.tolist():
            if abs(p - i) > exclusion and abs(q - j) > exclusion:
                cells[i, j] += plain_vote(a[i, p], b[j, q])
    return cells


@pytest.fixture
def chains():
    """Return two chains and pairs between them; their lengths are odd, so that the last blocks are not full."""
    query, template = coil(45, 1), coil(37, 2)
    pairs = np.array([[3, 4, 5, 6, 20, 21, 22, 40], [1, 2, 3, 4, 15, 16, 17, 30]], np.int32)
    return query, template, pairs


@pytest.mark.parametrize(("exclusion", "local_weight"), [(-1, 0.0), (2, 1.0)])
def test_cells_sum_the_votes_of_all_pairs_but_neighbours(chains, exclusion, local_weight):
    query, template, pairs = chains
    space = workspace(len(query), len(template))
    geometries = [distance_matrices(ca) for ca in (query, template)]
    local_similarity(*geometries, space.local)
    cell_scores(*geometries, pairs, 3.0, exclusion, local_weight, space, (0, 45), (0, 37))
    expected = 3.0 * plain_cells(query, template, pairs, exclusion) + local_weight * space.local
    np.testing.assert_allclose(space.cells, expected, atol=1e-4)


@pytest.mark.parametrize("lengths", [(3, 5), (33, 15), (16, 33)])
@pytest.mark.parametrize("votes", [0, 1, 3])
def test_chains_may_be_smaller_than_a_block_and_votes_few(lengths, votes):
    query, template = coil(lengths[0], 1), coil(lengths[1], 2)
    pairs = np.arange(votes, dtype=np.int32)[None].repeat(2, axis=0)
    space = workspace(*lengths)
    geometries = [distance_matrices(ca) for ca in (query, template)]
    local_similarity(*geometries, space.local)
    cell_scores(*geometries, pairs, 1.0, 0, 0.0, space, (0, lengths[0]), (0, lengths[1]))
    np.testing.assert_allclose(space.cells, plain_cells(query, template, pairs, 0), atol=1e-4)


def test_local_similarity_is_the_score_of_two_residues_to_either_side(chains):
    query, template, _ = chains
    local = workspace(len(query), len(template)).local
    local_similarity(*(distance_matrices(ca) for ca in (query, template)), local)
    a, b = distances(query), distances(template)
    assert local[10, 20] == pytest.approx(
        0.2 + sum(plain_score(a[10, 10 + m], b[20, 20 + m]) for m in (-2, -1, 1, 2)), abs=1e-4
    )
    assert local[0, 36] == pytest.approx(0.2)


def test_only_live_blocks_are_computed_and_they_do_not_change(chains):
    query, template, pairs = chains
    space = workspace(len(query), len(template))
    geometries = [distance_matrices(ca) for ca in (query, template)]
    local_similarity(*geometries, space.local)
    cell_scores(*geometries, pairs, 1.0, 2, 1.0, space, (0, 45), (0, 37))
    whole = space.cells.copy()
    space.live[:] = 0
    space.live[1, 1] = space.live[11, 2] = 1
    cell_scores(*geometries, pairs, 1.0, 2, 1.0, space, (0, 45), (0, 37))
    expected = np.full_like(whole, DEAD)
    expected[4:8, 16:32] = whole[4:8, 16:32]
    expected[44:, 32:] = whole[44:, 32:]
    np.testing.assert_array_equal(space.cells, expected)


def test_a_window_is_filled_and_nothing_beyond_its_blocks(chains):
    query, template, pairs = chains
    space = workspace(len(query), len(template))
    geometries = [distance_matrices(ca) for ca in (query, template)]
    local_similarity(*geometries, space.local)
    cell_scores(*geometries, pairs, 1.0, -1, 1.0, space, (0, 45), (0, 37))
    whole = space.cells.copy()
    space.cells[:] = 7
    cell_scores(*geometries, pairs, 1.0, -1, 1.0, space, (5, 9), (18, 30))
    np.testing.assert_array_equal(space.cells[4:12, 16:32], whole[4:12, 16:32])
    space.cells[4:12, 16:32] = 7
    assert (space.cells == 7).all()
