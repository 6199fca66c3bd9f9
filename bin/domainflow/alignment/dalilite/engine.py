"""Align a query with templates by DaliLite v5 (DPAM step 7): many templates in one call, and nothing lost silently."""

import itertools
import math
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.dalilite.candidates import TaskTemplates
from domainflow.alignment.dalilite.chain_import import import_chain
from domainflow.alignment.dalilite.comparison import QUERY, Comparison, ImportedTemplate, compare
from domainflow.alignment.dalilite.programs import DaliLite, find_dalilite
from domainflow.alignment.dalilite.result_file import Hit
from domainflow.alignment.dalilite.template_archive import TOO_SHORT, TemplateArchive
from domainflow.alignment.engine import Alignment, Chain, EngineSettings, Job, LostAlignment, OpenedEngine
from domainflow.run.errors import EngineError, ProgramError, StoreError
from domainflow.run.node_cache import NodeCache
from domainflow.run.scratch import scratch_folder, scratch_place
from domainflow.templates.store import TemplateStore

__all__ = ["alignment_of", "open_dalilite"]

MOST_TEMPLATES = 64
"""Templates of a call: more save little, and a failure then costs more comparisons."""
BYTES_OF_CALL, BYTES_OF_TEMPLATE = 6_000_000, 25_000
"""Space that a call for 64 templates takes, and the file of a template: measured on chains of 110 to 540 residues."""
FEWEST_TEMPLATES = 32
"""Templates of a call that are not divided further among workers; a call for 32 names 45 files a template or fewer."""


@contextmanager
def open_dalilite(store: TemplateStore, settings: EngineSettings) -> Iterator[OpenedEngine]:
    """Open the engine: make its folder on the node, and remove it at the end.

    Raises
    ------
    MissingProgramError
        If DaliLite is not installed.
    StoreError
        If the templates have not been imported.
    """
    dalilite = find_dalilite()
    if settings.imported is None:
        raise StoreError("DaliLite needs imported templates; make them with --workflow reference --dali_import")
    archive = TemplateArchive(settings.imported)
    needed = settings.workers * BYTES_OF_CALL + settings.templates * BYTES_OF_TEMPLATE
    place = scratch_place(settings.scratch, settings.task_folder)
    cache = NodeCache(settings.node_cache, settings.node_cache_bytes)
    with (
        scratch_folder(place, settings.task_folder, needed) as scratch,
        ThreadPoolExecutor(settings.workers) as pool,
    ):
        templates = TaskTemplates(archive, cache, scratch.folder / "T")
        engine = _Engine(dalilite, store, archive, templates, scratch.folder, scratch.ended, settings, pool)
        yield OpenedEngine(
            engine.align, settings.workers, lambda: [note for note in (scratch.note, cache.note) if note]
        )


@dataclass(frozen=True)
class _Engine:
    """DaliLite with the templates of one task, in a folder for the task's calls."""

    dalilite: DaliLite
    store: TemplateStore
    archive: TemplateArchive
    templates: TaskTemplates
    folder: Path
    ended: threading.Event
    settings: EngineSettings
    pool: Executor

    def align(self, query: Chain, jobs: Sequence[Job]) -> list[Alignment | LostAlignment | None]:
        """Align a query, or its remaining residues, with templates.

        Pairs with the same remaining residues share calls: all pairs of the first round do, few of later ones.
        """
        results: list[Alignment | LostAlignment | None] = [self._problem(row) for row, _ in jobs]
        readable = [place for place, (row, _) in enumerate(jobs) if self.archive.problem(self._uid(row)) is None]
        self.templates.place(self._uid(jobs[place][0]) for place in readable)

        groups: dict[bytes, list[int]] = {}
        for place in readable:
            groups.setdefault(np.ascontiguousarray(jobs[place][1], np.int64).tobytes(), []).append(place)
        lines = _lines_by_residue(query.pdb)
        queries = self.pool.map(lambda places: self._imported(lines, jobs[places[0]][1]), groups.values())
        calls = [
            (dat, places[first:last])
            for dat, places in zip(queries, groups.values(), strict=True)
            if dat is not None
            for first, last in itertools.pairwise(_parts(len(places), self.settings.workers))
        ]

        def call(query_dat: bytes, places: list[int]) -> dict[str, Hit | LostAlignment]:
            return self._compared(query_dat, [self._template(jobs[place][0]) for place in places])

        answers = self.pool.map(lambda arguments: call(*arguments), calls)
        for (_, places), found in zip(calls, answers, strict=True):
            for place in places:
                row, residues = jobs[place]
                hit = found.get(self.archive.code(self._uid(row)))
                results[place] = alignment_of(hit, residues) if isinstance(hit, Hit) else hit
        return results

    def _compared(self, query: bytes, templates: Sequence[ImportedTemplate]) -> dict[str, Hit | LostAlignment]:
        """Compare a query with templates; after a sign of a failure again in halves, and at last one by one."""
        answer = self._in_scratch(query, templates)
        if answer.sign is None:
            return dict(answer.hits)
        print(f"DaliLite with {len(templates)} templates: {answer.sign}; repeated in parts", file=sys.stderr)
        if len(templates) == 1:
            last = self._alone(query, templates[0])
            return dict(last.hits) if last.sign is None else {templates[0].code: LostAlignment(last.sign)}
        half = len(templates) // 2
        return self._compared(query, templates[:half]) | self._compared(query, templates[half:])

    def _in_scratch(self, query: bytes, templates: Sequence[ImportedTemplate]) -> Comparison:
        """Compare a query with templates in a folder of the call's own."""
        try:
            with TemporaryDirectory(prefix="c", dir=self.folder) as folder:
                return compare(self.dalilite, query, templates, "../T/", Path(folder))
        except OSError as error:
            return Comparison(sign=error.strerror or str(error))

    def _alone(self, query: bytes, template: ImportedTemplate) -> Comparison:
        """Compare a query with one template in the task's folder, with a new copy of the template."""
        with TemporaryDirectory(prefix="d", dir=self._task_folder()) as name:
            folder = Path(name)
            (folder / "T").mkdir()
            (folder / "c").mkdir()
            uid = self.archive.uid(template.code)
            (folder / "T" / f"{template.code}.dat").write_bytes(self.archive.dat(uid))
            return compare(self.dalilite, query, [template], "../T/", folder / "c")

    def _imported(self, lines: Sequence[str], residues: NDArray[np.integer]) -> bytes | None:
        """Return the remaining residues of a query as DaliLite reads them; None if there are too few."""
        pdb = "".join(lines[residue] for residue in residues.tolist())
        try:
            return import_chain(self.dalilite, pdb, QUERY, len(residues), self.folder)
        except (OSError, ProgramError) as error:  # a disk that others have filled must not end the task
            print(f"DaliLite's import of a query: {error}; repeated in the task's own folder", file=sys.stderr)
            return import_chain(self.dalilite, pdb, QUERY, len(residues), self._task_folder())

    def _task_folder(self) -> Path:
        """Return the folder in which to repeat what failed on the node; none if it failed because the task ends."""
        if self.ended.is_set():
            raise EngineError("the task was ended by a signal")
        return self.settings.task_folder

    def _template(self, row: int) -> ImportedTemplate:
        uid = self._uid(row)
        return ImportedTemplate(self.archive.code(uid), int(self.store.lengths[row]), self.archive.size(uid))

    def _problem(self, row: int) -> LostAlignment | None:
        """Return why DaliLite cannot align a template; None if it can, or need not."""
        problem = self.archive.problem(self._uid(row))
        return (
            LostAlignment(f"DaliLite cannot read the template: {problem}") if problem not in (None, TOO_SHORT) else None
        )

    def _uid(self, row: int) -> str:
        return self.store.uids[row]


def _lines_by_residue(pdb: str) -> list[str]:
    """Return the ATOM lines of each residue of a chain numbered 1..L, one text per residue."""
    atoms = (line for line in pdb.splitlines(keepends=True) if line.startswith("ATOM"))
    return ["".join(lines) for _, lines in itertools.groupby(atoms, key=lambda line: line[22:26])]


def _parts(count: int, workers: int) -> list[int]:
    """Return the bounds of the calls for a number of templates: none too long, and one per worker if they are many."""
    calls = max(math.ceil(count / MOST_TEMPLATES), min(workers, count // FEWEST_TEMPLATES), 1)
    return [count * call // calls for call in range(calls + 1)]


def alignment_of(hit: Hit, residues: NDArray[np.integer]) -> Alignment:
    """Return a hit as an alignment of the whole query, of which 0-based `residues` were left. S is not known."""
    return Alignment(
        z=hit.z,
        query=residues[hit.query].astype(np.int32),
        template=hit.template,
        rotation=hit.rotation,
        translation=hit.translation,
        query_length=hit.query_length,
        template_length=hit.template_length,
        score=math.nan,
    )
