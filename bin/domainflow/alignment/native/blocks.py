"""Find the gapless blocks of an alignment: runs of pairs whose residues follow one another in both chains."""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["block_after", "block_bounds", "block_end", "is_joined"]


@exact_kernel
def block_after(pairs: NDArray[np.int32], residue: int) -> int:
    """Return the place of the first block that begins after a residue of the query."""
    place = 0
    while place < pairs.shape[1] and pairs[0, place] <= residue:
        place = block_end(pairs, place)
    return place


@exact_kernel
def block_bounds(pairs: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the places at which gapless blocks begin, followed by the number of pairs."""
    bounds = np.empty(pairs.shape[1] + 1, np.int64)
    blocks = 0
    for place in range(pairs.shape[1]):
        if place == 0 or not is_joined(pairs, place):
            bounds[blocks] = place
            blocks += 1
    bounds[blocks] = pairs.shape[1]
    return bounds[: blocks + 1]


@exact_kernel
def block_end(pairs: NDArray[np.int32], first: int) -> int:
    """Return the place after the gapless block that holds pair `first`."""
    place = first + 1
    while place < pairs.shape[1] and is_joined(pairs, place):
        place += 1
    return min(place, pairs.shape[1])


@exact_kernel
def is_joined(pairs: NDArray[np.int32], place: int) -> bool:
    """Return whether a pair continues the block of the pair before it."""
    return pairs[0, place] == pairs[0, place - 1] + 1 and pairs[1, place] == pairs[1, place - 1] + 1
