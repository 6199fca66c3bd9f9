"""Align a query with many templates by the project's own DALI aligner (`domainflow.alignment.native`).

The folding units of the templates come from the store. Those of the query are found here, anew for each set of
remaining residues, because DaliLite v5 treats a chain with missing residues as a shorter chain.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import local

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.engine import Alignment, Chain, EngineSettings, Job, LostAlignment, OpenedEngine
from domainflow.alignment.folding_units.contacts import all_atom_contacts
from domainflow.alignment.folding_units.division import PartCuts, folding_units
from domainflow.alignment.native.chain import SMALLEST_CHAIN, PreparedChain, TemplateChains, prepare_chain
from domainflow.alignment.native.many import align_many
from domainflow.alignment.native.pairwise import STANDARD
from domainflow.alignment.native.score import DistanceMatrices, distance_matrices, part_of_matrices
from domainflow.alignment.native.workspace import Buffers, buffers
from domainflow.templates.store import TemplateStore

__all__ = ["LEAST_Z", "align", "open_native"]


UnitFinder = Callable[[NDArray[np.integer]], list[NDArray[np.int32]]]

LEAST_Z = 2.0
"""z; DaliLite reports no alignment with a lower one."""
CHUNK = 2
"""Templates that a thread takes at a time; few, so that all threads end at about the same time."""
KEPT = 2**25 - 2**16
"""Bytes; just below 32 MB, the size up to which glibc learns to keep freed memory."""


@contextmanager
def open_native(store: TemplateStore, settings: EngineSettings) -> Iterator[OpenedEngine]:
    """Open the engine: it uses all threads for one protein at a time."""
    latest: list[QueryParts] = []

    def align_jobs(query: Chain, jobs: Sequence[Job]) -> list[Alignment | LostAlignment | None]:
        if not latest or latest[0].query is not query:  # a new protein; its rounds follow each other
            latest[:] = [QueryParts(query)]
        return [*align(query, store, jobs, settings.threads, settings.min_block, parts=latest[0])]

    yield OpenedEngine(align_jobs, 1, list)


def align(
    query: Chain,
    store: TemplateStore,
    jobs: Sequence[Job],
    threads: int,
    min_block: int = 4,
    find_units: UnitFinder | None = None,
    least_z: float = LEAST_Z,
    parts: "QueryParts | None" = None,
) -> list[Alignment | None]:
    """Align a query, or its remaining residues, with templates.

    Parameters
    ----------
    query : Chain
    store : TemplateStore
    jobs : sequence of (int, ndarray of int)
        Row of the template, and the residues of the query to align with it, 0-based, ascending.
    threads : int
        Number of threads.
    min_block : int
        Fewest pairs of a gapless block.
    find_units : callable, optional
        Returns the folding units of a chain of the given residues, numbered from 0. The default is
        `domainflow.alignment.folding_units.division.folding_units`.
    least_z : float
        Alignments with a lower z are not reported.
    parts : QueryParts, optional
        What earlier calls prepared of the same query.

    Returns
    -------
    list of Alignment or None
        One per job, in the order of `jobs`. None if z is below `least_z`, if the pair was given up before its last
        stage (`domainflow.alignment.native.pairwise`), or if a chain has fewer than 30 residues.

    Notes
    -----
    A job's alignment depends on the query, its residues and the template alone.
    """
    parts = parts or QueryParts(query, find_units)
    templates = TemplateChains(store.ca, store.offsets, *store.node_bounds)
    lengths = np.diff(store.offsets)
    found: list[Alignment | None] = [None] * len(jobs)
    longest = max((int(lengths[row]) for row, _ in jobs), default=0)
    of_thread = local()

    def memory() -> Buffers:
        if not hasattr(of_thread, "buffers"):
            _keep_freed_memory()
            of_thread.buffers = buffers(len(query), longest)
            of_thread.geometry = parts.memory()
        return of_thread.buffers

    def align_chunk(places: list[int]) -> None:
        residues = jobs[places[0]][1]
        space = memory()
        prepared = parts.prepared(residues, of_thread.geometry)
        rows = np.array([jobs[place][0] for place in places], np.int64)
        alignments = align_many(prepared, templates, rows, min_block, STANDARD, least_z, space)
        for number, place in enumerate(places):
            size = alignments.size[number]
            if size == 0:
                continue
            first, second = alignments.pairs[number, :, :size]
            found[place] = Alignment(
                z=float(alignments.z[number]),
                query=np.asarray(residues)[first].astype(np.int32),
                template=second.copy(),
                rotation=alignments.rotation[number],
                translation=alignments.translation[number],
                query_length=prepared.length,
                template_length=int(lengths[rows[number]]),
                score=float(alignments.score[number]),
            )

    chunks = _chunks(jobs, lengths)
    if threads <= 1 or len(chunks) <= 1:
        for chunk in chunks:
            align_chunk(chunk)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(align_chunk, chunks))
    return found


def _keep_freed_memory() -> None:
    """Let glibc keep freed arrays for the next ones: it keeps those up to the largest one freed so far.

    Each gap of an alignment takes and frees some MB. If the system cleared them anew each time, long chains would take
    one and a half times the CPU. The array here is never touched, so it costs nothing.
    """
    np.empty(KEPT, np.uint8)


def _chunks(jobs: Sequence[Job], lengths: NDArray[np.integer]) -> list[list[int]]:
    """Return the places of jobs with the same query residues, longest templates first; too short queries get none."""
    alike: dict[bytes, list[int]] = {}
    for place, (_, residues) in enumerate(jobs):
        if len(residues) >= SMALLEST_CHAIN:
            alike.setdefault(np.asarray(residues, np.int64).tobytes(), []).append(place)
    chunks = []
    for places in alike.values():
        places.sort(key=lambda place: -lengths[jobs[place][0]])
        chunks += [places[first : first + CHUNK] for first in range(0, len(places), CHUNK)]
    return chunks


class QueryParts:
    """A query and its parts, prepared for alignment.

    Parameters
    ----------
    query : Chain
    find_units : callable, optional
        As in `align`.

    Attributes
    ----------
    query : Chain
    """

    def __init__(self, query: Chain, find_units: UnitFinder | None = None) -> None:
        self.query = query
        contacts = all_atom_contacts(query.backbone, query.sequence, query.atoms, query.atom_residue)
        self._find_units = find_units or partial(folding_units, contacts, cuts=PartCuts())
        self._ca = np.ascontiguousarray(query.backbone[:, 1], np.float32)
        self._geometry = distance_matrices(self._ca)
        whole = np.arange(len(self._ca))
        self._whole = None
        if len(whole) >= SMALLEST_CHAIN:
            self._whole = prepare_chain(self._ca, self._find_units(whole), self._geometry, whole)

    def memory(self) -> DistanceMatrices:
        """Allocate memory for the geometry of a part; each thread needs its own."""
        return DistanceMatrices(*(np.empty(len(self._ca) ** 2, np.float32) for _ in range(3)))

    def prepared(self, residues: NDArray[np.integer], memory: DistanceMatrices) -> PreparedChain:
        """Return the prepared chain of these residues, at least 30; its geometry lies in `memory`."""
        if self._whole is not None and len(residues) == self._whole.length:
            return self._whole
        geometry = part_of_matrices(self._geometry, np.asarray(residues, np.int64), memory)
        return prepare_chain(self._ca[residues], self._find_units(residues), geometry, residues)
