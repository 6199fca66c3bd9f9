"""Find the cheapest cut between two residues: of all stretches that hold one of them, the one with fewest contacts.

A cut takes a stretch of n residues out of a chain of L residues. Its cost is the number of contacts that it cuts,
divided by a power of the sizes of both sides::

    cost = contacts / (n (L - n))^0.43

The exponent is that of Alexandrov and Shindyalov (*Bioinformatics* 2003, 19:429-430).

Two residues of one domain can be separated only by a cut through that domain, and that is expensive. Both a stretch
that holds the first of them alone, and one that holds the second alone, separate them.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["cheapest_cuts"]

EXPONENT = 0.43
"""Growth of the contacts between two parts with their sizes."""
SHORTEST_STRETCH = 20
"""Least number of residues on either side of a cut."""


@checked_kernel
def cheapest_cuts(contacts: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Compute the cost of the cheapest cut between any two residues.

    Parameters
    ----------
    contacts : ndarray, shape=(L, L), dtype=bool
        Symmetric; True where two residues touch.

    Returns
    -------
    ndarray, shape=(L, L), dtype=float32
        Symmetric; infinite where no stretch is long enough.
    """
    length = contacts.shape[0]
    # contacts between the stretch first..last and the rest; a stretch longer than it may be has no cost
    cost = np.full((length, length), np.inf, np.float32)
    degree = np.zeros(length, np.int64)
    before = np.zeros((length + 1, length), np.int32)  # contacts of a residue with residues up to a place
    for i in range(length):
        for j in range(length):
            before[j + 1, i] = before[j, i] + contacts[i, j]
        degree[i] = before[length, i]
    for first in range(length):
        cut = 0
        for last in range(first, length):
            within = before[last, last] - before[first, last]
            cut += degree[last] - 2 * within
            size = last - first + 1
            if size >= SHORTEST_STRETCH and length - size >= SHORTEST_STRETCH:
                cost[first, last] = cut / (size * (length - size)) ** EXPONENT
    cheapest = np.full((length, length), np.inf, np.float32)
    # stretches that hold i but not j > i: they begin at i or before, and end from i to j - 1
    best = np.full(length, np.inf, np.float32)
    for i in range(length):
        for last in range(i, length):
            best[last] = min(best[last], cost[i, last])
        least = np.float32(np.inf)
        for j in range(i + 1, length):
            least = min(least, best[j - 1])
            cheapest[i, j] = min(cheapest[i, j], least)
    # stretches that hold j but not i < j: they begin from i + 1 to j, and end at j or behind
    best[:] = np.inf
    for j in range(length - 1, -1, -1):
        for first in range(j + 1):
            best[first] = min(best[first], cost[first, j])
        least = np.float32(np.inf)
        for i in range(j - 1, -1, -1):
            least = min(least, best[i + 1])
            cheapest[i, j] = min(cheapest[i, j], least)
    for i in range(length):
        for j in range(i):
            cheapest[i, j] = cheapest[j, i]
    return cheapest
