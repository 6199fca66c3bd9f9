"""Align a query with many templates by the project's own DALI aligner (`domainflow.dali`).

Folding units of the templates come from the store; those of the query are found here, anew for each set of residues
that is left (DaliLite v5 treats a chain with residues cut out as a shorter chain).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment import Alignment, Chain
from domainflow.dali.chain import SMALLEST_CHAIN, PreparedChain, prepare_chain
from domainflow.dali.pairwise import align_pair
from domainflow.dali.score import DistanceMatrices, distance_matrices
from domainflow.dali.superposition import superpose
from domainflow.folding_units import folding_units
from domainflow.io.store import TemplateStore

__all__ = ["LEAST_Z", "align"]

LEAST_Z = 2.0
"""DaliLite reports nothing below."""


def align(
    query: Chain,
    store: TemplateStore,
    jobs: Sequence[tuple[int, NDArray[np.integer]]],
    threads: int,
    min_block: int = 4,
) -> list[Alignment | None]:
    """Align a query, or what is left of it, with templates.

    Parameters
    ----------
    query : Chain
    store : TemplateStore
    jobs : sequence of (int, ndarray of int)
        Template row, and the residues of the query that are still there, 0-based, ascending.
    threads : int
        Templates aligned at a time.
    min_block : int
        Fewest pairs of a gapless block.

    Returns
    -------
    list of Alignment or None
        One a job, in their order; None where z < 2 or a chain has fewer than 30 residues.

    Notes
    -----
    A job's alignment depends on the query, its residues and the template alone.
    """
    if not jobs:
        return []
    parts = _QueryParts(query)
    if threads <= 1 or len(jobs) == 1:
        return [_align_one(parts, store, row, residues, min_block) for row, residues in jobs]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda job: _align_one(parts, store, job[0], job[1], min_block), jobs))


class _QueryParts:
    """A query and what is left of it, prepared for alignment."""

    def __init__(self, query: Chain) -> None:
        self._query = query
        self._ca = np.ascontiguousarray(query.backbone[:, 1], np.float32)
        self._geometry = DistanceMatrices(*distance_matrices(self._ca))
        whole = np.arange(len(self._ca))
        self._whole = self._prepare(whole) if len(whole) >= SMALLEST_CHAIN else None

    def prepared(self, residues: NDArray[np.integer]) -> PreparedChain:
        """The chain of these residues, at least 30."""
        if self._whole is not None and len(residues) == self._whole.length:
            return self._whole
        return self._prepare(residues)

    def _prepare(self, residues: NDArray[np.integer]) -> PreparedChain:
        geometry = self._geometry
        if len(residues) < len(self._ca):
            both = np.ix_(residues, residues)
            geometry = DistanceMatrices(geometry.distance[both], geometry.envelope[both])
        states = "".join(self._query.states[residue] for residue in residues)
        return prepare_chain(self._ca[residues], folding_units(self._query.backbone[residues], states), geometry)


def _align_one(
    parts: _QueryParts, store: TemplateStore, row: int, residues: NDArray[np.integer], min_block: int
) -> Alignment | None:
    """One job of `align`."""
    template_ca = store.ca[store.offsets[row] : store.offsets[row + 1]]
    if len(residues) < SMALLEST_CHAIN or len(template_ca) < SMALLEST_CHAIN:
        return None
    query = parts.prepared(residues)
    template = prepare_chain(template_ca, store.nodes(row))
    found = align_pair(query, template, min_block)
    if found is None or found.z < LEAST_Z:
        return None
    rotation, translation, _ = superpose(query.ca[found.pairs[0]], template.ca[found.pairs[1]])
    return Alignment(
        z=found.z,
        query=np.asarray(residues)[found.pairs[0]].astype(np.int32),
        template=found.pairs[1].copy(),
        rotation=rotation,
        translation=translation,
        query_length=query.length,
        template_length=template.length,
        score=found.score,
    )
