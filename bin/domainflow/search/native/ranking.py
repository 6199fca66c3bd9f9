"""Order hits so that those of a small domain do not come after all hits of a large one.

The depth of a hit is the number of better hits, by rank score, on its query residues (the median over them). Hits of
depth 0 to 9 have level 0, hits of depth 10 to 19 level 1, and so on. The list is sorted by level, then by rank score.
So the ten best hits of every part of the query come before the eleventh hit of any part.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["levels"]

HITS_PER_LEVEL = 10


@exact_kernel
def levels(first: NDArray[np.int64], last: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Return the level of each hit.

    Parameters
    ----------
    first, last : ndarray, shape=(K,), dtype=int64
        First and last query residue of each hit, 0-based, both included; hits with the best rank score first.
    length : int
        Number of residues of the query.

    Returns
    -------
    ndarray, shape=(K,), dtype=int64
    """
    depth = np.zeros(length, np.int64)
    found = np.empty(first.shape[0], np.int64)
    for hit in range(first.shape[0]):
        covered = np.sort(depth[first[hit] : last[hit] + 1])
        # The median; the lower one of two middle values, so that it is a whole number.
        found[hit] = covered[(covered.shape[0] - 1) // 2] // HITS_PER_LEVEL
        for residue in range(first[hit], last[hit] + 1):
            depth[residue] += 1
    return found
