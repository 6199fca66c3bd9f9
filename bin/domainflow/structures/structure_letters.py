"""Assign 3Di structure letters: one of 20 letters per residue, by its packing against its nearest neighbour in space.

The descriptor of a residue is ten distances and angles between it, its closest partner and their neighbours in
sequence. A small encoder network maps it to the nearest of 20 centroids (van Kempen et al., *Nature Biotechnology*
2024, 42:243-246; network of the library mini3di). The structure search reads these letters (DPAM step 3).
"""

import functools

import mini3di
import numpy as np
from numpy.typing import NDArray

__all__ = ["INVALID_LETTER", "structure_letters"]

INVALID_LETTER = "D"
"""Letter of residues without a descriptor, such as the two chain ends; also an ordinary letter, as in Foldseek."""
SHORTEST_CHAIN = 3
"""Residues; a residue needs a neighbour on both sides to have a descriptor."""


def structure_letters(backbone: NDArray[np.floating], cbeta: NDArray[np.floating] | None) -> str:
    """Return the 3Di letters of one chain.

    Parameters
    ----------
    backbone : ndarray, shape=(L, 4, 3), dtype=float32
        N, CA, C, O in Å; NaN where an atom is missing.
    cbeta : ndarray, shape=(L, 3), dtype=float32, or None
        CB in Å, NaN where the file has none; None: no residue has one. Missing CB atoms, also those of glycine, are
        built from the backbone. This changes 3-5 % of a chain's letters, so give the real ones if you have them.

    Returns
    -------
    str
        L letters of ``ACDEFGHIKLMNPQRSTVWY``.

    Raises
    ------
    ValueError
        If the shapes disagree.
    """
    length = len(backbone)
    if backbone.shape != (length, 4, 3):
        raise ValueError(f"backbone has shape {backbone.shape}, expected ({length}, 4, 3): N, CA, C, O a residue")
    if cbeta is not None and cbeta.shape != (length, 3):
        raise ValueError(f"cbeta has shape {cbeta.shape}, expected ({length}, 3) as the backbone has {length} residues")
    if length < SHORTEST_CHAIN:
        return INVALID_LETTER * length
    atoms = np.asarray(backbone, np.float32)
    beta = np.full((length, 3), np.nan, np.float32) if cbeta is None else np.asarray(cbeta, np.float32)
    encoder = _encoder()
    states = encoder.encode_atoms(
        ca=np.ascontiguousarray(atoms[:, 1]),
        cb=np.ascontiguousarray(beta),
        n=np.ascontiguousarray(atoms[:, 0]),
        c=np.ascontiguousarray(atoms[:, 2]),
    )
    return encoder.build_sequence(states)


@functools.cache
def _encoder() -> mini3di.Encoder:
    """Return the network, loaded once per process."""
    return mini3di.Encoder()
