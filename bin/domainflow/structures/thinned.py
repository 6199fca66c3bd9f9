"""Thin a square matrix of residue pairs to a number of cells that a picture can show."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["thinned"]


def thinned(matrix: NDArray[np.floating], most: int) -> tuple[NDArray[np.float64], int]:
    """Return the means over cells of k x k pairs, with the smallest k that leaves at most `most` cells a side.

    Parameters
    ----------
    matrix : ndarray, shape=(L, L)
    most : int
        Largest number of cells a side.

    Returns
    -------
    cells : ndarray, shape=(n, n), dtype=float64
        n = ceil(L / k). The last cells of a row or column are means over the pairs that are left.
    k : int
    """
    length = len(matrix)
    k = max(1, -(-length // most))
    if k == 1:
        return np.asarray(matrix, np.float64), 1
    starts = np.arange(0, length, k)
    sums = np.add.reduceat(np.add.reduceat(np.asarray(matrix, np.float64), starts, axis=0), starts, axis=1)
    sizes = np.diff(np.append(starts, length))
    return sums / np.outer(sizes, sizes), k
