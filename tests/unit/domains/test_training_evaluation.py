"""Measures of a score, compared with values computed by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.domains.domass.training.evaluation import (
    average_precision,
    calibration,
    calibration_error,
    recall_at_precision,
    roc_auc,
)


def test_perfect_random_and_reversed_scores():
    right = [True, True, False, False]
    assert roc_auc(right, [4, 3, 2, 1]) == average_precision(right, [4, 3, 2, 1]) == 1
    assert roc_auc(right, [1, 2, 3, 4]) == 0
    assert roc_auc(right, [5, 5, 5, 5]) == average_precision(right, [5, 5, 5, 5]) == 0.5


def test_average_precision_of_a_worked_list():
    # right at ranks 1, 3 and 4 of 5: (1/1 + 2/3 + 3/4) / 3
    assert average_precision([1, 0, 1, 1, 0], [5, 4, 3, 2, 1]) == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


def test_ties_are_taken_together():
    # both rows of score 2 enter at once: precision 2/3 for the second right row
    assert average_precision([1, 1, 0], [3, 2, 2]) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert roc_auc([1, 1, 0], [3, 2, 2]) == pytest.approx(0.75)


def test_recall_at_precision():
    right, score = [1, 1, 0, 1, 0], [5, 4, 3, 2, 1]
    assert recall_at_precision(right, score, 0.95) == pytest.approx(2 / 3)
    assert recall_at_precision(right, score, 0.75) == 1
    assert recall_at_precision([0, 1], [2, 1], 0.95) == 0


def test_calibration_by_bins():
    found = calibration([0, 0, 1, 1, 1, 0], [0.0, 0.05, 0.75, 0.78, 0.72, 1.0])
    assert found.rows.tolist() == [2, 3, 1]
    assert found.predicted.tolist() == pytest.approx([0.025, 0.75, 1.0])
    assert found.observed.tolist() == pytest.approx([0, 1, 0])
    assert calibration_error(found) == pytest.approx((2 * 0.025 + 3 * 0.25 + 1 * 1.0) / 6)


def test_one_kind_of_rows_has_no_auc():
    assert np.isnan(roc_auc([1, 1], [1, 2]))
    assert np.isnan(average_precision([0, 0], [1, 2]))
    assert np.isnan(average_precision([], []))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=30))
def test_auc_counts_pairs(rows):
    good = [score for right, score in rows if right]
    bad = [score for right, score in rows if not right]
    if good and bad:
        pairs = np.mean([(a > b) + 0.5 * (a == b) for a in good for b in bad])
        assert roc_auc([right for right, _ in rows], [score for _, score in rows]) == pytest.approx(pairs)
