"""Measure DaliLite: as the engine calls it, beside one call for each pair and round, as DPAM v2 does."""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.engines.dalilite_cost import COST_BARS, cpu_figures, path_figures, shared_folder_figures
from benchmarks.engines.dalilite_pairs import prepare_pairs, spread
from benchmarks.engines.dalilite_slow import SLOW_BARS, slow_figures
from benchmarks.oracle import Oracle
from benchmarks.path_calls import why_no_path_calls
from benchmarks.slow_folder import why_no_slow_folder
from domainflow.alignment.dalilite.programs import HOME

__all__ = ["DALILITE_BARS", "add_dalilite_options", "dalilite_figures"]

DALILITE_BARS = (*COST_BARS, *SLOW_BARS)
QUERIES = ("2CFX_E", "P01308", "P00698", "1QR0_A", "3HPY_B", "1ZYM_A", "2FGC_A", "1V5V_B")
"""Proteins of 110 to 399 residues. Of their pairs, as many need later rounds as of all recorded ones."""
TASK_QUERIES = 4
"""Proteins of the larger of two tasks."""


def add_dalilite_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `dalilite_figures` reads."""
    group = parser.add_argument_group("dalilite")
    group.add_argument(
        "--queries", default=",".join(QUERIES), help="recorded queries; path calls are those of the first"
    )
    group.add_argument("--templates", type=int, default=14, help="templates of a query, to measure CPU time")
    group.add_argument("--path-templates", type=int, default=32, help="templates of the first query, to count calls")
    group.add_argument("--slow-templates", type=int, default=16, help="templates of the first query in a slow folder")
    group.add_argument("--delays", default="2,5", help="delays of the slow folders, in ms a call")


def dalilite_figures(args: argparse.Namespace) -> dict[str, float]:
    """Measure CPU time, system calls and work in a slow folder; compare the alignments.

    Templates are imported before, once, and not counted.
    """
    for trouble in (why_no_path_calls(), why_no_slow_folder()):
        if trouble:
            raise SystemExit(f"The benchmark of DaliLite {trouble}.")
    os.environ[HOME] = str((args.sources / "dalilite").resolve())
    queries, delays = args.queries.split(","), [float(delay) for delay in args.delays.split(",")]
    first = queries[0]
    most = dict.fromkeys(queries, args.templates) | {first: max(args.templates, args.path_templates)}
    with tempfile.TemporaryDirectory(prefix="dali-") as name:
        folder = Path(name)
        pairs, answers = prepare_pairs(
            Oracle(args.oracle, args.models, args.chains, args.reference), most, folder / "p"
        )
        chosen = pairs.chosen()
        every = pairs.part(folder / "e", {query: spread(chosen[query], args.templates) for query in queries})
        one = pairs.part(folder / "o", {first: chosen[first]})
        many = pairs.part(folder / "m", dict.fromkeys(queries[:TASK_QUERIES], chosen[first]))
        slow = pairs.part(folder / "s", {first: spread(chosen[first], args.slow_templates)})
        return (
            cpu_figures(every, answers, folder)
            | path_figures(one, folder)
            | shared_folder_figures(one, many, folder, delays[-1])
            | slow_figures(slow, folder, delays)
        )
