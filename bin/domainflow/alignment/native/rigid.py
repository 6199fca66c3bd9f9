"""Make a first alignment from a rigid transform, of the residues that it brings near each other.

    M[i, j] = 1 - d_ij² / r²,   d_ij the CA distance after the transform

The chains are superposed again on the best path through M. A second best path, with a smaller r, is the alignment.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import fast_kernel
from domainflow.kernels.superposition import superpose, transform

__all__ = ["align_rigidly"]

FIRST_RADIUS, LAST_RADIUS = 8.0, 7.0
"""Å; r of the first and of the second round."""
FEWEST_PAIRS = 6
BLOCK = 16
"""Columns that share one value of the best path before them."""
ROWS = 8
"""Query residues whose box is compared with those of the blocks of columns."""
SLACK = np.float32(1.001)
"""Times r²: boxes that are farther apart are passed over. The margin is far larger than errors of rounding."""
TOGETHER = 8
"""Columns that are skipped together if none is near: eight one-byte marks are read as one number."""
CELLS = 4
"""Expected number of cells per residue; if there are more, the memory is enlarged."""
FAR = np.float32(1e9)
"""Å; coordinate of the atoms that fill up the last block."""
ZERO, ONE = np.float32(0), np.float32(1)


@fast_kernel
def align_rigidly(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    rotation: NDArray[np.float64],
    translation: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Return the pairs of residues that a transform brings together.

    Parameters
    ----------
    query, template : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å.
    rotation : ndarray, shape=(3, 3), dtype=float64
    translation : ndarray, shape=(3,), dtype=float64
        Moves the template onto the query, in Å.

    Returns
    -------
    ndarray, shape=(2, n), dtype=int32
    """
    pairs = _nearest_path(query, transform(template, rotation, translation), FIRST_RADIUS)
    if pairs.shape[1] < FEWEST_PAIRS:
        return pairs
    fixed, moving = np.empty((pairs.shape[1], 3), np.float32), np.empty((pairs.shape[1], 3), np.float32)
    for k in range(pairs.shape[1]):
        for axis in range(3):
            fixed[k, axis] = query[pairs[0, k], axis]
            moving[k, axis] = template[pairs[1, k], axis]
    turned, shifted, _ = superpose(fixed, moving)
    return _nearest_path(query, transform(template, turned, shifted), LAST_RADIUS)


@fast_kernel
def _nearest_path(query: NDArray[np.float32], moved: NDArray[np.float32], radius: float) -> NDArray[np.int32]:
    """Return the best path through the positive cells of M, for CA atoms of shapes (L1, 3) and (3, L2)."""
    blocks = (moved.shape[1] + BLOCK - 1) // BLOCK
    atoms, low, high = _in_blocks(moved, blocks)
    across, along, up = atoms[0], atoms[1], atoms[2]
    least = np.float32(radius * radius)
    square, near = np.empty((blocks, BLOCK), np.float32), np.empty((blocks, BLOCK), np.uint8)
    close, listed = np.empty(blocks, np.int64), np.empty(blocks * BLOCK + 1, np.int64)
    # Few cells are positive. So the best path up to a column is stored in two parts, each as a value and a last cell:
    # the best path within the column's block, and the best path before the block.
    value, end = np.zeros(blocks * BLOCK, np.float32), np.full(blocks * BLOCK, -1, np.int32)
    value_before, end_before = np.zeros(blocks + 1, np.float32), np.full(blocks + 1, -1, np.int32)
    cells = np.empty((CELLS * query.shape[0] + blocks * BLOCK, 3), np.int32)
    count, closest = 0, 0
    for i in range(query.shape[0]):
        if i % ROWS == 0:
            closest = _close_blocks(query[i : i + ROWS], low, high, least, close)
        if closest == 0:
            continue
        if count + blocks * BLOCK > cells.shape[0]:
            cells = np.concatenate((cells, np.empty_like(cells)))
        x, y, z = query[i, 0], query[i, 1], query[i, 2]
        for place in range(closest):
            block = close[place]
            for k in range(BLOCK):
                dx, dy, dz = across[block, k] - x, along[block, k] - y, up[block, k] - z
                square[block, k] = dx * dx + dy * dy + dz * dz
                near[block, k] = square[block, k] < least
        # Going from the right keeps the cells of one row from extending each other.
        for place in range(_list_marked(near, close[:closest], listed) - 1, -1, -1):
            j = listed[place]
            block = j // BLOCK
            first = block * BLOCK
            longer, before = value_before[block], end_before[block]
            if j > first and value[j - 1] > longer:
                longer, before = value[j - 1], end[j - 1]
            longer += ONE - square[block, j - first] / least
            if longer <= max(value[j], value_before[block]):
                continue
            cells[count, 0], cells[count, 1], cells[count, 2] = i, j, before
            place = j
            while place < first + BLOCK and value[place] < longer:
                value[place], end[place] = longer, count
                place += 1
            if place == first + BLOCK:
                place = block + 1
                while place <= blocks and value_before[place] < longer:
                    value_before[place], end_before[place] = longer, count
                    place += 1
            count += 1
    return _path_to(cells, end_before[blocks])


@fast_kernel
def _in_blocks(
    moved: NDArray[np.float32], blocks: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return CA atoms of shape (3, L2) as (3, blocks, 16), and the lowest and highest coordinates of each block."""
    atoms = np.full((3, blocks, BLOCK), FAR, np.float32)
    low, high = np.full((3, blocks), FAR, np.float32), np.full((3, blocks), -FAR, np.float32)
    for axis in range(3):
        for j in range(moved.shape[1]):
            block, at = j // BLOCK, moved[axis, j]
            atoms[axis, block, j - block * BLOCK] = at
            low[axis, block] = min(low[axis, block], at)
            high[axis, block] = max(high[axis, block], at)
    return atoms, low, high


@fast_kernel
def _close_blocks(
    rows: NDArray[np.float32],
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    least: np.float32,
    close: NDArray[np.int64],
) -> int:
    """Write the blocks that may have an atom near one of some query residues to `close`; return their number.

    A block is left out if its box and that of the residues are farther apart than r, the square root of `least`.
    """
    found = 0
    slack = least * SLACK
    begin, end = np.empty(3, np.float32), np.empty(3, np.float32)
    for axis in range(3):
        begin[axis], end[axis] = rows[0, axis], rows[0, axis]
        for i in range(1, rows.shape[0]):
            begin[axis], end[axis] = min(begin[axis], rows[i, axis]), max(end[axis], rows[i, axis])
    for block in range(low.shape[1]):
        apart = ZERO
        for axis in range(3):
            gap = max(low[axis, block] - end[axis], begin[axis] - high[axis, block], ZERO)
            apart += gap * gap
        close[found] = block
        found += int(apart < slack)
    return found


@fast_kernel
def _list_marked(marks: NDArray[np.uint8], blocks: NDArray[np.int64], listed: NDArray[np.int64]) -> int:
    """Write the columns of nonzero marks (1, not 0) in some blocks to `listed`; return their number.

    `listed` has room for one more.
    """
    together = marks.view(np.uint64)
    found = 0
    for number in range(blocks.shape[0]):
        block = blocks[number]
        for group in range(together.shape[1]):
            if together[block, group] != 0:
                # To avoid a branch, every place is written, and the next one overwrites it unless it was marked.
                for place in range(group * TOGETHER, (group + 1) * TOGETHER):
                    listed[found] = block * BLOCK + place
                    found += marks[block, place]
    return found


@fast_kernel
def _path_to(cells: NDArray[np.int32], last: int) -> NDArray[np.int32]:
    """Return rows and columns, shape (2, n), of the path that ends in cell `last`; each cell names the one before."""
    count, cell = 0, last
    while cell >= 0:
        count += 1
        cell = cells[cell, 2]
    path = np.empty((2, count), np.int32)
    cell = last
    for place in range(count - 1, -1, -1):
        path[0, place], path[1, place] = cells[cell, 0], cells[cell, 1]
        cell = cells[cell, 2]
    return path
