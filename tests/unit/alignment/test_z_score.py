"""DALI's z-score at points computed by hand, and the choice of folding units."""

import numpy as np
import pytest

from domainflow.alignment.native.z_score import best_units, largest_z, unit_classes, z_score

MEAN_100 = 7.9494 + 70.852 + 2.5895 - 1.9156
"""Mean score of two chains of 100 residues."""
MEAN_400 = 7.9494 + 283.408 + 41.432 - 122.5984


def test_the_mean_score_of_unrelated_chains_has_z_0():
    assert z_score(MEAN_100, 100, 100) == pytest.approx(0, abs=1e-9)


def test_twice_the_mean_score_has_z_2():
    """Expect a standard deviation of half the mean."""
    assert z_score(2 * MEAN_100, 100, 100) == pytest.approx(2, abs=1e-9)


def test_only_the_product_of_the_lengths_matters():
    assert z_score(200, 50, 200) == pytest.approx(z_score(200, 100, 100), abs=1e-9)


def test_above_400_residues_the_mean_grows_by_one_a_residue():
    assert z_score(MEAN_400 + 100, 500, 500) == pytest.approx(0, abs=1e-9)


def alignment(first: int, last: int):
    """Align residues first, …, last - 1 of two chains with themselves, with all scores s_kl 0.1."""
    pairs = np.arange(first, last, dtype=np.int32)[None].repeat(2, axis=0)
    return np.full((last - first, last - first), 0.1), pairs


def test_without_smaller_units_z_is_that_of_the_chains():
    scores, pairs = alignment(0, 60)
    whole = unit_classes([np.arange(200)], 200)
    assert largest_z(scores, pairs, whole, whole) == pytest.approx(z_score(360, 200, 200))


def test_an_alignment_of_one_domain_gets_the_z_of_that_domain():
    scores, pairs = alignment(0, 60)
    units = unit_classes([np.arange(200), np.arange(80), np.arange(80, 200)], 200)
    assert largest_z(scores, pairs, units, units) == pytest.approx(z_score(360, 80, 80))


def test_only_pairs_inside_both_units_count():
    """Use units that share residues 40 … 59 of the aligned ones."""
    scores, pairs = alignment(0, 60)
    query = unit_classes([np.arange(200), np.arange(40, 60)], 200)
    template = unit_classes([np.arange(200)], 200)
    expected = max(z_score(360, 200, 200), z_score(0.1 * 20 * 20, 20, 200))
    assert largest_z(scores, pairs, query, template) == pytest.approx(expected)


def test_classes_of_residues_give_the_units_back():
    units = [np.arange(100), np.r_[0:30, 60:80], np.arange(30, 60)]
    classes = unit_classes(units, 100)
    assert classes.size.tolist() == [100, 50, 30]
    for unit, member in zip(units, classes.member, strict=True):
        assert np.flatnonzero(member[classes.label]).tolist() == unit.tolist()


def test_the_units_of_the_largest_z_are_named():
    scores, pairs = alignment(100, 160)
    query = unit_classes([np.arange(200), np.arange(90), np.arange(90, 170)], 200)
    template = unit_classes([np.arange(200), np.arange(95, 165)], 200)
    z, query_unit, template_unit = best_units(scores, pairs, query, template)
    assert z == pytest.approx(z_score(360, 80, 70))
    assert (query_unit, template_unit) == (2, 1)
