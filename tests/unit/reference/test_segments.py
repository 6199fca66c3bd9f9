"""Ranges as domain tables write them: chains, insertion codes, negative numbers."""

import pytest

from domainflow.reference.segments import number_key, parse_segments


@pytest.mark.parametrize(
    ("text", "chain", "segments"),
    [
        ("A:4-10,B:12-40", "", [("A", "4", "10"), ("B", "12", "40")]),
        ("H:27A-35", "", [("H", "27A", "35")]),
        ("A:-5-10", "", [("A", "-5", "10")]),
        ("A:-10--3", "", [("A", "-10", "-3")]),
        ("AAA:7", "", [("AAA", "7", "7")]),
        ("A:", "", [("A", "", "")]),
        ("1-50, 60-70", "C", [("C", "1", "50"), ("C", "60", "70")]),
        ("1-50,B:2-9", "C", [("C", "1", "50"), ("B", "2", "9")]),
    ],
)
def test_segments_are_read(text, chain, segments):
    assert parse_segments(text, chain) == segments
    again = ",".join(map(str, parse_segments(text, chain)))
    assert parse_segments(again) == segments


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1-50", "names no chain"),
        ("A:1-50,", "'' in the range"),
        ("A:1..50", "not of the form chain:first-last"),
        ("A:one-two", "not of the form"),
        ("", "not of the form"),
    ],
)
def test_what_is_no_range_is_named(text, said):
    with pytest.raises(ValueError, match=said):
        parse_segments(text)


def test_insertion_codes_follow_their_number():
    numbers = ["28", "27B", "-1", "27", "27A"]
    assert sorted(numbers, key=number_key) == ["-1", "27", "27A", "27B", "28"]
