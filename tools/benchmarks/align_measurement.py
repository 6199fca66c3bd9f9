"""Align all pairs of an oracle with the native aligner, and measure its CPU time; each step is done once."""

import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.oracle import DaliHit, DaliPair, Oracle
from domainflow.alignment.engine import Alignment, EngineSettings, heavy_atom_chain
from domainflow.alignment.folding_units.contacts import all_atom_contacts
from domainflow.alignment.folding_units.division import folding_units
from domainflow.alignment.native.chain import TemplateChains, prepare_chain
from domainflow.alignment.native.engine import LEAST_Z, align, open_native
from domainflow.alignment.native.many import align_many
from domainflow.alignment.native.pairwise import STANDARD
from domainflow.alignment.native.score import exact_pair_scores
from domainflow.alignment.native.workspace import buffers
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.parameters import DPAM_V2
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["Measurement"]

FEWEST_PAIRS = 20
"""Smallest number of pairs of an alignment (DPAM step 7)."""


class Measurement:
    """All results of the measurement; each step is done once, on all pairs."""

    def __init__(
        self,
        oracle: Oracle,
        proteins: dict[str, Protein],
        store: TemplateStore,
        recorded: TemplateStore,
        uids: dict[str, str],
        pairs: dict[str, list[DaliPair]],
        min_block: int,
    ) -> None:
        self.store = store
        self.pairs = pairs
        self.proteins = proteins
        self._oracle = oracle
        self._uids = uids
        self._min_block = min_block
        self.chains = {query: heavy_atom_chain(proteins[query]) for query in pairs}
        self._compile()
        self.recorded = self._first_round(recorded, oracle.trees, -np.inf)
        self.own = self._first_round(store, {}, LEAST_Z)
        self.loops, self.seconds = self._all_rounds()

    def row(self, template: str) -> int:
        """Return the template's row in the store."""
        return self.store.row(self._uids[template])

    def template_length(self, template: str) -> int:
        """Return the template's number of residues."""
        return int(np.diff(self.store.offsets)[self.row(template)])

    def query_units(self, query: str) -> list[NDArray[np.int32]]:
        """Return our folding units of a query."""
        chain = self.chains[query]
        return folding_units(all_atom_contacts(chain.backbone, chain.sequence, chain.atoms, chain.atom_residue))

    def query_text(self, query: str) -> str:
        """Return the query as PDB text, atoms only."""
        return "".join(f"{line}\n" for line in self.proteins[query].pdb.splitlines() if line.startswith("ATOM"))

    def dali_score(self, pair: DaliPair, hit: DaliHit) -> float:
        """Compute S of DaliLite's alignment."""
        row = self.row(pair.template)
        ca = self.store.ca[self.store.offsets[row] : self.store.offsets[row + 1]]
        return float(exact_pair_scores(self.chains[pair.query].backbone[:, 1].copy(), ca, hit.pairs).sum())

    def wall_seconds(self, threads: int) -> float:
        """Measure the wall time of the first rounds of all queries."""
        begin = time.perf_counter()
        for query, pairs in self.pairs.items():
            whole = np.arange(len(self.chains[query]))
            jobs = [(self.row(pair.template), whole) for pair in pairs]
            align(self.chains[query], self.store, jobs, threads, self._min_block)
        return time.perf_counter() - begin

    def pair_seconds(self) -> list[tuple[int, float]]:
        """Measure each pair's first round: product of lengths, and CPU seconds without preparing the query."""
        found = []
        for query, pairs in self.pairs.items():
            chain = self.chains[query]
            whole = prepare_chain(chain.backbone[:, 1], self.query_units(query))
            templates = TemplateChains(self.store.ca, self.store.offsets, *self.store.node_bounds)
            memory = buffers(whole.length, max(self.template_length(pair.template) for pair in pairs))
            for pair in pairs:
                row = np.array([self.row(pair.template)])
                begin = time.process_time()
                align_many(whole, templates, row, self._min_block, STANDARD, LEAST_Z, memory)
                found.append((whole.length * self.template_length(pair.template), time.process_time() - begin))
        return found

    def _compile(self) -> None:
        query = min(self.chains, key=lambda name: len(self.chains[name]))
        self.loop(query, self.pairs[query][:1])

    def _first_round(
        self, store: TemplateStore, trees: dict[str, list[NDArray[np.int32]]], least_z: float
    ) -> dict[tuple[str, str], Alignment | None]:
        """Compute the first alignment of every pair, with at least 20 pairs of residues."""
        found: dict[tuple[str, str], Alignment | None] = {}
        for query, pairs in self.pairs.items():
            find = _constant(trees[query]) if query in trees else None
            whole = np.arange(len(self.chains[query]))
            jobs = [(self.row(pair.template), whole) for pair in pairs]
            alignments = align(self.chains[query], store, jobs, 1, self._min_block, find, least_z)
            for pair, alignment in zip(pairs, alignments, strict=True):
                counts = alignment is not None and len(alignment.query) >= FEWEST_PAIRS
                found[query, pair.template] = alignment if counts else None
        return found

    def _all_rounds(self) -> tuple[dict[tuple[str, str], list[Alignment]], dict[str, float]]:
        """Compute all alignments of every pair, and the CPU seconds of every query with all its templates."""
        found, seconds = {}, {}
        for query, pairs in self.pairs.items():
            begin = time.process_time()
            loop = self.loop(query, pairs)
            seconds[query] = time.process_time() - begin
            for pair in pairs:
                found[query, pair.template] = loop[self._uids[pair.template]]
        return found, seconds

    def loop(self, query: str, pairs: Sequence[DaliPair]) -> dict[str, list[Alignment]]:
        """Compute all alignments of a query with templates, by UID."""
        found: dict[str, list[Alignment]] = {self._uids[pair.template]: [] for pair in pairs}
        with open_native(self.store, EngineSettings(min_block=self._min_block)) as engine:
            rounds = align_templates(self.chains[query], self.store, list(found), engine.align, DPAM_V2)
        for uid, _, alignment in rounds.alignments:
            found[uid].append(alignment)
        return found


def _constant(units: list[NDArray[np.int32]]) -> Callable[[NDArray[np.integer]], list[NDArray[np.int32]]]:
    """Return a finder of folding units that uses given ones for the whole chain."""
    return lambda _: units
