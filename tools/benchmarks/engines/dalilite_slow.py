"""Measure what a slow folder adds to DaliLite's work, as an engine and as published."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.bars import Bar
from benchmarks.engines.dalilite_pairs import Pairs
from benchmarks.engines.dalilite_ways import ENGINE, PUBLISHED, WAYS, Aligning, measured
from benchmarks.engines.markdown import table
from benchmarks.slow_folder import SlowFolder, slow_folder

__all__ = ["SLOW_BARS", "slow_figures"]

WORKERS_PER_CPU = 4
FIRST_ADDED = "added by a slow folder, first round: engine / published"
ALL_ADDED = "added by a slow folder, all rounds: engine / published"
SLOW_BARS = (Bar(FIRST_ADDED, most=0.25), Bar(ALL_ADDED, most=0.5))
LOCAL = 0.0
"""Delay that stands for the local disk, without FUSE."""


class Place(NamedTuple):
    """A folder for tasks, its delay in ms, and the slow folder of which it is a part, if it is slow."""

    delay: float
    folder: Path
    slow: SlowFolder | None

    @property
    def name(self) -> str:
        return "local disk" if self.slow is None else f"{self.delay:g} ms"


class Row(NamedTuple):
    """A measurement: rounds, way, workers, place, what it took, and the delayed calls."""

    rounds: str
    way: str
    workers: int
    place: Place
    took: Aligning
    calls: int


def slow_figures(pairs: Pairs, folder: Path, delays: Sequence[float]) -> dict[str, float]:
    """Align the same pairs on local disk and in slow folders, with one worker and with four per CPU.

    The limits are on calls times delay, which other work on the machine does not change; wall times are printed.
    """
    many = WORKERS_PER_CPU * len(os.sched_getaffinity(0))
    rows: list[Row] = []
    with _places(folder, delays) as places:
        for rounds, workers in (("first", 1), ("all", 1), ("all", many)):
            for way in WAYS:
                rows += [_row(pairs, way, rounds, workers, place) for place in places]
    count = pairs.count
    print(f"\nA slow folder, {count} pairs of {len(pairs.chosen())} protein, work in the task's folder\n")
    print(table(
        ("rounds", "way", "workers", "folder", "calls a pair", "calls × delay, s a pair", "wall s a pair",
         "CPU s a pair"),
        [(row.rounds, row.way, row.workers, row.place.name, row.calls / count,
          row.calls * row.place.delay / 1000 / count, row.took.wall / count, row.took.cpu / count) for row in rows],
    ))  # fmt: skip
    one = {
        (row.rounds, row.way, row.place.delay): row.calls * row.place.delay
        for row in rows
        if row.workers == 1 and row.place.slow
    }
    return {
        figure: max(one[rounds, ENGINE, delay] / one[rounds, PUBLISHED, delay] for delay in delays)
        for figure, rounds in ((FIRST_ADDED, "first"), (ALL_ADDED, "all"))
    }


@contextmanager
def _places(folder: Path, delays: Sequence[float]) -> Iterator[list[Place]]:
    """Mount a slow folder for each delay; yield these after the local folder."""
    with ExitStack() as stack:
        mounted = [stack.enter_context(slow_folder(delay)) for delay in delays]
        slow = [Place(delay, made.folder, made) for delay, made in zip(delays, mounted, strict=True)]
        yield [Place(LOCAL, folder, None), *slow]


def _row(pairs: Pairs, way: str, rounds: str, workers: int, place: Place) -> Row:
    work = Path(tempfile.mkdtemp(prefix="w", dir=place.folder))
    before = place.slow.counts() if place.slow else None
    took = measured(way, pairs, work, workers=workers, first_round=rounds == "first")
    calls = (place.slow.counts() - before).total() if place.slow and before is not None else 0
    return Row(rounds, way, workers, place, took, calls)
