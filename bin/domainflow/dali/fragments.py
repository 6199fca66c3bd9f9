"""Helix and strand fragments of a chain, and pairs of them that lie close together: what seeds are made from.

A fragment is a window of seven residues. With d3(k) the CA distance of residues k and k + 3, and d6 that of its ends,

    helix:  d3 < 6.6 Å at offsets 0, 1, 2, 3  and  7.5 Å < d6 < 12 Å
    strand: d3 > 8.3 Å at offsets 0, 3        and  d6 > 15 Å

Of each run of windows of one kind some, evenly spaced, are kept. Limits were set on pairs that DaliLite aligns.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["HELIX", "KINDS", "OTHER", "STRAND", "WINDOW", "Fragments", "find_fragments"]

WINDOW = 7
"""Residues."""
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

SPACING = {HELIX: 4, STRAND: 2}
"""Residues between the windows that are kept."""
DENSE_SPACING = {HELIX: 2, STRAND: 1, OTHER: 3}
"""The same for chains with too few of them."""
FEWEST_FRAGMENTS = 6

PAIR_SEPARATION = 5
"""Residues; least difference of the starts of two paired fragments."""
PAIR_DISTANCE = 18.0
"""Å; largest distance of the middle CA atoms of two paired fragments."""


class Fragments(NamedTuple):
    """F fragments of a chain and P pairs of them.

    Attributes
    ----------
    start : ndarray, shape=(F,), dtype=int32
        First residue, ascending.
    kind : ndarray, shape=(F,), dtype=int32
        `HELIX`, `STRAND` or `OTHER`.
    centre : ndarray, shape=(F, 3), dtype=float32
        Mean CA position in Å.
    direction : ndarray, shape=(F, 3), dtype=float32
        Unit vector from the first three residues to the last three.
    pairs : ndarray, shape=(P, 2), dtype=int32
        Fragments close together, the earlier first, by ascending distance.
    pair_distance : ndarray, shape=(P,), dtype=float32
        Distance of their middle CA atoms in Å.
    """

    start: NDArray[np.int32]
    kind: NDArray[np.int32]
    centre: NDArray[np.float32]
    direction: NDArray[np.float32]
    pairs: NDArray[np.int32]
    pair_distance: NDArray[np.float32]


def find_fragments(ca: NDArray[np.float32]) -> Fragments:
    """Fragments and fragment pairs of a chain.

    Parameters
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å; at least seven.
    """
    kinds = _window_kinds(ca)
    start = _spaced_windows(kinds, SPACING)
    if len(start) < FEWEST_FRAGMENTS:
        start = _spaced_windows(kinds, DENSE_SPACING)
    windows = ca[start[:, None] + np.arange(WINDOW)]
    centre = windows.mean(axis=1)
    direction = windows[:, 4:].sum(axis=1) - windows[:, :3].sum(axis=1)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-6)
    middle = ca[start + WINDOW // 2]
    distance = np.linalg.norm(middle[:, None] - middle[None], axis=2)
    close = (start[None] - start[:, None] >= PAIR_SEPARATION) & (distance < PAIR_DISTANCE)
    pairs = np.argwhere(close)
    pair_distance = distance[close]
    order = np.argsort(pair_distance, kind="stable")
    return Fragments(
        start.astype(np.int32),
        kinds[start].astype(np.int32),
        np.ascontiguousarray(centre, np.float32),
        np.ascontiguousarray(direction, np.float32),
        np.ascontiguousarray(pairs[order], np.int32),
        np.ascontiguousarray(pair_distance[order], np.float32),
    )


def _window_kinds(ca: NDArray[np.float32]) -> NDArray[np.int64]:
    """Kind of the window that starts at each residue, shape (L - 6,)."""
    count = len(ca) - WINDOW + 1
    step = np.linalg.norm(ca[3:] - ca[:-3], axis=1)
    steps = np.stack([step[offset : offset + count] for offset in range(4)])
    ends = np.linalg.norm(ca[WINDOW - 1 :] - ca[: 1 - WINDOW], axis=1)
    helix = (steps < HELIX_STEP).all(axis=0) & (ends > HELIX_ENDS[0]) & (ends < HELIX_ENDS[1])
    strand = (steps[0] > STRAND_STEP) & (steps[3] > STRAND_STEP) & (ends > STRAND_ENDS)
    return np.where(helix, HELIX, np.where(strand, STRAND, OTHER))


def _spaced_windows(kinds: NDArray[np.int64], spacing: dict[int, int]) -> NDArray[np.int64]:
    """Starts of evenly spaced windows of each run of one kind, its ends included; a lone window counts as a run."""
    bounds = np.concatenate(([0], np.flatnonzero(np.diff(kinds)) + 1, [len(kinds)]))
    kept = []
    for begin, end in pairwise(bounds):
        step = spacing.get(int(kinds[begin]))
        if step is None:
            continue
        gaps = max(1, round((end - begin - 1) / step))
        kept.append(np.unique(np.round(np.linspace(begin, end - 1, gaps + 1)).astype(np.int64)))
    return np.concatenate(kept) if kept else np.zeros(0, np.int64)
