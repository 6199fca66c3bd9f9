"""Position weights: values computed by hand, and properties that must hold."""

import numpy as np
import pytest

from domainflow.templates.position_weights import covered_positions, family_statistics, position_weights


def test_weights_by_hand():
    # Homologues at positions 1-2 and 2-3 of four: n = 1 2 1 0, mean 1, mean share 1/2;
    # w = ((n + 1/4) / 2.5)² = (1.25/2.5)², (2.25/2.5)², (1.25/2.5)², (0.25/2.5)²
    weights, scores = family_statistics(4, [[1, 2], [2, 3]])
    np.testing.assert_allclose(weights, [0.25, 0.81, 0.25, 0.01], rtol=1e-14)
    np.testing.assert_allclose(scores, [0.25 + 0.81, 0.81 + 0.25], rtol=1e-14)


def test_one_homologue_by_hand():
    # n = 1 0 1 0, mean share 1/2: covered ((1 + 1/4) / 1.5)², others ((1/4) / 1.5)²
    weights, scores = family_statistics(4, [[1, 1, 3, 3]])
    np.testing.assert_allclose(weights * 36, [25, 1, 25, 1], rtol=1e-14)
    np.testing.assert_allclose(scores * 36, [50], rtol=1e-14)


def test_a_homologue_aligned_everywhere_makes_all_weights_one():
    weights, scores = family_statistics(7, [[1, 7]] * 3)
    np.testing.assert_allclose(weights, np.ones(7), rtol=1e-14)
    np.testing.assert_allclose(scores, [7, 7, 7], rtol=1e-14)


def test_no_homologue_no_weights():
    assert family_statistics(5, []) is None
    with pytest.raises(ValueError, match="no homologue"):
        position_weights(np.empty((0, 5), np.bool_))


def test_weights_are_positive_and_do_not_depend_on_order():
    bounds = [[1, 5, 20, 30], [3, 9], [25, 25]]
    weights, scores = family_statistics(40, bounds)
    turned, turned_scores = family_statistics(40, bounds[::-1])
    assert weights.min() > 0
    assert weights.tolist() == turned.tolist()
    assert scores.tolist() == turned_scores[::-1].tolist()


def test_bounds_are_one_based_and_include_both_ends():
    assert np.flatnonzero(covered_positions([1, 2, 5, 5], 5)).tolist() == [0, 1, 4]
