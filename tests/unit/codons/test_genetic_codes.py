"""Genetic codes are NCBI's, as Biopython has them; families follow from the code."""

import numpy as np
import pytest
from Bio.Data import CodonTable

from domainflow.codons.families import families_of
from domainflow.codons.genetic_codes import CODONS, TABLES, genetic_code, known_codes, read_own_code
from domainflow.run.errors import InputError


def test_there_are_27_codes():
    numbers = {*range(1, 7), *range(9, 17), *range(21, 34)}
    assert set(TABLES) == numbers == set(CodonTable.unambiguous_dna_by_id)
    assert len(CODONS) == len(set(CODONS)) == 64
    assert CODONS[:5] == ("TTT", "TTC", "TTA", "TTG", "TCT")


@pytest.mark.parametrize("number", TABLES)
def test_codes_are_those_of_biopython(number):
    ours, theirs = genetic_code(number), CodonTable.unambiguous_dna_by_id[number]
    assert ours.name == theirs.names[0]
    for codon, letter, start, stop in zip(CODONS, ours.amino_acids, ours.is_start, ours.is_stop, strict=True):
        assert theirs.forward_table.get(codon, "*") == letter
        assert (codon in theirs.start_codons) == start
        assert (codon in theirs.stop_codons) == stop


def test_some_stops_are_sense_codons_too():
    both = {
        number: [c for c, s, a in zip(CODONS, code.is_stop, code.amino_acids, strict=True) if s and a != "*"]
        for number, code in known_codes().items()
    }
    assert {number: codons for number, codons in both.items() if codons} == {
        27: ["TGA"], 28: ["TAA", "TAG", "TGA"], 31: ["TAA", "TAG"],
    }  # fmt: skip


def test_an_unknown_code_is_told_with_the_valid_numbers():
    with pytest.raises(InputError, match=r"no genetic code 7; the numbers are 1, 2, 3, .* 33, and 0"):
        genetic_code(7)
    with pytest.raises(InputError):
        genetic_code(0)


def test_an_own_code(tmp_path):
    standard = genetic_code(1)
    lines = [
        "# mine",
        *(f"{codon.replace('T', 'U')} {letter}" for codon, letter in zip(CODONS, standard.amino_acids, strict=True)),
    ]
    lines[CODONS.index("TGA") + 1] = "TGA W"
    lines[CODONS.index("ATG") + 1] += " start"
    (tmp_path / "own.txt").write_text("\n".join(lines))
    own = read_own_code(tmp_path / "own.txt")
    assert own.amino_acids == genetic_code(4).amino_acids
    assert [codon for codon, start in zip(CODONS, own.is_start, strict=True) if start] == ["ATG"]
    assert known_codes(own)[0] is own
    for wrong, said in (("\n".join(lines[:-1]), "lacks 1 codons, the first is GGG"), ("TTT Phe", "line 1 of own.txt")):
        (tmp_path / "own.txt").write_text(wrong)
        with pytest.raises(InputError, match=said):
            read_own_code(tmp_path / "own.txt")


@pytest.mark.parametrize(
    ("number", "level", "sizes"),
    [
        (1, "aa", {1: 2, 2: 9, 3: 1, 4: 5, 6: 3}),
        (1, "box", {1: 2, 2: 12, 3: 1, 4: 8}),
        (3, "aa", {2: 13, 4: 4, 6: 2, 8: 1}),
        (12, "box", {1: 3, 2: 12, 3: 2, 4: 7}),
    ],
)
def test_sizes_of_families(number, level, sizes):
    families = families_of(genetic_code(number), level)
    found = dict(zip(*np.unique(families.sizes, return_counts=True), strict=True))
    assert found == sizes
    assert (families.of_codon < 0).sum() == genetic_code(number).amino_acids.count("*")
    counts = np.arange(64)
    assert families.sums(counts).sum() == counts[families.of_codon >= 0].sum()


def test_box_families_share_their_first_two_bases():
    families = families_of(genetic_code(1), "box")
    assert "L:CT" in families.names
    assert "I" in families.names
    for family in range(len(families.names)):
        assert len({CODONS[codon][:2] for codon in np.flatnonzero(families.of_codon == family)}) == 1
