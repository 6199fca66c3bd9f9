"""Decide by peptide bonds which HETATM residues belong to a chain, and where, in files without sequence positions.

PDB files write modified residues as HETATM, before TER or after it, and free amino acids (ligands) the same way. What
tells them apart is the bond between C of one residue and N of the next.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from domainflow.structures.atom_table import AtomTable

__all__ = ["LONGEST_BOND", "in_bonded_order", "polymer_rows"]

LONGEST_BOND = 2.0
"""Å; a peptide bond has 1.33 Å (Engh & Huber 1991), and atoms that are not bonded keep 2.6 Å apart."""

Point = tuple[float, float, float]


@dataclass
class _Group:
    """Rows of one residue, and the places of the two atoms that bond it."""

    chain: str
    number: int | None
    hetero: bool
    after_end: bool
    rows: list[int] = field(default_factory=list)
    atoms: dict[str, Point] = field(default_factory=dict)


def polymer_rows(table: AtomTable, after_end: Sequence[bool]) -> list[bool]:
    """Return for every atom whether its residue is part of a chain.

    Parameters
    ----------
    table : AtomTable
    after_end : sequence of bool
        For every atom whether its chain has ended before it (TER).

    Notes
    -----
    ATOM is part of a chain. HETATM is, if its residue is bonded to one that is. Before the end of the chain it also is
    if its number lies between those of the ATOM residues, because bonds may be missing from a model.
    """
    if not any(table.hetero):
        return [True] * len(table)
    groups = _groups(table, after_end)
    member = [not group.hetero for group in groups]
    spans = _spans(groups)
    for place, group in enumerate(groups):
        if group.hetero and not group.after_end:
            first, last = spans.get(group.chain, (-np.inf, np.inf))
            member[place] = group.number is not None and first <= group.number <= last
    waiting = [place for place, group in enumerate(groups) if not member[place] and {"N", "C"} <= group.atoms.keys()]
    found = True
    while found and waiting:
        bonded = [place for place in waiting if _is_bonded(place, groups, member)]
        for place in bonded:
            member[place] = True
        waiting = [place for place in waiting if not member[place]]
        found = bool(bonded)
    rows = [False] * len(table)
    for group, inside in zip(groups, member, strict=True):
        for row in group.rows:
            rows[row] = inside
    return rows


def in_bonded_order(ends: Sequence[tuple[Point | None, Point | None]], movable: Sequence[bool]) -> list[int]:
    """Return the order of residues in which those that stand apart follow the residue they are bonded to.

    Parameters
    ----------
    ends : sequence of (N, C)
        Places of these atoms, None if a residue lacks one.
    movable : sequence of bool
        Residues that may be moved: those written after the end of the chain.
    """
    order = [place for place in range(len(ends)) if not movable[place]]
    for place in (place for place in range(len(ends)) if movable[place]):
        n, c = ends[place]
        before = next((at for at, other in enumerate(order) if _bond(ends[other][1], n)), None)
        after = next((at for at, other in enumerate(order) if _bond(c, ends[other][0])), None)
        if before is not None:
            order.insert(before + 1, place)
        else:
            order.insert(len(order) if after is None else after, place)
    return order


def point(table: AtomTable, row: int) -> Point | None:
    """Return the place of an atom, or None if it is not three numbers."""
    try:
        return float(table.x[row]), float(table.y[row]), float(table.z[row])
    except ValueError:
        return None


def _groups(table: AtomTable, after_end: Sequence[bool]) -> list[_Group]:
    groups: dict[tuple[str, str, str], _Group] = {}
    for row, key in enumerate(zip(table.chain, table.residue, table.residue_name, strict=True)):
        group = groups.get(key)
        if group is None:
            number = re.match(r"-?\d+", key[1])
            group = groups[key] = _Group(key[0], int(number[0]) if number else None, table.hetero[row], after_end[row])
        group.rows.append(row)
        atom = table.atom_name[row]
        if atom in ("N", "C") and atom not in group.atoms:
            place = point(table, row)
            if place is not None:
                group.atoms[atom] = place
    return list(groups.values())


def _spans(groups: Sequence[_Group]) -> dict[str, tuple[int, int]]:
    """Return the smallest and largest number of the ATOM residues of each chain."""
    spans: dict[str, tuple[int, int]] = {}
    for group in groups:
        if not group.hetero and group.number is not None:
            first, last = spans.get(group.chain, (group.number, group.number))
            spans[group.chain] = min(first, group.number), max(last, group.number)
    return spans


def _is_bonded(place: int, groups: Sequence[_Group], member: Sequence[bool]) -> bool:
    return any(
        _bond(other.atoms.get("C"), groups[place].atoms["N"]) or _bond(groups[place].atoms["C"], other.atoms.get("N"))
        for other in _members(place, groups, member)
    )


def _members(place: int, groups: Sequence[_Group], member: Sequence[bool]) -> Iterator[_Group]:
    for other, group in enumerate(groups):
        if member[other] and group.chain == groups[place].chain and other != place:
            yield group


def _bond(c: Point | None, n: Point | None) -> bool:
    if c is None or n is None:
        return False
    return sum((a - b) ** 2 for a, b in zip(c, n, strict=True)) < LONGEST_BOND**2
