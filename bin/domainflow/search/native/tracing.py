"""Trace Smith-Waterman alignments, by the recurrences of `smith_waterman`, of 64 templates at a time or of one.

`trace_lanes` works in 16 bits; `trace_alignment` takes a template of any size. Of alignments with equal scores, both
return the one that ends first in the template, then first in the query. A match is preferred to a gap.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel
from domainflow.search.native.smith_waterman import look_up

__all__ = ["TRACED_LANES", "trace_alignment", "trace_lanes"]

# The loops below repeat this number: the compiler needs a constant.
TRACED_LANES = 64
"""Number of templates that `trace_lanes` aligns."""
NEVER = -1_000_000
"""A score lower than any real one."""

FROM_DIAGONAL, FROM_QUERY_GAP, FROM_TEMPLATE_GAP = 1, 2, 3
ORIGIN = 3
"""Mask of the two bits of a direction that hold the origin of H (0 = the alignment begins after this cell)."""
ROW_GAP_EXTENDED, COLUMN_GAP_EXTENDED = 4, 8


@exact_kernel
def trace_lanes(
    letters: NDArray[np.uint8],
    residues: NDArray[np.uint8],
    bias: NDArray[np.int16],
    lane_letters: NDArray[np.uint8],
    lane_residues: NDArray[np.uint8],
    structure_scores: NDArray[np.int16],
    residue_scores: NDArray[np.int16],
    gap_open: np.int16,
    gap_extend: np.int16,
    directions: NDArray[np.uint8],
) -> tuple[NDArray[np.int16], NDArray[np.int32], NDArray[np.int64]]:
    """Return the best local alignments of the query with 64 templates.

    The caller makes sure that no score exceeds 32,000.

    Parameters
    ----------
    letters, residues : ndarray, shape=(L,), dtype=uint8
        Codes of the query.
    bias : ndarray, shape=(L, 64), dtype=int16
        Added to every score of a query residue with a template.
    lane_letters, lane_residues : ndarray, shape=(M, 64), dtype=uint8
        Codes of the templates, padded to the longest.
    structure_scores, residue_scores : ndarray, shape=(22, 22), dtype=int16
    gap_open, gap_extend : int16
    directions : ndarray, shape=(at least (M + 1) * (L + 1) * 64,), dtype=uint8
        Work space, overwritten.

    Returns
    -------
    scores : ndarray, shape=(64,), dtype=int16
    pairs : ndarray, shape=(64, 2, min(L, M)), dtype=int32
        0-based residues of query and template, ascending, at the end of each row.
    counts : ndarray, shape=(64,), dtype=int64
        Number of pairs of each alignment.
    """
    length = letters.shape[0]
    columns = lane_letters.shape[0]
    # The first row and column are never read. They make i and j count from 1, as in `trace_alignment`.
    matrix = directions[: (columns + 1) * (length + 1) * 64].reshape((columns + 1, length + 1, 64))
    h_left = np.zeros((length, 64), np.int16)
    gap_left = np.full((length, 64), -gap_open, np.int16)
    letter_rows = np.empty((21, 64), np.int16)
    residue_rows = np.empty((21, 64), np.int16)
    diagonal = np.empty(64, np.int16)
    gap = np.empty(64, np.int16)
    best = np.zeros(64, np.int16)
    before = np.zeros(64, np.int16)
    end_row = np.zeros(64, np.int16)
    end_column = np.zeros(64, np.int64)
    for column in range(columns):
        look_up(letter_rows, structure_scores, lane_letters[column])
        look_up(residue_rows, residue_scores, lane_residues[column])
        diagonal[:] = 0
        gap[:] = -gap_open
        before[:] = best
        _trace_column(
            letters, residues, bias, letter_rows, residue_rows,
            h_left, gap_left, diagonal, gap, best, end_row, matrix[column + 1], gap_open, gap_extend,
        )  # fmt: skip
        for lane in range(64):
            if best[lane] > before[lane]:
                end_column[lane] = column + 1
    pairs = np.empty((64, 2, min(length, columns)), np.int32)
    counts = np.empty(64, np.int64)
    for lane in range(64):
        counts[lane] = _walk_back(matrix[:, :, lane].T, end_row[lane], end_column[lane], pairs[lane])
    return best, pairs, counts


@exact_kernel
def trace_alignment(
    letters: NDArray[np.uint8],
    residues: NDArray[np.uint8],
    bias: NDArray[np.int16],
    template_letters: NDArray[np.uint8],
    template_residues: NDArray[np.uint8],
    structure_scores: NDArray[np.int16],
    residue_scores: NDArray[np.int16],
    gap_open: int,
    gap_extend: int,
    directions: NDArray[np.uint8],
) -> tuple[int, NDArray[np.int32]]:
    """Return the best local alignment of the query with one template of any length.

    Parameters
    ----------
    letters, residues, bias : ndarray, shape=(L,)
        The query's codes, and the bias that is added to every score of a residue.
    template_letters, template_residues : ndarray, shape=(M,), dtype=uint8
    structure_scores, residue_scores : ndarray, shape=(22, 22), dtype=int16
    gap_open, gap_extend : int
    directions : ndarray, shape=(at least L + 1, at least M + 1), dtype=uint8
        Work space, overwritten.

    Returns
    -------
    score : int
        0 if nothing aligns.
    pairs : ndarray, shape=(2, n), dtype=int32
        0-based residues of query and template, ascending.
    """
    n = letters.shape[0]
    m = template_letters.shape[0]
    letter_rows = _profile(structure_scores, template_letters)
    residue_rows = _profile(residue_scores, template_residues)
    h = np.zeros(m + 1, np.int32)
    diagonal = np.empty(m, np.int32)
    leading = np.empty(m, np.int32)
    row_gap = np.full(m, NEVER, np.int32)
    column_gap = np.empty(m, np.int32)
    best = 0
    best_i = 0
    best_j = 0
    for i in range(1, n + 1):
        _extend_matches(h, letter_rows[letters[i - 1]], residue_rows[residues[i - 1]], bias[i - 1], diagonal)
        _open_column_gaps(diagonal, row_gap, leading, column_gap, gap_open, gap_extend)
        row_best = _finish_row(diagonal, row_gap, column_gap, gap_open, gap_extend, h[1:], directions[i, 1 : m + 1])
        if row_best == 0 or row_best < best:
            continue
        j = 1
        while h[j] != row_best:
            j += 1
        if row_best > best or j < best_j:
            best, best_i, best_j = row_best, i, j
    pairs = np.empty((2, min(n, m)), np.int32)
    count = _walk_back(directions, best_i, best_j, pairs)
    return best, pairs[:, pairs.shape[1] - count :].copy()


@exact_kernel
def _profile(scores: NDArray[np.int16], codes: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the scores of every code against each residue of a template, shape (21, M)."""
    rows = np.empty((21, codes.shape[0]), np.int32)
    for code in range(21):
        for j in range(codes.shape[0]):
            rows[code, j] = scores[code, codes[j]]
    return rows


# A row is computed in three loops over its columns. Only the middle one has to go cell by cell. The others are vector
# loops, as long as every sum is cast back to int32.


@exact_kernel
def _extend_matches(
    above: NDArray[np.int32],
    letter_row: NDArray[np.int32],
    residue_row: NDArray[np.int32],
    bias: np.int16,
    diagonal: NDArray[np.int32],
) -> None:
    """Write H(i-1,j-1) + s(i,j) of a row to `diagonal`, shape (M,)."""
    extra = np.int32(bias)
    for j in range(diagonal.shape[0]):
        diagonal[j] = np.int32(np.int32(above[j] + letter_row[j]) + np.int32(residue_row[j] + extra))


@exact_kernel
def _open_column_gaps(
    diagonal: NDArray[np.int32],
    row_gap: NDArray[np.int32],
    leading: NDArray[np.int32],
    column_gap: NDArray[np.int32],
    gap_open: int,
    gap_extend: int,
) -> None:
    """Write F(i,j) of a row to `column_gap`, shape (M,): the best H left of j minus the cost of the gap from there.

    A gap never opens at the end of another gap in the same row, so H without F suffices. F is a running maximum of
    H(i,k) + k * extend.
    """
    extend = np.int32(gap_extend)
    for j in range(diagonal.shape[0]):
        leading[j] = np.int32(max(max(diagonal[j], row_gap[j]), np.int32(0)) + np.int32(np.int32(j) * extend))
    best = np.int32(NEVER)
    for j in range(diagonal.shape[0]):
        column_gap[j] = best
        best = max(best, leading[j])
    shift = np.int32(gap_open - gap_extend)
    for j in range(diagonal.shape[0]):
        column_gap[j] = np.int32(column_gap[j] - np.int32(np.int32(np.int32(j) * extend) + shift))


@exact_kernel
def _finish_row(
    diagonal: NDArray[np.int32],
    row_gap: NDArray[np.int32],
    column_gap: NDArray[np.int32],
    gap_open: int,
    gap_extend: int,
    h: NDArray[np.int32],
    directions: NDArray[np.uint8],
) -> int:
    """Write H(i,j) of a row, its origins, and E(i+1,j) to `row_gap`; return the row's best score."""
    opening = np.int32(gap_open)
    extend = np.int32(gap_extend)
    best = np.int32(0)
    for j in range(diagonal.shape[0]):
        match = diagonal[j]
        without = max(match, row_gap[j])
        score = max(max(without, column_gap[j]), np.int32(0))
        origin = np.uint8(FROM_DIAGONAL) if match >= row_gap[j] else np.uint8(FROM_QUERY_GAP)
        origin = origin if without >= column_gap[j] else np.uint8(FROM_TEMPLATE_GAP)
        origin = origin if score > 0 else np.uint8(0)
        opened = np.int32(score - opening)
        row_extended = np.int32(row_gap[j] - extend)
        column_extended = np.int32(column_gap[j] - extend)
        origin |= np.uint8(ROW_GAP_EXTENDED) if opened < row_extended else np.uint8(0)
        origin |= np.uint8(COLUMN_GAP_EXTENDED) if opened < column_extended else np.uint8(0)
        directions[j] = origin
        row_gap[j] = max(opened, row_extended)
        h[j] = score
        best = max(best, score)
    return int(best)


@exact_kernel
def _walk_back(directions: NDArray[np.uint8], i: int, j: int, pairs: NDArray[np.int32]) -> int:
    """Write the pairs of the alignment that ends in cell (i, j) to the end of `pairs`, shape (2, n).

    Return the number of these pairs. A cell's "extended" bits describe the gap that *leaves* the cell, so they are read
    one cell back.
    """
    free = pairs.shape[1]
    while i > 0 and j > 0:
        origin = directions[i, j] & ORIGIN
        if origin == 0:
            break
        if origin == FROM_DIAGONAL:
            i -= 1
            j -= 1
            free -= 1
            pairs[0, free] = i
            pairs[1, free] = j
        elif origin == FROM_QUERY_GAP:
            i -= 1
            while directions[i, j] & ROW_GAP_EXTENDED:
                i -= 1
        else:
            j -= 1
            while directions[i, j] & COLUMN_GAP_EXTENDED:
                j -= 1
    return pairs.shape[1] - free


@exact_kernel
def _trace_column(
    letters: NDArray[np.uint8],
    residues: NDArray[np.uint8],
    bias: NDArray[np.int16],
    letter_rows: NDArray[np.int16],
    residue_rows: NDArray[np.int16],
    h_left: NDArray[np.int16],
    gap_left: NDArray[np.int16],
    diagonal: NDArray[np.int16],
    gap: NDArray[np.int16],
    best: NDArray[np.int16],
    end_row: NDArray[np.int16],
    directions: NDArray[np.uint8],
    gap_open: np.int16,
    gap_extend: np.int16,
) -> None:
    """Compute one column of 64 matrices in 16 bits, from the column on its left, in place.

    `directions` is as in `_finish_row`.
    """
    for i in range(letters.shape[0]):
        letter_row = letter_rows[letters[i]]
        residue_row = residue_rows[residues[i]]
        extra = bias[i]
        h_row = h_left[i]
        gap_row = gap_left[i]
        cell = directions[i + 1]
        row = np.int16(i + 1)
        for lane in range(64):
            match = np.int16(diagonal[lane] + np.int16(letter_row[lane] + np.int16(residue_row[lane] + extra[lane])))
            across = gap_row[lane]
            down = gap[lane]
            without = max(match, down)
            h = max(max(without, across), np.int16(0))
            opened = np.int16(h - gap_open)
            down_extended = np.int16(down - gap_extend)
            across_extended = np.int16(across - gap_extend)
            origin = np.uint8(FROM_DIAGONAL) if match >= down else np.uint8(FROM_QUERY_GAP)
            origin = origin if without >= across else np.uint8(FROM_TEMPLATE_GAP)
            origin = origin if h > 0 else np.uint8(0)
            origin = np.uint8(origin | (np.uint8(ROW_GAP_EXTENDED) if opened < down_extended else np.uint8(0)))
            origin = np.uint8(origin | (np.uint8(COLUMN_GAP_EXTENDED) if opened < across_extended else np.uint8(0)))
            cell[lane] = origin
            # Both are read before the condition. A load inside it would become a branch, which ends the vector loop.
            end, highest = end_row[lane], best[lane]
            end_row[lane] = row if h > highest else end
            best[lane] = max(highest, h)
            diagonal[lane] = h_row[lane]
            h_row[lane] = h
            gap[lane] = max(opened, down_extended)
            gap_row[lane] = max(opened, across_extended)
