"""Divide a chain into folding units, the parts that DALI compares when it looks for the largest z-score.

A unit is cut in two where the halves would move most slowly against each other, that is, where tau² is largest:

    tau² = (m1 m2 / (m1 + m2)) / I

m1 and m2 are the numbers of atoms of the halves. I is the number of atom pairs closer than 4 Å between the halves, plus
15 for every DSSP bridge, so that sheets stay whole (Holm & Sander, *Proteins* 1994, 19:256-268). The search for halves
follows the second axis of a correspondence analysis of the contacts (`correspondence`). Halves have segments of at
least ten residues (`unit_cut`).

A cut separates two units in three cases: if tau² is large; if both halves are compact; or if one half is short and the
other half is compact and is itself separated by this rule. tau², compactness and both thresholds are those that
DaliLite v5 prints with its units. On DaliLite's own cuts, the rule gives the printed kinds of 2,677 of 2,678 units. The
units of this module agree to the residue with the recorded ones of DaliLite in 0.81 of 446 chains. They agree with
those of a rebuilt DaliLite in 0.95 (docs/engines.md).

Contacts do not change when residues are removed from a chain: one `ContactGraph` gives the units of every part of it.
Parts are cut along the slowest mode itself (`settled_cut`). In a part, a cut also separates two units if one of the
halves is separated further. Usually only large proteins have residues left after a round of alignment. In large
proteins the order of DaliLite's sums depends on the chain's orientation in space. Along the slowest mode, more of
DaliLite's later hits keep their z.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.folding_units.contacts import ContactGraph, part_of
from domainflow.alignment.folding_units.correspondence import second_axis
from domainflow.alignment.folding_units.settled_cut import best_bisection, settled_order
from domainflow.alignment.folding_units.unit_cut import best_cut
from domainflow.kernels.compile import checked_kernel

__all__ = ["PartCuts", "folding_units"]

SPLIT = 2.6
"""Atoms per contact; a cut with a larger tau² separates two units."""
COMPACT, NEAR = 80.0, 3
"""Contacts per 100 atoms, between residues more than three apart; two halves that are both more compact are units."""
SPLIT_SIZE = 80
"""Residues; smaller units are never cut."""
UNIT_SIZE = 41
"""Residues; smaller units that are not separated further do not count for z."""
MOST_BYTES = 128 * 1024**2
"""Memory of remembered cuts; they are forgotten when it is full. A chain of 2,700 residues takes a third of it."""
BREAK = 5.0
"""Å; the chain is broken if the CA atoms of two consecutive residues are farther apart."""


class _Cut(NamedTuple):
    """Best cut of a unit: a mask of one half (all False without a cut), tau², and the compactness of both halves."""

    side: NDArray[np.bool_]
    tau2: float
    inside: float
    outside: float


class PartCuts:
    """Cuts of parts of one chain, remembered, because the parts that are left after a round have many units in common.

    A unit is known by its residues and by those of them that follow each other in the part.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes], _Cut] = {}
        self._bytes = 0

    def cut(self, residues: NDArray[np.int32], unit: NDArray[np.int32], find: Callable[[], _Cut]) -> _Cut:
        """Return the cut of a unit, 0-based places of a part's `residues`; `find` is called if it is not known."""
        key = residues[unit].tobytes(), np.packbits(np.diff(unit) == 1).tobytes()
        found = self._known.get(key)
        if found is None:
            if self._bytes > MOST_BYTES:
                self._known.clear()
                self._bytes = 0
            found = self._known[key] = find()
            self._bytes += sum(map(len, key)) + found.side.nbytes
        return found


def folding_units(
    contacts: ContactGraph, kept: NDArray[np.integer] | None = None, cuts: PartCuts | None = None
) -> list[NDArray[np.int32]]:
    """Return the folding units that count for z: the whole chain, then every smaller unit in the order found.

    Parameters
    ----------
    contacts : ContactGraph
    kept : ndarray of int, optional
        0-based residues of a part of the chain, ascending. The units are then those of a chain of these residues alone,
        numbered from 0, as if no residues were missing between them.
    cuts : PartCuts, optional
        Cuts found so far of parts of this chain; those found here are added.

    Returns
    -------
    list of ndarray, dtype=int32
        0-based residues of each unit, ascending; the first is the whole chain.
    """
    start, neighbour, bound = contacts.start, contacts.neighbour, contacts.bound
    atoms, ca = contacts.atoms, contacts.ca
    whole = kept is None or len(kept) == len(contacts)
    residues = np.arange(len(contacts), dtype=np.int32)
    if kept is not None and not whole:
        residues = np.asarray(kept, np.int32)
        start, neighbour, bound = part_of(residues, start, neighbour, bound)
        atoms, ca = atoms[residues], ca[residues]
    tree = [np.arange(len(atoms), dtype=np.int32)]
    compact = [np.inf]
    halves: list[tuple[int, ...]] = []
    separates: list[bool] = []
    for unit in tree:  # the loop adds the halves to the tree
        cut: tuple[int, ...] = ()
        separate = False
        if len(unit) >= SPLIT_SIZE:
            find = partial(_found_cut, unit, whole, ca, start, neighbour, bound, atoms)
            side, tau2, inside, outside = find() if whole or cuts is None else cuts.cut(residues, unit, find)
            if side.any():
                cut = len(tree), len(tree) + 1
                separate = tau2 > SPLIT or min(inside, outside) > COMPACT
                tree += [unit[side], unit[~side]] if side[0] else [unit[~side], unit[side]]
                compact += [inside, outside] if side[0] else [outside, inside]
        separates.append(separate)
        halves.append(cut)
    if whole:
        separates = [
            separate or any(_comes_off(tree, compact, separates, *pair) for pair in (cut, cut[::-1]) if pair)
            for separate, cut in zip(separates, halves, strict=True)
        ]
    else:
        for number in reversed(range(len(tree))):
            separates[number] |= any(separates[half] for half in halves[number])
    units: list[NDArray[np.int32]] = []
    waiting = [0]
    while waiting:
        number = waiting.pop()
        if separates[number] or len(tree[number]) >= UNIT_SIZE or not units:
            units.append(tree[number])
        if separates[number]:
            waiting += reversed(halves[number])
    return units


def _found_cut(unit: NDArray[np.int32], *graph: Any) -> _Cut:
    return _Cut(*_cut(unit, *graph))


def _comes_off(
    tree: list[NDArray[np.int32]], compact: list[float], separates: list[bool], short: int, rest: int
) -> bool:
    """Return whether one half is short, and the other half is compact and separated itself."""
    return len(tree[short]) < UNIT_SIZE and len(tree[rest]) > SPLIT_SIZE and separates[rest] and compact[rest] > COMPACT


@checked_kernel
def _cut(
    unit: NDArray[np.int32],
    whole: bool,
    ca: NDArray[np.float64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    bound: NDArray[np.float64],
    atoms: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], float, float, float]:
    """Return the best cut of a unit, its tau², and the compactness of both halves.

    The cut is a mask, True in one half; all False if there is no cut.
    """
    begin, column, content = part_of(unit, start, neighbour, bound)
    size = len(unit)
    mass = atoms[unit]
    adjacent, broken = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    for i in range(1, size):
        adjacent[i] = unit[i] == unit[i - 1] + 1
        apart = ca[unit[i]] - ca[unit[i - 1]]
        broken[i - 1] = (apart * apart).sum() > BREAK * BREAK
    if whole:
        side, tau2 = best_cut(second_axis(begin, column, content), broken, mass, begin, column, content)
    else:
        order = settled_order(begin, column, content)
        side, tau2 = best_bisection(order, adjacent, mass, begin, column, content)
    inside = _compactness(side, adjacent, mass, begin, column, content)
    outside = _compactness(~side, adjacent, mass, begin, column, content)
    return side, tau2, inside, outside


@checked_kernel
def _compactness(
    side: NDArray[np.bool_],
    adjacent: NDArray[np.bool_],
    mass: NDArray[np.int64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> float:
    """Return contacts per 100 atoms of a half, between residues of the same segment that are not near in the chain."""
    size = len(side)
    segment = np.zeros(size, np.int64)
    contacts, counted = 0.0, 0
    for i in range(size):
        if not side[i]:
            continue
        if i > 0 and side[i - 1] and adjacent[i]:
            segment[i] = segment[i - 1]
            counted += mass[i]  # the first residue of a segment does not count
        else:
            segment[i] = i
        for entry in range(start[i], start[i + 1]):
            j = neighbour[entry]
            if j < i - NEAR and side[j] and segment[j] == segment[i]:
                contacts += weight[entry]
    return 100.0 * contacts / max(counted, 1)
