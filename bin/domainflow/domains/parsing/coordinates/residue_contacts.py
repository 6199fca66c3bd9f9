"""Compute where CB atoms are and which residues touch, from the backbone alone.

Every residue has a CB at the place that ideal geometry gives it, glycine too. So models with and without side chains
give the same numbers.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["CONTACT_DISTANCE", "CONTACT_SEPARATION", "cbeta_distances", "contact_matrix", "ideal_cbeta"]

FROM_BONDS = (-0.58273431, 0.56802827, -0.54067466)
"""Weights of (CA - N) x (C - CA), CA - N and C - CA in CB - CA of an ideal L amino acid, bonds and angles as usual."""
CONTACT_DISTANCE = 8.0
"""CB distance in Å up to which two residues touch."""
CONTACT_SEPARATION = 4
"""Least separation in sequence of two residues that touch."""


def ideal_cbeta(backbone: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the ideal CB of every residue.

    Parameters
    ----------
    backbone : ndarray, shape=(L, 4, 3)
        N, CA, C, O in Å.

    Returns
    -------
    ndarray, shape=(L, 3), dtype=float64
        Å.
    """
    nitrogen, alpha, carbon = (np.asarray(backbone[:, atom], np.float64) for atom in range(3))
    first, second = alpha - nitrogen, carbon - alpha
    across, along_first, along_second = FROM_BONDS
    return alpha + across * np.cross(first, second) + along_first * first + along_second * second


@checked_kernel
def cbeta_distances(cbeta: NDArray[np.float64]) -> NDArray[np.float32]:
    """Compute the distances of all pairs of points; shape (L, L), Å, single precision."""
    length = cbeta.shape[0]
    distances = np.zeros((length, length), np.float32)
    for i in range(length):
        for j in range(i + 1, length):
            dx, dy, dz = cbeta[i, 0] - cbeta[j, 0], cbeta[i, 1] - cbeta[j, 1], cbeta[i, 2] - cbeta[j, 2]
            distances[i, j] = distances[j, i] = np.sqrt(dx * dx + dy * dy + dz * dz)
    return distances


def contact_matrix(distances: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Mask of the pairs that touch; symmetric, shape (L, L)."""
    length = len(distances)
    places = np.arange(length)
    return (distances < CONTACT_DISTANCE) & (np.abs(places[:, None] - places) >= CONTACT_SEPARATION)
