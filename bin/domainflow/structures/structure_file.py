"""Read the only protein chain of a user's structure file, complete and numbered 1..L, as PDB text (DPAM step 1).

The amino acids of the chain are kept, modified ones as their parent residue. Waters, ligands and nucleic acid are
dropped. Each residue keeps the first of its alternate locations in the file. Coordinates, occupancy and B factor are
copied as text; longer decimals are cut off.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import gemmi

from domainflow.run.errors import InputError
from domainflow.structures.amino_acids import FORCE_FIELD_NAMES, STANDARD
from domainflow.structures.atom_table import AtomTable
from domainflow.structures.chain_links import in_bonded_order, point
from domainflow.structures.decimals import coordinate, cut, moved_to_origin
from domainflow.structures.formats.read_atoms import read_atom_table
from domainflow.structures.messages import count, listed, shown
from domainflow.structures.tokens import ChainTokens, chain_tokens

__all__ = ["StructureChain", "read_structure"]

BACKBONE = ("N", "CA", "C", "O")
UNKNOWN = "X"
SHORTEST = 10
"""Residues; DPAM rejects shorter chains."""
LONGEST = 9_999
"""Residues; the PDB format has four columns for the residue number."""


@dataclass(frozen=True)
class StructureChain:
    """A chain of L residues.

    Attributes
    ----------
    pdb : str
        ATOM lines, chain A, residues 1..L, every residue with N, CA, C and O.
    labels : list of str
        L residue numbers as in the file: positions in the sequence in mmCIF.
    chain : str
        Name of the chain as the file's author gives it; empty if it has none.
    author_labels : list of str
        L residue numbers as the file's author gives them, insertion codes included.
    kept : list of int
        0-based places of these residues among all amino acids of the chain in the file.
    file_length : int
        Number of all amino acids of the chain in the file.
    tokens : ChainTokens
        Names and numbers by which a predictor's PAE knows all amino acids of the chain in the file.
    notes : list of str
        Changes, one clause each.
    """

    pdb: str
    labels: list[str]
    chain: str
    author_labels: list[str]
    kept: list[int]
    file_length: int
    tokens: ChainTokens
    notes: list[str]


@dataclass
class _Residue:
    """Rows of one residue in the atom table, first alternate location only."""

    label: str
    author_label: str
    name: str
    letter: str | None
    alternate: str = ""
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{shown(self.name)} {shown(self.label)}"


def read_structure(path: Path) -> StructureChain:
    """Read the only protein chain of a PDB or mmCIF file, gzipped or not.

    Raises
    ------
    InputError
        If the file cannot be read, or does not hold exactly one protein chain of 10 to 9,999 amino acids. Also if more
        than half of them lack backbone atoms, or a coordinate is not a finite number up to ±999.999 Å.
    """
    table = read_atom_table(path)
    notes = list(table.notes)
    if table.models > 1:
        notes.append(f"first of {table.models} models")
    chain = _protein_chain(table, path.name, notes)
    residues = _amino_acids(table, chain, path.name, notes)
    if len(residues) > LONGEST:
        raise InputError(f"{path.name} has {len(residues)} residues; domainflow takes at most {LONGEST}")
    kept = _complete(residues, path.name, notes)
    complete = [residues[place] for place in kept]
    _note_changes(complete, notes)
    author_chain = table.author_chain[next(iter(complete[0].rows.values()))]
    return StructureChain(
        pdb="".join(f"{line}\n" for line in _atom_lines(table, complete, path.name, notes)),
        labels=[residue.label for residue in complete],
        chain=author_chain,
        author_labels=[residue.author_label for residue in complete],
        kept=kept,
        file_length=len(residues),
        tokens=chain_tokens(table, (chain, author_chain), [(r.label, r.author_label) for r in residues]),
        notes=notes,
    )


def _protein_chain(table: AtomTable, name: str, notes: list[str]) -> str:
    """Return the name of the only chain that holds amino acids."""
    proteins: dict[str, bool] = {}
    nucleic = 0
    for row, residue_name in enumerate(table.residue_name):
        if not table.polymer[row] or table.atom_name[row] not in ("CA", "P", "C1'"):
            continue
        if table.atom_name[row] == "CA":
            nameless = not table.hetero[row] and not gemmi.find_tabulated_residue(residue_name).found()
            if nameless or _letter(residue_name, table.parents) is not None:
                proteins[table.chain[row]] = proteins.get(table.chain[row], False) or not table.hetero[row]
        elif gemmi.find_tabulated_residue(residue_name).is_nucleic_acid():
            nucleic += 1
    # A chain with HETATM only is a ligand, unless it is the only chain.
    chains = [chain for chain, has_atom in proteins.items() if has_atom] or list(proteins)
    if not chains:
        found = "nucleic acid only" if nucleic else "no amino acid"
        raise InputError(f"{name} holds {found}; give a protein structure")
    if len(chains) > 1:
        names = listed([shown(chain) or "blank" for chain in chains])
        raise InputError(f"{name} holds {len(chains)} protein chains ({names}); give one file per chain")
    if nucleic:
        notes.append("nucleic acid dropped")
    return chains[0]


def _amino_acids(table: AtomTable, chain: str, name: str, notes: list[str]) -> list[_Residue]:
    """Return the amino acids of the chain, sorted by number in mmCIF, in the order of the file in PDB."""
    residues: dict[str, _Residue] = {}
    for row, label in enumerate(table.residue):
        if table.chain[row] != chain or not table.polymer[row]:
            continue
        residue_name = table.residue_name[row]
        residue = residues.get(label)
        if residue is None:
            letter = _letter(residue_name, table.parents)
            residue = residues[label] = _Residue(label, table.author_residue[row], residue_name, letter)
        alternate = table.alternate[row]
        if alternate:
            residue.alternate = residue.alternate or alternate
            if alternate != residue.alternate:
                continue
        if residue_name != residue.name and table.hetero[row]:
            continue  # a ligand or ion with the same number as a residue
        atom_name = table.atom_name[row]
        if atom_name == "CA" and atom_name in residue.rows:
            number = shown(label) or "without number"
            raise InputError(f"{name} holds residue {number} twice; give one chain with every residue once")
        if residue_name == residue.name:
            residue.rows.setdefault(atom_name, row)

    kept, dropped = [], []
    for residue in residues.values():
        if residue.letter is None and all(atom in residue.rows for atom in BACKBONE):
            if not table.hetero[residue.rows["CA"]]:
                raise InputError(
                    f"residue {shown(residue.label)} of {name} is called '{shown(residue.name)}', "
                    "which is not an amino acid; rename it (UNK if unknown)"
                )
            residue.letter = UNKNOWN
        if residue.letter is not None:
            kept.append(residue)
        elif not table.hetero[next(iter(residue.rows.values()))] and not _is_solvent_or_nucleic(residue.name):
            dropped.append(residue)
    if dropped:
        notes.append(f"dropped residues that are not amino acids: {listed([r.title for r in dropped])}")
    _note_free_amino_acids(table, chain, notes)
    if table.ordered:
        kept.sort(key=lambda residue: int(residue.label))
        return kept
    return _bonded_order(table, kept)


def _bonded_order(table: AtomTable, residues: list[_Residue]) -> list[_Residue]:
    """Return the residues with those that the file lists apart from the chain beside the residue they are bonded to."""
    apart = _listed_apart(table, residues)
    if not any(apart):
        return residues

    def place(residue: _Residue, atom: str) -> tuple[float, float, float] | None:
        return point(table, residue.rows[atom]) if atom in residue.rows else None

    order = in_bonded_order([(place(residue, "N"), place(residue, "C")) for residue in residues], apart)
    return [residues[number] for number in order]


def _listed_apart(table: AtomTable, residues: list[_Residue]) -> list[bool]:
    """Return for each residue whether it is HETATM and follows the last ATOM of the chain."""
    last = max((max(r.rows.values()) for r in residues if not table.hetero[next(iter(r.rows.values()))]), default=-1)
    return [last >= 0 and min(residue.rows.values()) > last for residue in residues]


def _note_free_amino_acids(table: AtomTable, chain: str, notes: list[str]) -> None:
    """Note amino acids that are written like residues of the chain but are not bonded to it."""
    found: dict[str, set[str]] = {}
    for row, label in enumerate(table.residue):
        if table.chain[row] == chain and not table.polymer[row] and not table.ordered:
            found.setdefault(f"{shown(table.residue_name[row])} {shown(label)}", set()).add(table.atom_name[row])
    free = [title for title, atoms in found.items() if {"N", "CA", "C"} <= atoms]
    if free:
        notes.append(f"left out {count(len(free), 'amino acid')} not bonded to the chain: {listed(free)}")


def _complete(residues: list[_Residue], name: str, notes: list[str]) -> list[int]:
    """Return the places of the residues with a complete backbone."""
    kept = [place for place, residue in enumerate(residues) if all(atom in residue.rows for atom in BACKBONE)]
    incomplete = [residue for residue in residues if not all(atom in residue.rows for atom in BACKBONE)]
    if 2 * len(incomplete) > len(residues):
        if all(set(residue.rows) & set(BACKBONE) == {"CA"} for residue in incomplete):
            found = f"only the CA atom in {len(incomplete)} of {len(residues)} residues"
        else:
            found = f"no complete backbone in {len(incomplete)} of {len(residues)} residues"
        raise InputError(f"{name} has {found}; give a model with N, CA, C and O")
    if len(kept) < SHORTEST:
        raise InputError(f"{name} has {len(kept)} residues; a protein needs at least {SHORTEST}")
    if incomplete:
        labels = listed([shown(residue.label) for residue in incomplete])
        notes.append(f"left out {count(len(incomplete), 'residue')} without complete backbone: {labels}")
    return kept


def _note_changes(residues: list[_Residue], notes: list[str]) -> None:
    modified = [r for r in residues if r.letter not in (UNKNOWN, STANDARD.get(r.name))]
    unknown = [r for r in residues if r.letter == UNKNOWN]
    for chosen, said in ((modified, "read as the parent"), (unknown, "of unknown type (X)")):
        if chosen:
            titles = listed([residue.title for residue in chosen])
            notes.append(f"{count(len(chosen), 'residue')} {said}: {titles}")
    labels = [residue.label for residue in residues]
    if labels != [str(number) for number in range(1, len(labels) + 1)]:
        notes.append(f"residues renumbered 1-{len(labels)} (were {shown(labels[0])}-{shown(labels[-1])})")


def _letter(residue_name: str, parents: dict[str, str]) -> str | None:
    """Return the one-letter code of an amino acid, X if its parent is none of the twenty; None for other molecules."""
    parent = parents.get(residue_name, "")
    for candidate in (residue_name, parent, FORCE_FIELD_NAMES.get(residue_name, "")):
        if candidate in STANDARD:
            return STANDARD[candidate]
    known = gemmi.find_tabulated_residue(residue_name)
    if known.is_amino_acid():
        letter = known.one_letter_code.upper()
        return letter if letter in STANDARD.values() else UNKNOWN
    return UNKNOWN if residue_name in parents else None


def _is_solvent_or_nucleic(residue_name: str) -> bool:
    known = gemmi.find_tabulated_residue(residue_name)
    return bool(known.is_water() or known.is_nucleic_acid())


def _written_name(residue: _Residue) -> str:
    """Return the file's residue name if every program reads the residue's letter from it, else the standard name."""
    known = gemmi.find_tabulated_residue(residue.name)
    letter = known.one_letter_code.upper() if known.is_amino_acid() else ""
    readable = letter if letter in STANDARD.values() else UNKNOWN
    if readable == residue.letter and re.fullmatch("[A-Z0-9]{1,3}", residue.name):
        return residue.name
    return next((name for name, code in STANDARD.items() if code == residue.letter), "UNK")


def _atom_lines(table: AtomTable, residues: list[_Residue], name: str, notes: list[str]) -> Iterator[str]:
    """Yield ATOM lines in DPAM's layout; serial numbers start again at 0 after 99,999."""
    atoms = [
        (number, residue, atom_name, row)
        for number, residue in enumerate(residues, start=1)
        for atom_name, row in residue.rows.items()
        if re.fullmatch("[!-~]{1,4}", atom_name)
    ]
    coordinates = []
    for _, residue, atom_name, row in atoms:
        where = f"atom {atom_name} of residue {shown(residue.label)} in {name}"
        coordinates.append(
            (coordinate(table.x[row], where), coordinate(table.y[row], where), coordinate(table.z[row], where))
        )
    fitting = moved_to_origin(coordinates, name, notes)
    for serial, ((number, residue, atom_name, row), (x, y, z)) in enumerate(zip(atoms, fitting, strict=True), start=1):
        residue_name = _written_name(residue)
        occupancy = cut(table.occupancy[row], 2) or "1.00"
        b_factor = cut(table.b_factor[row], 2) or "0.00"
        yield (
            f"ATOM  {serial % 100_000:5d}{_padded(atom_name)} {residue_name:<3s} A{number:4d}    "
            f"{x:>8s}{y:>8s}{z:>8s}{occupancy[:6]:>6s}{b_factor[:6]:>6s}           "
            f"{_element(table.element[row], atom_name, residue_name)}"
        )


def _padded(atom_name: str) -> str:
    return f"  {atom_name:<3s}" if len(atom_name) < 4 else f" {atom_name}"


def _element(symbol: str, atom_name: str, residue_name: str) -> str:
    if re.fullmatch("[A-Za-z]{1,2}", symbol):
        return symbol.upper()
    if atom_name == "SE" and residue_name in ("MSE", "SEC"):
        return "SE"
    return next((character for character in atom_name if character.isalpha()), "X")
