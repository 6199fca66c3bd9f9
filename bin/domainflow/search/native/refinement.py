"""Refine the alignments of the best hits: superpose the pairs, pair the residues that are now close, and repeat.

A round superposes the pairs (`superposition`) and aligns query and template anew on

    s(i,j) = 1 / (1 + (d_ij / d0)^2)

A gap of any length costs 0.6, gaps at the ends cost nothing, as in TM-align (Zhang & Skolnick, *Nucleic Acids Research*
2005, 33:2302-2309). Only the resulting TM-score is kept. It ranks the hits; their residue ranges do not change.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel
from domainflow.search.native.superposition import best_superposition, distance_scale

__all__ = ["refine_alignments", "refined_tm"]

ROUNDS = 2
GAP = 0.6
MARGIN = 20
"""Query residues that are aligned in addition, at both ends, to those an ungapped template would reach."""
FEWEST_PAIRS = 5
DIAGONAL, UP, LEFT = 1, 2, 3


@exact_kernel
def refine_alignments(
    query: NDArray[np.float32],
    templates: NDArray[np.float32],
    pairs: NDArray[np.int64],
    bounds: NDArray[np.int64],
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
    norms: NDArray[np.float64],
    chosen: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return `refined_tm` of the chosen alignments of one query, in the order of `chosen`.

    `query`, `templates`, `pairs`, `bounds` and `norms` are as in `measure_alignments`. `begins` and `lengths`, shape
    (K,), are the first row and the number of rows of each alignment's template in `templates`.
    """
    found = np.empty(chosen.shape[0])
    for place in range(chosen.shape[0]):
        hit = chosen[place]
        own = pairs[:, bounds[hit] : bounds[hit + 1]].copy()
        own[1] -= begins[hit]
        template = templates[begins[hit] : begins[hit] + lengths[hit]]
        found[place] = refined_tm(query, template, own, norms[hit])
    return found


@exact_kernel
def refined_tm(
    query: NDArray[np.float32], template: NDArray[np.float32], pairs: NDArray[np.int64], norm: float
) -> float:
    """Return the best TM-score after up to two rounds.

    Parameters
    ----------
    query, template : ndarray, shape=(L, 3) and (M, 3), dtype=float32
        CA atoms in Å.
    pairs : ndarray, shape=(2, n), dtype=int64
        The initial alignment: 0-based residues of both, ascending.
    norm : float
        Length, in residues, that the TM-score is normalised by.
    """
    begin = max(0, pairs[0, 0] - pairs[1, 0] - MARGIN)
    end = min(query.shape[0], pairs[0, -1] + template.shape[0] - pairs[1, -1] + MARGIN)
    window = query[begin:end]
    own, other = pairs[0] - begin, pairs[1].copy()
    rotation = np.empty((3, 3))
    shift = np.empty(3)
    best = 0.0
    for number in range(ROUNDS + 1):
        total = best_superposition(window[own], template[other], norm, 1, rotation, shift)
        if total <= best:
            break
        best = total
        if number < ROUNDS:
            own, other = _pair_close(window, template, rotation, shift, distance_scale(norm))
            if own.shape[0] < FEWEST_PAIRS:
                break
    return best / norm


@exact_kernel
def _pair_close(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    rotation: NDArray[np.float64],
    shift: NDArray[np.float64],
    scale: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Align the superposed chains globally on s(i,j); return the residues of both, ascending, each of shape (n,)."""
    n, m = query.shape[0], template.shape[0]
    # Separate arrays for x, y and z make the loop over the template's residues a vector loop.
    tx, ty, tz = template[:, 0].copy(), template[:, 1].copy(), template[:, 2].copy()
    near = np.empty(m, np.float32)
    h = np.zeros(m + 1, np.float32)
    origin = np.zeros((n + 1, m + 1), np.uint8)
    inverse, one, gap = np.float32(1.0 / scale), np.float32(1.0), np.float32(GAP)
    for i in range(1, n + 1):
        x, y, z = query[i - 1, 0], query[i - 1, 1], query[i - 1, 2]
        px = np.float32(rotation[0, 0] * x + rotation[0, 1] * y + rotation[0, 2] * z + shift[0])
        py = np.float32(rotation[1, 0] * x + rotation[1, 1] * y + rotation[1, 2] * z + shift[1])
        pz = np.float32(rotation[2, 0] * x + rotation[2, 1] * y + rotation[2, 2] * z + shift[2])
        for j in range(m):
            dx, dy, dz = px - tx[j], py - ty[j], pz - tz[j]
            near[j] = one / (one + (dx * dx + dy * dy + dz * dz) * inverse)
        diagonal = h[0]
        left, left_paired = h[0], False
        above, row = origin[i - 1], origin[i]
        for j in range(1, m + 1):
            paired = diagonal + near[j - 1]
            diagonal = h[j]
            from_above = diagonal - gap if above[j] == DIAGONAL else diagonal
            from_left = left - gap if left_paired else left
            skipped = max(from_above, from_left)
            left_paired = paired > skipped
            left = paired if left_paired else skipped
            row[j] = DIAGONAL if left_paired else (UP if from_above >= from_left else LEFT)
            h[j] = left
    own = np.empty(min(n, m), np.int64)
    other = np.empty(min(n, m), np.int64)
    free = own.shape[0]
    i, j = n, m
    while i > 0 and j > 0:
        if origin[i, j] == DIAGONAL:
            i -= 1
            j -= 1
            free -= 1
            own[free] = i
            other[free] = j
        elif origin[i, j] == UP:
            i -= 1
        else:
            j -= 1
    return own[free:].copy(), other[free:].copy()
