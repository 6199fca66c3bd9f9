"""Domains cut from chains: several segments and chains, both numberings, missing residues."""

from dataclasses import replace

import numpy as np
import pytest

from domainflow.reference.cut_template import cut_domain, whole_domain
from domainflow.reference.domain_table import DomainEntry
from domainflow.reference.entry import EntryChain
from domainflow.run.errors import StoreError
from peptides import ALPHA, STRAND, peptide

LETTERS = "ACDEFGHIKLMNPQRSTVWYACDEFGHIKLMNPQRSTVWY"


def chain(name="A", numbers=None, unseen=(), **changes):
    """Forty residues numbered from -4 (there is a 0), or as given."""
    numbers = numbers or [str(number) for number in range(-4, 36)]
    backbone = peptide([ALPHA if name == "A" else STRAND] * len(numbers))
    backbone[list(unseen)] = np.nan
    return EntryChain(name, numbers, LETTERS[: len(numbers)], backbone, **changes)


def entry(text, seqid="na", **changes):
    base = DomainEntry("000000001", "e1abcA1", "1abc", text, seqid, "11.1.1", "Invented", "11.1", file="1abc.pdb")
    return replace(base, **changes)


def cut(text, *chains, seqid="na", **changes):
    return cut_domain(entry(text, seqid, **changes), {one.name: one for one in chains})


def test_segments_of_several_chains_are_joined_in_their_order():
    a, b = chain("A"), chain("B")
    domain = cut("B:-4-5,A:10-20", a, b)
    assert domain.range == "B:1-10,A:15-25"
    assert domain.sequence == LETTERS[0:10] + LETTERS[14:25]
    assert domain.length == 21
    assert domain.sequence_index.tolist() == list(range(1, 22))
    np.testing.assert_array_equal(domain.backbone, np.concatenate([b.backbone[:10], a.backbone[14:25]]))
    assert (domain.chain, domain.pdb, domain.h_group, domain.notes) == ("B", "1abc", "11.1", ())


def test_segments_may_go_backwards_along_the_chain():
    domain = cut("A:10-20,A:-4-4", chain())
    assert domain.range == "A:15-25,A:1-9"
    assert domain.sequence == LETTERS[14:25] + LETTERS[:9]


def test_insertion_codes_are_followed_in_the_order_of_the_chain():
    numbers = [*(str(number) for number in range(1, 28)), "27A", "27B", *(str(number) for number in range(28, 39))]
    domain = cut("A:27A-38", chain(numbers=numbers))
    assert domain.sequence == LETTERS[27:40]
    assert cut("A:10-27A", chain(numbers=numbers)).length == 19
    assert cut("A:27-38", chain(numbers=numbers)).length == 14


def test_numbers_that_run_against_the_chain_are_labels():
    """Circular permutants are numbered like their homologues."""
    numbers = [*(str(number) for number in range(100, 120)), *(str(number) for number in range(1, 21))]
    assert cut("A:110-5", chain(numbers=numbers)).sequence == LETTERS[10:25]


def test_missing_residues_count_in_the_sequence_and_are_reported():
    domain = cut("A:1-20", chain(unseen=(6, 7, 12)))
    assert domain.length == 20
    assert len(domain.sequence) == 17
    assert domain.sequence_index.tolist() == [1, *range(4, 8), *range(9, 21)]
    assert domain.notes == ("3 of 20 residues lack a complete backbone: A:2-3, A:8",)
    assert domain.range == "A:6-25"


def test_places_in_the_sequence_count_in_mmcif_only():
    by_author = cut("A:1-20", chain(), seqid="A:1-20")
    by_place = cut("A:1-20", chain(labelled=True), seqid="A:1-20")
    assert by_author.sequence == LETTERS[5:25]
    assert by_place.sequence == LETTERS[:20]
    with pytest.raises(StoreError, match="chain A has 40 residues, not all of A:1-41"):
        cut("A:1-20", chain(labelled=True), seqid="A:1-41")


def test_an_end_that_is_not_there_is_reported():
    domain = cut("A:1-90", chain())
    assert domain.length == 35
    assert domain.notes == ("chain A has no residue 90, the end of A:1-90",)


def test_without_a_sequence_the_range_says_what_is_missing_at_its_ends():
    domain = cut("A:-9-38", chain(complete=False))
    assert domain.length == 48
    assert domain.sequence_index.tolist() == list(range(6, 46))
    assert domain.notes == ("8 of 48 residues lack a complete backbone: A:-9--5, A:36-38",)
    assert cut("A:1-30", chain(complete=False)).range == "A:1-30"


def test_the_tables_length_is_compared():
    assert cut("A:1-20", chain(), length=20).notes == ()
    assert cut("A:1-20", chain(), length=25).notes == ("the table gives it 25 residues, its range in 1abc.pdb has 20",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("C:1-20", r"1abc\.pdb has no protein chain C, only A"),
        ("A:20-1", "no residue of A:20-1"),
        ("A:90-120", "no residue of A:90-120"),
        ("A:1-20,A:15-30", "overlap"),
        ("A:1-9", "9 of 9 residues have a complete backbone"),
    ],
)
def test_what_cannot_be_cut_is_named(text, said):
    with pytest.raises(StoreError, match=said):
        cut(text, chain())


def whole(text, one, **changes):
    return whole_domain(entry(text, file="e1abcA1.pdb", **changes), {one.name: one})


def test_a_file_of_the_domains_own_may_have_either_numbering():
    own = chain(numbers=[str(number) for number in range(101, 141)], complete=False)
    assert whole("A:101-140", own).sequence_index.tolist() == list(range(1, 41))
    renumbered = chain(numbers=[str(number) for number in range(1, 41)], complete=False)
    domain = whole("X:101-140", renumbered)
    assert (domain.length, domain.range, domain.notes) == (40, "X:101-140", ())
    partly = whole("X:101-145", renumbered)
    assert (partly.length, len(partly.sequence)) == (45, 40)
    assert "the places of the missing ones are unknown" in partly.notes[0]
    assert whole("X:", renumbered).length == 40


def test_a_file_of_the_domains_own_must_hold_it_alone():
    with pytest.raises(StoreError, match="holds 40 residues, but the range names 20"):
        whole("A:1-20", chain(complete=False))
