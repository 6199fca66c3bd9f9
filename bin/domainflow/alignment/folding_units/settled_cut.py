"""Cut a part of a chain along the slowest mode of its contacts, with segments of ten residues or more.

The part is the remaining residues of a chain after a round of alignment. This cut finds its domains whatever the
rounding errors are.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.folding_units.slowest_mode import by_distance, slowest_mode
from domainflow.alignment.folding_units.unit_cut import SEGMENT, move, separation
from domainflow.kernels.compile import checked_kernel

__all__ = ["best_bisection", "settled_order"]

LEAST_CONTACTS = 0.5
"""Number of contacts that is assumed between two halves that do not touch."""
GRAIN = 1e-9
"""Fraction of the mode's largest component; residues closer than this along the mode stay in chain order."""


@checked_kernel
def settled_order(
    start: NDArray[np.int32], neighbour: NDArray[np.int32], weight: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the residues in their order along the slowest mode of a random walk on the contacts.

    If some pieces do not touch, the residues are in the order of the pieces, the largest piece first.
    """
    size = len(start) - 1
    walked, piece = by_distance(start, neighbour)
    pieces = piece.max() + 1
    if pieces > 1:
        sizes = np.bincount(piece)
        # Pieces go by size, equal ones by their first residue; residues within a piece stay in chain order.
        rank = np.empty(pieces, np.int64)
        rank[np.argsort(-sizes, kind="mergesort")] = np.arange(pieces)
        return np.argsort(rank[piece], kind="mergesort")
    mode = slowest_mode(walked, start, neighbour, weight)
    extreme = mode[np.argmax(np.abs(mode))]
    grains = np.empty(size, np.float64)
    for i in range(size):
        grains[i] = np.rint(mode[i] / (extreme * GRAIN))
    return np.argsort(grains, kind="mergesort")


@checked_kernel
def best_bisection(
    order: NDArray[np.int64],
    adjacent: NDArray[np.bool_],
    mass: NDArray[np.int64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], float]:
    """Return the cut with the largest separation; one half is the first k residues in order, smoothed along the chain.

    Parameters
    ----------
    order : ndarray, shape=(n,), dtype=int64
        From `settled_order`.
    adjacent : ndarray, shape=(n,), dtype=bool
        True if a residue follows the one before it in the chain.
    mass : ndarray, shape=(n,), dtype=int64
        Number of atoms of each residue.
    start, neighbour, weight : ndarray
        Contacts in compressed sparse rows.

    Returns
    -------
    side : ndarray, shape=(n,), dtype=bool
        True in one half; all False if no cut leaves ten residues in both halves.
    tau2 : float
        Atoms per contact; -1 if there is no cut.
    """
    size = len(order)
    side, best_side = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    # Runs of residues on one side: of the first k residues in order, of these after smoothing, and of the cut before.
    taken, smooth, before = _no_runs(size), _no_runs(size), _no_runs(size)
    _open_runs(adjacent, taken)
    _copy_runs(taken, before)
    whole = mass.sum()
    best, atoms, touching, half = -1.0, 0, 0.0, 0
    for number in range(size - 1):
        _take(order[number], adjacent, taken)
        _copy_runs(taken, smooth)
        _smooth(adjacent, smooth)
        begin, run, old = 0, 0, 0
        while begin < size:  # stretches on which both cuts have one run each
            end = min(smooth.first[run + 1], before.first[old + 1])
            if smooth.side[run] != before.side[old]:
                for i in range(begin, end):
                    more_atoms, more_contacts = move(i, side, mass, start, neighbour, weight)
                    atoms += more_atoms
                    touching += more_contacts
                half += end - begin if smooth.side[run] else begin - end
            run += smooth.first[run + 1] == end
            old += before.first[old + 1] == end
            begin = end
        smooth, before = before, smooth
        if half < SEGMENT or size - half < SEGMENT:
            continue
        tau2 = separation(atoms, whole, max(touching, LEAST_CONTACTS))
        if tau2 > best:
            best = tau2
            best_side[:] = side
    return best_side, best


class _Runs(NamedTuple):
    """Runs of neighbours in the chain on one side, with room for one of each residue.

    Attributes
    ----------
    number : ndarray, shape=(1,), dtype=int64
        Number of runs, R.
    first : ndarray, dtype=int64
        First residue of each run, and the number of residues at R.
    side : ndarray, dtype=bool
        Side of each run.
    """

    number: NDArray[np.int64]
    first: NDArray[np.int64]
    side: NDArray[np.bool_]


@checked_kernel
def _no_runs(size: int) -> _Runs:
    return _Runs(np.zeros(1, np.int64), np.zeros(size + 1, np.int64), np.zeros(size + 1, np.bool_))


@checked_kernel
def _open_runs(adjacent: NDArray[np.bool_], runs: _Runs) -> None:
    """Fill `runs` with the stretches of the chain, all on one side."""
    count = 0
    for i in range(len(adjacent)):
        if i == 0 or not adjacent[i]:
            runs.first[count] = i
            count += 1
    runs.first[count] = len(adjacent)
    runs.number[0] = count


@checked_kernel
def _copy_runs(runs: _Runs, target: _Runs) -> None:
    count = runs.number[0]
    target.number[0] = count
    target.first[: count + 1] = runs.first[: count + 1]
    target.side[:count] = runs.side[:count]


@checked_kernel
def _take(residue: int, adjacent: NDArray[np.bool_], runs: _Runs) -> None:
    """Move a residue of a run to the other side: it becomes a run, or joins those beside it in the chain."""
    first, side = runs.first, runs.side
    run = np.searchsorted(first[: runs.number[0]], residue, side="right") - 1
    begin, end = first[run], first[run + 1]
    joins_before = residue == begin and adjacent[begin]
    joins_after = residue + 1 == end and end < len(adjacent) and adjacent[end]
    # The run becomes up to three: what is before the residue, the residue, and what is after it.
    kept = np.empty(3, np.int64)
    sides = np.empty(3, np.bool_)
    count = 0
    if residue > begin:
        kept[count], sides[count] = begin, side[run]
        count += 1
    if not joins_before:
        kept[count], sides[count] = residue, not side[run]
        count += 1
    if residue + 1 < end:
        kept[count], sides[count] = residue + 1, side[run]
        count += 1
    following = run + 2 if joins_after else run + 1  # the next run that stays
    shift = run + count - following
    if shift > 0:
        for place in range(runs.number[0], following - 1, -1):
            first[place + shift], side[place + shift] = first[place], side[place]
    elif shift < 0:
        for place in range(following, runs.number[0] + 1):
            first[place + shift], side[place + shift] = first[place], side[place]
    for place in range(count):
        first[run + place], side[run + place] = kept[place], sides[place]
    runs.number[0] += shift


@checked_kernel
def _smooth(adjacent: NDArray[np.bool_], runs: _Runs) -> None:
    """Move runs of less than ten residues to the other side, the shortest first.

    A run that fills a whole stretch of the chain stays.
    """
    size = len(adjacent)
    first, side = runs.first, runs.side
    count = runs.number[0]
    while True:
        shortest, length = -1, SEGMENT
        for run in range(count):
            begin, end = first[run], first[run + 1]
            if end - begin < length and (adjacent[begin] or (end < size and adjacent[end])):
                shortest, length = run, end - begin
        if shortest < 0:
            runs.number[0] = count
            return
        begin, end = first[shortest], first[shortest + 1]
        side[shortest] = not side[shortest]
        # The run has merged with the neighbours that are adjacent in the chain.
        kept, gone = shortest, 0
        if adjacent[begin]:
            gone += 1
        else:
            kept += 1
        if end < size and adjacent[end]:
            gone += 1
        count -= gone
        for run in range(kept, count + 1):
            first[run], side[run] = first[run + gone], side[run + gone]
