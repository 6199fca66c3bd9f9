"""DaliLite's output as read by `bench.py align`, and its counts."""

import numpy as np
import pytest

from benchmarks.align import tenths_above
from benchmarks.bars import parts, rank_correlations
from benchmarks.dalilite import units_for_z

UNITS = """\
# no. children type+label        tau-squared compactness H-bonds size segments residues
    1    2    3 *abcd               4.000  100.000       0     90      1
         1        90     A   1     A  90
    2    0    0 -abcd.1             0.000   20.000       0     15      1
        76        90     A  76     A  90
    3    4    5 +abcd.2             3.000   90.000       0     75      2
         1        30     A   1     A  30
        46        90     A  46     A  90
    4    0    0 =abcd.2.1           0.000   10.000       0     12      1
        31        42     A  31     A  42
"""


def test_units_below_a_domain_do_not_count():
    whole, part = units_for_z(UNITS)
    assert whole.tolist() == list(range(90))
    assert part.tolist() == [*range(30), *range(45, 90)]
    assert units_for_z("") == []


def test_a_query_is_in_the_same_half_whatever_the_others_measured():
    assert parts("abcd", of="dcba") == {"all": [*"abcd"], "tuned": ["a", "c"], "held out": ["b", "d"]}
    assert parts("bc", of="abcd") == {"all": ["b", "c"], "tuned": ["c"], "held out": ["b"]}


def test_a_query_with_two_values_has_no_rank():
    falling = [(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]
    rising = [(1.0, 1.0), (2.0, 2.0), (3.0, 5.0)]
    two_values = [(1.0, 2.0), (1.0, 3.0), (4.0, 1.0)]
    assert rank_correlations([falling, rising, two_values]) == pytest.approx([-1.0, 1.0])
    assert rank_correlations([[(1.0, 2.0)]]) == []


def test_z_scores_can_be_compared_with_the_one_decimal_that_is_written():
    assert tenths_above(4.5188, 4.0) == 5
    assert tenths_above(4.5512, 4.0) == 6
    assert tenths_above(4.8, 4.3) == 5  # of floats 4.8 - 4.3 is less
    assert tenths_above(-np.inf, 4.0) == -np.inf
