"""DALI's score at points computed by hand."""

import numpy as np
import pytest

from domainflow.alignment.native.score import (
    DistanceMatrices,
    distance_matrices,
    exact_pair_scores,
    pair_score,
    pair_scores,
    part_of_matrices,
)


def chain(seed: int, length: int = 60):
    """Return CA atoms of a compact random walk in Å."""
    steps = np.random.default_rng(seed).normal(size=(length, 3))
    return (np.cumsum(3.8 * steps / np.linalg.norm(steps, axis=1, keepdims=True), axis=0) * 0.6).astype(np.float32)


def on_a_line(*places: float):
    return np.array([[place, 0, 0] for place in places], np.float32)


BOTH = np.array([[0, 1], [0, 1]], np.int32)


def test_distances_of_10_and_12_angstrom():
    """Expect (0.2 - 2/11) exp(-(11/20)²) = 0.01344 for y = 11 Å."""
    scores = exact_pair_scores(on_a_line(0, 10), on_a_line(0, 12), BOTH)
    np.testing.assert_allclose(scores, [[0.2, 0.01344], [0.01344, 0.2]], atol=5e-6)


def test_equal_distances_score_a_fifth_of_the_envelope():
    """Expect 0.2 exp(-1) = 0.07358 for a = b = 20 Å."""
    scores = exact_pair_scores(on_a_line(0, 20), on_a_line(0, 20), BOTH)
    assert scores[0, 1] == pytest.approx(0.07358, abs=5e-6)


def test_a_difference_of_a_fifth_scores_nothing():
    """Expect 0 for 9 and 11 Å, which differ by 20 % of their mean."""
    assert exact_pair_scores(on_a_line(0, 9), on_a_line(0, 11), BOTH)[0, 1] == pytest.approx(0, abs=1e-12)


def test_dalilite_rounds_the_mean_distance_to_whole_angstrom():
    """Expect 10.4 Å to count as 10 Å in the envelope: 0.2 exp(-0.25) = 0.15576."""
    assert exact_pair_scores(on_a_line(0, 10.4), on_a_line(0, 10.4), BOTH)[0, 1] == pytest.approx(0.15576, abs=5e-6)


def test_dalilite_rounds_half_an_angstrom_upwards():
    """Expect 10.5 Å to count as 11 Å in the envelope: 0.2 exp(-0.3025) = 0.14779.

    10.45 Å, the mean of 10.4 and 10.5 Å, counts as 10 Å.
    """
    assert exact_pair_scores(on_a_line(0, 10.5), on_a_line(0, 10.5), BOTH)[0, 1] == pytest.approx(0.14779, abs=5e-6)
    relative = 0.2 - 0.1 / 10.45
    expected = pytest.approx(relative * np.exp(-0.25), abs=5e-6)
    assert exact_pair_scores(on_a_line(0, 10.4), on_a_line(0, 10.5), BOTH)[0, 1] == expected


def test_beyond_100_angstrom_nothing_counts():
    assert exact_pair_scores(on_a_line(0, 101), on_a_line(0, 101), BOTH)[0, 1] == 0


def test_a_pair_with_itself_scores_a_fifth():
    geometry = distance_matrices(chain(1))
    pairs = np.arange(40, dtype=np.int32)[None].repeat(2, axis=0)
    np.testing.assert_allclose(np.diag(pair_scores(geometry, geometry, pairs)), 0.2, atol=1e-6)


def test_the_score_without_exponentials_is_the_formula():
    """Compare distances that differ by up to half of their mean; for others the approximation does not matter."""
    one, other = np.meshgrid(np.arange(4, 60, 0.7), np.arange(4, 60, 0.7))
    alike = abs(one - other) < (one + other) / 4
    one, other = one[alike], other[alike]
    mean = (one + other) / 2
    formula = (0.2 - abs(one - other) / mean) * np.exp(-((mean / 20) ** 2))
    envelope = np.exp(-(one**2) / 800) * np.exp(-(other**2) / 800)
    arguments = (one / 40, other / 40, envelope)
    fast = [pair_score(*values) for values in zip(*(a.astype(np.float32) for a in arguments), strict=True)]
    np.testing.assert_allclose(fast, formula, atol=0.001)


def test_the_fast_score_of_an_alignment_is_the_exact_one():
    """Expect that rounding of distances changes S by less than 2 %."""
    query, template = chain(2), chain(2) + np.random.default_rng(3).normal(0, 0.7, (60, 3)).astype(np.float32)
    pairs = np.stack((np.arange(50), np.arange(50))).astype(np.int32)
    matrices = [distance_matrices(ca) for ca in (query, template)]
    exact = exact_pair_scores(query, template, pairs)
    assert pair_scores(*matrices, pairs).sum() == pytest.approx(exact.sum(), rel=0.02)


@pytest.mark.parametrize("left", [range(60), range(7, 8), [*range(3), *range(9, 40), 55, 59]])
def test_a_part_has_the_distances_of_its_residues(left):
    whole = distance_matrices(chain(1))
    residues = np.array(left)
    memory = DistanceMatrices(*(np.full(60 * 60, -1, np.float32) for _ in range(3)))
    part = part_of_matrices(whole, residues, memory)
    for copied, matrix in zip(part, whole, strict=True):
        np.testing.assert_array_equal(copied, matrix[np.ix_(residues, residues)])


@pytest.mark.parametrize("length", [2, 5, 20])
def test_short_and_long_blocks_have_the_scores_of_their_distances(length):
    query, template = (distance_matrices(chain(seed)) for seed in (3, 4))
    pairs = np.array([(k, k + k // length) for k in range(40) if k + k // length < 60], np.int32).T
    found = pair_scores(query, template, pairs)
    for k in range(pairs.shape[1]):
        for m in range(pairs.shape[1]):
            i, j, p, q = *pairs[:, k], *pairs[:, m]
            envelope = query.envelope[i, p] * template.envelope[j, q]
            expected = pair_score(query.distance[i, p], template.distance[j, q], envelope) if k != m else 0.2
            assert found[k, m] == pytest.approx(expected, abs=1e-6)
