"""Tell whether the B factors of a model are its predicted confidence (pLDDT).

Predictors write pLDDT in the place of the B factor: one value a residue (AlphaFold 2, ColabFold, ESMFold), or one an
atom (AlphaFold 3, Boltz, Chai). B factors of experiments differ from atom to atom.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.protein import Protein

__all__ = ["meaning_of_b_factors", "plddt_of"]

LARGEST_PLDDT = 100.0
SCALES = {"pLDDT": 1.0, "pLDDT/100": 100.0}
"""Factors that make pLDDT of 0 to 100 from B factors, by their meaning."""
SHARE_OF_CONSTANT = 0.95
"""Share of the residues with several atoms that have one value for all of them in models with pLDDT for residues."""


def meaning_of_b_factors(pdb: str, is_predicted: bool) -> str:
    """Return ``pLDDT`` (0 to 100), ``pLDDT/100`` (0 to 1), ``B factor``, or ``none`` if all are equal.

    Parameters
    ----------
    pdb : str
        Text of a prepared model.
    is_predicted : bool
        True if PAE came with the model: then values up to 100 are pLDDT, for residues or for atoms.
    """
    lines = pdb.splitlines()
    values = np.array([float(line[60:66]) for line in lines])
    residues = np.array([int(line[22:26]) for line in lines])
    if not len(values) or np.ptp(values) == 0:
        return "none"
    if values.min() < 0 or values.max() > LARGEST_PLDDT or not (is_predicted or _constant(values, residues)):
        return "B factor"
    return "pLDDT" if values.max() > 1 else "pLDDT/100"


def plddt_of(protein: Protein) -> NDArray[np.float64] | None:
    """Return pLDDT (0 to 100) of each CA atom, shape (L,), or None if B factors are something else."""
    if protein.confidence not in SCALES:
        return None
    values = [float(line[60:66]) for line in protein.pdb.splitlines() if line[12:16] == " CA "]
    return SCALES[protein.confidence] * np.array(values)


def _constant(values: np.ndarray, residues: np.ndarray) -> bool:
    """Return whether nearly all residues have the same value for all of their atoms."""
    starts = np.flatnonzero(np.diff(residues, prepend=residues[0] - 1))
    lowest, highest = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    return bool(np.mean(lowest == highest) >= SHARE_OF_CONSTANT)
