"""Cut a part of a chain along the slowest mode of its contacts, with segments of ten residues or more.

The part is the remaining residues of a chain after a round of alignment. This cut finds its domains whatever the
rounding errors are.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.folding_units.slowest_mode import by_distance, slowest_mode
from domainflow.alignment.folding_units.unit_cut import SEGMENT, move_to, separation
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
    prefix = np.zeros(size, np.bool_)
    side, smooth = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    best_side = np.zeros(size, np.bool_)
    first = np.empty(size + 1, np.int64)
    whole = mass.sum()
    best, atoms, touching = -1.0, 0, 0.0
    for taken in range(size - 1):
        prefix[order[taken]] = True
        _smooth(prefix, adjacent, smooth, first)
        more_atoms, more_contacts = move_to(smooth, side, mass, start, neighbour, weight)
        atoms += more_atoms
        touching += more_contacts
        half = side.sum()
        if half < SEGMENT or size - half < SEGMENT:
            continue
        tau2 = separation(atoms, whole, max(touching, LEAST_CONTACTS))
        if tau2 > best:
            best = tau2
            best_side[:] = side
    return best_side, best


@checked_kernel
def _smooth(
    side: NDArray[np.bool_], adjacent: NDArray[np.bool_], smooth: NDArray[np.bool_], first: NDArray[np.int64]
) -> None:
    """Move runs of less than ten residues to the other side, the shortest first, and fill `smooth` with the result.

    A run that fills a whole stretch of the chain stays. `first` is room for the first residues of the runs.
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
        shortest, length = -1, SEGMENT
        for run in range(runs):
            begin, end = first[run], first[run + 1]
            if end - begin < length and (adjacent[begin] or (end < size and adjacent[end])):
                shortest, length = run, end - begin
        if shortest < 0:
            return
        begin, end = first[shortest], first[shortest + 1]
        for i in range(begin, end):
            smooth[i] = not smooth[i]
        # The run has merged with the neighbours that are adjacent in the chain.
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
