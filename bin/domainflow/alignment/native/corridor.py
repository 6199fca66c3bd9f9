"""Mark the corridor: the blocks of cells that good paths run through; later rounds compute only these.

The best free path through cell (i, j) has the value forward H[i, j] + max(M[i, j], 0) + backward H[i + 1, j + 1]. A
block of cells is live if this value comes close to the best path's for any of its cells. On aligned pairs, the cells of
the final alignment had at least 0.986 of the best value, while one block in six was live.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.workspace import BLOCK_COLUMNS, BLOCK_ROWS
from domainflow.kernels.compile import fast_kernel

__all__ = ["mark_corridor", "mark_near"]

LEAST_CELL = np.float32(-2.0)
"""Score; a cell that scores less does not make its block live."""
ROW_STEP = 2
"""Only every second row is searched for near residues, because the next residue in the chain is about as near.

At most 4.
"""
ZERO, NO_PATH = np.float32(0), np.float32(-1)


@fast_kernel
def mark_near(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    radius: float,
    live: NDArray[np.uint8],
    bands: NDArray[np.int32],
) -> None:
    """Mark the blocks that hold residues near each other, and write the bands that contain them.

    Parameters
    ----------
    query : ndarray, shape=(L1, 3), dtype=float32
    template : ndarray, shape=(3, L2), dtype=float32
        Superposed CA atoms in Å.
    radius : float
        Å; residues within it are near.
    live : ndarray, shape=(ceil(L1 / 4), ceil(L2 / 16)), dtype=uint8
        Overwritten.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        Overwritten.
    """
    columns = template.shape[1]
    square = np.float32(radius * radius)
    across, along, up = template[0], template[1], template[2]
    # Take the smallest distance of each column in four rows first, because loops over whole rows are fast.
    nearest = np.empty(live.shape[1] * BLOCK_COLUMNS, np.float32)
    for block_row in range(live.shape[0]):
        nearest[:] = square
        for i in range(BLOCK_ROWS * block_row, min(query.shape[0], BLOCK_ROWS * (block_row + 1)), ROW_STEP):
            x, y, z = query[i, 0], query[i, 1], query[i, 2]
            for j in range(columns):
                dx, dy, dz = across[j] - x, along[j] - y, up[j] - z
                nearest[j] = min(nearest[j], dx * dx + dy * dy + dz * dz)
        bands[block_row, 0], bands[block_row, 1] = columns, 0
        for block in range(live.shape[1]):
            first, least = block * BLOCK_COLUMNS, square
            for k in range(BLOCK_COLUMNS):
                least = min(least, nearest[first + k])
            _mark(live, bands, block_row, block, columns, bool(least < square))


@fast_kernel
def mark_corridor(
    cells: NDArray[np.float32],
    forward: NDArray[np.float32],
    backward: NDArray[np.float32],
    fraction: float,
    live: NDArray[np.uint8],
    bands: NDArray[np.int32],
) -> None:
    """Mark the live blocks, and write the bands that contain them.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward, backward : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        From `fill_forward` and `fill_backward`.
    fraction : float
        Smallest value of a path through a live cell, divided by the value of the best path.
    live : ndarray, shape=(ceil(L1 / 4), ceil(L2 / 16)), dtype=uint8
        Overwritten.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        Overwritten.
    """
    rows, columns = cells.shape
    least = forward[rows, columns] * np.float32(fraction)
    # Take the best path through the four cells of each column first, because loops over whole rows are fast.
    through = np.empty(live.shape[1] * BLOCK_COLUMNS, np.float32)
    for block_row in range(live.shape[0]):
        through[:] = NO_PATH
        for i in range(BLOCK_ROWS * block_row, min(rows, BLOCK_ROWS * (block_row + 1))):
            scores, before, after = cells[i], forward[i], backward[i + 1, 1:]
            for j in range(columns):
                value = before[j] + max(scores[j], ZERO) + after[j]
                through[j] = max(through[j], value if scores[j] > LEAST_CELL else NO_PATH)
        bands[block_row, 0], bands[block_row, 1] = columns, 0
        for block in range(live.shape[1]):
            first, largest = block * BLOCK_COLUMNS, NO_PATH
            for k in range(BLOCK_COLUMNS):
                largest = max(largest, through[first + k])
            _mark(live, bands, block_row, block, columns, bool(largest >= least))


@fast_kernel
def _mark(
    live: NDArray[np.uint8], bands: NDArray[np.int32], block_row: int, block: int, columns: int, is_live: bool
) -> None:
    """Mark a block as live or not; a live block widens the band of its row."""
    live[block_row, block] = is_live
    if is_live:
        bands[block_row, 0] = min(bands[block_row, 0], block * BLOCK_COLUMNS)
        bands[block_row, 1] = min(columns, (block + 1) * BLOCK_COLUMNS)
