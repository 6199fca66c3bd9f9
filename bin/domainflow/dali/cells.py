"""Votes of an alignment for pairs of residues: the cells that dynamic programming joins to the next alignment.

    M[i, j] = w Σ_k s(a(i, p_k), b(j, q_k)) + f F[i, j],   over pairs k with |p_k - i| > e and |q_k - j| > e
    F[i, j] = 0.2 + Σ_(0 < |m| <= 2) s(a(i, i + m), b(j, j + m))

With e = 2 the sequence neighbours of i and j have no vote: they would confirm the register they are in already, and the
alignment could not shift. The gapless local term F stands in for them. e = -1 and f = 0 give the plain sum.

Only the blocks of 2 rows by 16 columns that are live are computed, all others are set to a small loss.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.kernels import fast_kernel
from domainflow.dali.score import DistanceMatrices, pair_score

__all__ = ["BLOCK_COLUMNS", "BLOCK_ROWS", "Workspace", "cell_scores", "live_blocks", "local_similarity", "workspace"]

BLOCK_ROWS, BLOCK_COLUMNS = 2, 16
DEAD = np.float32(-1.0)
"""Score of the cells of blocks that are not live."""
LOCAL_REACH = 2
"""Residues to either side in the local term."""
OWN_SCORE = np.float32(0.2)
ZERO, TENTH, ONE, TWO = np.float32(0), np.float32(0.1), np.float32(1), np.float32(2)


class Workspace(NamedTuple):
    """Memory for the alignment of chains of L1 and L2 residues.

    Attributes
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward, backward, block : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        For dynamic programming.
    row_distance, row_envelope : ndarray, shape=(L1, N), dtype=float32
        From each residue of the query to the aligned ones; N = min(L1, L2).
    """

    cells: NDArray[np.float32]
    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    block: NDArray[np.float32]
    row_distance: NDArray[np.float32]
    row_envelope: NDArray[np.float32]


def workspace(query_length: int, template_length: int) -> Workspace:
    """Memory for the alignment of two chains, not initialised."""
    table = (query_length + 1, template_length + 1)
    rows = (query_length, min(query_length, template_length))
    shapes = ((query_length, template_length), table, table, table, rows, rows)
    return Workspace(*(np.empty(shape, np.float32) for shape in shapes))


def live_blocks(query_length: int, template_length: int) -> NDArray[np.uint8]:
    """Marks, all set, of the blocks of the cells of two chains."""
    return np.ones((-(-query_length // BLOCK_ROWS), -(-template_length // BLOCK_COLUMNS)), np.uint8)


@fast_kernel
def local_similarity(query: DistanceMatrices, template: DistanceMatrices) -> NDArray[np.float32]:
    """F, the gapless similarity around each pair of residues, shape (L1, L2)."""
    rows, columns = query.distance.shape[0], template.distance.shape[0]
    similarity = np.full((rows, columns), OWN_SCORE, np.float32)
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
    return similarity


@fast_kernel
def cell_scores(
    query: DistanceMatrices,
    template: DistanceMatrices,
    pairs: NDArray[np.int32],
    weight: float,
    exclusion: int,
    local: NDArray[np.float32],
    local_weight: float,
    live: NDArray[np.uint8],
    space: Workspace,
) -> None:
    """Fill `space.cells` with M.

    Parameters
    ----------
    query, template : DistanceMatrices
    pairs : ndarray, shape=(2, n), dtype=int32
        The pairs that vote.
    weight : float
        w, for the pairs that were left out.
    exclusion : int
        e; -1 lets all vote.
    local : ndarray, shape=(L1, L2), dtype=float32
        F.
    local_weight : float
        f.
    live : ndarray, shape=(ceil(L1 / 2), ceil(L2 / 16)), dtype=uint8
        The blocks to compute.
    space : Workspace
    """
    cells = space.cells
    rows, columns = cells.shape
    count = pairs.shape[1]
    share = np.float32(local_weight)
    _gather_rows(query, pairs[0], exclusion, space.row_distance, space.row_envelope)
    # The factor 2 belongs to s = G1 G2 (1 + x) 2 (0.1 - |a - b| / (a + b)); x²/2 is below what a vote is worth.
    factor = TWO * np.float32(weight)
    distance = np.empty((count, BLOCK_COLUMNS), np.float32)
    envelope = np.empty((count, BLOCK_COLUMNS), np.float32)
    upper, lower = np.empty(BLOCK_COLUMNS, np.float32), np.empty(BLOCK_COLUMNS, np.float32)
    for block_column in range(live.shape[1]):
        first = block_column * BLOCK_COLUMNS
        width = min(BLOCK_COLUMNS, columns - first)
        gathered = False
        for block_row in range(live.shape[0]):
            i = block_row * BLOCK_ROWS
            paired = i + 1 < rows
            if not live[block_row, block_column]:
                cells[i, first : first + width] = DEAD
                if paired:
                    cells[i + 1, first : first + width] = DEAD
                continue
            if not gathered:
                _gather_columns(template, pairs[1], exclusion, factor, first, width, distance, envelope)
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
            for j in range(width):
                cells[i, first + j] = upper[j] + share * local[i, first + j]
            if paired:
                for j in range(width):
                    cells[below, first + j] = lower[j] + share * local[below, first + j]


@fast_kernel
def _gather_rows(
    query: DistanceMatrices,
    aligned: NDArray[np.int32],
    exclusion: int,
    distance: NDArray[np.float32],
    envelope: NDArray[np.float32],
) -> None:
    """Distances and envelopes from each residue to the aligned ones; an envelope of 0 takes a vote away."""
    count = aligned.shape[0]
    for i in range(distance.shape[0]):
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
