"""Votes of an alignment for pairs of residues: the cells that dynamic programming joins to the next alignment.

    M[i, j] = w Σ_k s(a(i, p_k), b(j, q_k)) + f F[i, j],   over pairs k with |p_k - i| > e and |q_k - j| > e
    F[i, j] = 0.2 + Σ_(0 < |m| <= 2) s(a(i, i + m), b(j, j + m))

Votes take the score without a division (`score`): it is S of the alignment they lead to that counts.

With e = 2 the sequence neighbours of i and j have no vote: they would confirm the register they are in already, and the
alignment could not shift. The gapless local term F stands in for them. e = -1 and f = 0 give the plain sum.

Only the blocks of 2 rows by 16 columns (`workspace`) that are live are computed, all others are set to a small loss.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.kernels import fast_kernel
from domainflow.dali.score import OWN_SCORE, DistanceMatrices, pair_score
from domainflow.dali.workspace import BLOCK_COLUMNS, BLOCK_ROWS, Workspace, whole_vectors

__all__ = ["cell_scores", "local_similarity"]

DEAD = np.float32(-1.0)
"""Score of the cells of blocks that are not live."""
LOCAL_REACH = 2
"""Residues to either side in the local term."""
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
    votes = whole_vectors(pairs.shape[1])
    # Of each residue of the query and, block by block, of the template: ln(d) / 2 and g towards the aligned ones.
    row_logarithm, row_envelope = space.row_logarithm, space.row_envelope
    logarithm, envelope = np.empty((BLOCK_COLUMNS, votes), np.float32), np.empty((BLOCK_COLUMNS, votes), np.float32)
    first_block, last_block = rows[0] // BLOCK_ROWS, (rows[1] + BLOCK_ROWS - 1) // BLOCK_ROWS
    for i in range(BLOCK_ROWS * first_block, min(length, BLOCK_ROWS * last_block)):
        _gather(query, i, pairs[0], exclusion, ONE, row_logarithm[i, :votes], row_envelope[i, :votes])
    factor, share = TWO * np.float32(weight), np.float32(local_weight)
    for block_column in range(columns[0] // BLOCK_COLUMNS, (columns[1] + BLOCK_COLUMNS - 1) // BLOCK_COLUMNS):
        first = block_column * BLOCK_COLUMNS
        last = min(first + BLOCK_COLUMNS, width)
        gathered = False
        for block_row in range(first_block, last_block):
            i = BLOCK_ROWS * block_row
            below = min(i + 1, length - 1)
            if not live[block_row, block_column]:
                cells[i, first:last] = DEAD
                cells[below, first:last] = DEAD
                continue
            if not gathered:
                for j in range(first, last):
                    _gather(template, j, pairs[1], exclusion, factor, logarithm[j - first], envelope[j - first])
                gathered = True
            for j in range(first, last, 2):
                beside = min(j + 1, last - 1)
                one, other, third, fourth = _four_votes(
                    row_logarithm[i, :votes], row_envelope[i, :votes],
                    row_logarithm[below, :votes], row_envelope[below, :votes],
                    logarithm[j - first], envelope[j - first], logarithm[beside - first], envelope[beside - first],
                )  # fmt: skip
                cells[i, j] = one + share * local[i, j]
                cells[i, beside] = other + share * local[i, beside]
                cells[below, j] = third + share * local[below, j]
                cells[below, beside] = fourth + share * local[below, beside]


@fast_kernel
def _four_votes(
    a: NDArray[np.float32],
    g: NDArray[np.float32],
    c: NDArray[np.float32],
    h: NDArray[np.float32],
    b: NDArray[np.float32],
    u: NDArray[np.float32],
    d: NDArray[np.float32],
    v: NDArray[np.float32],
) -> tuple[np.float32, np.float32, np.float32, np.float32]:
    """Votes for the cells (a, b), (a, d), (c, b), (c, d) of two rows and two columns, with envelopes g, h and u, v.

    Four at a time, since each number that is read serves two of them.
    """
    ab, ad, cb, cd = ZERO, ZERO, ZERO, ZERO
    for k in range(a.shape[0]):
        ab += (g[k] * u[k]) * (TENTH - abs(a[k] - b[k]))
        ad += (g[k] * v[k]) * (TENTH - abs(a[k] - d[k]))
        cb += (h[k] * u[k]) * (TENTH - abs(c[k] - b[k]))
        cd += (h[k] * v[k]) * (TENTH - abs(c[k] - d[k]))
    return ab, ad, cb, cd


@fast_kernel
def _gather(
    chain: DistanceMatrices,
    residue: int,
    aligned: NDArray[np.int32],
    exclusion: int,
    factor: np.float32,
    logarithm: NDArray[np.float32],
    envelope: NDArray[np.float32],
) -> None:
    """ln(d) / 2 and g, times a factor, from a residue to the aligned ones; 0 takes a vote away or fills a vector up."""
    from_logarithm, from_envelope = chain.logarithm[residue], chain.envelope[residue]
    for k in range(aligned.shape[0]):
        logarithm[k] = from_logarithm[aligned[k]]
        envelope[k] = from_envelope[aligned[k]] * factor if abs(aligned[k] - residue) > exclusion else ZERO
    for k in range(aligned.shape[0], envelope.shape[0]):
        logarithm[k] = envelope[k] = ZERO
