"""The order of the list of hits."""

import numpy as np

from domainflow.search.native.ranking import HITS_PER_LEVEL, levels


def test_hits_on_one_domain_go_down_a_level_every_ten() -> None:
    first, last = np.full(25, 10), np.full(25, 99)
    assert levels(first, last, 120).tolist() == [0] * 10 + [1] * 10 + [2] * 5


def test_a_small_domain_behind_a_hundred_hits_of_a_large_one_is_at_the_first_level() -> None:
    first = np.array([0] * 100 + [200] * 3)
    last = np.array([199] * 100 + [259] * 3)
    found = levels(first, last, 260)
    assert found[99] == 99 // HITS_PER_LEVEL
    assert found[100:].tolist() == [0, 0, 0]


def test_the_median_residue_decides() -> None:
    # Ten hits on 0-49; then hits with less than half, just half and more than half of their residues there.
    first = np.array([0] * 10 + [26, 25, 24])
    last = np.array([49] * 10 + [75, 74, 73])
    assert levels(first[[*range(10), 10]], last[[*range(10), 10]], 100)[-1] == 0
    assert levels(first[[*range(10), 11]], last[[*range(10), 11]], 100)[-1] == 0
    assert levels(first[[*range(10), 12]], last[[*range(10), 12]], 100)[-1] == 1


def test_no_hits_have_no_levels() -> None:
    assert levels(np.zeros(0, np.int64), np.zeros(0, np.int64), 50).tolist() == []
