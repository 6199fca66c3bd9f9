"""Find the best order-keeping paths through a matrix of cell scores, without gap costs.

A free path may take any cell (first formula). A path of gapless blocks of at least m cells is one that DaliLite would
report (m = 4; second and third formula):

    H[i, j] = max(H[i-1, j], H[i, j-1], H[i-1, j-1] + max(M[i, j], 0))
    B[i, j] = max(B[i-1, j-1] + M[i, j], H[i-m, j-m] + M[i, j] + M[i-1, j-1] + … + M[i-m+1, j-m+1])
    H[i, j] = max(H[i-1, j], H[i, j-1], B[i, j])

B is the value of the best path that ends in cell (i, j), H of the best that ends anywhere above and left of it. No
directions are stored: the way back compares values of H.

Loops run from 0 over views of the rows, shifted as in the formulas (`domainflow.kernels.compile`). The maximum along a
row is taken cell by cell only where a cell exceeds H of the row before.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.workspace import BLOCK_ROWS
from domainflow.kernels.compile import fast_kernel

__all__ = ["block_path", "fill_backward", "fill_forward", "free_path", "trace_free"]

TOGETHER = 16
"""Cells of a row that are handled together if none exceeds the row before."""
IMPOSSIBLE = np.float32(-1e9)
"""Score of a block that cannot exist."""
ROUNDING = np.float32(1e-3)
"""Largest difference between two sums of the same scores in different order."""
ZERO = np.float32(0)


@fast_kernel
def free_path(cells: NDArray[np.float32], forward: NDArray[np.float32], bands: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the best path through the positive cells.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        Work space; holds H afterwards, after a first row and a first column of zeros.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        First column to compute in each four rows, and the one after the last (`workspace`).

    Returns
    -------
    ndarray, shape=(2, n), dtype=int32
        Rows and columns of the path, ascending.
    """
    fill_forward(cells, forward, bands)
    return trace_free(forward)


@fast_kernel
def fill_forward(cells: NDArray[np.float32], forward: NDArray[np.float32], bands: NDArray[np.int32]) -> None:
    """Write H of free paths that end above and left of each cell, the cell included, shape (L1 + 1, L2 + 1)."""
    forward[0, :] = ZERO
    for i in range(cells.shape[0]):
        first, last = bands[i // BLOCK_ROWS]
        if first < last:
            scores, before = cells[i, first:last], forward[i, first:last]
            above, here = forward[i, first + 1 : last + 1], forward[i + 1, first + 1 : last + 1]
            for j in range(last - first):
                here[j] = max(above[j], before[j] + max(scores[j], ZERO))
        _complete_row(forward[i], forward[i + 1], first, last)


@fast_kernel
def fill_backward(cells: NDArray[np.float32], backward: NDArray[np.float32]) -> None:
    """Write H of free paths that begin below and right of each cell, the cell included, shape (L1 + 1, L2 + 1)."""
    rows, columns = cells.shape
    backward[rows, :] = ZERO
    for i in range(rows - 1, -1, -1):
        scores, below, after, here = cells[i], backward[i + 1], backward[i + 1, 1:], backward[i]
        here[columns] = ZERO
        for j in range(columns):
            here[j] = max(below[j], after[j] + max(scores[j], ZERO))
        _maximum_from_right(below, here)


@fast_kernel
def trace_free(forward: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the cells, shape (2, n), of the best free path to the last corner of H."""
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
    """Return the best path of gapless blocks.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward, block : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        Work space for H and B.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        As in `free_path`.
    min_block : int
        m, the fewest cells of a block; at least 2.

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
        # A block ends here. Walk back through it to its first m cells, which began it together.
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
    """Write H and B of paths of blocks, both of shape (L1 + 1, L2 + 1)."""
    rows, columns = cells.shape
    forward[0, :] = ZERO
    block[0, :] = IMPOSSIBLE
    begun = np.empty(columns + 1, np.float32)
    inner = min_block - 1
    for i in range(rows):
        block[i + 1, :] = IMPOSSIBLE
        first, last = max(bands[i // BLOCK_ROWS, 0], inner), bands[i // BLOCK_ROWS, 1]
        if i < inner:
            last = first
        width = last - first
        if width > 0:
            # Sum H[i-m, j-m] and the m - 1 cells on the diagonal from there to (i-1, j-1), two at a time.
            start, line = forward[i - inner, first - inner :], cells[i - inner, first - inner :]
            for j in range(width):
                begun[j] = start[j] + line[j]
            for step in range(1, inner - 1, 2):
                line, next_line = cells[i - step, first - step :], cells[i - step - 1, first - step - 1 :]
                for j in range(width):
                    begun[j] += line[j] + next_line[j]
            if inner % 2 == 0:
                line = cells[i - inner + 1, first - inner + 1 :]
                for j in range(width):
                    begun[j] += line[j]
            scores, going_on, ending = cells[i, first:], block[i, first:], block[i + 1, first + 1 :]
            above, here = forward[i, first + 1 :], forward[i + 1, first + 1 :]
            for j in range(width):
                value = max(going_on[j], begun[j]) + scores[j]
                ending[j] = value
                here[j] = max(above[j], value)
        _complete_row(forward[i], forward[i + 1], first, last)


@fast_kernel
def _complete_row(above: NDArray[np.float32], here: NDArray[np.float32], first: int, last: int) -> None:
    """Complete H of a row: columns first, …, last - 1 lack the maximum along the row, the others are still empty."""
    columns = here.shape[0] - 1
    here[0] = ZERO
    if first >= last:
        here[1:] = above[1:]
        return
    here[1 : first + 1] = above[1 : first + 1]
    _maximum_from_left(above[first : last + 1], here[first : last + 1])
    largest, old, new = here[last], above[last + 1 :], here[last + 1 :]
    for j in range(columns - last):
        new[j] = max(old[j], largest)


@fast_kernel
def _maximum_from_left(above: NDArray[np.float32], here: NDArray[np.float32]) -> None:
    """Replace each value of a row by the largest value up to it.

    The row above is complete already, and none of its values is larger.
    """
    largest, old, new = here[0], above[1:], here[1:]
    blocks = new.shape[0] // TOGETHER
    for block in range(blocks):
        first, rise = block * TOGETHER, ZERO
        for k in range(TOGETHER):
            rise = max(rise, new[first + k] - old[first + k])
        if rise > ZERO:
            for k in range(TOGETHER):
                largest = max(largest, new[first + k])
                new[first + k] = largest
        else:
            for k in range(TOGETHER):
                new[first + k] = max(new[first + k], largest)
            largest = new[first + TOGETHER - 1]
    for j in range(blocks * TOGETHER, new.shape[0]):
        largest = max(largest, new[j])
        new[j] = largest


@fast_kernel
def _maximum_from_right(below: NDArray[np.float32], here: NDArray[np.float32]) -> None:
    """Replace each value of a row by the largest value from it to the end; the last value is the smallest."""
    largest, columns = ZERO, here.shape[0] - 1
    blocks = columns // TOGETHER
    for j in range(columns - 1, blocks * TOGETHER - 1, -1):
        largest = max(largest, here[j])
        here[j] = largest
    for block in range(blocks - 1, -1, -1):
        old, new = below[block * TOGETHER :], here[block * TOGETHER :]
        rise = ZERO
        for k in range(TOGETHER):
            rise = max(rise, new[k] - old[k])
        if rise > ZERO:
            for k in range(TOGETHER - 1, -1, -1):
                largest = max(largest, new[k])
                new[k] = largest
        else:
            for k in range(TOGETHER):
                new[k] = max(new[k], largest)
            largest = new[0]


@fast_kernel
def _reversed(path: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """Return the first `count` cells of a path in reverse order."""
    turned = np.empty((2, count), np.int32)
    for k in range(count):
        turned[0, k] = path[0, count - 1 - k]
        turned[1, k] = path[1, count - 1 - k]
    return turned
