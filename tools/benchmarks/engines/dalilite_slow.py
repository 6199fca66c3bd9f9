"""Measure what a slow folder adds to DaliLite's work, as an engine and as published."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.bars import Bar
from benchmarks.engines.dalilite_pairs import Pairs
from benchmarks.engines.dalilite_ways import ENGINE, IN_TASK_FOLDER, PUBLISHED, Aligning, measured
from benchmarks.engines.markdown import table
from benchmarks.slow_folder import SlowFolder, slow_folder

__all__ = ["SLOW_BARS", "slow_figures"]

WORKERS_PER_CPU = 4
FIRST_ADDED = "added by a slow folder, first round: engine / published"
ALL_ADDED = "added by a slow folder, all rounds: engine / published"
SLOW_BARS = (Bar(FIRST_ADDED, most=0.25), Bar(ALL_ADDED, most=0.5))
FIRST, ALL = "first", "all"
LOCAL = 0.0
"""Delay that stands for the local disk, without FUSE."""


class Place(NamedTuple):
    """A folder for tasks, its delay in ms, and the slow folder of which it is a part, if it is slow."""

    delay: float
    folder: Path
    slow: SlowFolder | None

    @property
    def name(self) -> str:
        """The place as the table names it."""
        return "local disk" if self.slow is None else f"{self.delay:g} ms"

    def calls(self) -> int:
        """Return the delayed calls so far."""
        return 0 if self.slow is None else self.slow.counts().total()


class Row(NamedTuple):
    """A measurement: rounds, way, whether in scratch, workers, place, what it took, and the delayed calls."""

    rounds: str
    way: str
    in_scratch: bool
    workers: int
    place: Place
    took: Aligning
    calls: int

    @property
    def delay(self) -> float:
        """Calls times delay, in s."""
        return self.calls * self.place.delay / 1000


def slow_figures(pairs: Pairs, folder: Path, delays: Sequence[float]) -> dict[str, float]:
    """Align the same pairs on local disk and in slow folders, with one worker and with four per CPU.

    The limits are on calls times delay, which other work on the machine does not change; wall times are printed.
    """
    many = WORKERS_PER_CPU * len(os.sched_getaffinity(0))
    rows: list[Row] = []
    with _places(folder, delays) as places:
        for rounds, workers in ((FIRST, 1), (ALL, 1), (ALL, many)):
            for way, in_scratch in ((ENGINE, False), (PUBLISHED, False), (ENGINE, True)):
                if rounds == ALL or not in_scratch:
                    scratch = str(folder) if in_scratch else IN_TASK_FOLDER
                    rows += [_row(pairs, rounds, way, workers, scratch, place) for place in places]
    print(f"\nA slow folder of the task, {pairs.count} pairs of {', '.join(pairs.chosen())}\n")
    print(_table(rows, pairs.count))
    one = {(row.rounds, row.way, row.place.delay): row.delay for row in rows if row.workers == 1 and not row.in_scratch}
    return {
        figure: max(one[rounds, ENGINE, delay] / one[rounds, PUBLISHED, delay] for delay in delays)
        for figure, rounds in ((FIRST_ADDED, FIRST), (ALL_ADDED, ALL))
    }


def _table(rows: Sequence[Row], pairs: int) -> str:
    """Return the measurements as a table, a row for all places."""
    groups: dict[tuple[str, str, bool, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.rounds, row.way, row.in_scratch, row.workers), []).append(row)
    lines = []
    for (rounds, way, in_scratch, workers), group in groups.items():
        local, *slow = group
        lines.append([
            rounds, f"{way}, in scratch" if in_scratch else way, workers, max(row.calls for row in slow) / pairs,
            "; ".join(f"{row.delay / pairs:.2f}" for row in slow),
            "; ".join(f"{(row.took.wall - local.took.wall) / pairs:.2f}" for row in slow),
            "; ".join(f"{row.took.wall / pairs:.2f}" for row in group),
            "; ".join(f"{row.took.cpu / pairs:.2f}" for row in group),
        ])  # fmt: skip
    slow_places = "; ".join(dict.fromkeys(row.place.name for row in rows if row.place.slow))
    heads = (
        "rounds", "way", "workers", "calls a pair", f"calls × delay, s a pair: {slow_places}",
        "wall added, s a pair", "wall, s a pair: local disk first", "CPU, s a pair",
    )  # fmt: skip
    return table(heads, lines)


@contextmanager
def _places(folder: Path, delays: Sequence[float]) -> Iterator[list[Place]]:
    """Mount a slow folder for each delay; yield these after the local folder."""
    with ExitStack() as stack:
        mounted = [stack.enter_context(slow_folder(delay)) for delay in delays]
        slow = [Place(delay, made.folder, made) for delay, made in zip(delays, mounted, strict=True)]
        yield [Place(LOCAL, folder, None), *slow]


def _row(pairs: Pairs, rounds: str, way: str, workers: int, scratch: str, place: Place) -> Row:
    work = Path(tempfile.mkdtemp(prefix="w", dir=place.folder))
    before = place.calls()
    took = measured(way, pairs, work, workers=workers, scratch=scratch, first_round=rounds == FIRST)
    return Row(rounds, way, scratch != IN_TASK_FOLDER, workers, place, took, place.calls() - before)
