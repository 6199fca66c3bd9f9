"""What goes into a structure alignment and what comes out, whichever engine makes it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Alignment", "Chain"]


@dataclass(frozen=True)
class Chain:
    """A query chain of L residues for an alignment engine.

    Attributes
    ----------
    backbone : ndarray, shape=(L, 4, 3), dtype=float32
        N, CA, C, O in Å.
    states : str
        L secondary structure states, ``H``, ``E`` or ``-``.
    """

    backbone: NDArray[np.float32]
    states: str


@dataclass(frozen=True)
class Alignment:
    """A sequential structure alignment of a query with a template.

    Attributes
    ----------
    z : float
        DALI's z-score: the largest over pairs of folding units of both chains.
    query, template : ndarray, shape=(n,), dtype=int32
        0-based residues of the whole query chain and of the template, both ascending.
    rotation : ndarray, shape=(3, 3), dtype=float64
    translation : ndarray, shape=(3,), dtype=float64
        ``x' = rotation @ x + translation`` moves the template onto the query, Å.
    query_length, template_length : int
        Residues the engine was given, after masking.
    score : float
        DALI's S over all pairs.
    """

    z: float
    query: NDArray[np.int32]
    template: NDArray[np.int32]
    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]
    query_length: int
    template_length: int
    score: float
