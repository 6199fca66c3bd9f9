"""Compute the second axis of a correspondence analysis of residue contacts, as DaliLite does.

Reciprocal averaging (Hill, *Applied Statistics* 1974, 23:340-354) replaces every residue's score by the mean of its
neighbours' scores, twice per cycle. After many cycles the scores converge to the slowest mode of a random walk on the
contacts. Along that mode the parts with the fewest contacts between them are farthest apart.

DaliLite v5 stops after a hundred cycles, before the scores have converged. It also starts from equal scores. So the
second axis grows out of the rounding errors of the first axis, whose scores should be equal as well. This module
therefore repeats DaliLite's arithmetic bit by bit: in single precision, summed in the order of the rows. Another order
gives other folding units.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["second_axis"]

FIRST_START = 0.5
"""Score of every residue along the first axis, before the first cycle."""
SECOND_START = 0.183564663
"""The same for the second axis: the value of GNU Fortran's ``rand`` for the seed of DaliLite, 1234567811."""
CYCLES = 100
"""Most cycles."""
CONVERGED = 1e-5
"""Relative change of the length of the score vector in a cycle; a smaller change ends the iteration."""
FLOOR = 1e-9
"""Added to the squared length before the scores are divided by the length."""


@checked_kernel
def second_axis(
    start: NDArray[np.int32], neighbour: NDArray[np.int32], weight: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return the scores of the residues along the second axis.

    Parameters
    ----------
    start, neighbour, weight : ndarray
        Contacts in compressed sparse rows. They include each residue's own atoms, so that no row has the sum 0.

    Returns
    -------
    ndarray, shape=(n,), dtype=float32
    """
    size = len(start) - 1
    weights = weight.astype(np.float32)
    sums = np.empty(size, np.float32)
    for i in range(size):
        total = np.float32(0)
        for entry in range(start[i], start[i + 1]):
            total += weights[entry]
        sums[i] = total
    nothing = np.zeros(0, np.float32)
    first = _axis(FIRST_START, nothing, start, neighbour, weights, sums)
    return _axis(SECOND_START, first, start, neighbour, weights, sums)


@checked_kernel
def _axis(
    level: float,
    known: NDArray[np.float32],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weights: NDArray[np.float32],
    sums: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the scores of one axis, which all start at `level`.

    After every cycle their component along the known axis is subtracted; an empty `known` means no known axis.
    """
    size = len(sums)
    scores = np.full(size, np.float32(level))
    means = np.empty(size, np.float32)
    before = np.float32(0)
    for cycle in range(CYCLES + 1):
        if cycle > 0:
            _average(scores, start, neighbour, weights, sums, means)
            _average(means, start, neighbour, weights, sums, scores)
        if len(known) > 0:
            along = np.float32(0)
            for i in range(size):
                along += scores[i] * known[i]
            for i in range(size):
                scores[i] -= along * known[i]
        squares = np.float32(FLOOR)
        for i in range(size):
            squares += scores[i] * scores[i]
        length = np.sqrt(squares)
        for i in range(size):
            scores[i] /= length
        if cycle > 0 and abs(length - before) / length < np.float32(CONVERGED):
            break
        before = length
    return scores


@checked_kernel
def _average(
    scores: NDArray[np.float32],
    start: NDArray[np.int32],
    neighbour: NDArray[np.int32],
    weights: NDArray[np.float32],
    sums: NDArray[np.float32],
    means: NDArray[np.float32],
) -> None:
    """Fill `means` with the weighted mean of the scores of every residue's neighbours."""
    for i in range(len(sums)):
        total = np.float32(0)
        for entry in range(start[i], start[i + 1]):
            total += weights[entry] * scores[neighbour[entry]]
        means[i] = total / sums[i]
