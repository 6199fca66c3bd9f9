"""Measure the native search's CPU time: against Foldseek, a batch against single runs, and with 63,000 templates."""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.bars import Bar, print_figures
from benchmarks.child_seconds import child_seconds
from domainflow.search.native.engine import search
from domainflow.structures.archive import write_proteins
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["LARGE", "QUICK_RUNS", "report_speed"]

ROOT = Path(__file__).resolve().parents[2]
BATCH = 64
"""Queries of the batch that is compared with as many runs of one query each."""
RUNS = 2
"""Runs of each batch; the cheapest counts, since other work on the machine or compilation can only add time."""
QUICK_RUNS = 6
LARGE = 63_000
"""Number of templates of the full ECOD reference."""
LARGE_QUERIES = 8
SHUFFLED = 0.3
"""Share of a template's residues that are shuffled in its copies."""
SPEED_BARS = (
    Bar("CPU, batch: ours / Foldseek's", most=1.0),
    Bar(f"CPU, {BATCH} queries: one batch / single runs", most=0.2),
)


def report_speed(
    args: argparse.Namespace,
    proteins: dict[str, Protein],
    recorded: dict[str, pd.DataFrame],
    reference: Path,
    folder: Path,
) -> tuple[dict[str, float], list[str], list[str]]:
    """Print the table of CPU seconds; return figures, missed bars, and bars that could not be measured."""
    speed: dict[str, float] = {}
    compared = [proteins[query] for query in recorded if query in proteins] or list(proteins.values())
    # This run is not counted: it compiles the kernels if the library has changed.
    _program_seconds([min(compared, key=len)], reference, 1, folder / "compiling")
    ours = min(_program_seconds(compared, reference, args.threads, folder / f"compared{run}") for run in range(RUNS))
    theirs, source = _foldseek_seconds(args, recorded, compared, folder)
    speed["CPU s per query, ours"] = ours / len(compared)
    speed["CPU s per query, Foldseek"] = theirs / len(compared)
    speed["CPU, batch: ours / Foldseek's"] = ours / theirs

    batch = list(proteins.values())[:BATCH]
    singles = batch[:: max(1, len(batch) // QUICK_RUNS)] if args.quick else batch
    together = min(_program_seconds(batch, reference, args.threads, folder / f"batch{run}") for run in range(RUNS))
    apart = sum(_program_seconds([protein], reference, 1, folder / protein.id) for protein in singles)
    speed["CPU s, single run"] = apart / len(singles)
    speed[f"CPU, {BATCH} queries: one batch / single runs"] = (together / len(batch)) / (apart / len(singles))
    if not args.quick:
        speed |= _large_reference(reference, list(proteins.values()))

    print(f"\nCPU of {len(compared)} queries in one process, {args.threads} threads; Foldseek: {source}")
    missed = print_figures({"": speed}, SPEED_BARS)
    return speed, missed, [name for name, value in speed.items() if np.isnan(value)]


def _program_seconds(proteins: Iterable[Protein], reference: Path, threads: int, folder: Path) -> float:
    """Measure the CPU seconds of bin/search_templates.py, from its start to its end."""
    folder.mkdir()
    write_proteins(folder / "b.proteins.zip", proteins)
    return child_seconds(
        [sys.executable, ROOT / "bin" / "search_templates.py", "--in-dir", ".", "--reference", reference.resolve(),
         "--threads", str(threads)],
        folder,
    )  # fmt: skip


def _foldseek_seconds(
    args: argparse.Namespace, recorded: dict[str, pd.DataFrame], compared: list[Protein], folder: Path
) -> tuple[float, str]:
    """Return the CPU seconds of Foldseek for the batch, without making its database, and their source."""
    if args.foldseek is None:
        seconds = [rows["seconds"].iloc[0] for rows in recorded.values() if "seconds" in rows]
        if not seconds:
            return float("nan"), "not run, and the oracle records no seconds (give --foldseek)"
        return float(np.mean(seconds)) * len(compared), "seconds recorded in the oracle, of another run and machine"
    program = args.foldseek.resolve()
    work = folder / "foldseek"
    (work / "queries").mkdir(parents=True)
    for protein in compared:
        (work / "queries" / f"{protein.id}.pdb").write_text(protein.pdb)
    (work / "templates").mkdir()
    subprocess.run(
        ["tar", "xzf", str((args.reference / "structures.tar.gz").resolve()), "-C", str(work / "templates")], check=True
    )
    # DPAM's options, and those of the oracle; Foldseek stops if its threads are bound to cores.
    threads, unbound = ("--threads", str(args.threads)), {"OMP_PROC_BIND": "false"}
    child_seconds([program, "createdb", "templates", "templatesDB", *threads], work, **unbound)
    options = ("-e", "1000", "--max-seqs", "1000000", *threads)
    seconds = min(
        child_seconds(
            [program, "easy-search", "queries", "templatesDB", "hits.tsv", f"tmp{run}", *options], work, **unbound
        )
        for run in range(RUNS)
    )
    return seconds, f"{program.name} run here on the same batch"


class Repeated:
    """Copies of a store's templates up to a large number, with some residues of each copy shuffled."""

    def __init__(self, store: TemplateStore, count: int) -> None:
        rng = np.random.default_rng(1)
        rows = np.arange(count) % len(store)
        self.uids = [f"{number:09d}" for number in range(count)]
        self.sequences, self.letters = [], []
        for number, row in enumerate(rows):
            order = np.arange(store.lengths[row])
            if number >= len(store):
                moving = np.flatnonzero(rng.random(len(order)) < SHUFFLED)
                order[moving] = rng.permutation(moving)
            self.sequences.append(_reordered(store.sequences[row], order))
            self.letters.append(_reordered(store.letters[row], order))
        self.lengths = store.lengths[rows]
        self.offsets = np.concatenate(([0], np.cumsum(self.lengths))).astype(np.int64)
        self.ca = np.concatenate([store.ca[store.offsets[row] : store.offsets[row + 1]] for row in rows])


def _reordered(text: str, order: NDArray[np.int64]) -> str:
    return np.frombuffer(text.encode(), np.uint8)[order].tobytes().decode()


def _large_reference(reference: Path, proteins: list[Protein]) -> dict[str, float]:
    """Measure CPU time of the search and of its preparation, with 63,000 templates and with the store's own."""
    store = TemplateStore.open(reference)
    large = Repeated(store, LARGE)
    queries = sorted(proteins, key=len)[:: max(1, len(proteins) // LARGE_QUERIES)][:LARGE_QUERIES]
    figures = {}
    for templates, name in ((store, f"{len(store):,}"), (large, f"{LARGE:,}")):
        shortest = [queries[0]]
        first = _cpu_seconds(shortest, templates)
        again = _cpu_seconds(shortest, templates)
        figures[f"CPU s once a process for {name} templates"] = first - again
        figures[f"CPU s per query, {name} templates"] = _cpu_seconds(queries, templates) / len(queries)
    return figures


def _cpu_seconds(queries: list[Protein], store: TemplateStore | Repeated) -> float:
    begin = time.process_time()
    search(queries, store, 1)
    return time.process_time() - begin
