"""`bench.py engines`: what the published programs cost as engines, beside the published way to call them."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.bars import Bar, print_figures, rounded
from benchmarks.engines.dalilite import DALILITE_BARS, add_dalilite_options, dalilite_figures
from benchmarks.engines.foldseek import FOLDSEEK_BARS, foldseek_figures
from benchmarks.oracle import add_folders

__all__ = ["add_parser", "bench_engines"]

Figures = Callable[[argparse.Namespace], dict[str, float]]

PARTS: dict[str, tuple[Figures, Sequence[Bar]]] = {
    "foldseek": (foldseek_figures, FOLDSEEK_BARS),
    "dalilite": (dalilite_figures, DALILITE_BARS),
}
"""Programs by their names in the folder of sources: the function that measures one, and the limits of its figures."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py engines``."""
    parser = commands.add_parser("engines", help=bench_engines.__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder of the programs (foldseek, dalilite)")
    parser.add_argument("--only", choices=sorted(PARTS), action="append", help="program to measure; default: all")
    add_folders(parser)
    add_dalilite_options(parser)
    parser.set_defaults(run=bench_engines)


def bench_engines(args: argparse.Namespace) -> int:
    """Compare what the published programs cost as engines with what single calls cost."""
    figures: dict[str, float] = {}
    missed: list[str] = []
    absent: list[str] = []
    for name in args.only or PARTS:
        measure, bars = PARTS[name]
        if not (args.sources / name).exists():
            print(f"{args.sources.name} holds no {name}: not measured")
            absent.append(name)
            continue
        found = measure(args)
        print(f"\n{name}")
        missed += print_figures({"": found}, bars)
        figures |= found
    passed = not missed and not absent
    result = {"benchmark": "engines", **rounded(figures), "missed": missed, "not measured": absent, "passed": passed}
    print(json.dumps(result))
    return int(not passed)
