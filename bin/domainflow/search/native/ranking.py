"""The order of a list of hits in which a small domain does not wait for a large one's hits to end.

Walking the hits by rank score, the depth of a hit is how many better ones lie on its query residues (the median over
them). Hits of depth 0 to 9 are level 0, 10 to 19 level 1, and so on: the list goes by level, then by rank score, so
that the ten best hits of every part of the query come before the eleventh of any.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["levels"]

HITS_PER_LEVEL = 10


@exact_kernel
def levels(first: NDArray[np.int64], last: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Level of each hit.

    Parameters
    ----------
    first, last : ndarray, shape=(K,), dtype=int64
        0-based query residues of the hits, both inclusive, best rank score first.
    length : int
        Residues of the query.

    Returns
    -------
    ndarray, shape=(K,), dtype=int64
    """
    depth = np.zeros(length, np.int64)
    found = np.empty(first.shape[0], np.int64)
    for hit in range(first.shape[0]):
        covered = np.sort(depth[first[hit] : last[hit] + 1])
        # The lower one of two middle values.
        found[hit] = covered[(covered.shape[0] - 1) // 2] // HITS_PER_LEVEL
        for residue in range(first[hit], last[hit] + 1):
            depth[residue] += 1
    return found
