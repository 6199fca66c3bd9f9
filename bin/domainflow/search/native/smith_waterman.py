"""Compute Smith-Waterman scores with affine gaps, 128 templates at a time, in bytes (most scores fit in a byte).

    H(i,j) = max(0, H(i-1,j-1) + s(i,j), E(i,j), F(i,j))
    E(i,j) = max(H(i-1,j) - open, E(i-1,j) - extend),  F(i,j) = max(H(i,j-1) - open, F(i,j-1) - extend)

(Gotoh, *Journal of Molecular Biology* 1982, 162:705-708; one template per vector lane as in Rognes, *BMC
Bioinformatics* 2011, 12:221.) Rows i are residues of the query, columns j residues of the template. `tracing` returns
the alignments.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["LANES", "look_up", "score_blocks"]

# The loops below repeat this number: the compiler needs a constant.
LANES = 128
"""Number of templates in a block of `score_blocks`."""


@exact_kernel
def score_blocks(
    letters: NDArray[np.uint8],
    residues: NDArray[np.uint8],
    shift: NDArray[np.uint8],
    structure_scores: NDArray[np.uint8],
    residue_scores: NDArray[np.uint8],
    lane_letters: NDArray[np.uint8],
    lane_residues: NDArray[np.uint8],
    block_first: NDArray[np.int64],
    block_columns: NDArray[np.int64],
    gap_open: np.uint8,
    gap_extend: np.uint8,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the best local scores of the query and of the reversed query against every template, in bytes.

    Both are computed in one pass, so that the scores of a column are looked up once.

    Bytes have no sign. So each pair gets a raised score, at least 0, and the shift is subtracted again; both steps
    saturate. H is never below 0, so a result below 255 minus the largest raised score of a pair is exact. A result from
    there on is a lower bound of the score.

    Parameters
    ----------
    letters, residues : ndarray, shape=(L,), dtype=uint8
        Codes of the query.
    shift : ndarray, shape=(L,), dtype=uint8
        Shift to subtract from a query residue's raised scores; its bias is part of it.
    structure_scores, residue_scores : ndarray, shape=(22, 22), dtype=uint8
        Raised scores; 0 against padding, so that padding costs the whole shift.
    lane_letters, lane_residues : ndarray, shape=(C, 128), dtype=uint8
        Codes of the templates: column j of a block holds residue j of its 128 templates.
    block_first, block_columns : ndarray, shape=(B,), dtype=int64
        First column and number of columns of each block.
    gap_open, gap_extend : uint8

    Returns
    -------
    forward, backward : ndarray, shape=(B, 128), dtype=uint8
    """
    length = letters.shape[0]
    back_letters = letters[::-1].copy()
    back_residues = residues[::-1].copy()
    back_shift = shift[::-1].copy()
    forward = np.zeros((block_first.shape[0], 128), np.uint8)
    backward = np.zeros((block_first.shape[0], 128), np.uint8)
    forward_h = np.empty((length, 128), np.uint8)
    forward_gap = np.empty((length, 128), np.uint8)
    backward_h = np.empty((length, 128), np.uint8)
    backward_gap = np.empty((length, 128), np.uint8)
    letter_rows = np.empty((21, 128), np.uint8)
    residue_rows = np.empty((21, 128), np.uint8)
    diagonal = np.empty(128, np.uint8)
    gap = np.empty(128, np.uint8)
    for block in range(block_first.shape[0]):
        forward_h[:] = 0
        backward_h[:] = 0
        forward_gap[:] = 0
        backward_gap[:] = 0
        for column in range(block_first[block], block_first[block] + block_columns[block]):
            look_up(letter_rows, structure_scores, lane_letters[column])
            look_up(residue_rows, residue_scores, lane_residues[column])
            diagonal[:] = 0
            gap[:] = 0
            _score_column(
                letters, residues, shift, letter_rows, residue_rows,
                forward_h, forward_gap, diagonal, gap, forward[block], gap_open, gap_extend,
            )  # fmt: skip
            diagonal[:] = 0
            gap[:] = 0
            _score_column(
                back_letters, back_residues, back_shift, letter_rows, residue_rows,
                backward_h, backward_gap, diagonal, gap, backward[block], gap_open, gap_extend,
            )  # fmt: skip
    return forward, backward


@exact_kernel
def look_up(rows: NDArray, scores: NDArray, codes: NDArray[np.uint8]) -> None:
    """Write the scores of every code against one column of templates to `rows`, shape (21, lanes)."""
    for code in range(21):
        row = scores[code]
        for lane in range(codes.shape[0]):
            rows[code, lane] = row[codes[lane]]


# Every sum below is cast back to its type. Otherwise numba widens it to 64 bits, and the loop is no longer a vector
# loop. max(x, c) - c is a subtraction that stops at 0, and min(x, 255 - c) + c a sum that stops at 255. The compiler
# turns each into one instruction.


@exact_kernel
def _score_column(
    letters: NDArray[np.uint8],
    residues: NDArray[np.uint8],
    shift: NDArray[np.uint8],
    letter_rows: NDArray[np.uint8],
    residue_rows: NDArray[np.uint8],
    h_left: NDArray[np.uint8],
    gap_left: NDArray[np.uint8],
    diagonal: NDArray[np.uint8],
    gap: NDArray[np.uint8],
    best: NDArray[np.uint8],
    gap_open: np.uint8,
    gap_extend: np.uint8,
) -> None:
    """Compute one column of 128 matrices in bytes, from the column on its left, in place."""
    for i in range(letters.shape[0]):
        letter_row = letter_rows[letters[i]]
        residue_row = residue_rows[residues[i]]
        raised = shift[i]
        h_row = h_left[i]
        gap_row = gap_left[i]
        for lane in range(128):
            score = np.uint8(letter_row[lane] + residue_row[lane])
            h = np.uint8(min(diagonal[lane], np.uint8(~score)) + score)
            h = np.uint8(max(h, raised) - raised)
            across = gap_row[lane]
            down = gap[lane]
            h = max(max(h, across), down)
            best[lane] = max(best[lane], h)
            diagonal[lane] = h_row[lane]
            h_row[lane] = h
            opened = np.uint8(max(h, gap_open) - gap_open)
            gap[lane] = max(opened, np.uint8(max(down, gap_extend) - gap_extend))
            gap_row[lane] = max(opened, np.uint8(max(across, gap_extend) - gap_extend))
