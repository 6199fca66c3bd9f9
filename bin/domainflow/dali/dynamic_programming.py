"""Best order-keeping paths through a matrix of cell scores, without gap costs.

Free paths take any cell, gapless blocks of at least m cells those DaliLite would report (m = 4):

    H[i, j] = max(H[i-1, j], H[i, j-1], H[i-1, j-1] + max(M[i, j], 0))
    B[i, j] = max(B[i-1, j-1] + M[i, j], H[i-m, j-m] + M[i, j] + M[i-1, j-1] + … + M[i-m+1, j-m+1])
    H[i, j] = max(H[i-1, j], H[i, j-1], B[i, j])

B ends in cell (i, j), H anywhere above and left of it. All but the maximum along a row works on whole rows at once;
that maximum runs in eight pieces side by side. No directions are stored: the way back compares values of H.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.kernels import fast_kernel
from domainflow.dali.workspace import BLOCK_ROWS

__all__ = ["block_path", "fill_backward", "fill_forward", "free_path", "trace_free"]

LANES = 8
IMPOSSIBLE = np.float32(-1e9)
"""Score of a block that cannot be there."""
ROUNDING = np.float32(1e-3)
"""Difference of two scores that were summed in another order."""
ZERO = np.float32(0)


@fast_kernel
def free_path(
    cells: NDArray[np.float32], forward: NDArray[np.float32], bands: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Best path through the positive cells.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        Work space; holds H afterwards, with a row and a column of zeros in front.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        The first column of each four rows to look at, and the one after the last (`workspace`).

    Returns
    -------
    ndarray, shape=(2, n), dtype=int32
        Rows and columns of the path, ascending.
    """
    fill_forward(cells, forward, bands)
    return trace_free(forward)


@fast_kernel
def fill_forward(cells: NDArray[np.float32], forward: NDArray[np.float32], bands: NDArray[np.int32]) -> None:
    """H of free paths that end above and left of each cell, itself included, shape (L1 + 1, L2 + 1)."""
    forward[0, :] = ZERO
    for i in range(cells.shape[0]):
        above, here, scores = forward[i], forward[i + 1], cells[i]
        here[0] = ZERO
        first, last = bands[i // BLOCK_ROWS]
        for j in range(first, last):
            here[j + 1] = max(above[j + 1], above[j] + max(scores[j], ZERO))
        _complete_row(above, here, first, last)


@fast_kernel
def fill_backward(cells: NDArray[np.float32], backward: NDArray[np.float32]) -> None:
    """Best free path that begins below and right of each cell, itself included, shape (L1 + 1, L2 + 1)."""
    rows, columns = cells.shape
    backward[rows, :] = ZERO
    turned = np.empty(columns + 1, np.float32)
    for i in range(rows - 1, -1, -1):
        below, here, scores = backward[i + 1], backward[i], cells[i]
        here[columns] = ZERO
        for j in range(columns):
            here[j] = max(below[j], below[j + 1] + max(scores[j], ZERO))
        for j in range(columns + 1):
            turned[j] = here[columns - j]
        _running_maximum(turned)
        for j in range(columns + 1):
            here[j] = turned[columns - j]


@fast_kernel
def trace_free(forward: NDArray[np.float32]) -> NDArray[np.int32]:
    """Cells, shape (2, n), of the best free path to the last corner of H."""
    i, j = forward.shape[0] - 1, forward.shape[1] - 1
    path = np.empty((2, min(i, j)), np.int32)
    count = 0
    while i > 0 and j > 0:
        value = forward[i, j]
        if value == forward[i - 1, j]:
            i -= 1
        elif value == forward[i, j - 1]:
            j -= 1
        else:
            i -= 1
            j -= 1
            path[0, count], path[1, count] = i, j
            count += 1
    return _reversed(path, count)


@fast_kernel
def block_path(
    cells: NDArray[np.float32],
    forward: NDArray[np.float32],
    block: NDArray[np.float32],
    bands: NDArray[np.int32],
    min_block: int,
) -> NDArray[np.int32]:
    """Best path made of gapless blocks.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward, block : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        Work space for H and B.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        As for free paths.
    min_block : int
        Fewest cells of a block, at least 2.

    Returns
    -------
    ndarray, shape=(2, n), dtype=int32
        Rows and columns of the path, ascending.
    """
    _fill_blocks(cells, forward, block, bands, min_block)
    i, j = cells.shape
    path = np.empty((2, min(i, j)), np.int32)
    count = 0
    while i > 0 and j > 0 and forward[i, j] > ZERO:
        value = forward[i, j]
        if value == forward[i - 1, j]:
            i -= 1
            continue
        if value == forward[i, j - 1]:
            j -= 1
            continue
        # A block ends here: back through it to the place where it was begun.
        while block[i - 1, j - 1] + cells[i - 1, j - 1] >= block[i, j] - ROUNDING:
            i -= 1
            j -= 1
            path[0, count], path[1, count] = i, j
            count += 1
        for _ in range(min_block):
            i -= 1
            j -= 1
            path[0, count], path[1, count] = i, j
            count += 1
    return _reversed(path, count)


@fast_kernel
def _fill_blocks(
    cells: NDArray[np.float32],
    forward: NDArray[np.float32],
    block: NDArray[np.float32],
    bands: NDArray[np.int32],
    min_block: int,
) -> None:
    """H and B of paths of blocks, both of shape (L1 + 1, L2 + 1)."""
    rows, columns = cells.shape
    forward[0, :] = ZERO
    block[0, :] = IMPOSSIBLE
    begun = np.empty(columns + 1, np.float32)
    for i in range(rows):
        above, here = forward[i], forward[i + 1]
        block_above, block_here, scores = block[i], block[i + 1], cells[i]
        here[0] = ZERO
        block_here[:] = IMPOSSIBLE
        # m - 1 cells on the diagonal before the last one of a block
        inner = min_block - 1
        first, last = max(bands[i // BLOCK_ROWS, 0], inner), bands[i // BLOCK_ROWS, 1]
        if i < inner:
            last = first
        if first < last:
            # H[i-m, j-m] and the cells on the diagonal from there to (i-1, j-1), two at a time.
            before, line = forward[i - inner], cells[i - inner]
            for j in range(first, last):
                begun[j] = before[j - inner] + line[j - inner]
            for step in range(1, inner - 1, 2):
                line, next_line = cells[i - step], cells[i - step - 1]
                for j in range(first, last):
                    begun[j] += line[j - step] + next_line[j - step - 1]
            if inner % 2 == 0:
                line = cells[i - inner + 1]
                for j in range(first, last):
                    begun[j] += line[j - inner + 1]
            for j in range(first, last):
                ending = max(block_above[j], begun[j]) + scores[j]
                block_here[j + 1] = ending
                here[j + 1] = max(above[j + 1], ending)
        _complete_row(above, here, first, last)


@fast_kernel
def _complete_row(above: NDArray[np.float32], here: NDArray[np.float32], first: int, last: int) -> None:
    """H of a row whose columns first, …, last - 1 still lack the maximum along the row, all others everything."""
    columns = here.shape[0] - 1
    if first >= last:
        here[1:] = above[1:]
        return
    here[1 : first + 1] = above[1 : first + 1]
    _running_maximum(here[first : last + 1])
    largest = here[last]
    for j in range(last + 1, columns + 1):
        here[j] = max(above[j], largest)


@fast_kernel
def _running_maximum(row: NDArray[np.float32]) -> None:
    """Replace each value but the first, which is no larger than any, by the largest up to it."""
    # A running maximum waits for itself at each step; eight pieces at a time hide that.
    piece = (row.shape[0] - 1) // LANES
    for step in range(2, piece + 1):
        for lane in range(LANES):
            place = lane * piece + step
            row[place] = max(row[place], row[place - 1])
    for lane in range(1, LANES):
        largest = row[lane * piece]
        for place in range(lane * piece + 1, (lane + 1) * piece + 1):
            row[place] = max(row[place], largest)
    for place in range(LANES * piece + 1, row.shape[0]):
        row[place] = max(row[place], row[place - 1])


@fast_kernel
def _reversed(path: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """The first `count` cells of a path, last one first."""
    turned = np.empty((2, count), np.int32)
    for k in range(count):
        turned[0, k] = path[0, count - 1 - k]
        turned[1, k] = path[1, count - 1 - k]
    return turned
