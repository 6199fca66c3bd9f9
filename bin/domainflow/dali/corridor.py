"""The part of the cells that good paths run through; only there later rounds compute anything.

The best free path through cell (i, j) has the value forward H[i, j] + max(M[i, j], 0) + backward H[i + 1, j + 1]. A
block of cells is live if that of any of its cells comes close to the best path's. On aligned pairs the cells of the
final alignment had at least 0.986 of the best value, while one block in six was live.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.kernels import fast_kernel
from domainflow.dali.workspace import BLOCK_COLUMNS, BLOCK_ROWS

__all__ = ["mark_corridor", "mark_near"]

LEAST_CELL = np.float32(-2.0)
"""A cell that scores less does not make its block live."""
ROW_STEP = 2
"""Every so many rows are looked at for residues near: the next one in the chain is about as near. At most 4."""
ZERO = np.float32(0)


@fast_kernel
def mark_near(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    radius: float,
    live: NDArray[np.uint8],
    bands: NDArray[np.int32],
) -> None:
    """Mark the blocks that hold residues near each other, and the band they lie in; every second row is looked at.

    Parameters
    ----------
    query : ndarray, shape=(L1, 3), dtype=float32
    template : ndarray, shape=(3, L2), dtype=float32
        CA atoms, superposed, Å.
    radius : float
        Å.
    live : ndarray, shape=(ceil(L1 / 4), ceil(L2 / 16)), dtype=uint8
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        Both written.
    """
    columns = template.shape[1]
    square = np.float32(radius * radius)
    across, along, up = template[0], template[1], template[2]
    live[:] = 0
    bands[:, 0] = columns
    bands[:, 1] = 0
    for i in range(0, query.shape[0], ROW_STEP):
        x, y, z = query[i, 0], query[i, 1], query[i, 2]
        marks, band = live[i // BLOCK_ROWS], bands[i // BLOCK_ROWS]
        for block in range(live.shape[1]):
            first, last = block * BLOCK_COLUMNS, min(columns, (block + 1) * BLOCK_COLUMNS)
            near = 0
            for j in range(first, last):
                dx, dy, dz = across[j] - x, along[j] - y, up[j] - z
                near += 1 if dx * dx + dy * dy + dz * dz < square else 0
            if near:
                marks[block] = 1
                band[0] = min(band[0], first)
                band[1] = max(band[1], last)


@fast_kernel
def mark_corridor(
    cells: NDArray[np.float32],
    forward: NDArray[np.float32],
    backward: NDArray[np.float32],
    fraction: float,
    live: NDArray[np.uint8],
    bands: NDArray[np.int32],
) -> None:
    """Mark the live blocks and the band they lie in.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward, backward : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        From `fill_forward` and `fill_backward`.
    fraction : float
        Least value of a path through a live cell relative to the best one.
    live : ndarray, shape=(ceil(L1 / 4), ceil(L2 / 16)), dtype=uint8
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        Both written.
    """
    rows, columns = cells.shape
    least = forward[rows, columns] * np.float32(fraction)
    live[:] = 0
    bands[:, 0] = columns
    bands[:, 1] = 0
    for i in range(rows):
        scores, before, after = cells[i], forward[i], backward[i + 1]
        marks = live[i // BLOCK_ROWS]
        for block in range(live.shape[1]):
            first = block * BLOCK_COLUMNS
            reached = 0
            for j in range(first, min(columns, first + BLOCK_COLUMNS)):
                through = before[j] + max(scores[j], ZERO) + after[j + 1]
                reached += 1 if through >= least and scores[j] > LEAST_CELL else 0
            if reached:
                marks[block] = 1
                band = bands[i // BLOCK_ROWS]
                band[0] = min(band[0], first)
                band[1] = max(band[1], min(columns, first + BLOCK_COLUMNS))
