"""Let an alignment vote for pairs of residues: dynamic programming joins these cells to the next alignment.

    M[i, j] = w Σ_k s(a(i, p_k), b(j, q_k)) + f F[i, j],   over pairs k with |p_k - i| > e and |q_k - j| > e
    F[i, j] = 0.2 + Σ_(0 < |m| <= 2) s(a(i, i + m), b(j, j + m))

Votes use the approximate score without a division (`score`), because only S of the resulting alignment counts.

With e = 2 the sequence neighbours of i and j have no vote. They would confirm the register that they are in, and the
alignment could not shift. The gapless local term F replaces their votes. e = -1 and f = 0 give the plain sum.

Cells are computed in blocks of 4 rows by 16 columns (`workspace`), and only in live blocks. All other cells are set to
a small loss. Each pair's votes for 16 columns are a few vector operations. Summing cell by cell would need a sum over
the parts of a vector for each cell, which takes as long as some forty votes.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.score import OWN_SCORE, DistanceMatrices, pair_score
from domainflow.alignment.native.workspace import BLOCK_COLUMNS, BLOCK_ROWS, Workspace
from domainflow.kernels.compile import fast_kernel

__all__ = ["cell_scores", "local_similarity"]

DEAD = np.float32(-1.0)
"""Score of the cells of blocks that are not live."""
LOCAL_REACH = 2
"""Residues on each side in the local term."""
ZERO, TENTH, TWO = np.float32(0), np.float32(0.1), np.float32(2)


@fast_kernel
def local_similarity(query: DistanceMatrices, template: DistanceMatrices, similarity: NDArray[np.float32]) -> None:
    """Write F, the gapless similarity around each pair of residues, to `similarity` of shape (L1, L2)."""
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
    """Fill the live blocks of `space.cells` with M, and the other blocks with a small loss.

    Parameters
    ----------
    query, template : DistanceMatrices
    pairs : ndarray, shape=(2, n), dtype=int32
        The pairs that vote.
    weight : float
        w; makes up for the pairs that do not vote.
    exclusion : int
        e; -1 lets all pairs vote for all cells.
    local_weight : float
        f.
    space : Workspace
        Holds F in `local`.
    rows, columns : (int, int)
        Range of cells to fill, the end excluded. Live blocks that reach beyond it are filled as a whole.
    """
    cells, local, live = space.cells, space.local, space.live
    length, width = cells.shape
    count = pairs.shape[1]
    first_block, last_block = rows[0] // BLOCK_ROWS, (rows[1] + BLOCK_ROWS - 1) // BLOCK_ROWS
    row_logarithm, row_envelope = space.row_logarithm, space.row_envelope
    factor, share = TWO * np.float32(weight), np.float32(local_weight)
    top, bottom = BLOCK_ROWS * first_block, BLOCK_ROWS * last_block
    _read_rows(query, pairs[0], top, bottom, exclusion, factor, row_logarithm, row_envelope)
    logarithm, envelope = np.empty((count, BLOCK_COLUMNS), np.float32), np.empty((count, BLOCK_COLUMNS), np.float32)
    votes = np.empty((BLOCK_ROWS, BLOCK_COLUMNS), np.float32)
    for row in range(top, min(bottom, length)):
        cells[row, columns[0] : columns[1]] = DEAD
    for block_column in range(columns[0] // BLOCK_COLUMNS, (columns[1] + BLOCK_COLUMNS - 1) // BLOCK_COLUMNS):
        first = block_column * BLOCK_COLUMNS
        last = min(first + BLOCK_COLUMNS, width)
        is_read = False
        for block_row in range(first_block, last_block):
            i = BLOCK_ROWS * block_row
            if not live[block_row, block_column]:
                continue
            if not is_read:
                _read_columns(template, pairs[1], first, exclusion, logarithm, envelope)
                is_read = True
            _block_votes(row_logarithm, row_envelope, i - top, logarithm, envelope, votes)
            for row in range(i, min(i + BLOCK_ROWS, length)):
                sums, similarity, of_row = cells[row, first:], local[row, first:], votes[row - i]
                for j in range(last - first):
                    sums[j] = of_row[j] + share * similarity[j]


@fast_kernel
def _block_votes(
    row_logarithm: NDArray[np.float32],
    row_envelope: NDArray[np.float32],
    i: int,
    logarithm: NDArray[np.float32],
    envelope: NDArray[np.float32],
    votes: NDArray[np.float32],
) -> None:
    """Sum the votes of all n pairs for a block of 4 x 16 cells.

    The code for four rows is written out, because each number of a column then is read once for all of them. There are
    no views of rows: making a view takes longer than a pair's votes.

    Parameters
    ----------
    row_logarithm, row_envelope : ndarray, shape=(n, rows), dtype=float32
        From `_read_rows`.
    i : int
        The first of the four rows, counted among these rows.
    logarithm, envelope : ndarray, shape=(n, 16), dtype=float32
        From `_read_columns`.
    votes : ndarray, shape=(4, 16), dtype=float32
        Overwritten with the sums.
    """
    votes[:] = ZERO
    for k in range(logarithm.shape[0]):
        a0, a1, a2, a3 = (
            row_logarithm[k, i], row_logarithm[k, i + 1], row_logarithm[k, i + 2], row_logarithm[k, i + 3]
        )  # fmt: skip
        g0, g1, g2, g3 = row_envelope[k, i], row_envelope[k, i + 1], row_envelope[k, i + 2], row_envelope[k, i + 3]
        for j in range(BLOCK_COLUMNS):
            b, h = logarithm[k, j], envelope[k, j]
            votes[0, j] += (g0 * h) * (TENTH - abs(a0 - b))
            votes[1, j] += (g1 * h) * (TENTH - abs(a1 - b))
            votes[2, j] += (g2 * h) * (TENTH - abs(a2 - b))
            votes[3, j] += (g3 * h) * (TENTH - abs(a3 - b))


@fast_kernel
def _read_rows(
    query: DistanceMatrices,
    aligned: NDArray[np.int32],
    first: int,
    last: int,
    exclusion: int,
    factor: np.float32,
    logarithm: NDArray[np.float32],
    envelope: NDArray[np.float32],
) -> None:
    """Write ln(d) / 2, and g times a factor, from n aligned residues to residues first, …, last - 1: n rows.

    g is 0 where a pair has no vote, and beyond the end of the chain.
    """
    width = min(last, query.logarithm.shape[0]) - first
    for k in range(aligned.shape[0]):
        here = aligned[k]
        own_logarithm, own_envelope = query.logarithm[here, first:], query.envelope[here, first:]
        to_logarithm, to_envelope = logarithm[k], envelope[k]
        for j in range(width):
            to_logarithm[j] = own_logarithm[j]
            to_envelope[j] = own_envelope[j] * factor
        for j in range(width, last - first):
            to_logarithm[j] = to_envelope[j] = ZERO
        for j in range(max(first, here - exclusion), min(last, here + exclusion + 1)):
            to_envelope[j - first] = ZERO


@fast_kernel
def _read_columns(
    template: DistanceMatrices,
    aligned: NDArray[np.int32],
    first: int,
    exclusion: int,
    logarithm: NDArray[np.float32],
    envelope: NDArray[np.float32],
) -> None:
    """Write ln(d) / 2 and g for 16 residues of the template from `first` on, shape (n, 16): a loop of known length."""
    width = min(BLOCK_COLUMNS, template.logarithm.shape[0] - first)
    for k in range(aligned.shape[0]):
        here = aligned[k]
        if width == BLOCK_COLUMNS:
            own_logarithm, own_envelope = template.logarithm[here, first:], template.envelope[here, first:]
            for j in range(BLOCK_COLUMNS):
                logarithm[k, j] = own_logarithm[j]
                envelope[k, j] = own_envelope[j]
        else:
            for j in range(width):
                logarithm[k, j] = template.logarithm[here, first + j]
                envelope[k, j] = template.envelope[here, first + j]
            for j in range(width, BLOCK_COLUMNS):
                logarithm[k, j] = envelope[k, j] = ZERO
        for j in range(max(first, here - exclusion), min(first + BLOCK_COLUMNS, here + exclusion + 1)):
            envelope[k, j - first] = ZERO
