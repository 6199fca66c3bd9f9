"""Count the tokens by which predictors of the AlphaFold 3 kind number what a structure holds.

A standard amino acid or nucleotide is one token. Of any other molecule, each atom but hydrogen is one: ligands, ions
and modified residues. Waters have none. A modified residue is stood for by its CA atom, the second in the order of the
chemical component dictionary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import gemmi

from domainflow.structures.amino_acids import STANDARD
from domainflow.structures.atom_table import AtomTable

__all__ = ["ChainTokens", "chain_tokens"]

_ONE_TOKEN = frozenset({*STANDARD, "UNK", "A", "C", "G", "U", "N", "DA", "DC", "DG", "DT", "DN"})


@dataclass(frozen=True)
class ChainTokens:
    """Names and numbers of a chain of n amino acids, complete or not, as a predictor may give them.

    Attributes
    ----------
    names : tuple of str
        Names of the chain: in the file's own labels, and the author's.
    numbers : tuple of (str, str)
        Number of each amino acid: position or label, and the author's.
    places : tuple of int
        0-based place of each amino acid among all tokens of the file.
    count : int
        Number of all tokens of the file.
    """

    names: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    places: tuple[int, ...]
    count: int

    @classmethod
    def of_length(cls, length: int) -> "ChainTokens":
        """Return the tokens of a lone chain numbered from 1."""
        numbers = tuple((str(number), str(number)) for number in range(1, length + 1))
        return cls(("A",), numbers, tuple(range(length)), length)


def chain_tokens(table: AtomTable, names: tuple[str, str], numbers: Sequence[tuple[str, str]]) -> ChainTokens:
    """Return the tokens of a chain.

    Parameters
    ----------
    table : AtomTable
        All atoms of the file.
    names : (str, str)
        Name of the chain in the table, and the author's.
    numbers : sequence of (str, str)
        Number of each of its amino acids in the table, and the author's.
    """
    sizes: dict[tuple[str, str, str], list[str]] = {}
    for row, key in enumerate(zip(table.chain, table.residue, table.residue_name, strict=True)):
        atoms = sizes.setdefault(key, [])
        atom = table.atom_name[row]
        if table.element[row] not in ("H", "D") and atom not in atoms:
            atoms.append(atom)
    first_place: dict[str, int] = {}
    count = 0
    for (chain, residue, name), atoms in sizes.items():
        one = name in _ONE_TOKEN and not (name == "UNK" and len(atoms) == 1)
        if chain == names[0] and residue not in first_place:
            first_place[residue] = count if one or "CA" not in atoms else count + atoms.index("CA")
        if not gemmi.find_tabulated_residue(name).is_water():
            count += 1 if one else len(atoms)
    places = tuple(first_place.get(label, -1) for label, _ in numbers)
    return ChainTokens(names, tuple(numbers), places, count)
