"""Read the atoms of PDB text: by column, or by word where the file is a PQR file or separated by tabs."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from domainflow.run.errors import InputError
from domainflow.structures.atom_table import AtomTable
from domainflow.structures.chain_links import polymer_rows

__all__ = ["read_pdb"]

SAMPLED = 100
"""Lines, evenly spread, that tell how the fields of a file are separated."""
SHOWN = 20
"""Most characters of a line that a message shows."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_RESIDUE_NUMBER = re.compile(r"-?\d+|[A-Za-z][0-9A-Za-z]{3}")
"""Decimal, or base 36 beyond 9,999 as some programs write it."""
_WORD_NUMBER = re.compile(r"-?\d+[A-Za-z]?")


class _Atom(NamedTuple):
    """Fields of an ATOM or HETATM line."""

    name: str
    alternate: str
    residue_name: str
    chain: str
    residue: str
    x: str
    y: str
    z: str
    occupancy: str
    b_factor: str
    element: str


def read_pdb(text: str, name: str) -> AtomTable:
    """Return the atoms of the first model.

    Models are told by MODEL and ENDMDL. After END, the same residues again are another model.

    Raises
    ------
    InputError
        If the fields are not in the columns of the format, or other residues follow END.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    by_word, pqr = _layout([line for line in lines if _record(line) in ("ATOM", "HETATM")], name)
    table, after_end, later = AtomTable(models=0), [], AtomTable()
    ended: set[str] = set()
    in_first_model, closed, frames = True, False, 0
    for line in lines:
        record = _record(line)
        if record in ("ATOM", "HETATM"):
            if not in_first_model:
                continue
            atom = _by_word(line) if by_word else _by_column(line)
            if atom is None:
                continue
            if closed:
                frames += 1
                closed = False
            target = later if frames else table
            _append(target, atom, record == "HETATM")
            if not frames:
                after_end.append(atom.chain in ended)
        elif record == "MODEL":
            table.models += 1
        elif record == "ENDMDL":
            in_first_model = in_first_model and not len(table)
        elif record == "MODRES":
            table.parents[line[12:15].strip() or "?"] = line[24:27].strip()
        elif record == "TER" and len(table) and not frames:
            ended.add(table.chain[-1])
        elif record == "END":
            closed = len(table) > 0
    if frames:
        _check_frames(table, later, frames, name)
    if pqr:
        table.occupancy = table.b_factor = [""] * len(table)
        table.notes.append("PQR: charges and radii left out")
    table.polymer = polymer_rows(table, after_end)
    return table


def _record(line: str) -> str:
    """Return the name of a line's record, which a blank or tab may end early."""
    for record in ("ATOM", "HETATM"):
        if line.startswith(record) and line[len(record) : len(record) + 1] in (" ", "\t"):
            return record
    return line[:6].rstrip()


def _append(table: AtomTable, atom: _Atom, hetero: bool) -> None:
    table.chain.append(atom.chain)
    table.residue.append(atom.residue)
    table.residue_name.append(atom.residue_name)
    table.atom_name.append(atom.name)
    table.alternate.append(atom.alternate)
    table.x.append(atom.x)
    table.y.append(atom.y)
    table.z.append(atom.z)
    table.occupancy.append(atom.occupancy)
    table.b_factor.append(atom.b_factor)
    table.element.append(atom.element)
    table.hetero.append(hetero)
    table.author_chain, table.author_residue = table.chain, table.residue


def _by_column(line: str) -> _Atom:
    return _Atom(
        line[12:16].strip(), line[16:17].strip(), line[17:20].strip(), line[21:22].strip(), line[22:27].strip(),
        line[30:38].strip(), line[38:46].strip(), line[46:54].strip(), line[54:60].strip(), line[60:66].strip(),
        line[76:78].strip(),
    )  # fmt: skip


def _by_word(line: str) -> _Atom | None:
    """Read a line whose fields are separated by blanks or tabs; the chain may be absent."""
    words = line.split()
    if len(words) < 8:
        return None
    has_chain = not (_WORD_NUMBER.fullmatch(words[4]) and "." in words[5])
    chain, number = (words[4], words[5]) if has_chain else ("", words[4])
    rest = words[6:] if has_chain else words[5:]
    x, y, z, occupancy, b_factor, element = [*rest[:6], *[""] * (6 - len(rest[:6]))]
    return _Atom(words[2], "", words[3], chain, number, x, y, z, occupancy, b_factor, element)


def _layout(lines: Sequence[str], name: str) -> tuple[bool, bool]:
    """Return whether the atoms must be read by word, and whether the file is a PQR file.

    Raises
    ------
    InputError
        If most lines fit the columns neither way, but can be told to be shifted.
    """
    lines = lines[:: max(1, len(lines) // SAMPLED)]
    pqr = bool(lines) and all(_is_pqr(line) for line in lines)
    misfits = [line for line in lines if not _fits_columns(line)]
    readable = [line for line in misfits if _fits_words(line)]
    if not misfits or 2 * len(misfits) <= len(lines) or 2 * len(readable) <= len(lines):
        return False, pqr
    if pqr or "\t" in readable[0]:
        return True, pqr
    line = readable[0]
    words = line.split()
    chain = f" (chain name '{words[4][:SHOWN]}')" if len(words) > 4 and len(words[4]) > 1 else ""
    raise InputError(
        f"the columns of {name} are shifted{chain}; write the file again with a chain name of one letter, or as mmCIF"
    )


def _fits_columns(line: str) -> bool:
    coordinates = (line[30:38], line[38:46], line[46:54])
    return bool(_RESIDUE_NUMBER.fullmatch(line[22:26].strip())) and all(
        _NUMBER.fullmatch(text.strip()) for text in coordinates
    )


def _fits_words(line: str) -> bool:
    atom = _by_word(line)
    return (
        atom is not None
        and bool(_WORD_NUMBER.fullmatch(atom.residue))
        and all(_NUMBER.fullmatch(text) and "." in text for text in (atom.x, atom.y, atom.z))
    )


def _is_pqr(line: str) -> bool:
    """Return whether a line ends with a charge and a radius, which have more or fewer than two decimals, or a sign."""
    words = line.split()
    if len(words) not in (10, 11) or not all(_NUMBER.fullmatch(word) and "." in word for word in words[-5:]):
        return False
    return any(not re.fullmatch(r"\d+\.\d\d", word) for word in words[-2:])


def _check_frames(table: AtomTable, later: AtomTable, frames: int, name: str) -> None:
    """Count the structures after END as models if they hold the same residues.

    Raises
    ------
    InputError
        If they hold other amino acids.
    """

    def residues(atoms: AtomTable) -> set[tuple[str, str, str]]:
        rows = zip(atoms.chain, atoms.residue, atoms.residue_name, atoms.atom_name, strict=True)
        return {(chain, residue, kind) for chain, residue, kind, atom in rows if atom == "CA" and kind != "CA"}

    others = residues(later)
    if not others:
        return
    if others <= residues(table):
        table.models = max(table.models, 1) + frames
        return
    raise InputError(f"{name} holds {frames + 1} structures one after another (END between them); give one file each")
