"""Align pairs with DaliLite in one of two ways: as the engine does, or as DPAM v2 does.

Run as a program in the folder to work in: python -P -m benchmarks.engines.dalilite_ways WAY --pairs FOLDER
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.engines.dalilite_pairs import Found, Pairs
from benchmarks.engines.dalilite_published import PublishedWay
from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.engine import (
    Alignment,
    AlignmentEngine,
    Chain,
    EngineSettings,
    Job,
    LostAlignment,
    OpenedEngine,
    heavy_atom_chain,
)
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.parameters import DPAM_V2
from domainflow.structures.archive import read_proteins
from domainflow.templates.store import TemplateStore

__all__ = ["ENGINE", "IN_TASK_FOLDER", "PUBLISHED", "WAYS", "Aligning", "align_pairs", "measured", "only_first_round"]

ENGINE, PUBLISHED = WAYS = ("engine", "published")
IN_TASK_FOLDER = "off"
"""Value of `EngineSettings.scratch`."""


class Aligning(NamedTuple):
    """Alignments of pairs, and what they took: CPU time of this process and its children, and wall time, in s."""

    found: Found
    cpu: float
    wall: float


def measured(way: str, pairs: Pairs, work: Path, **options: object) -> Aligning:
    """Align pairs as `align_pairs` does, and take the time."""
    cpu, wall = _cpu_seconds(), time.monotonic()
    found = align_pairs(way, pairs, work, **options)  # type: ignore[arg-type]
    return Aligning(found, _cpu_seconds() - cpu, time.monotonic() - wall)


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def align_pairs(
    way: str, pairs: Pairs, work: Path, workers: int = 1, scratch: str = IN_TASK_FOLDER, first_round: bool = False
) -> Found:
    """Align pairs in all rounds of DPAM's step 7, or in the first.

    Parameters
    ----------
    way : str
        ``engine`` or ``published``.
    pairs : Pairs
    work : Path
        The task's folder.
    workers : int
        Calls of DaliLite at a time.
    scratch : str
        As in `EngineSettings`; the published way always works in `work`.
    first_round : bool
        Whether to end after the first round.

    Raises
    ------
    RuntimeError
        If an alignment was lost.
    """
    store, chosen = TemplateStore.open(pairs.store), pairs.chosen()
    chains = {protein.id: heavy_atom_chain(protein) for protein in read_proteins(pairs.proteins, with_pae=False)}
    settings = EngineSettings(
        workers=workers,
        templates=len(set().union(*chosen.values())),
        imported=pairs.imported,
        scratch=scratch,
        task_folder=work,
    )
    opened = open_dalilite(store, settings) if way == ENGINE else _open_published(pairs, store, settings)
    found: Found = {(query, uid): [] for query, uids in chosen.items() for uid in uids}
    with opened as engine, ThreadPoolExecutor(engine.proteins) as pool:
        align = only_first_round(engine.align) if first_round else engine.align

        def aligned(portion: tuple[str, Sequence[str]]) -> None:
            query, uids = portion
            result = align_templates(chains[query], store, uids, align, DPAM_V2)
            if result.lost:
                raise RuntimeError(f"{query}: {'; '.join(result.notes())}")
            for uid, number, alignment in result.alignments:
                found[query, uid].append((number, alignment))

        # the engine takes a query with all of its templates, the published way one pair through all of its rounds
        list(pool.map(aligned, chosen.items() if way == ENGINE else [(query, [uid]) for query, uid in found]))
    return found


@contextmanager
def _open_published(pairs: Pairs, store: TemplateStore, settings: EngineSettings) -> Iterator[OpenedEngine]:
    templates = {row: pairs.structures / f"{uid}.pdb" for row, uid in enumerate(store.uids)}
    way = PublishedWay(find_dalilite(), templates, settings.task_folder)
    yield OpenedEngine(way.align, settings.workers, list)


def only_first_round(align: AlignmentEngine) -> AlignmentEngine:
    """Return an engine that finds nothing where residues of the query have been removed."""

    def first(query: Chain, jobs: Sequence[Job]) -> list[Alignment | LostAlignment | None]:
        whole = all(len(residues) == len(query) for _, residues in jobs)
        return align(query, jobs) if whole else [None] * len(jobs)

    return first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("--pairs", type=Path, required=True, help="folder of the pairs")
    parser.add_argument("--first-round", action="store_true", help="end after the first round")
    args = parser.parse_args()
    align_pairs(args.way, Pairs(args.pairs), Path(), first_round=args.first_round)


if __name__ == "__main__":
    sys.exit(main())
