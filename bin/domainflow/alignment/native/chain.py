"""Prepare a chain once for all its alignments."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.fragments import Fragments, find_fragments
from domainflow.alignment.native.score import DistanceMatrices, distance_matrices, fill_distance_matrices
from domainflow.alignment.native.workspace import Buffers
from domainflow.alignment.native.z_score import UnitClasses, sorted_residues, unit_classes
from domainflow.kernels.compile import exact_kernel

__all__ = ["SMALLEST_CHAIN", "PreparedChain", "TemplateChains", "prepare_chain", "prepare_template"]

SMALLEST_CHAIN = 30
"""Residues; DaliLite ignores shorter chains."""
PROBES = 8
"""Number of evenly spaced residues whose positions are used to compare two superpositions."""


class PreparedChain(NamedTuple):
    """Chain of L residues as the aligner reads it: a whole chain, or the remaining residues of one.

    Attributes
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å.
    number : ndarray, shape=(L,), dtype=int32
        Place of each residue in the whole chain.
    geometry : DistanceMatrices
    fragments : Fragments
    units : UnitClasses
        Folding units that count for z.
    probes : ndarray, shape=(8, 3), dtype=float32
        Evenly spaced CA atoms in Å.
    """

    ca: NDArray[np.float32]
    number: NDArray[np.int32]
    geometry: DistanceMatrices
    fragments: Fragments
    units: UnitClasses
    probes: NDArray[np.float32]

    @property
    def length(self) -> int:
        """Number of residues."""
        return len(self.ca)


class TemplateChains(NamedTuple):
    """T templates of a store, concatenated, with R residues and U folding units in all.

    Attributes
    ----------
    ca : ndarray, shape=(R, 3), dtype=float32
        CA atoms in Å.
    first_residue : ndarray, shape=(T + 1,), dtype=int64
        Index of each template's first residue, and R at the end.
    first_unit : ndarray, shape=(T + 1,), dtype=int32
        Index of each template's first folding unit, and U at the end.
    first_bound : ndarray, shape=(U + 1,), dtype=int32
        Index of each unit's first bound, and the number of bounds at the end.
    bounds : ndarray, dtype=int32
        First and last residue of each range of each unit, alternating, 1-based.
    """

    ca: NDArray[np.float32]
    first_residue: NDArray[np.int64]
    first_unit: NDArray[np.int32]
    first_bound: NDArray[np.int32]
    bounds: NDArray[np.int32]


def prepare_chain(
    ca: NDArray[np.float32],
    units: Sequence[NDArray[np.integer]],
    geometry: DistanceMatrices | None = None,
    number: NDArray[np.integer] | None = None,
) -> PreparedChain:
    """Prepare a chain for alignment.

    Parameters
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å; at least 30.
    units : sequence of ndarray of int
        0-based residues of each folding unit that counts for z, the whole chain first.
    geometry : DistanceMatrices, optional
        Distances of these residues, if they have been computed already.
    number : ndarray of int, shape=(L,), optional
        Place of each residue in the whole chain, ascending, if some of its residues are missing here.

    Raises
    ------
    ValueError
        If the chain has fewer than 30 residues.
    """
    if len(ca) < SMALLEST_CHAIN:
        raise ValueError(f"chain of {len(ca)} residues; DALI compares chains of at least {SMALLEST_CHAIN}")
    ca = np.ascontiguousarray(ca, np.float32)
    geometry = distance_matrices(ca) if geometry is None else geometry
    places = (np.arange(len(ca)) if number is None else number).astype(np.int32)
    return PreparedChain(ca, places, geometry, find_fragments(ca), unit_classes(units, len(ca)), _probes(ca))


@exact_kernel
def prepare_template(templates: TemplateChains, row: int, memory: Buffers) -> PreparedChain:
    """Prepare a template of at least 30 residues; its geometry stays in `memory` until the next one is prepared."""
    ca = templates.ca[templates.first_residue[row] : templates.first_residue[row + 1]]
    length = ca.shape[0]
    cells, shape = length * length, (length, length)
    geometry = DistanceMatrices(
        memory.template_distance[:cells].reshape(shape),
        memory.template_envelope[:cells].reshape(shape),
        memory.template_logarithm[:cells].reshape(shape),
    )
    fill_distance_matrices(ca, geometry)
    first, last = templates.first_unit[row], templates.first_unit[row + 1]
    inside = np.zeros((last - first, length), np.bool_)
    for unit in range(first, last):
        for bound in range(templates.first_bound[unit], templates.first_bound[unit + 1], 2):
            inside[unit - first, templates.bounds[bound] - 1 : templates.bounds[bound + 1]] = True
    number = np.arange(length).astype(np.int32)
    return PreparedChain(ca, number, geometry, find_fragments(ca), sorted_residues(inside), _probes(ca))


@exact_kernel
def _probes(ca: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the CA atoms of evenly spaced residues, both ends included, shape (8, 3)."""
    probes = np.empty((PROBES, 3), np.float32)
    for place in range(PROBES):
        probes[place] = ca[(ca.shape[0] - 1) * place // (PROBES - 1)]
    return probes
