"""Names of proteins: safe as file names, folders of archives and table cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.run.protein_ids import valid_id


@pytest.mark.parametrize("text", ["A", "P12345", "AF-P12345-F1", "1abc_A", "a.b", "x" * 80])
def test_usual_names_are_taken(text):
    assert valid_id(text) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("a b", "holds a blank"),
        ("a/b", "holds '/'"),
        ("../x", "holds '/'"),
        ("a\tb", r"holds '\\t'"),
        ("protéine", "letters, digits"),
        ("a\n", "letters, digits"),
        (".hidden", "begins with '.'"),
        ("-x", "begins with '-'"),
        ("_x", "begins with '_'"),
        ("x.", "ends with '.'"),
        ("x" * 81, "at most 80"),
    ],
)
def test_other_names_are_refused_with_the_reason(text, part):
    reason = valid_id(text)
    assert reason is not None
    assert part.replace(r"\\", "\\") in reason


@given(st.text(max_size=100))
def test_reasons_are_one_printable_line(text):
    reason = valid_id(text)
    assert reason is None or (reason.isprintable() and len(reason) < 200)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_-]", fullmatch=True))
def test_all_allowed_names_pass(text):
    assert valid_id(text) is None
