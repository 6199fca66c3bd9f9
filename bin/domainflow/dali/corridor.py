"""The part of the cells that good paths run through; only there later rounds compute anything.

The best free path through cell (i, j) has the value forward H[i, j] + max(M[i, j], 0) + backward H[i + 1, j + 1]. A
block of cells is live if that of any of its cells comes close to the best path's. On aligned pairs the cells of the
final alignment had at least 0.986 of the best value, while one block in six was live.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.cells import BLOCK_COLUMNS, BLOCK_ROWS
from domainflow.dali.kernels import fast_kernel

__all__ = ["mark_corridor"]

LEAST_CELL = np.float32(-2.0)
"""A cell that scores less does not make its block live."""
ZERO = np.float32(0)


@fast_kernel
def mark_corridor(
    cells: NDArray[np.float32],
    forward: NDArray[np.float32],
    backward: NDArray[np.float32],
    fraction: float,
    live: NDArray[np.uint8],
) -> None:
    """Mark the live blocks.

    Parameters
    ----------
    cells : ndarray, shape=(L1, L2), dtype=float32
    forward, backward : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        From `fill_forward` and `fill_backward`.
    fraction : float
        Least value of a path through a live cell relative to the best one.
    live : ndarray, shape=(ceil(L1 / 2), ceil(L2 / 16)), dtype=uint8
        Written.
    """
    rows, columns = cells.shape
    least = forward[rows, columns] * np.float32(fraction)
    live[:] = 0
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
