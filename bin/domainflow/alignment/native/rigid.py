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
BLOCK, WIDTH = 16, np.uint64(16)
"""Columns that share one value of the best path before them, and whose marks are read as two numbers."""
ROWS = 8
"""Query residues whose box is compared with those of the blocks of columns."""
SLACK = np.float32(1.001)
"""Times r²: boxes that are farther apart are passed over. The margin is far larger than errors of rounding."""
CELLS = 4
"""Expected number of cells per residue; if there are more, the memory is enlarged."""
FAR = np.float32(1e9)
"""Å; coordinate of the atoms that fill up the last block."""
ZERO, ONE = np.float32(0), np.float32(1)
BITS, LOW, LAST = 32, np.int64(0xFFFFFFFF), np.int64(0x7FFFFFFF)
"""A path as one number: the bits of its value, a float32, above 32 bits that hold LAST minus its last cell."""
NO_PATH = LAST + 1
"""The path of value 0 without a cell."""


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
    atoms = np.full((3, blocks * BLOCK), FAR, np.float32)
    atoms[:, : moved.shape[1]] = moved
    across, along, up = atoms[0], atoms[1], atoms[2]
    low, high = _boxes(moved, blocks)
    least = np.float32(radius * radius)
    square, near = np.empty(blocks * BLOCK, np.float32), np.empty(blocks * BLOCK, np.uint8)
    halves = near.view(np.uint64)
    close, listed = np.empty(blocks, np.uint64), np.empty(blocks * BLOCK + 1, np.int64)
    # Few cells are positive. So the best path up to a column is stored in two parts: the best path within the column's
    # block, at the column + 1, and the best path before the block. As numbers, longer paths are larger. Of paths with
    # equal values, the one found first is larger.
    within, before = np.full(blocks * BLOCK + 1, NO_PATH, np.int64), np.full(blocks + 1, NO_PATH, np.int64)
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
        found = 0
        for place in range(closest):
            block = close[place]
            first, half = block * WIDTH, block * np.uint64(2)
            for k in range(WIDTH):
                dx, dy, dz = across[first + k] - x, along[first + k] - y, up[first + k] - z
                square[first + k] = dx * dx + dy * dy + dz * dz
                near[first + k] = square[first + k] < least
            if halves[half] | halves[half + np.uint64(1)] != 0:
                # To avoid a branch, every place is written, and the next one overwrites it unless it was marked.
                for k in range(WIDTH):
                    listed[found] = np.int64(first + k)
                    found += near[first + k]
        # Going from the right keeps the cells of one row from extending each other.
        for place in range(found - 1, -1, -1):
            j = listed[place]
            own = j // BLOCK
            best, inside = before[own], within[j]
            if (inside >> BITS) > (best >> BITS):
                best = inside
            longer = np.float32(np.int32(best >> BITS).view(np.float32) + (ONE - square[j] / least))
            value = np.int64(longer.view(np.int32))
            if value <= max(within[j + 1], before[own]) >> BITS:
                continue
            cells[count, 0], cells[count, 1], cells[count, 2] = i, j, LAST - (best & LOW)
            path = (value << BITS) | (LAST - count)
            for following in range(np.uint64(j + 1), np.uint64((own + 1) * BLOCK + 1)):
                within[following] = max(within[following], path)
            following = own + 1
            while following <= blocks and before[following] < path:
                before[following] = path
                following += 1
            count += 1
    return _path_to(cells, LAST - (before[blocks] & LOW))


@fast_kernel
def _boxes(moved: NDArray[np.float32], blocks: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the lowest and the highest coordinates of each block of CA atoms, (3, L2); both of shape (3, blocks)."""
    low, high = np.empty((3, blocks), np.float32), np.empty((3, blocks), np.float32)
    for axis in range(3):
        for block in range(blocks):
            least, most = FAR, -FAR
            for j in range(block * BLOCK, min((block + 1) * BLOCK, moved.shape[1])):
                least, most = min(least, moved[axis, j]), max(most, moved[axis, j])
            low[axis, block], high[axis, block] = least, most
    return low, high


@fast_kernel
def _close_blocks(
    rows: NDArray[np.float32],
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    least: np.float32,
    close: NDArray[np.uint64],
) -> int:
    """Write the blocks that may have an atom near one of some query residues to `close`; return their number.

    A block is left out if its box and that of the residues are farther apart than r, the square root of `least`.
    """
    x, y, z = rows[0, 0], rows[0, 1], rows[0, 2]
    to_x, to_y, to_z = x, y, z
    for i in range(1, rows.shape[0]):
        x, to_x = min(x, rows[i, 0]), max(to_x, rows[i, 0])
        y, to_y = min(y, rows[i, 1]), max(to_y, rows[i, 1])
        z, to_z = min(z, rows[i, 2]), max(to_z, rows[i, 2])
    found = 0
    for block in range(low.shape[1]):
        across = max(low[0, block] - to_x, x - high[0, block], ZERO)
        along = max(low[1, block] - to_y, y - high[1, block], ZERO)
        up = max(low[2, block] - to_z, z - high[2, block], ZERO)
        close[found] = block
        found += int(across * across + along * along + up * up < least * SLACK)
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
