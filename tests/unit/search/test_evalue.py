"""E-values on both scales."""

import numpy as np
import pytest

from domainflow.search.native.evalue import (
    LAMBDA_RANGE,
    TYPICAL_WIDTH,
    calibrated_evalues,
    chance_width,
    foldseek_evalues,
    foldseek_lambda,
)


def test_largest_evalue_is_foldseeks() -> None:
    # 63.17: the largest e-value Foldseek prints for 2,574 templates of 423,199 residues.
    assert foldseek_evalues(np.array([-400]), 0.17, 423_199)[0] == pytest.approx(63.17, abs=0.01)


def test_good_scores_fall_by_a_fixed_factor_per_unit() -> None:
    evalues = foldseek_evalues(np.array([200, 201]), 0.17, 423_199)
    assert evalues[1] / evalues[0] == pytest.approx(np.exp(-0.32 * 0.17))
    # (423,199 exp(-0.17 * 200.86))^0.32
    assert evalues[0] == pytest.approx((423_199 * np.exp(-0.17 * 200.86)) ** 0.32)


def test_lambda_stays_in_the_observed_range() -> None:
    assert foldseek_lambda("L" * 100) == LAMBDA_RANGE[0]
    for letters in ("A" * 10, "LV" * 100, "DVVLSN" * 500, ""):
        assert LAMBDA_RANGE[0] <= foldseek_lambda(letters) <= LAMBDA_RANGE[1]
    # A quarter of L, S, N in 300 residues: 0.2544 + 0.2035/4 - 0.8628/16 - 0.014 ln 300
    assert foldseek_lambda("LVVV" * 75) == pytest.approx(0.1715, abs=1e-4)


def test_width_of_gumbel_scores_is_found_beside_their_trend_with_length() -> None:
    rng = np.random.default_rng(3)
    lengths = rng.integers(40, 600, 3000)
    scores = rng.gumbel(20 + 15 * np.log(lengths), 12.0)
    assert chance_width(scores, lengths) == pytest.approx(12.0, rel=0.05)


def test_width_is_the_typical_one_where_it_cannot_be_estimated() -> None:
    assert chance_width(np.arange(50), np.full(50, 100)) == TYPICAL_WIDTH
    assert chance_width(np.zeros(500, np.int64), np.full(500, 100)) == TYPICAL_WIDTH


def test_calibrated_evalue_grows_with_the_templates_and_falls_with_rank() -> None:
    one = calibrated_evalues(np.array([60.0, 90.0]), 12.0, 2574)
    assert one[0] == pytest.approx(np.exp(4.885 - 1.65847 * 60 / 12))
    assert one[1] < one[0]
    np.testing.assert_allclose(calibrated_evalues(np.array([60.0, 90.0]), 12.0, 5148), 2 * one)
