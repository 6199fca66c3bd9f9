"""Cuts of folding units, and the segments that a half may have."""

import itertools

import numpy as np
import pytest

from domainflow.alignment.folding_units.unit_cut import APART, _join, _possible_ends, best_cut, separation

WITHOUT_GAP: list[int] = []


def ends_of(runs: list[int], gaps: list[int]) -> list[int]:
    """Return the last residues, 1-based, of the segments that runs on alternate sides become."""
    size = sum(runs)
    low = np.repeat(np.arange(len(runs)) % 2 == 0, runs)
    broken = np.zeros(size, np.bool_)
    broken[np.array(gaps, int) - 1] = True
    side = np.zeros(size, np.bool_)
    _join(low, broken, _possible_ends(broken), side)
    return [*(np.flatnonzero(np.diff(side)) + 1).tolist(), size]


# Segments that DaliLite v5 made of such runs, read off while it was cutting chains.
@pytest.mark.parametrize(
    ("runs", "gaps", "expected"),
    [
        ([1, 3, 5, 1, 80], WITHOUT_GAP, [10, 90]),
        ([4, 5, 2, 79], WITHOUT_GAP, [11, 90]),
        ([4, 4, 3, 7, 2, 37, 1, 32], WITHOUT_GAP, [20, 90]),
        ([26, 14, 26, 4, 11, 2, 3, 4], WITHOUT_GAP, [26, 40, 90]),
        ([32, 5, 13, 15, 49, 6], WITHOUT_GAP, [50, 120]),
        ([6, 20, 17, 10, 8, 32, 3, 2, 14, 8], WITHOUT_GAP, [26, 43, 120]),
        ([13, 2, 7, 9, 7, 5, 13], [43], [43, 56]),
        ([46, 59], [33], [46, 105]),
        ([13, 16, 23, 4, 9, 18, 16, 9, 10, 4], [52], [13, 29, 65, 83, 122]),
        ([13, 18, 13, 1, 7, 9, 1, 25, 9, 26], [52], [13, 62, 122]),
        ([154, 16, 7, 28, 23], [213], [154, 228]),
        ([5, 20, 22, 24, 9, 16, 18, 9], [69], [25, 80, 123]),
        ([10, 73, 17, 8, 35, 53, 33, 49, 32, 46, 36, 95], [135], [10, 83, 196, 229, 278, 310, 356, 392, 487]),
    ],
)
def test_short_runs_join_the_segment_before_them(runs, gaps, expected):
    assert ends_of(runs, gaps) == expected


def test_segments_end_ten_residues_from_the_ends_of_a_piece_or_with_it():
    broken = np.zeros(60, np.bool_)
    broken[24] = True
    assert (np.flatnonzero(_possible_ends(broken)) + 1).tolist() == [*range(10, 16), 25, *range(35, 51), 60]


def test_no_segment_ends_before_a_short_piece():
    broken = np.zeros(60, np.bool_)
    broken[[24, 29]] = True
    ends = (np.flatnonzero(_possible_ends(broken)) + 1).tolist()
    assert 25 not in ends
    assert 30 in ends


def test_halves_have_no_segment_under_ten_residues():
    generator = np.random.default_rng(5)
    for _ in range(200):
        size = int(generator.integers(20, 150))
        low = np.repeat(generator.random(size) < 0.5, generator.integers(1, 15, size))[:size]
        side = np.zeros(size, np.bool_)
        broken = np.zeros(size, np.bool_)
        _join(low, broken, _possible_ends(broken), side)
        assert min(len(list(run)) for _, run in itertools.groupby(side)) >= 10


def chain(size: int, weak: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return contacts along a chain, 9 to each neighbour, but 1 after one residue; sparse rows with a diagonal."""
    weight = 16.0 * np.eye(size)
    for i in range(size - 1):
        weight[i, i + 1] = weight[i + 1, i] = 1.0 if i == weak else 9.0
    row, column = np.nonzero(weight)
    start = np.searchsorted(row, np.arange(size + 1)).astype(np.int32)
    return start, column.astype(np.int32), weight[row, column]


def test_the_best_cut_is_where_little_touches():
    scores = np.arange(60, dtype=np.float32)
    mass = np.full(60, 4)
    side, tau2 = best_cut(scores, np.zeros(60, np.bool_), mass, *chain(60, 19))
    assert np.flatnonzero(np.diff(side)).tolist() == [19]
    assert tau2 == 80 * 160 / 240


def test_of_equal_cuts_the_first_along_the_chain_is_taken():
    scores = np.arange(61, dtype=np.float32)
    side, _ = best_cut(scores, np.zeros(61, np.bool_), np.full(61, 4), *chain(61, -1))
    assert np.flatnonzero(np.diff(side)).tolist() == [29]


def test_equal_scores_are_on_one_side():
    scores = np.zeros(60, np.float32)
    side, tau2 = best_cut(scores, np.zeros(60, np.bool_), np.full(60, 4), *chain(60, 19))
    assert not side.any()
    assert tau2 == -1


def test_halves_that_do_not_touch_are_as_far_apart_as_can_be():
    assert separation(40, 100, 0.0) == APART
    assert separation(40, 100, 12.0) == 2.0
    assert separation(0, 100, 12.0) == separation(100, 100, 0.0) == -1
