"""A first alignment from a rigid transform: residues that come to lie near each other.

    M[i, j] = 1 - d_ij² / r²,   d_ij the CA distance after the transform

The best path through M superposes the chains anew, with a smaller r the second time.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.dynamic_programming import free_path
from domainflow.dali.kernels import fast_kernel
from domainflow.dali.superposition import superpose, transform
from domainflow.dali.workspace import Workspace

__all__ = ["align_rigidly"]

FIRST_RADIUS, LAST_RADIUS = 8.0, 7.0
"""Å; r of both rounds."""
FEWEST_PAIRS = 6
ONE = np.float32(1)


@fast_kernel
def align_rigidly(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    rotation: NDArray[np.float64],
    translation: NDArray[np.float64],
    space: Workspace,
) -> NDArray[np.int32]:
    """Pairs of residues that a transform brings together.

    Parameters
    ----------
    query, template : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å.
    rotation : ndarray, shape=(3, 3), dtype=float64
    translation : ndarray, shape=(3,), dtype=float64
        Template onto query, Å.
    space : Workspace
        All blocks live.

    Returns
    -------
    ndarray, shape=(2, n), dtype=int32
    """
    _nearness(query, transform(template, rotation, translation), FIRST_RADIUS, space.cells)
    pairs = free_path(space.cells, space.forward, space.bands)
    if pairs.shape[1] < FEWEST_PAIRS:
        return pairs
    fixed, moving = np.empty((pairs.shape[1], 3), np.float32), np.empty((pairs.shape[1], 3), np.float32)
    for k in range(pairs.shape[1]):
        for axis in range(3):
            fixed[k, axis] = query[pairs[0, k], axis]
            moving[k, axis] = template[pairs[1, k], axis]
    turned, shifted, _ = superpose(fixed, moving)
    _nearness(query, transform(template, turned, shifted), LAST_RADIUS, space.cells)
    return free_path(space.cells, space.forward, space.bands)


@fast_kernel
def _nearness(
    query: NDArray[np.float32], template: NDArray[np.float32], radius: float, cells: NDArray[np.float32]
) -> None:
    """Fill M for CA atoms of shapes (L1, 3) and (3, L2)."""
    scale = np.float32(1.0 / (radius * radius))
    across, along, up = template[0], template[1], template[2]
    for i in range(query.shape[0]):
        x, y, z = query[i, 0], query[i, 1], query[i, 2]
        row = cells[i]
        for j in range(across.shape[0]):
            dx, dy, dz = across[j] - x, along[j] - y, up[j] - z
            row[j] = ONE - (dx * dx + dy * dy + dz * dz) * scale
