"""Residues along the second axis of a correspondence analysis of their contacts, as DaliLite computes it.

Reciprocal averaging (Hill, *Applied Statistics* 1974, 23:340-354) gives every residue the mean of its neighbours'
scores, twice a cycle; what is left after many cycles lies along the slowest mode of a random walk on the contacts,
where the parts that touch least are farthest apart. DaliLite v5 stops after a hundred cycles, before that mode has won,
and starts from equal numbers: the scores grow out of the rounding errors of the first axis, whose scores should be
equal, too. So its numbers are followed to the bit, in single precision and summed in the order of the rows; with
another order the units are others.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["second_axis"]

FIRST_START = 0.5
"""Score of every residue along the first axis, before the first cycle."""
SECOND_START = 0.183564663
"""The same for the second axis: what ``rand`` of the GNU Fortran library gives for the seed of DaliLite, 1234567811."""
CYCLES = 100
"""Cycles at most."""
CONVERGED = 1e-5
"""Relative change of the scores' length in a cycle; smaller ones end the iteration."""
FLOOR = 1e-9
"""Added to the squared length that scores are divided by."""


@checked_kernel
def second_axis(
    start: NDArray[np.int32], neighbour: NDArray[np.int32], weight: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Scores of the residues along the second axis.

    Parameters
    ----------
    start, neighbour, weight : ndarray
        Contacts in compressed rows, each residue's own atoms among them, so that no row's sum is 0.

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
    """Scores that begin at a level; what they have of a known axis (none: empty) is taken out after every cycle."""
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
    """Fill `means` with the weighted mean of every residue's neighbours."""
    for i in range(len(sums)):
        total = np.float32(0)
        for entry in range(start[i], start[i + 1]):
            total += weights[entry] * scores[neighbour[entry]]
        means[i] = total / sums[i]
