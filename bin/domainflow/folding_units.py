"""Folding units of a chain: the parts that DALI compares when it looks for the largest z-score.

A unit is cut in two where the halves would move most slowly against each other, tau² = (m1 m2 / (m1 + m2)) / I with m
the atoms of a half and I the atom pairs closer than 4 Å between the halves and 15 for every DSSP bridge, so that sheets
stay whole (Holm & Sander, *Proteins* 1994, 19:256-268). Cuts are tried along the second eigenvector of the random walk
on this graph. Units are separate where tau² is large or both halves are compact, and so are all units that hold such
ones. tau², compactness and both thresholds are those that DaliLite v5 prints with its units, and on its own cuts the
rule gives the printed kinds in 99 % of 2,877 units. It takes 200 steps towards the eigenvector, from equal numbers, so
that what it finds grew out of rounding errors: where two modes are nearly as slow, its order mixes them and its cut
is another one, as it is when its seed is another. Half of its cuts are met exactly; docs/engines.md has the figures.

Contacts do not change when residues are taken out of a chain: one `ContactGraph` gives the units of every part.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.contacts import ContactGraph, part_of
from domainflow.slowest_mode import by_distance, slowest_mode

__all__ = ["folding_units"]

SPLIT = 2.6
"""Atoms per contact; a cut with a larger tau² separates two units."""
COMPACT, NEAR = 80.0, 3
"""Contacts per 100 atoms between residues more than three apart; halves that are both more compact are units, too."""
SPLIT_SIZE = 80
"""Residues; smaller units are never cut."""
UNIT_SIZE = 41
"""Residues; smaller leaves do not count for z."""
PIECE_SIZE = 10
"""Residues; smallest chain segment and smallest half."""
LEAST_CONTACTS = 0.5
"""Contacts taken where two halves do not touch."""
GRAIN = 1e-9
"""Of the mode's largest component; residues closer than this are in order of the chain."""


def folding_units(contacts: ContactGraph, kept: NDArray[np.integer] | None = None) -> list[NDArray[np.int32]]:
    """Residues of the folding units that count for z: the whole chain, then every smaller unit in the order found.

    Parameters
    ----------
    contacts : ContactGraph
    kept : ndarray of int, optional
        0-based residues that are left, ascending. The units are then those of a chain of these residues alone,
        numbered from 0 and taken as joined where residues are missing.

    Returns
    -------
    list of ndarray, dtype=int32
        0-based residues of each unit, ascending; the first is the whole chain.
    """
    start, neighbour, bound, atoms = contacts.start, contacts.neighbour, contacts.bound, contacts.atoms
    if kept is not None:
        residues = np.asarray(kept, np.int32)
        start, neighbour, bound = part_of(residues, start, neighbour, bound)
        atoms = atoms[residues]
    tree = [np.arange(len(atoms), dtype=np.int32)]
    halves: list[range] = []
    splits: list[bool] = []
    for unit in tree:  # it grows meanwhile
        side, found = np.zeros(0, np.bool_), False
        if len(unit) >= SPLIT_SIZE:
            side, tau2, compact = _cut(unit, start, neighbour, bound, atoms)
            found = bool(side.any())
        splits.append(found and (tau2 > SPLIT or compact > COMPACT))
        halves.append(range(len(tree), len(tree) + 2 * found))
        if found:
            tree += [unit[side == side[0]], unit[side != side[0]]]
    for number in reversed(range(len(tree))):
        splits[number] |= any(splits[half] for half in halves[number])
    units: list[NDArray[np.int32]] = []
    waiting = [0]
    while waiting:
        number = waiting.pop()
        if splits[number] or len(tree[number]) >= UNIT_SIZE or not units:
            units.append(tree[number])
        if splits[number]:
            waiting += reversed(halves[number])
    return units


@njit(cache=True, nogil=True)
def _cut(
    unit: NDArray[np.int32],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    bound: NDArray[np.float64],
    atoms: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], float, float]:
    """The best cut of a unit, True in one half (nowhere if there is none), its tau², the lower compactness of both."""
    begin, column, content = part_of(unit, start, neighbour, bound)
    size = len(unit)
    mass = atoms[unit]
    adjacent = np.zeros(size, np.bool_)
    for i in range(1, size):
        adjacent[i] = unit[i] == unit[i - 1] + 1
    side = _best_bisection(_order(begin, column, content), adjacent, mass, begin, column, content)
    half, touching = 0, 0.0
    for i in range(size):
        if side[i]:
            half += mass[i]
            for entry in range(begin[i], begin[i + 1]):
                if not side[column[entry]]:
                    touching += content[entry]
    compact = min(
        _compactness(side, adjacent, mass, begin, column, content),
        _compactness(~side, adjacent, mass, begin, column, content),
    )
    return side, _separation(half, mass.sum(), touching), compact


@njit(cache=True, nogil=True)
def _compactness(
    side: NDArray[np.bool_],
    adjacent: NDArray[np.bool_],
    mass: NDArray[np.int64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> float:
    """Contacts per 100 atoms of a half between residues of the same segment that are not near in the chain."""
    size = len(side)
    segment = np.zeros(size, np.int64)
    contacts, counted = 0.0, 0
    for i in range(size):
        if not side[i]:
            continue
        if i > 0 and side[i - 1] and adjacent[i]:
            segment[i] = segment[i - 1]
            counted += mass[i]  # of all but the first residue of a segment
        else:
            segment[i] = i
        for entry in range(start[i], start[i + 1]):
            j = neighbour[entry]
            if j < i - NEAR and side[j] and segment[j] == segment[i]:
                contacts += weight[entry]
    return 100.0 * contacts / max(counted, 1)


@njit(cache=True, nogil=True)
def _separation(half: int, whole: int, touching: float) -> float:
    """tau² of two halves: reduced number of atoms over contacts between them; 0 where one is empty."""
    return half * (whole - half) / whole / max(touching, LEAST_CONTACTS)


@njit(cache=True, nogil=True)
def _order(start: NDArray[np.int32], neighbour: NDArray[np.int32], weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Residues along the slowest mode of a random walk on the contacts; pieces that do not touch come largest first."""
    size = len(start) - 1
    walked, piece = by_distance(start, neighbour)
    pieces = piece.max() + 1
    if pieces > 1:
        sizes = np.bincount(piece)
        # by piece, largest first, then the one that begins first; within it along the chain
        rank = np.empty(pieces, np.int64)
        rank[np.argsort(-sizes, kind="mergesort")] = np.arange(pieces)
        return np.argsort(rank[piece], kind="mergesort")
    mode = slowest_mode(walked, start, neighbour, weight)
    extreme = mode[np.argmax(np.abs(mode))]
    grains = np.empty(size, np.float64)
    for i in range(size):
        grains[i] = np.rint(mode[i] / (extreme * GRAIN))
    return np.argsort(grains, kind="mergesort")


@njit(cache=True, nogil=True)
def _best_bisection(
    order: NDArray[np.int64],
    adjacent: NDArray[np.bool_],
    mass: NDArray[np.int64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """The first k residues in order, smoothed along the chain, for the k with the largest separation.

    Parameters
    ----------
    order : ndarray, shape=(n,), dtype=int64
    adjacent : ndarray, shape=(n,), dtype=bool
        Whether a residue follows the one before it in the chain.
    mass : ndarray, shape=(n,), dtype=int64
        Atoms of each residue.
    start, neighbour, weight : ndarray
        Contacts in compressed rows.

    Returns
    -------
    ndarray, shape=(n,), dtype=bool
        True in one half; all False where both halves cannot hold ten residues.
    """
    size = len(order)
    prefix = np.zeros(size, np.bool_)
    side, smooth = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    best_side = np.zeros(size, np.bool_)
    first = np.empty(size + 1, np.int64)
    whole = mass.sum()
    best, half, atoms, touching = -1.0, 0, 0, 0.0
    for taken in range(size - 1):
        prefix[order[taken]] = True
        _smooth(prefix, adjacent, smooth, first)
        # few residues differ from the last cut: only their contacts are counted again
        for i in range(size):
            if side[i] != smooth[i]:
                for entry in range(start[i], start[i + 1]):
                    apart = side[neighbour[entry]] != side[i]
                    touching += -weight[entry] if apart else weight[entry]
                half += 1 if smooth[i] else -1
                atoms += mass[i] if smooth[i] else -mass[i]
                side[i] = smooth[i]
        if half < PIECE_SIZE or size - half < PIECE_SIZE:
            continue
        tau2 = _separation(atoms, whole, touching)
        if tau2 > best:
            best = tau2
            best_side[:] = side
    return best_side


@njit(cache=True, nogil=True)
def _smooth(
    side: NDArray[np.bool_], adjacent: NDArray[np.bool_], smooth: NDArray[np.bool_], first: NDArray[np.int64]
) -> None:
    """Turn runs of less than ten residues over, shortest first; runs that fill a stretch of chain stay.

    `smooth` is filled with the result; `first` is room for the runs' first residues.
    """
    size = len(side)
    runs = 0
    for i in range(size):
        smooth[i] = side[i]
        if i == 0 or side[i] != side[i - 1] or not adjacent[i]:
            first[runs] = i
            runs += 1
    first[runs] = size
    while True:
        shortest, length = -1, PIECE_SIZE
        for run in range(runs):
            begin, end = first[run], first[run + 1]
            if end - begin < length and (adjacent[begin] or (end < size and adjacent[end])):
                shortest, length = run, end - begin
        if shortest < 0:
            return
        begin, end = first[shortest], first[shortest + 1]
        for i in range(begin, end):
            smooth[i] = not smooth[i]
        # it is now one run with the neighbours it is joined to
        kept, gone = shortest, 0
        if adjacent[begin]:
            gone += 1
        else:
            kept += 1
        if end < size and adjacent[end]:
            gone += 1
        runs -= gone
        for run in range(kept, runs + 1):
            first[run] = first[run + gone]
