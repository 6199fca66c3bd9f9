"""Pairs far from all others go where they add little and the z-score is of other residues."""

import numpy as np
import pytest

from domainflow.dali.strays import without_strays
from domainflow.dali.z_score import largest_z, unit_classes

QUERY, TEMPLATE = 500, 120


def alignment(*blocks: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of blocks (first residue of the query, of the template, length), and similarities of 0.1 of all of them."""
    aligned = [np.array([[i], [j]]) + np.arange(length) for i, j, length in blocks]
    pairs = np.concatenate(aligned, axis=1).astype(np.int32)
    return np.full((pairs.shape[1], pairs.shape[1]), 0.1), pairs


@pytest.fixture
def units():
    """A query of five copies of a domain, and a template that is one of them."""
    copies = [np.arange(first, first + 100) for first in range(0, QUERY, 100)]
    return unit_classes([np.arange(QUERY), *copies], QUERY), unit_classes([np.arange(TEMPLATE)], TEMPLATE)


def left(blocks, units) -> np.ndarray:
    scores, pairs = alignment(*blocks)
    kept_scores, kept = without_strays(scores, pairs, *units)
    assert kept_scores.shape == (kept.shape[1], kept.shape[1])
    assert largest_z(kept_scores, kept, *units) == largest_z(scores, pairs, *units)
    return kept


def test_a_few_pairs_in_a_far_copy_go(units):
    domain = (100, 0, 90)
    np.testing.assert_array_equal(left((domain, (420, 100, 2)), units), alignment(domain)[1])
    np.testing.assert_array_equal(left(((350, 0, 2), (400, 20, 90)), units)[0], [350, 351, *range(400, 490)])


def test_groups_on_both_sides_go_one_after_the_other(units):
    kept = left(((0, 0, 1), (5, 2, 1), (200, 10, 90), (450, 105, 2)), units)
    np.testing.assert_array_equal(kept, alignment((200, 10, 90))[1])


def test_pairs_that_add_much_stay(units):
    blocks = (100, 0, 90), (420, 100, 9)
    np.testing.assert_array_equal(left(blocks, units), alignment(*blocks)[1])


def test_pairs_stay_that_the_z_score_counts(units):
    """Without smaller units z is that of the whole chains."""
    whole = unit_classes([np.arange(QUERY)], QUERY), units[1]
    blocks = (100, 0, 90), (420, 100, 2)
    np.testing.assert_array_equal(left(blocks, whole), alignment(*blocks)[1])


def test_the_same_goes_where_the_chains_are_swapped(units):
    scores, pairs = alignment((100, 0, 90), (420, 100, 2))
    _, kept = without_strays(scores, pairs, *units)
    _, swapped = without_strays(scores, pairs[::-1].copy(), *units[::-1])
    np.testing.assert_array_equal(swapped[::-1], kept)


def test_nothing_is_lost_of_an_alignment_without_pairs(units):
    assert left(((100, 0, 0),), units).shape == (2, 0)
