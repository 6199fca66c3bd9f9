"""Reading and writing range strings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.structures.ranges import format_range, parse_range, runs


@pytest.mark.parametrize(("residues", "text"), [([5], "5-5"), ([1, 2, 3, 5], "1-3,5-5"), ([], "na")])
def test_range_writer(residues, text):
    assert format_range(residues) == text


def test_bare_numbers_and_chain_prefixes_are_read():
    assert parse_range("A:4-6,A:9,12-12").tolist() == [4, 5, 6, 9, 12]


@pytest.mark.parametrize("text", ["", "5-3", "a-b", "1-2,", "1--3"])
def test_what_is_no_range_is_refused(text):
    with pytest.raises(ValueError, match="range"):
        parse_range(text)


@given(st.sets(st.integers(1, 3000)))
def test_reading_gives_back_what_was_written(residues):
    assert parse_range(format_range(residues)).tolist() == sorted(residues)


def test_order_does_not_depend_on_a_set_of_integers():
    # a Python set filled with 480…540 iterates from 512
    assert format_range(set(range(480, 541))) == "480-540"


def test_runs_bridge_steps_up_to_the_gap():
    assert runs(np.array([10, 11, 16]), 5) == [(10, 16)]
    assert runs(np.array([10, 11, 17]), 5) == [(10, 11), (17, 17)]
    assert runs([]) == []
