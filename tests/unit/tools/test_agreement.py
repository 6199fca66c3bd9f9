"""Comparison of two partitions of a chain into domains."""

import numpy as np
import pytest

from evaluation.agreement import Partner, best_partners, jaccard


def test_jaccard_of_halves():
    assert jaccard(np.arange(1, 11), np.arange(6, 16)) == pytest.approx(5 / 15)
    assert jaccard(np.empty(0, int), np.empty(0, int)) == 0


def test_best_partner_of_each_known_domain():
    found = [np.arange(1, 101), np.arange(101, 151)]
    known = [np.arange(101, 161), np.arange(1, 91), np.arange(300, 310)]
    assert best_partners(known, found) == [Partner(1, 50 / 60), Partner(0, 0.9), Partner(None, 0.0)]


def test_nothing_found():
    assert best_partners([np.arange(5)], []) == [Partner(None, 0.0)]
