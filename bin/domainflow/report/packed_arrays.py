"""Pack coordinates and matrices of residue pairs as short texts that a browser unpacks without a library.

A matrix is not packed as a picture: browsers that guard against fingerprinting give noise when a page reads pixels.
PAE is shown in uneven steps, which are fine where PAE is small.
"""

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.thinned import thinned

__all__ = ["PAE_LEVELS", "PROBABILITY_LEVELS", "packed_coordinates", "packed_matrix", "packed_pae"]

PAE_SIDE = 512
"""Largest number of cells a side of a PAE map."""
PAE_LEVELS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 23, 26, 29, 31)
"""Å."""
PROBABILITY_LEVELS = tuple(round(0.05 * number, 2) for number in range(21))
UNIT = 0.01
"""Å; doubled until all coordinates fit."""
LARGEST = 32_000
CA, O = 1, 3  # noqa: E741
"""Places of the atoms that a cartoon needs, among N, CA, C and O."""


def packed_coordinates(backbone: NDArray[np.floating]) -> dict[str, Any]:
    """Pack CA and O of a backbone, shape (L, 4, 3) in Å, as whole multiples of a unit around a middle."""
    atoms = np.asarray(backbone, np.float64)[:, [CA, O]]
    middle = np.round(atoms[:, 0].mean(axis=0), 3)
    moved, unit = atoms - middle, UNIT
    while np.abs(moved).max() / unit > LARGEST:
        unit *= 2
    whole = np.rint(moved / unit).astype("<i2")
    return {"unit": unit, "middle": middle.tolist(), "xyz": base64.b64encode(whole.tobytes()).decode()}


def packed_pae(pae: NDArray[np.floating]) -> dict[str, Any]:
    """Pack PAE, shape (L, L) in Å, thinned to `PAE_SIDE` cells."""
    cells, k = thinned(pae, PAE_SIDE)
    return packed_matrix(cells, k, PAE_LEVELS)


def packed_matrix(cells: NDArray[np.floating], k: int, levels: tuple[float, ...]) -> dict[str, Any]:
    """Pack the means over cells of k x k pairs as indices of the closest levels.

    Each row is written as differences to the row above, modulo 256, which deflate better.
    """
    bounds = (np.array(levels[1:]) + np.array(levels[:-1])) / 2
    places = np.searchsorted(bounds, cells).astype(np.uint8)
    differences = np.diff(places, axis=0, prepend=np.zeros((1, len(places)), np.uint8))
    data = base64.b64encode(zlib.compress(differences.tobytes(), 9)).decode()
    return {"side": len(cells), "cell": k, "levels": list(levels), "data": data}
