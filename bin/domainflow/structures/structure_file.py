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
from domainflow.structures.atom_table import AtomTable, read_atom_table

__all__ = ["StructureChain", "read_structure"]

BACKBONE = ("N", "CA", "C", "O")
STANDARD = {
    "ALA": "A", "ARG": "R", "ASN": "N", "ASP": "D", "CYS": "C", "GLN": "Q", "GLU": "E", "GLY": "G", "HIS": "H",
    "ILE": "I", "LEU": "L", "LYS": "K", "MET": "M", "PHE": "F", "PRO": "P", "SER": "S", "THR": "T", "TRP": "W",
    "TYR": "Y", "VAL": "V",
}  # fmt: skip
FORCE_FIELD_NAMES = {
    "HID": "HIS", "HIE": "HIS", "HIP": "HIS", "HSD": "HIS", "HSE": "HIS", "HSP": "HIS", "CYX": "CYS", "CYM": "CYS",
    "ASH": "ASP", "GLH": "GLU", "LYN": "LYS",
}  # fmt: skip
"""Names of protonation states in simulation programs (Amber, CHARMM), and their standard residues."""
UNKNOWN = "X"
SHORTEST = 10
"""Residues; DPAM rejects shorter chains."""
LONGEST = 9_999
"""Residues; the PDB format has four columns for the residue number."""
LARGEST_COORDINATE = 999.999
"""Å; the PDB format has eight columns for a coordinate, sign included."""
SHOWN = 12
"""Most characters of a name or number from the file that a message shows."""
LISTED = 10
"""Most residues that a note names."""
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")


@dataclass(frozen=True)
class StructureChain:
    """A chain of L residues.

    Attributes
    ----------
    pdb : str
        ATOM lines, chain A, residues 1..L, every residue with N, CA, C and O.
    labels : list of str
        L residue numbers as in the file.
    kept : list of int
        0-based places of these residues among all amino acids of the chain in the file.
    file_length : int
        Number of all amino acids of the chain in the file.
    notes : list of str
        Changes, one clause each.
    """

    pdb: str
    labels: list[str]
    kept: list[int]
    file_length: int
    notes: list[str]


@dataclass
class _Residue:
    """Rows of one residue in the atom table, first alternate location only."""

    label: str
    name: str
    letter: str | None
    alternate: str = ""
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{_shown(self.name)} {_shown(self.label)}"


def read_structure(path: Path) -> StructureChain:
    """Read the only protein chain of a PDB or mmCIF file, gzipped or not.

    Raises
    ------
    InputError
        If the file cannot be read, or does not hold exactly one protein chain of 10 to 9,999 amino acids. Also if more
        than half of them lack backbone atoms, or a coordinate is not a finite number up to ±999.999 Å.
    """
    table = read_atom_table(path)
    notes = [f"first of {table.models} models"] if table.models > 1 else []
    chain = _protein_chain(table, path.name, notes)
    residues = _amino_acids(table, chain, path.name, notes)
    if len(residues) > LONGEST:
        raise InputError(f"{path.name} has {len(residues)} residues; domainflow takes at most {LONGEST}")
    kept = _complete(residues, path.name, notes)
    complete = [residues[place] for place in kept]
    _note_changes(complete, notes)
    return StructureChain(
        pdb="".join(f"{line}\n" for line in _atom_lines(table, complete, path.name)),
        labels=[residue.label for residue in complete],
        kept=kept,
        file_length=len(residues),
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
        listed = _listed([_shown(chain) or "blank" for chain in chains])
        raise InputError(f"{name} holds {len(chains)} protein chains ({listed}); give one file per chain")
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
            residue = residues[label] = _Residue(label, residue_name, _letter(residue_name, table.parents))
        alternate = table.alternate[row]
        if alternate:
            residue.alternate = residue.alternate or alternate
            if alternate != residue.alternate:
                continue
        if residue_name != residue.name and table.hetero[row]:
            continue  # a ligand or ion with the same number as a residue
        atom_name = table.atom_name[row]
        if atom_name == "CA" and atom_name in residue.rows:
            number = _shown(label) or "without number"
            raise InputError(f"{name} holds residue {number} twice; give one chain with every residue once")
        if residue_name == residue.name:
            residue.rows.setdefault(atom_name, row)

    kept, dropped = [], []
    for residue in residues.values():
        if residue.letter is None and all(atom in residue.rows for atom in BACKBONE):
            if not table.hetero[residue.rows["CA"]]:
                raise InputError(
                    f"residue {_shown(residue.label)} of {name} is called '{_shown(residue.name)}', "
                    "which is not an amino acid; rename it (UNK if unknown)"
                )
            residue.letter = UNKNOWN
        if residue.letter is not None:
            kept.append(residue)
        elif not table.hetero[next(iter(residue.rows.values()))] and not _is_solvent_or_nucleic(residue.name):
            dropped.append(residue)
    if dropped:
        notes.append(f"dropped residues that are not amino acids: {_listed([r.title for r in dropped])}")
    if table.ordered:
        kept.sort(key=lambda residue: int(residue.label))
    return kept


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
        labels = _listed([_shown(residue.label) for residue in incomplete])
        notes.append(f"left out {_count(len(incomplete), 'residue')} without complete backbone: {labels}")
    return kept


def _note_changes(residues: list[_Residue], notes: list[str]) -> None:
    modified = [r for r in residues if r.letter not in (UNKNOWN, STANDARD.get(r.name))]
    unknown = [r for r in residues if r.letter == UNKNOWN]
    for chosen, said in ((modified, "read as the parent"), (unknown, "of unknown type (X)")):
        if chosen:
            titles = _listed([residue.title for residue in chosen])
            notes.append(f"{_count(len(chosen), 'residue')} {said}: {titles}")
    labels = [residue.label for residue in residues]
    if labels != [str(number) for number in range(1, len(labels) + 1)]:
        notes.append(f"residues renumbered 1-{len(labels)} (were {_shown(labels[0])}-{_shown(labels[-1])})")


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


def _atom_lines(table: AtomTable, residues: list[_Residue], name: str) -> Iterator[str]:
    """Yield ATOM lines in DPAM's layout; serial numbers start again at 0 after 99,999."""
    serial = 0
    for number, residue in enumerate(residues, start=1):
        residue_name = _written_name(residue)
        for atom_name, row in residue.rows.items():
            if not re.fullmatch("[!-~]{1,4}", atom_name):
                continue
            serial += 1
            where = f"atom {atom_name} of residue {_shown(residue.label)} in {name}"
            x, y, z = (_coordinate(text, where) for text in (table.x[row], table.y[row], table.z[row]))
            occupancy = _cut(table.occupancy[row], 2) or "1.00"
            b_factor = _cut(table.b_factor[row], 2) or "0.00"
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


def _coordinate(text: str, where: str) -> str:
    """Return a coordinate with three decimals, checked."""
    cut = _cut(text, 3)
    if not cut:
        found = f"has the coordinate '{_shown(text)}', which is not a finite number" if text else "lacks a coordinate"
        raise InputError(f"{where} {found}; repair the model")
    if abs(float(cut)) > LARGEST_COORDINATE:
        raise InputError(f"{where} is at {_shown(cut)} Å; move the model to within ±{LARGEST_COORDINATE} Å")
    return cut


def _cut(text: str, decimals: int) -> str:
    """Return a decimal number with exactly so many decimals, cut and not rounded; empty if it is not finite."""
    # mmCIF may add a standard uncertainty, as in 12.345(6).
    plain = text.partition("(")[0]
    match = _NUMBER.fullmatch(plain)
    if match and (match[2] or match[3]):
        fraction = (match[3] or "")[:decimals].ljust(decimals, "0")
        return f"{match[1].replace('+', '')}{match[2].lstrip('0') or '0'}.{fraction}"
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]{1,3}", plain):
        try:
            value = float(plain)
        except ValueError:
            return ""
        return f"{value:.{decimals}f}" if abs(value) < 1e15 else ""
    return ""


def _shown(text: str) -> str:
    """Return text from a file, shortened to fit in a message."""
    printable = "".join(character if character.isprintable() else "?" for character in text[:SHOWN])
    return printable if len(text) <= SHOWN else f"{printable}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _listed(items: list[str]) -> str:
    return ", ".join(items[:LISTED]) + (f", … ({len(items)})" if len(items) > LISTED else "")
