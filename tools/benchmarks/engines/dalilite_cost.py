"""Measure what DaliLite costs as an engine and as published: CPU time, and system calls that name a file."""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.bars import Bar
from benchmarks.engines.dalilite_pairs import Pairs, agree, as_recorded
from benchmarks.engines.dalilite_ways import ENGINE, PUBLISHED, WAYS, measured
from benchmarks.engines.markdown import table
from benchmarks.oracle import DaliPair
from benchmarks.path_calls import PathCalls, count_path_calls
from benchmarks.slow_folder import slow_folder

__all__ = ["COST_BARS", "cpu_figures", "path_figures", "shared_folder_figures"]

ROOT = Path(__file__).resolve().parents[3]
CPU = "CPU, all rounds: engine / published"
SAME, RECORDED = "pairs aligned alike both ways", "pairs aligned as recorded, both ways"
FIRST = "path calls a pair, first round"
FIRST_RATIO, ALL_RATIO = f"{FIRST}: engine / published", "path calls, all rounds: engine / published"
SHARED = "path calls of a task in its folder, work in scratch"
MORE = "the same, four times the pairs: calls more"
COST_BARS = (
    Bar("proteins", least=8),
    Bar("pairs", least=100),
    Bar(SAME, least=1.0),
    Bar(RECORDED, least=1.0),
    Bar(CPU, most=0.65),
    Bar(FIRST, most=45),
    Bar(FIRST_RATIO, most=0.2),
    Bar(ALL_RATIO, most=0.5),
    Bar(SHARED, most=50),
    Bar(MORE, most=0),
)


def cpu_figures(pairs: Pairs, answers: Mapping[tuple[str, str], DaliPair], folder: Path) -> dict[str, float]:
    """Compare CPU time and alignments of both ways, all rounds, with one worker."""
    done = {way: measured(way, pairs, _new(folder)) for way in WAYS}
    count, found = pairs.count, [done[way].found for way in WAYS]
    rounds = sum(len(alignments) for alignments in found[0].values())
    print(f"\nCPU time, {len(pairs.chosen())} proteins, {count} pairs, {rounds} alignments in all rounds\n")
    print(table(("way", "CPU s", "a pair"), [(way, done[way].cpu, done[way].cpu / count) for way in WAYS]))
    return {
        "proteins": len(pairs.chosen()),
        "pairs": count,
        SAME: agree(*found) / count,
        RECORDED: min(as_recorded(each, answers) for each in found) / count,
        CPU: done[ENGINE].cpu / done[PUBLISHED].cpu,
    }


def path_figures(pairs: Pairs, folder: Path) -> dict[str, float]:
    """Count the calls that name a file in the folder in which DaliLite works, both ways."""
    calls = {
        (way, rounds): _path_calls(pairs, way, rounds, _new(folder)) for rounds in ("first", "all") for way in WAYS
    }
    count = pairs.count
    print(f"\nSystem calls that name a file, {count} pairs of {', '.join(pairs.chosen())}\n")
    kinds = ("create", "rename", "unlink", "mkdir", "rmdir")
    rows = [
        (rounds, way, made.in_folder.total() / count, sum(made.in_folder[kind] for kind in kinds) / count,
         made.elsewhere / count, made.processes / count)
        for (way, rounds), made in calls.items()
    ]  # fmt: skip
    print(table(("rounds", "way", "in the folder, a pair", "of them create, rename, remove",
                 "elsewhere (programs, libraries), a pair", "processes a pair"), rows))  # fmt: skip
    total = {key: made.in_folder.total() for key, made in calls.items()}
    return {
        FIRST: total[ENGINE, "first"] / count,
        FIRST_RATIO: total[ENGINE, "first"] / total[PUBLISHED, "first"],
        ALL_RATIO: total[ENGINE, "all"] / total[PUBLISHED, "all"],
    }


def _path_calls(pairs: Pairs, way: str, rounds: str, work: Path) -> PathCalls:
    # -P: Python does not look for modules in the folder to work in
    command = [sys.executable, "-P", "-m", "benchmarks.engines.dalilite_ways", way, "--pairs", pairs.folder]
    found = os.pathsep.join([str(ROOT / "tools"), str(ROOT / "bin")])
    options = ["--first-round"] if rounds == "first" else []
    return count_path_calls([*command, *options], work, work, os.environ | {"PYTHONPATH": found})


def shared_folder_figures(few: Pairs, many: Pairs, folder: Path, delay: float) -> dict[str, float]:
    """Count what bin/align_templates.py asks of its task's folder while it works in scratch, for two numbers of pairs.

    The task's folder is slow by `delay` ms a call: what a server is asked is counted, too.
    """
    counts = []
    with slow_folder(delay) as slow:
        for pairs in (few, many):
            task, scratch = _new(slow.folder), _new(folder)
            for path in (pairs.proteins, pairs.candidates, pairs.store, pairs.imported):
                (task / path.name).symlink_to(path)
            before = slow.counts()
            calls = count_path_calls(
                [sys.executable, ROOT / "bin" / "align_templates.py", "--proteins", few.proteins.name,
                 "--candidates", few.candidates.name, "--reference", few.store.name, "--engine", "dalilite",
                 "--dali", few.imported.name, "--scratch", scratch],
                task, task,
            )  # fmt: skip
            counts.append((pairs.count, calls.in_folder.total(), (slow.counts() - before).total()))
            if left := [path.name for path in scratch.iterdir()]:
                raise RuntimeError(f"left in scratch: {', '.join(left)}")
    print("\nCalls of bin/align_templates.py in its task's folder, work in scratch on the node\n")
    heads = ("pairs", "path calls", "calls that a server gets", f"added at {delay:g} ms a call, s")
    print(table(heads, [(*row, row[2] * delay / 1000) for row in counts]))
    return {SHARED: max(made for _, made, _ in counts), MORE: counts[1][1] - counts[0][1]}


def _new(folder: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="w", dir=folder))
