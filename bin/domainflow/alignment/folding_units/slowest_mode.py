"""The slowest mode of a random walk on a graph: along it the parts that touch least lie farthest apart.

It is the second eigenvector of D⁻¹W, W the weights of the graph's edges and D their sums, found by Lanczos iteration on
the inverse of (1 + shift) - D⁻¹W, which a narrow Cholesky factor gives.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["by_distance", "slowest_mode"]

SHIFT = 1e-4
"""How far above the walk's largest eigenvalue, 1, it is inverted to find its slowest modes."""
MOST_STEPS, STEPS_PER_CHECK = 120, 6
"""Lanczos steps towards the slowest mode, and after how many each to see whether they suffice; 12 to 30 mostly do."""
RESIDUAL = 1e-11
"""Relative; the mode is good enough."""
GOLDEN = 0.6180339887498949
"""Fractional parts of its multiples are spread evenly and favour no mode: they start the iteration."""


@checked_kernel
def by_distance(start: NDArray[np.int32], neighbour: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Residues as a search from the far end of the graph meets them, and the piece each is in, counted along the chain.

    Residues in contact come close together, so that the matrix of contacts is narrow in this order (Cuthill & McKee).
    """
    size = len(start) - 1
    piece = np.full(size, -1, np.int64)
    walked = np.empty(size, np.int64)
    met = 0
    pieces = 0
    for first in range(size):
        if piece[first] >= 0:
            continue
        opening, source = met, first
        # the last residue met from anywhere is at an end: the second search starts there
        for search in range(2):
            met = opening
            mark = -2 - 2 * pieces - search if search == 0 else pieces
            walked[met], piece[source] = source, mark
            met += 1
            looking = opening
            while looking < met:
                here = walked[looking]
                looking += 1
                for entry in range(start[here], start[here + 1]):
                    if piece[neighbour[entry]] != mark:
                        piece[neighbour[entry]] = mark
                        walked[met] = neighbour[entry]
                        met += 1
            source = walked[met - 1]
        pieces += 1
    return walked, piece


@checked_kernel
def slowest_mode(
    walked: NDArray[np.int64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Second right eigenvector of the walk D⁻¹W on a connected graph; written out, so that no library decides on ties.

    Edges from a residue to itself do not count. Lanczos steps with the inverse of (1 + shift) - D^-½ W D^-½, orthogonal
    to its known first eigenvector.
    """
    size = len(walked)
    place = np.empty(size, np.int64)
    for i in range(size):
        place[walked[i]] = i
    scale = np.empty(size, np.float64)
    known = np.empty(size, np.float64)
    for i in range(size):
        degree = 0.0
        for entry in range(start[walked[i]], start[walked[i] + 1]):
            if neighbour[entry] != walked[i]:
                degree += weight[entry]
        scale[i], known[i] = 1.0 / np.sqrt(degree), np.sqrt(degree)
    known /= np.sqrt((known * known).sum())
    row, factor = _factor(walked, place, scale, start, neighbour, weight)

    most = min(MOST_STEPS, size - 1)
    basis = np.zeros((most + 1, size), np.float64)
    diagonal = np.zeros(most, np.float64)
    beside = np.zeros(most, np.float64)
    for i in range(size):
        basis[0, i] = ((walked[i] + 1) * GOLDEN) % 1.0 - 0.5
    _make_orthogonal(basis[0], known, basis, 0)
    basis[0] /= np.sqrt((basis[0] * basis[0]).sum())
    mode = basis[0].copy()
    for step in range(most):
        following = basis[step].copy()
        _solve(row, factor, following)
        diagonal[step] = (following * basis[step]).sum()
        _make_orthogonal(following, known, basis, step + 1)
        beside[step] = np.sqrt((following * following).sum())
        last = step == most - 1 or beside[step] < RESIDUAL * diagonal[0]
        if last or (step + 1) % STEPS_PER_CHECK == 0:
            small = np.zeros((step + 1, step + 1), np.float64)
            for i in range(step + 1):
                small[i, i] = diagonal[i]
                if i < step:
                    small[i, i + 1] = small[i + 1, i] = beside[i]
            values, vectors = np.linalg.eigh(small)
            if last or beside[step] * abs(vectors[step, step]) < RESIDUAL * values[step]:
                mode[:] = 0.0
                for i in range(step + 1):
                    mode += vectors[i, step] * basis[i]
                break
        basis[step + 1] = following / beside[step]
    found = np.empty(size, np.float64)
    for i in range(size):
        found[walked[i]] = mode[i] * scale[i]
    return found


@checked_kernel
def _make_orthogonal(
    vector: NDArray[np.float64], known: NDArray[np.float64], basis: NDArray[np.float64], vectors: int
) -> None:
    """Take out of a vector its parts along the known one and the first of the basis."""
    size = len(vector)
    for i in range(-1, vectors):
        other = basis[i] if i >= 0 else known
        along = 0.0
        for k in range(size):
            along += vector[k] * other[k]
        for k in range(size):
            vector[k] -= along * other[k]


@checked_kernel
def _factor(
    walked: NDArray[np.int64],
    place: NDArray[np.int64],
    scale: NDArray[np.float64],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cholesky factor of the shifted walk, in the order walked: rows from their first entry to the diagonal.

    Returns
    -------
    row : ndarray, shape=(n + 1,), dtype=int64
        Where each row begins; it ends at the diagonal.
    factor : ndarray, dtype=float64
    """
    size = len(walked)
    row = np.zeros(size + 1, np.int64)
    for i in range(size):
        first = i
        for entry in range(start[walked[i]], start[walked[i] + 1]):
            first = min(first, place[neighbour[entry]])
        row[i + 1] = row[i] + i - first + 1
    factor = np.zeros(row[size], np.float64)
    for i in range(size):
        end = row[i + 1] - 1  # of the diagonal; column j is at end - i + j
        factor[end] = 1.0 + SHIFT
        for entry in range(start[walked[i]], start[walked[i] + 1]):
            j = place[neighbour[entry]]
            if j < i:
                factor[end - i + j] -= weight[entry] * scale[i] * scale[j]
        first = i - (end - row[i])
        for j in range(first, i + 1):
            here, there = end - i, row[j + 1] - 1 - j
            total = factor[here + j]
            for k in range(max(first, j - (row[j + 1] - 1 - row[j])), j):
                total -= factor[here + k] * factor[there + k]
            factor[here + j] = total / factor[there + j] if j < i else np.sqrt(total)
    return row, factor


@checked_kernel
def _solve(row: NDArray[np.int64], factor: NDArray[np.float64], vector: NDArray[np.float64]) -> None:
    """Put the solution of (factor factorᵀ) x = vector in the vector's place."""
    size = len(vector)
    for i in range(size):
        end = row[i + 1] - 1
        total = vector[i]
        for entry in range(row[i], end):
            total -= factor[entry] * vector[i - end + entry]
        vector[i] = total / factor[end]
    for i in range(size - 1, -1, -1):
        end = row[i + 1] - 1
        vector[i] /= factor[end]
        for entry in range(row[i], end):
            vector[i - end + entry] -= factor[entry] * vector[i]
