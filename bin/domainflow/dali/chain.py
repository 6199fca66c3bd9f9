"""What the aligner prepares once for a chain, and uses for every alignment with it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.fragments import Fragments, find_fragments
from domainflow.dali.score import DistanceMatrices, distance_matrices
from domainflow.dali.z_score import UnitClasses, unit_classes

__all__ = ["SMALLEST_CHAIN", "PreparedChain", "prepare_chain"]

SMALLEST_CHAIN = 30
"""Residues; DaliLite ignores shorter chains."""
PROBES = 8
"""Residues, evenly spaced, by whose positions two superpositions are compared."""


class PreparedChain(NamedTuple):
    """A chain of L residues as the aligner reads it.

    Attributes
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        Å.
    geometry : DistanceMatrices
    fragments : Fragments
    units : UnitClasses
        Folding units that count for z.
    probes : ndarray, shape=(8, 3), dtype=float32
        CA atoms, Å.
    """

    ca: NDArray[np.float32]
    geometry: DistanceMatrices
    fragments: Fragments
    units: UnitClasses
    probes: NDArray[np.float32]

    @property
    def length(self) -> int:
        """Number of residues."""
        return len(self.ca)


def prepare_chain(
    ca: NDArray[np.float32], units: Sequence[NDArray[np.integer]], geometry: DistanceMatrices | None = None
) -> PreparedChain:
    """Prepare a chain for alignment.

    Parameters
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å; at least 30.
    units : sequence of ndarray of int
        0-based residues of each folding unit that counts for z, the whole chain first.
    geometry : DistanceMatrices, optional
        Distances of these residues, if they are known already.
    """
    if len(ca) < SMALLEST_CHAIN:
        raise ValueError(f"chain of {len(ca)} residues; DALI compares chains of at least {SMALLEST_CHAIN}")
    ca = np.ascontiguousarray(ca, np.float32)
    if geometry is None:
        geometry = DistanceMatrices(*distance_matrices(ca))
    probes = np.linspace(0, len(ca) - 1, PROBES).astype(np.int64)
    return PreparedChain(ca, geometry, find_fragments(ca), unit_classes(units, len(ca)), ca[probes])
