"""Detect disordered residues: windows with few contacts and little evidence (DPAM step 12).

Two residues are in contact if they are at least 10 apart in sequence and have a PAE below 12 Å. They must not be in the
same secondary structure element. A contact counts for a residue if its *partner* is in an element. A window of 10
residues is disordered if its residues inside elements have at most 30 contacts, and if evidence covers at most 5 of its
residues. All numbers are those of v2 (Zhang et al., *Protein Science* 2023, 32:e4548).

The published method needs PAE. Without PAE, residues are in contact if their CA atoms are closer than
`contact_distance`.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parameters import DpamParameters

__all__ = ["disordered_residues", "pae_contacts", "spatial_contacts"]


def pae_contacts(pae: NDArray[np.float64], parameters: DpamParameters) -> NDArray[np.bool_]:
    """Mask of the pairs whose PAE is below the limit, in the direction of the lower residue; shape (L, L)."""
    return pae < parameters.disorder_pae


def spatial_contacts(ca: NDArray[np.floating], parameters: DpamParameters) -> NDArray[np.bool_]:
    """Mask of the pairs whose CA atoms, shape (L, 3) in Å, are close; used without PAE; shape (L, L)."""
    points = np.asarray(ca, np.float64)
    square = (points**2).sum(axis=1)
    distances = square[:, None] + square[None, :] - 2.0 * points @ points.T
    return distances < parameters.contact_distance**2


def disordered_residues(
    contacts: NDArray[np.bool_],
    elements: NDArray[np.int32],
    covered: NDArray[np.bool_],
    parameters: DpamParameters,
) -> NDArray[np.bool_]:
    """Mask of the disordered residues.

    Parameters
    ----------
    contacts : ndarray, shape=(L, L), dtype=bool
        Close pairs; only the triangle row < column is used.
    elements : ndarray, shape=(L,), dtype=int32
        Secondary structure element of each residue, 0 = none.
    covered : ndarray, shape=(L,), dtype=bool
        Residues that evidence covers.
    parameters : DpamParameters

    Returns
    -------
    ndarray, shape=(L,), dtype=bool

    Notes
    -----
    The last window starts one residue early, as in DPAM's programs: residue L is never disordered.
    """
    length = len(elements)
    in_element = elements > 0
    counts = np.zeros(length, np.int64)
    for i in range(length):
        nearest = i + parameters.disorder_separation
        partners = np.flatnonzero(contacts[i, nearest:]) + nearest
        if in_element[i]:
            partners = partners[elements[partners] != elements[i]]
            counts[partners] += 1
        counts[i] += np.count_nonzero(in_element[partners])
    counts[~in_element] = 0
    disordered = np.zeros(length, bool)
    window = parameters.disorder_window
    for first in range(length - window):
        inside = slice(first, first + window)
        if counts[inside].sum() <= parameters.disorder_contacts and covered[inside].sum() <= parameters.disorder_hits:
            disordered[inside] = True
    return disordered
