"""Ranges in the numbers of the user's own file."""

import pytest

from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.b_factors import meaning_of_b_factors
from domainflow.structures.prepare import prepare_protein
from peptides import ALPHA, pdb_text, peptide

HELIX = peptide([ALPHA] * 12)


@pytest.mark.parametrize(
    ("labels", "residues", "expected"),
    [
        (["1", "2", "3", "4"], [1, 2, 4], "1-2,4-4"),
        (["101", "102", "110", "111"], [1, 2, 3, 4], "101-102,110-111"),
        (["52", "52A", "52B", "53"], [1, 2, 3, 4], "52-53"),
        (["52", "52A", "52B", "53"], [2, 3], "52A-52B"),
        (["-5", "-4", "-3", "1"], [1, 2, 3, 4], "-5--3,1-1"),
        (["1", "2"], [], "na"),
    ],
)
def test_ranges(labels, residues, expected):
    assert AuthorNumbers("A", tuple(labels)).range_of(residues) == expected


def test_a_protein_keeps_the_numbers_of_its_file(tmp_path):
    (tmp_path / "a.pdb").write_text(pdb_text(HELIX, chain="H", first=-3))
    protein = prepare_protein("x", tmp_path / "a.pdb", None)
    assert protein.author == AuthorNumbers("H", tuple(str(number) for number in range(-3, 9)))


def with_b_factors(values):
    lines = pdb_text(HELIX).splitlines()
    return "\n".join(f"{line[:60]}{value:6.2f}{line[66:]}" for line, value in zip(lines, values, strict=True))


def test_b_factors_that_are_plddt():
    by_residue = [40 + number // 4 for number in range(48)]
    by_atom = [40 + number for number in range(48)]
    assert meaning_of_b_factors(with_b_factors(by_residue), False) == "pLDDT"
    assert meaning_of_b_factors(with_b_factors([value / 100 for value in by_residue]), False) == "pLDDT/100"
    assert meaning_of_b_factors(with_b_factors(by_atom), False) == "B factor"
    assert meaning_of_b_factors(with_b_factors(by_atom), True) == "pLDDT"
    assert meaning_of_b_factors(with_b_factors([value + 90 for value in by_residue]), True) == "B factor"
    assert meaning_of_b_factors(pdb_text(HELIX), True) == "none"
