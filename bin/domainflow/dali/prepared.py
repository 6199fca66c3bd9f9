"""A chain made ready for comparison: everything that depends on this chain alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.fragments import FragmentPairs, Fragments, find_fragments, pair_fragments
from domainflow.dali.score import Geometry, geometry
from domainflow.dali.units import Units, unit_classes

__all__ = ["PreparedChain", "prepare_chain", "restrict_chain"]

PROBES = 8
"""Residues, evenly spaced along the chain, whose moved positions tell two superpositions apart."""


@dataclass(frozen=True)
class PreparedChain:
    """A chain of L residues; 8 L² bytes.

    Attributes
    ----------
    geometry : Geometry
    units : Units
    fragments : Fragments
    fragment_pairs : FragmentPairs
    probes : ndarray, shape=(8, 3), dtype=float32
        CA coordinates, Å.
    """

    geometry: Geometry
    units: Units
    fragments: Fragments
    fragment_pairs: FragmentPairs
    probes: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.geometry.ca)


def prepare_chain(ca: NDArray[np.float32], units: Sequence[NDArray[np.integer]]) -> PreparedChain:
    """Prepare a chain of CA coordinates, shape (L, 3), Å, with the 0-based residues of its folding units."""
    coordinates = np.ascontiguousarray(ca, dtype=np.float32)
    return _prepare(Geometry(coordinates, *geometry(coordinates)), units)


def restrict_chain(
    chain: PreparedChain, residues: NDArray[np.integer], units: Sequence[NDArray[np.integer]]
) -> PreparedChain:
    """Prepare what is left of a chain: distances are taken over, fragments found anew.

    Parameters
    ----------
    chain : PreparedChain
    residues : ndarray of int
        0-based residues of `chain` that stay, ascending.
    units : sequence of ndarray of int
        Folding units of the rest, counted within the rest.
    """
    square = np.ix_(residues, residues)
    whole = chain.geometry
    return _prepare(Geometry(whole.ca[residues], whole.distance[square], whole.weight[square]), units)


def _prepare(distances: Geometry, units: Sequence[NDArray[np.integer]]) -> PreparedChain:
    ca = distances.ca
    fragments = find_fragments(ca)
    probes = ca[np.linspace(0, len(ca) - 1, PROBES).astype(int)]
    return PreparedChain(distances, unit_classes(len(ca), units), fragments, pair_fragments(fragments, ca), probes)
