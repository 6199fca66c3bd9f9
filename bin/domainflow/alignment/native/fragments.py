"""Find helix and strand fragments of a chain, and pairs of fragments close together; `seeds` starts from them.

A fragment is a window of seven residues. d3(k) is the CA distance of residues k and k + 3, and d6 that of its ends:

    helix:  d3 < 6.6 Å at offsets 0, 1, 2, 3  and  7.5 Å < d6 < 12 Å
    strand: d3 > 8.3 Å at offsets 0, 3        and  d6 > 15 Å

Of each run of windows of one kind, some evenly spaced ones are kept. The limits were set on pairs that DaliLite aligns.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["HELIX", "KINDS", "OTHER", "STRAND", "WINDOW", "Fragments", "find_fragments"]

WINDOW, ENDS = 7, 3
"""Residues of a fragment, and residues at each end that define its direction."""
SHORTEST = np.float32(1e-6)
"""Å; shorter directions are divided by this length instead of their own."""
HELIX, STRAND, OTHER = 0, 1, 2
KINDS = 3

HELIX_STEP = 6.6
"""Å; largest d3 in a helix (5.0 Å when ideal)."""
HELIX_ENDS = 7.5, 12.0
"""Å; d6 of a helix (9.0 Å when ideal)."""
STRAND_STEP = 8.3
"""Å; smallest d3 in a strand (10 Å when extended)."""
STRAND_ENDS = 15.0
"""Å; smallest d6 of a strand."""

SPACING = (4, 2, 0)
"""Residues between the starts of the windows that are kept, by kind; 0: no window is kept."""
DENSE_SPACING = (2, 1, 3)
"""The same for chains with fewer than `FEWEST_FRAGMENTS` such windows."""
FEWEST_FRAGMENTS = 6

PAIR_SEPARATION = 5
"""Residues; smallest difference between the starts of two paired fragments."""
PAIR_DISTANCE = 18.0
"""Å; largest distance of the middle CA atoms of two paired fragments."""


class Fragments(NamedTuple):
    """F fragments of a chain, and P pairs of them.

    Attributes
    ----------
    start : ndarray, shape=(F,), dtype=int32
        First residue, ascending.
    kind : ndarray, shape=(F,), dtype=int32
        `HELIX`, `STRAND` or `OTHER`.
    centre : ndarray, shape=(F, 3), dtype=float32
        Mean CA position in Å.
    direction : ndarray, shape=(F, 3), dtype=float32
        Vector of length 1 from the first three residues to the last three.
    pairs : ndarray, shape=(P, 2), dtype=int32
        Fragments close together, the earlier one first; pairs by ascending distance.
    pair_distance : ndarray, shape=(P,), dtype=float32
        Distance of their middle CA atoms in Å.
    """

    start: NDArray[np.int32]
    kind: NDArray[np.int32]
    centre: NDArray[np.float32]
    direction: NDArray[np.float32]
    pairs: NDArray[np.int32]
    pair_distance: NDArray[np.float32]


@exact_kernel
def find_fragments(ca: NDArray[np.float32]) -> Fragments:
    """Find the fragments and fragment pairs of a chain.

    Parameters
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å; at least seven.
    """
    kinds = _window_kinds(ca)
    start = _spaced_windows(kinds, SPACING)
    if start.shape[0] < FEWEST_FRAGMENTS:
        start = _spaced_windows(kinds, DENSE_SPACING)
    count = start.shape[0]
    centre, direction = np.zeros((count, 3), np.float32), np.zeros((count, 3), np.float32)
    kind = np.empty(count, np.int32)
    for fragment in range(count):
        first = start[fragment]
        kind[fragment] = kinds[first]
        square = np.float32(0)
        for axis in range(3):
            for residue in range(WINDOW):
                centre[fragment, axis] += ca[first + residue, axis]
            centre[fragment, axis] /= np.float32(WINDOW)
            for residue in range(ENDS):
                direction[fragment, axis] += ca[first + WINDOW - 1 - residue, axis] - ca[first + residue, axis]
            square += direction[fragment, axis] ** 2
        direction[fragment] /= max(np.float32(math.sqrt(square)), SHORTEST)
    pairs, pair_distance = _close_pairs(ca, start)
    return Fragments(start, kind, centre, direction, pairs, pair_distance)


@exact_kernel
def _window_kinds(ca: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the kind of the window that starts at each residue, shape (L - 6,)."""
    kinds = np.full(ca.shape[0] - WINDOW + 1, OTHER, np.int32)
    for first in range(kinds.shape[0]):
        ends = _distance(ca, first, first + WINDOW - 1)
        longest, shortest_end = 0.0, np.inf
        for offset in range(WINDOW - 3):
            step = _distance(ca, first + offset, first + offset + 3)
            longest = max(longest, step)
            if offset in (0, WINDOW - 4):
                shortest_end = min(shortest_end, step)
        if longest < HELIX_STEP and HELIX_ENDS[0] < ends < HELIX_ENDS[1]:
            kinds[first] = HELIX
        elif shortest_end > STRAND_STEP and ends > STRAND_ENDS:
            kinds[first] = STRAND
    return kinds


@exact_kernel
def _spaced_windows(kinds: NDArray[np.int32], spacing: tuple[int, int, int]) -> NDArray[np.int32]:
    """Return the starts of evenly spaced windows of each run of one kind, its first and last window included.

    A single window counts as a run.
    """
    kept = np.empty(kinds.shape[0], np.int32)
    count = 0
    begin = 0
    for end in range(1, kinds.shape[0] + 1):
        if end < kinds.shape[0] and kinds[end] == kinds[begin]:
            continue
        step = spacing[kinds[begin]]
        if step > 0:
            gaps = max(1, round((end - 1 - begin) / step))
            for place in range(gaps + 1):
                start = np.int32(round(begin + (end - 1 - begin) * place / gaps))
                if place == 0 or start > kept[count - 1]:
                    kept[count] = start
                    count += 1
        begin = end
    return kept[:count].copy()


@exact_kernel
def _close_pairs(ca: NDArray[np.float32], start: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return pairs of fragments close together, shape (P, 2), and their distances, shape (P,), ascending."""
    count = start.shape[0]
    pairs = np.empty((count * (count - 1) // 2, 2), np.int32)
    distances = np.empty(pairs.shape[0], np.float32)
    found = 0
    for one in range(count):
        for other in range(one + 1, count):
            distance = _distance(ca, start[one] + WINDOW // 2, start[other] + WINDOW // 2)
            if start[other] - start[one] >= PAIR_SEPARATION and distance < PAIR_DISTANCE:
                pairs[found, 0], pairs[found, 1] = one, other
                distances[found] = distance
                found += 1
    order = np.argsort(distances[:found], kind="mergesort")
    return pairs[order], distances[order]


@exact_kernel
def _distance(ca: NDArray[np.float32], i: int, j: int) -> float:
    """Return the distance of two CA atoms in Å."""
    square = 0.0
    for axis in range(3):
        square += np.float64(ca[i, axis] - ca[j, axis]) ** 2
    return math.sqrt(square)
