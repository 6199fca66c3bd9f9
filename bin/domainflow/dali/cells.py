"""Votes of an alignment for pairs of residues: the cells that dynamic programming joins to the next alignment.

    M[i, j] = w Σ_k s(a(i, p_k), b(j, q_k)) + f F[i, j],   over pairs k with |p_k - i| > e and |q_k - j| > e
    F[i, j] = 0.2 + Σ_(0 < |m| <= 2) s(a(i, i + m), b(j, j + m))

With e = 2 the sequence neighbours of i and j have no vote: they would confirm the register they are in already, and the
alignment could not shift. The gapless local term F stands in for them. e = -1 and f = 0 give the plain sum.

Only the blocks of 2 rows by 16 columns (`workspace`) that are live are computed, all others are set to a small loss.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.kernels import fast_kernel
from domainflow.dali.score import DistanceMatrices, pair_score
from domainflow.dali.workspace import BLOCK_COLUMNS, BLOCK_ROWS, Workspace

__all__ = ["cell_scores", "local_similarity"]

DEAD = np.float32(-1.0)
"""Score of the cells of blocks that are not live."""
LOCAL_REACH = 2
"""Residues to either side in the local term."""
OWN_SCORE = np.float32(0.2)
ZERO, TENTH, ONE, TWO = np.float32(0), np.float32(0.1), np.float32(1), np.float32(2)


@fast_kernel
def local_similarity(query: DistanceMatrices, template: DistanceMatrices, similarity: NDArray[np.float32]) -> None:
    """F, the gapless similarity around each pair of residues, written to `similarity` of shape (L1, L2)."""
    rows, columns = similarity.shape
    similarity[:] = OWN_SCORE
    distance, envelope = np.empty(columns, np.float32), np.empty(columns, np.float32)
    for m in range(1, LOCAL_REACH + 1):
        for j in range(columns - m):
            distance[j], envelope[j] = template.distance[j, j + m], template.envelope[j, j + m]
        for i in range(rows - m):
            own_distance, own_envelope = query.distance[i, i + m], query.envelope[i, i + m]
            here, ahead = similarity[i], similarity[i + m]
            for j in range(columns - m):
                score = pair_score(own_distance, distance[j], own_envelope * envelope[j])
                here[j] += score
                ahead[j + m] += score


@fast_kernel
def cell_scores(
    query: DistanceMatrices,
    template: DistanceMatrices,
    pairs: NDArray[np.int32],
    weight: float,
    exclusion: int,
    local_weight: float,
    space: Workspace,
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> None:
    """Fill `space.cells` with M where `space.live` says so.

    Parameters
    ----------
    query, template : DistanceMatrices
    pairs : ndarray, shape=(2, n), dtype=int32
        The pairs that vote.
    weight : float
        w, for the pairs that were left out.
    exclusion : int
        e; -1 lets all vote.
    local_weight : float
        f.
    space : Workspace
        Holds F in `local`.
    rows, columns : (int, int)
        Only blocks that hold any of these are filled, from the first to before the last.
    """
    cells, local, live = space.cells, space.local, space.live
    length, width = cells.shape
    count = pairs.shape[1]
    first_block, last_block = rows[0] // BLOCK_ROWS, (rows[1] + BLOCK_ROWS - 1) // BLOCK_ROWS
    share = np.float32(local_weight)
    last_row = min(length, BLOCK_ROWS * last_block)
    _gather_rows(
        query, pairs[0], exclusion, BLOCK_ROWS * first_block, last_row, space.row_distance, space.row_envelope
    )
    # The factor 2 belongs to s = G1 G2 (1 + x) 2 (0.1 - |a - b| / (a + b)); x²/2 is below what a vote is worth.
    factor = TWO * np.float32(weight)
    distance = np.empty((count, BLOCK_COLUMNS), np.float32)
    envelope = np.empty((count, BLOCK_COLUMNS), np.float32)
    upper, lower = np.empty(BLOCK_COLUMNS, np.float32), np.empty(BLOCK_COLUMNS, np.float32)
    for block_column in range(columns[0] // BLOCK_COLUMNS, (columns[1] + BLOCK_COLUMNS - 1) // BLOCK_COLUMNS):
        first = block_column * BLOCK_COLUMNS
        across = min(BLOCK_COLUMNS, width - first)
        gathered = False
        for block_row in range(first_block, last_block):
            i = BLOCK_ROWS * block_row
            paired = i + 1 < length
            if not live[block_row, block_column]:
                cells[i, first : first + across] = DEAD
                if paired:
                    cells[i + 1, first : first + across] = DEAD
                continue
            if not gathered:
                _gather_columns(template, pairs[1], exclusion, factor, first, across, distance, envelope)
                gathered = True
            below = i + 1 if paired else i
            upper[:] = ZERO
            lower[:] = ZERO
            for k in range(count):
                a, g = space.row_distance[i, k], space.row_envelope[i, k]
                c, h = space.row_distance[below, k], space.row_envelope[below, k]
                to, scale = distance[k], envelope[k]
                for j in range(BLOCK_COLUMNS):
                    x = a - to[j]
                    upper[j] += (g * scale[j]) * (x * x + ONE) * (TENTH - abs(x) / (a + to[j]))
                    y = c - to[j]
                    lower[j] += (h * scale[j]) * (y * y + ONE) * (TENTH - abs(y) / (c + to[j]))
            for j in range(across):
                cells[i, first + j] = upper[j] + share * local[i, first + j]
            if paired:
                for j in range(across):
                    cells[below, first + j] = lower[j] + share * local[below, first + j]


@fast_kernel
def _gather_rows(
    query: DistanceMatrices,
    aligned: NDArray[np.int32],
    exclusion: int,
    first: int,
    last: int,
    distance: NDArray[np.float32],
    envelope: NDArray[np.float32],
) -> None:
    """Distances and envelopes from residues first, …, last - 1 to the aligned ones; envelope 0 takes a vote away."""
    count = aligned.shape[0]
    for i in range(first, last):
        from_distance, from_envelope = query.distance[i], query.envelope[i]
        to_distance, to_envelope = distance[i], envelope[i]
        for k in range(count):
            to_distance[k] = from_distance[aligned[k]]
            to_envelope[k] = from_envelope[aligned[k]] if abs(aligned[k] - i) > exclusion else ZERO


@fast_kernel
def _gather_columns(
    template: DistanceMatrices,
    aligned: NDArray[np.int32],
    exclusion: int,
    factor: np.float32,
    first: int,
    width: int,
    distance: NDArray[np.float32],
    envelope: NDArray[np.float32],
) -> None:
    """The same for `width` residues from `first` on, times a factor, shape (n, 16), padded without votes."""
    for k in range(aligned.shape[0]):
        from_distance, from_envelope = template.distance[aligned[k]], template.envelope[aligned[k]]
        to_distance, to_envelope = distance[k], envelope[k]
        for j in range(width):
            to_distance[j] = from_distance[first + j]
            to_envelope[j] = from_envelope[first + j] * factor
        for j in range(width, BLOCK_COLUMNS):
            to_distance[j] = ONE
            to_envelope[j] = ZERO
        if exclusion >= 0:
            for j in range(max(0, aligned[k] - exclusion - first), min(width, aligned[k] + exclusion + 1 - first)):
                to_envelope[j] = ZERO
