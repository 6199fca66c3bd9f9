"""Pairs far from all others are dropped if they contribute little and are outside the units that give z."""

import numpy as np
import pytest

from domainflow.alignment.native.strays import FAR, LARGEST_SHARE, without_strays
from domainflow.alignment.native.z_score import largest_z, unit_classes

QUERY, TEMPLATE = 500, 120
DOMAIN = (100, 0, 90)
WHOLE = np.arange(QUERY, dtype=np.int32)


def alignment(*blocks: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of blocks (first residue of the query, of the template, length), and scores s_kl of about 0.1."""
    aligned = [np.array([[i], [j]]) + np.arange(length) for i, j, length in blocks]
    pairs = np.concatenate(aligned, axis=1).astype(np.int32)
    noise = np.random.default_rng(1).uniform(-0.001, 0.001, size=(pairs.shape[1], pairs.shape[1]))
    return 0.1 + noise + noise.T, pairs


@pytest.fixture
def units():
    """Return a query of five copies of a domain, and a template that is one of them."""
    copies = [np.arange(first, first + 100) for first in range(0, QUERY, 100)]
    return unit_classes([np.arange(QUERY), *copies], QUERY), unit_classes([np.arange(TEMPLATE)], TEMPLATE)


def left(blocks, units, number=WHOLE) -> np.ndarray:
    """Return the remaining pairs, in the order of the chains; their scores must belong to them."""
    scores, pairs = alignment(*blocks)
    kept_scores, kept = without_strays(scores, pairs, number, *units)
    places = np.flatnonzero(np.isin(pairs[0], kept[0]))
    np.testing.assert_array_equal(kept, pairs[:, places])
    np.testing.assert_array_equal(kept_scores, scores[np.ix_(places, places)])
    assert largest_z(kept_scores, kept, *units) == pytest.approx(largest_z(scores, pairs, *units))
    return kept


def test_a_few_pairs_in_a_far_copy_go(units):
    np.testing.assert_array_equal(left((DOMAIN, (420, 100, 2)), units), alignment(DOMAIN)[1])
    np.testing.assert_array_equal(left(((0, 0, 2), (400, 20, 90)), units)[0], np.arange(400, 490))


def test_groups_on_both_sides_go_one_after_the_other(units):
    kept = left(((0, 0, 1), (5, 2, 1), (200, 10, 90), (450, 105, 2)), units)
    np.testing.assert_array_equal(kept, alignment((200, 10, 90))[1])


@pytest.mark.parametrize("step", [FAR, FAR + 1])
def test_pairs_stay_that_are_not_far(step, units):
    last = DOMAIN[0] + DOMAIN[2] - 1
    kept = left((DOMAIN, (last + step, 100, 2)), units)
    assert kept.shape[1] == DOMAIN[2] + (2 if step == FAR else 0)


@pytest.mark.parametrize(("length", "stays"), [(2, False), (3, True)])
def test_pairs_that_add_more_than_a_twentieth_stay(length, stays, units):
    """Expect that a few pairs, added to 90 equal ones, contribute the share 1 - (90 / all)² of S."""
    assert (1 - (90 / (90 + length)) ** 2 > LARGEST_SHARE) is stays
    kept = left((DOMAIN, (420, 100, length)), units)
    assert kept.shape[1] == DOMAIN[2] + (length if stays else 0)


def test_pairs_stay_that_the_z_score_counts(units):
    """Expect the z of the whole chains if there are no smaller units."""
    whole = unit_classes([np.arange(QUERY)], QUERY), units[1]
    assert left((DOMAIN, (420, 100, 2)), whole).shape[1] == DOMAIN[2] + 2


@pytest.mark.parametrize(("gone", "stays"), [(100, True), (200, False)])
def test_residues_of_earlier_rounds_count(gone, stays, units):
    """Put 10 residues, and those of a removed domain, between the domain and two more pairs."""
    number = WHOLE + np.int32(gone) * (WHOLE >= 195)
    kept = left((DOMAIN, (200, 100, 2)), units, number)
    assert kept.shape[1] == DOMAIN[2] + (2 if stays else 0)


def test_the_same_goes_where_the_chains_are_swapped(units):
    scores, pairs = alignment(DOMAIN, (420, 100, 2))
    _, swapped = without_strays(scores, pairs[::-1].copy(), np.arange(TEMPLATE, dtype=np.int32), *units[::-1])
    np.testing.assert_array_equal(swapped[::-1], pairs[:, : DOMAIN[2]])


def test_nothing_is_lost_of_an_alignment_without_pairs(units):
    assert left(((100, 0, 0),), units).shape == (2, 0)
