"""Superpose a template on the part of a model that it is aligned with.

A hit's own superposition fits all of its pairs. Where the alignment reaches beyond a domain, it is wrong for that
domain. So the report fits again, on the pairs inside the domain (Kabsch, *Acta Cryst. A* 1976, 32:922-923).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST_PAIRS", "Fit", "given_rmsd", "refit"]

FEWEST_PAIRS = 4
"""Smallest number of pairs that are superposed."""
DIGITS = 6
"""Decimals of the rotation and the shift."""


class Fit(NamedTuple):
    """A superposition: R x + t brings a point x of the template (Å) onto the model.

    Attributes
    ----------
    rotation : ndarray, shape=(3, 3)
    shift : ndarray, shape=(3,)
        Å.
    rmsd : float
        Root mean square distance of the pairs in Å.
    """

    rotation: NDArray[np.float64]
    shift: NDArray[np.float64]
    rmsd: float

    def moved(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return points, shape (…, 3), in the model's place."""
        return np.asarray(points, np.float64) @ self.rotation.T + self.shift


def refit(moving: NDArray[np.floating], fixed: NDArray[np.floating]) -> Fit:
    """Fit points on others by least squares.

    Parameters
    ----------
    moving, fixed : ndarray, shape=(n, 3)
        Paired points in Å, n >= 3.
    """
    moving, fixed = np.asarray(moving, np.float64), np.asarray(fixed, np.float64)
    start, end = moving.mean(axis=0), fixed.mean(axis=0)
    left, _, right = np.linalg.svd((fixed - end).T @ (moving - start))
    # the best rotation, not a mirror image
    turn = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation = np.round(left @ turn @ right, DIGITS)
    shift = np.round(end - rotation @ start, DIGITS)
    return Fit(rotation, shift, _rmsd(moving @ rotation.T + shift, fixed))


def given_rmsd(
    rows: tuple[str, str, str], translation: str, moving: NDArray[np.floating], fixed: NDArray[np.floating]
) -> float | None:
    """Return the RMSD (Å) of pairs with the aligner's own superposition, as its file has it; None if it has none."""
    if "na" in (*rows, translation):
        return None
    rotation = np.array([[float(number) for number in row.split(",")] for row in rows])
    shift = np.array([float(number) for number in translation.split(",")])
    return _rmsd(np.asarray(moving, np.float64) @ rotation.T + shift, fixed)


def _rmsd(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    return float(np.sqrt(((one - other) ** 2).sum(axis=1).mean()))
