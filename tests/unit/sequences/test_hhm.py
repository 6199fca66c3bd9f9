"""Profiles as HH-suite's text, and alignments in A3M."""

import numpy as np
import pytest

from domainflow.run.errors import InputError
from domainflow.sequences.a3m import a3m_text, first_sequence, keep_columns, read_a3m
from domainflow.sequences.hhm import AMINO_ACIDS, hhm_sequence, hhm_text, named_hhm, one_hot

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ"
MADE_BY_HHMAKE = """HHsearch 1.5
NAME  Q9 some protein
FAM
COM   hhmake -i /somewhere/q.a3m
DATE  Tue Nov 24 23:17:26 2026
LENG  3 match states, 3 columns in multiple alignment

NEFF  1.0
SEQ
>ss_pred
CCC
>Consensus
mkt
>Q9 some protein
MKaT
#
NULL   3706
//
"""


def columns_of(text):
    """Return the lines of a profile's columns: the amino acids' scores and the transitions."""
    lines = text.split("HMM    ")[1].splitlines()
    return [(lines[at].split("\t"), lines[at + 1].split("\t")) for at in range(3, len(lines) - 2, 3)]


def test_a_column_has_minus_1000_log2_of_each_frequency():
    table = one_hot(SEQUENCE)
    table[4] = 0
    table[4, [AMINO_ACIDS.index(letter) for letter in "YFW"]] = 0.5, 0.25, 0.25
    scores, _ = columns_of(hhm_text("q", SEQUENCE, table))[4]
    assert scores[0].split() == ["Y", "5", "*"]
    by_letter = dict(zip(AMINO_ACIDS[1:], scores[1:], strict=False))
    assert (by_letter["Y"], by_letter["F"], by_letter["W"], by_letter["C"]) == ("1000", "2000", "2000", "*")
    assert scores[-1] == "5"


def test_transitions_of_a_column_add_up_to_one_and_nothing_is_deleted_after_the_last():
    columns = columns_of(hhm_text("q", SEQUENCE, one_hot(SEQUENCE)))
    assert len(columns) == len(SEQUENCE)
    for _, transitions in columns:
        p = [0.0 if text.strip() == "*" else 2 ** (-int(text) / 1000) for text in transitions[:7]]
        assert [sum(p[:3]), sum(p[3:5]), sum(p[5:])] == pytest.approx([1, 1, 1], abs=2e-3)
    assert [text.strip() for text in columns[-1][1][:3]] == ["0", "*", "*"]


def test_neff_is_one_for_a_single_sequence_and_grows_with_the_entropy_of_the_columns_around():
    alone = columns_of(hhm_text("q", SEQUENCE, one_hot(SEQUENCE)))
    assert {transitions[7] for _, transitions in alone} == {"1000"}
    table = np.full((60, 20), 0.0)
    table[:, 0] = 1
    table[30:, :4] = 0.25  # two bits a column
    neff = [int(transitions[7]) for _, transitions in columns_of(hhm_text("q", "A" * 60, table))]
    assert neff[0] == 1000
    assert neff[59] == 4000
    assert neff == sorted(neff)


def test_an_unknown_residue_has_the_background():
    table = one_hot("AX")
    assert table[0].tolist() == [1.0] + [0.0] * 19
    assert table[1].sum() == pytest.approx(1)
    assert AMINO_ACIDS[table[1].argmax()] == "L"


@pytest.mark.parametrize(
    "table",
    [np.ones((3, 20)), np.ones((len(SEQUENCE), 21)), np.zeros((len(SEQUENCE), 20)), -one_hot(SEQUENCE),
     np.full((len(SEQUENCE), 20), np.nan), np.ones(len(SEQUENCE))],
    ids=["short", "wide", "zero", "negative", "nan", "flat"],
)  # fmt: skip
def test_what_are_no_frequencies_of_the_sequence_is_refused(table):
    with pytest.raises(InputError, match="the frequencies"):
        hhm_text("q", SEQUENCE, table)


def test_a_profile_of_hhmakes_gets_another_name_and_loses_place_and_time():
    text = named_hhm(MADE_BY_HHMAKE, "query")
    assert "NAME  query\n" in text
    assert ">query\nMKaT\n" in text
    assert ">Consensus\n" in text
    assert "COM" not in text
    assert "DATE" not in text


def test_the_sequence_of_a_profile_has_a_letter_a_column():
    assert hhm_sequence(MADE_BY_HHMAKE) == "MKT"
    assert hhm_sequence(hhm_text("q", SEQUENCE, one_hot(SEQUENCE), "H" * len(SEQUENCE))) == SEQUENCE
    with pytest.raises(InputError, match="4 columns but its sequence 3"):
        hhm_sequence(MADE_BY_HHMAKE.replace("LENG  3", "LENG  4"))
    with pytest.raises(InputError, match="no profile as hhmake writes it"):
        hhm_sequence("HMMER3/f")


def test_columns_of_an_alignment_are_capitals_and_dashes():
    rows = read_a3m("#A3M#\n>ss_pred\nCCHH\n>q x\nMK\nTA\n>r\nM-acT.A\n")
    assert first_sequence(rows) == "MKTA"
    kept = keep_columns(rows, np.array([True, False, False, True]))
    assert a3m_text(kept) == ">q x\nMA\n>r\nMA\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", "no sequence"), (">ss_pred\nCC\n", "no sequence"), (">q\nMKTA\n>r\nMKT\n", "3 to 4 columns")],
)
def test_an_alignment_that_is_none_is_refused(text, complaint):
    with pytest.raises(InputError, match=complaint):
        read_a3m(text)
