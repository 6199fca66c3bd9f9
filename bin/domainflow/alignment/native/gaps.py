"""Remove one gapless block, or up to three neighbouring ones, and align the gap again with all other pairs in place.

Let O be the pairs outside the gap and W the pairs that fill it. Then

    S = S_OO + Σ_(i,j in W) (2 Σ_(k in O) s(a(i, p_k), b(j, q_k)) + Σ_(l in W) s(a(i, p_l), b(j, q_l)))

The gapless local term F (`cells`) replaces the last sum. Then the best W is a path through the gap's cells. Only pairs
outside the gap vote, so no vote favours the old pairs. A new W is accepted if S, computed in full, rises.

The first pass visits all gaps of the alignment. Later passes visit only gaps next to pairs that the last pass changed.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.blocks import block_after, block_bounds, block_end, is_joined
from domainflow.alignment.native.cells import cell_scores
from domainflow.alignment.native.dynamic_programming import block_path, free_path
from domainflow.alignment.native.refinement import is_same
from domainflow.alignment.native.score import DistanceMatrices, fill_pair_scores, pair_scores
from domainflow.alignment.native.trimming import chosen_pairs, chosen_scores, trim
from domainflow.alignment.native.workspace import BLOCK_ROWS, Workspace
from domainflow.kernels.compile import exact_kernel, fast_kernel

__all__ = ["realign_gaps"]

LARGEST_WINDOW = 3
"""Most blocks that are removed together."""
REACH = 40
"""Residues by which a gap at either end of the alignment extends beyond the removed block."""
LEAST_GAIN = 1e-3
"""Smallest rise of S that counts."""
PASSES = 3


@exact_kernel
def realign_gaps(
    query: DistanceMatrices,
    template: DistanceMatrices,
    pairs: NDArray[np.int32],
    score: float,
    min_block: int,
    space: Workspace,
) -> tuple[NDArray[np.int32], float]:
    """Improve an alignment gap by gap, until a pass along it does not raise S, in at most three passes.

    Parameters
    ----------
    query, template : DistanceMatrices
    pairs : ndarray, shape=(2, n), dtype=int32
    score : float
        S of these pairs.
    min_block : int
        Fewest pairs of a gapless block.
    space : Workspace
        Holds the local similarity, and the mask of live blocks.

    Returns
    -------
    pairs : ndarray, shape=(2, m), dtype=int32
    score : float
        S, at least the given one.
    """
    scores = pair_scores(query, template, pairs)
    changed = np.ones(query.distance.shape[0], np.bool_)
    for _ in range(PASSES):
        before, partner = score, _partners(pairs, query.distance.shape[0])
        for blocks in range(1, LARGEST_WINDOW + 1):
            place = 0
            while place < pairs.shape[1]:
                last = place
                for _ in range(blocks):
                    last = block_end(pairs, last)
                following = pairs[0, block_end(pairs, place) - 1]
                if _is_beside(changed, pairs, place, last):
                    filled = _fill_gap(query, template, pairs, place, last, min_block, space)
                    if not is_same(filled, pairs):
                        inside = filled.shape[1] - pairs.shape[1] + last - place
                        candidate = _scores_of(query, template, filled, scores, place, last, inside)
                        kept, found = trim(candidate, filled, min_block)
                        if found > score + LEAST_GAIN:
                            pairs, score = chosen_pairs(filled, kept), found
                            scores = chosen_scores(candidate, kept)
                place = block_after(pairs, following)
        if score < before + LEAST_GAIN:
            break
        changed = partner != _partners(pairs, partner.shape[0])
    return pairs, score


@exact_kernel
def _partners(pairs: NDArray[np.int32], length: int) -> NDArray[np.int32]:
    """Return the residue of the template that each residue of the query is aligned with, or -1; shape (L1,)."""
    partner = np.full(length, -1, np.int32)
    for k in range(pairs.shape[1]):
        partner[pairs[0, k]] = pairs[1, k]
    return partner


@exact_kernel
def _is_beside(changed: NDArray[np.bool_], pairs: NDArray[np.int32], first: int, last: int) -> bool:
    """Return whether a residue in pairs first, …, last - 1, or in the blocks and gaps next to them, has changed."""
    begin, end = 0, changed.shape[0]
    if first > 0:
        place = first - 1
        while place > 0 and is_joined(pairs, place):
            place -= 1
        begin = pairs[0, place]
    if last < pairs.shape[1]:
        end = pairs[0, block_end(pairs, last) - 1] + 1
    return bool(changed[begin:end].any())


@exact_kernel
def _fill_gap(
    query: DistanceMatrices,
    template: DistanceMatrices,
    pairs: NDArray[np.int32],
    first: int,
    last: int,
    min_block: int,
    space: Workspace,
) -> NDArray[np.int32]:
    """Remove pairs first, …, last - 1, and align the residues between their neighbours anew; return all pairs."""
    count = pairs.shape[1]
    bounds = np.empty((2, 2), np.int64)
    for side in range(2):
        length = space.cells.shape[side]
        bounds[side, 0] = pairs[side, first - 1] + 1 if first > 0 else max(0, pairs[side, first] - REACH)
        bounds[side, 1] = pairs[side, last] if last < count else min(length, pairs[side, last - 1] + 1 + REACH)
    outside = np.concatenate((pairs[:, :first], pairs[:, last:]), axis=1)
    rows, columns = bounds[0, 1] - bounds[0, 0], bounds[1, 1] - bounds[1, 0]
    in_rows, in_columns = (bounds[0, 0], bounds[0, 1]), (bounds[1, 0], bounds[1, 1])
    cell_scores(query, template, outside, 2.0, -1, 1.0, space, in_rows, in_columns)
    cells = space.cells[bounds[0, 0] : bounds[0, 1], bounds[1, 0] : bounds[1, 1]].copy()
    forward = np.empty((rows + 1, columns + 1), np.float32)
    bands = np.empty(((rows + BLOCK_ROWS - 1) // BLOCK_ROWS, 2), np.int32)
    bands[:, 0], bands[:, 1] = 0, columns
    if min_block > 1:
        path = block_path(cells, forward, np.empty_like(forward), bands, min_block)
    else:
        path = free_path(cells, forward, bands)
    inside = path.shape[1]
    filled = np.empty((2, outside.shape[1] + inside), np.int32)
    for side in range(2):
        filled[side, :first] = pairs[side, :first]
        for place in range(inside):
            filled[side, first + place] = path[side, place] + bounds[side, 0]
        filled[side, first + inside :] = pairs[side, last:]
    return filled


@fast_kernel
def _scores_of(
    query: DistanceMatrices,
    template: DistanceMatrices,
    filled: NDArray[np.int32],
    scores: NDArray[np.float32],
    first: int,
    last: int,
    inside: int,
) -> NDArray[np.float32]:
    """Return the matrix s_kl of an alignment in which `inside` pairs replace pairs first, …, last - 1.

    `scores` is the matrix of the alignment before.
    """
    count, shift = filled.shape[1], last - first - inside
    end = first + inside
    result = np.empty((count, count), np.float32)
    for k in range(count):
        if first <= k < end:
            continue
        row, old = result[k], scores[k if k < first else k + shift]
        row[:first] = old[:first]
        row[end:] = old[last:]
    bounds, room = block_bounds(filled), np.empty((3, count), np.float32)
    for k in range(first, end):
        row = result[k]
        fill_pair_scores(query, template, filled, bounds, k, room, row)
        for m in range(count):
            result[m, k] = row[m]
    return result
