"""Compute the slowest mode of a random walk on a graph.

Along this mode the parts with the fewest contacts between them are farthest apart. It is the second eigenvector of
D⁻¹W, where W are the weights of the graph's edges and D their sums per node. Lanczos iteration on the inverse of
(1 + shift) - D⁻¹W finds it. A narrow Cholesky factor applies this inverse.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["by_distance", "slowest_mode"]

SHIFT = 1e-4
"""The inverted matrix is (1 + shift) minus the walk.

1 is the walk's largest eigenvalue, and those of its slowest modes are near 1.
"""
MOST_STEPS, STEPS_PER_CHECK = 120, 6
"""Most Lanczos steps, and the number of steps between two checks for convergence; 12 to 30 steps mostly suffice."""
RESIDUAL = 1e-11
"""Largest relative residual of a converged mode."""
GOLDEN = 0.6180339887498949
"""Start of the iteration: the fractional parts of its multiples are spread evenly and favour no mode."""


@checked_kernel
def by_distance(start: NDArray[np.int32], neighbour: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the residues in the order of a breadth-first search, and the number of the piece each belongs to.

    The search starts at the far end of each piece; pieces are numbered along the chain. Residues in contact come close
    together, so that the matrix of contacts has a narrow band in this order (Cuthill & McKee).
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
        # The last residue that any search reaches is at an end of the piece: the second search starts there.
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
    """Return the second right eigenvector of the walk D⁻¹W on a connected graph.

    Edges from a residue to itself do not count. The Lanczos steps use the inverse of (1 + shift) - D^-½ W D^-½ and stay
    orthogonal to its known first eigenvector. They are written out here so that no library decides between equal modes.
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
    upper, lower, end = _factor(walked, place, scale, start, neighbour, weight)

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
        _solve(upper, lower, end, following)
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
    """Subtract from a vector its components along `known` and along the first `vectors` rows of the basis."""
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
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Compute the Cholesky factor U of the shifted walk UᵀU, with the residues in the order walked.

    Row j is subtracted, times each of its entries, from the rows below it as soon as it is known. So the inner loops
    run along rows. An entry gets the same terms in the same order as in a sum of products.

    Returns
    -------
    upper : ndarray, shape=(n, width), dtype=float64
        Entry (j, k) of U at [j, k - j].
    lower : ndarray, shape=(n, width), dtype=float64
        The same entry at [k, width - 1 + j - k], so that columns of U are contiguous too.
    end : ndarray, shape=(n,), dtype=int64
        First column after the nonzero entries of each row of U; it never falls.
    """
    size = len(walked)
    end = np.empty(size, np.int64)
    for j in range(size):
        end[j] = j + 1
    for i in range(size):
        first = i
        for entry in range(start[walked[i]], start[walked[i] + 1]):
            first = min(first, place[neighbour[entry]])
        end[first] = max(end[first], i + 1)
    width = 1
    for j in range(size):
        if j > 0:
            end[j] = max(end[j], end[j - 1])
        width = max(width, end[j] - j)
    upper = np.zeros((size, width), np.float64)
    for i in range(size):
        upper[i, 0] = 1.0 + SHIFT
        for entry in range(start[walked[i]], start[walked[i] + 1]):
            j = place[neighbour[entry]]
            if j < i:
                upper[j, i - j] -= weight[entry] * scale[i] * scale[j]
    lower = np.zeros((size, width), np.float64)
    for j in range(size):
        row = upper[j, : end[j] - j]
        row[0] = np.sqrt(row[0])
        for k in range(1, len(row)):
            row[k] /= row[0]
        for k in range(len(row)):
            lower[j + k, width - 1 - k] = row[k]
        for i in range(1, len(row)):
            along = row[i]
            if along != 0.0:
                tail = row[i:]
                below = upper[j + i, : len(tail)]
                for k in range(len(tail)):
                    below[k] -= along * tail[k]
    return upper, lower, end


@checked_kernel
def _solve(
    upper: NDArray[np.float64], lower: NDArray[np.float64], end: NDArray[np.int64], vector: NDArray[np.float64]
) -> None:
    """Replace the vector by the solution x of (UᵀU) x = vector, with what `_factor` returns."""
    size, width = upper.shape
    for j in range(size):
        vector[j] /= upper[j, 0]
        known = vector[j]
        row, rest = upper[j, 1 : end[j] - j], vector[j + 1 : end[j]]
        for k in range(len(row)):
            rest[k] -= row[k] * known
    for i in range(size - 1, -1, -1):
        vector[i] /= upper[i, 0]
        known = vector[i]
        first = max(0, i - width + 1)
        column, rest = lower[i, width - 1 + first - i : width - 1], vector[first:i]
        for k in range(len(column)):
            rest[k] -= column[k] * known
