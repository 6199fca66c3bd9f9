"""Compute how far a run is: items of each step done, under way, waiting and failed; the rate; the time left."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from monitoring.causes import cause_of
from monitoring.record import RunRecord, State
from monitoring.steps import Number, Step, steps_of
from monitoring.task_folder import last_words
from monitoring.tasks import Task, TaskReader, TaskState
from monitoring.trace import TraceRow

__all__ = ["Failure", "Progress", "Slow", "StepProgress", "progress_of"]

SLOWEST = 5
"""Tasks that are named as the slowest."""
MOST_FAILURES = 20
"""Causes of failures that are named."""
UNDER_WAY = (TaskState.RUNNING, TaskState.LOST)


class StepProgress(NamedTuple):
    """A step in items of its unit; `waiting` is None if their number is not known yet.

    Attributes
    ----------
    done, running, failed : int
        Items under way when the head of the run ended count as running here.
    waiting : int or None
    tasks : int
        Tasks that were submitted, each once.
    per_hour : float or None
        Items done in an hour, since the step's first task of this run began.
    seconds_each : float or None
        Wall time of a task divided by its items.
    cpu_seconds : float
        Of tasks that ended well, those of earlier runs too.
    estimated_cpu_seconds : float or None
        Estimate that the run made when it began.
    """

    process: str
    unit: str
    done: int
    running: int
    failed: int
    waiting: int | None
    tasks: int
    per_hour: float | None
    seconds_each: float | None
    cpu_seconds: float
    estimated_cpu_seconds: float | None


class Slow(NamedTuple):
    """A task that took, or has taken so far, longer than others; `items` is 0 if none are counted."""

    process: str
    tag: str
    seconds: float
    items: int
    unit: str
    running: bool


class Failure(NamedTuple):
    """Tasks or items that ended for one cause: `kind` is failed, rejected, …, or retried (tasks tried again)."""

    process: str
    kind: str
    tasks: int
    items: int
    unit: str
    cause: str
    words: str


class Progress(NamedTuple):
    """The progress of a run.

    Attributes
    ----------
    state : State
    facts, inputs : dict
        As the run wrote them.
    elapsed : float
        Seconds.
    steps : list of StepProgress
    fraction : float or None
        Share of the work that is done, each item weighted by its time.
    seconds_left : float or None
    parallel : int
        Tasks that run at the same time now.
    not_in_time_left : list of str
        Steps whose time is not known yet.
    lost, ended_since : int
        Tasks under way when the head of the run ended; those of them that have ended since.
    slowest : list of Slow
    failures : list of Failure
    """

    state: State
    facts: dict[str, Any]
    inputs: dict[str, Any]
    elapsed: float
    steps: list[StepProgress]
    fraction: float | None
    seconds_left: float | None
    parallel: int
    not_in_time_left: list[str]
    lost: int
    ended_since: int
    slowest: list[Slow]
    failures: list[Failure]


class _Counted:
    """Items that are still in the run, as one step after another is counted."""

    def __init__(self, inputs: dict[str, Any]) -> None:
        self.known = bool(inputs)
        self.all = int(inputs.get("accepted", 0))
        self.by_bucket: dict[str, int] = dict(inputs.get("buckets", {}))
        self.buckets = len(self.by_bucket)
        self.estimate: dict[str, dict[str, float]] = inputs.get("estimate", {})

    def of(self, step: Step, task: Task) -> int:
        """Return the number of items that a task receives."""
        if not step.counts_items:
            return 1
        return self.by_bucket.get(task.tag, 0) if step.tasks is Number.BUCKETS else self.all


def progress_of(run: RunRecord, reader: TaskReader) -> Progress:
    """Return how far a run is.

    Parameters
    ----------
    run : RunRecord
    reader : TaskReader
        Of the run's work folder.
    """
    tasks, again = reader.read(run)
    by_process: dict[str, list[Task]] = {}
    for task in tasks:
        by_process.setdefault(task.process, []).append(task)
    counted = _Counted(run.inputs)
    steps, slow, failures = [], [], [*_retried(again)]
    left_out = run.inputs.get("left_out", [])
    for step in steps_of(str(run.facts["workflow"]), by_process, left_out, run.state is State.FINISHED):
        of_step = by_process.get(step.process, [])
        slow += [_slow(step, task, counted) for task in of_step if task.seconds]
        failures += _failures(step, of_step, counted)
        expected = _expected(step, counted, by_process)
        steps.append(_count(step, of_step, counted, expected, run.end or time.time()))
    parallel = sum(task.state is TaskState.RUNNING for task in tasks)
    fraction, left, unknown = _left(steps, run, parallel)
    lost = [task for task in tasks if task.state is TaskState.LOST]
    return Progress(
        run.state, run.facts, run.inputs, run.elapsed, steps, fraction, left, parallel, unknown, len(lost),
        sum(task.exit is not None for task in lost),
        sorted(slow, key=lambda one: -one.seconds)[:SLOWEST],
        sorted(failures, key=lambda one: (-one.items, -one.tasks))[:MOST_FAILURES],
    )  # fmt: skip


def _slow(step: Step, task: Task, counted: _Counted) -> Slow:
    items = counted.of(step, task) if step.counts_items else 0
    return Slow(task.process, task.tag, task.seconds, items, step.unit, task.state in UNDER_WAY)


def _expected(step: Step, counted: _Counted, by_process: dict[str, list[Task]]) -> int | None:
    """Return the number of items, or of tasks where these are counted, of a step; None if it is not known yet."""
    if step.counts_items:
        return counted.all if counted.known else None
    if step.tasks is Number.ONE:
        return 1
    if step.tasks is Number.BUCKETS:
        return counted.buckets if counted.known else None
    if step.tasks is Number.FILES:
        process, pattern = step.files
        writers = by_process.get(process, [])
        if writers and all(task.state in (TaskState.DONE, TaskState.FAILED) for task in writers):
            return sum(len(list(task.folder.glob(pattern))) for task in writers if task.folder)
    return None


def _count(step: Step, tasks: Sequence[Task], counted: _Counted, expected: int | None, until: float) -> StepProgress:
    """Return the progress of a step, and take what failed in it from the items that are still in the run."""
    done = running = failed = done_now = timed = 0
    seconds = 0.0
    for task in tasks:
        items = counted.of(step, task)
        if task.state is TaskState.DONE:
            lost = 0
            if step.counts_items and task.outcomes:
                items, lost = task.outcomes.total, sum(task.outcomes.ended.values())
            done, failed = done + items - lost, failed + lost
            done_now += 0 if task.cached else items
            seconds, timed = seconds + task.seconds, timed + items
            counted.by_bucket[task.tag] = items - lost
        elif task.state is TaskState.FAILED:
            failed += items
            counted.by_bucket[task.tag] = 0
        elif task.state in UNDER_WAY:
            finished = min(items, task.heartbeat.done) if task.heartbeat and step.counts_items else 0
            done, running, done_now = done + finished, running + items - finished, done_now + finished
    ended = [task for task in tasks if task.state in (TaskState.DONE, TaskState.FAILED)]
    number = 1 if step.tasks is Number.ONE else counted.buckets
    # a step may skip items that it has no work for
    complete = step.counts_items and counted.known and len(ended) >= number
    if step.counts_items:
        counted.all -= failed
    waiting = 0 if complete else None if expected is None else max(0, expected - done - running - failed)
    starts = [task.start for task in tasks if task.start is not None and not task.cached]
    ends = [task.end for task in ended if task.end is not None and not task.cached]
    last = until if running else max(ends, default=until)
    hours = (last - min(starts)) / 3600 if starts else 0.0
    return StepProgress(
        process=step.process,
        unit=step.unit,
        done=done,
        running=running,
        failed=failed,
        waiting=waiting,
        tasks=len(tasks),
        per_hour=done_now / hours if hours > 0 and done_now else None,
        seconds_each=seconds / timed if timed else None,
        cpu_seconds=sum(task.cpu_seconds for task in tasks if task.state is TaskState.DONE),
        estimated_cpu_seconds=counted.estimate.get(step.process, {}).get("cpu_seconds"),
    )


def _left(steps: Sequence[StepProgress], run: RunRecord, parallel: int) -> tuple[float | None, float | None, list[str]]:
    """Return the share of the work that is done, the seconds left, and the steps whose time is not known."""
    if run.state is State.FINISHED:
        return 1.0, None, []
    done = remaining = left = 0.0
    unknown = []
    for step in steps:
        each = step.seconds_each
        if each is None and step.estimated_cpu_seconds is not None and run.inputs["accepted"]:
            each = step.estimated_cpu_seconds / run.inputs["accepted"]
        if step.waiting is None or (each is None and step.running + step.waiting):
            unknown.append(step.process)
        if each is None or step.waiting is None:
            continue
        done += each * step.done
        remaining += each * (step.running + step.waiting)
        # one task for all items, or the last one, has no other beside it
        beside = 1 if step.tasks <= 1 else max(1, parallel)
        left += each * (step.running + step.waiting) / beside
    if not done + remaining or any(step.process in unknown for step in steps if step.unit != "task"):
        return None, None, unknown
    return done / (done + remaining), left if run.state is State.RUNNING else None, unknown


def _failures(step: Step, tasks: Sequence[Task], counted: _Counted) -> Iterator[Failure]:
    """Yield the causes that ended tasks of a step, and those that ended single items in tasks that went on."""
    ended: Counter[tuple[str, str]] = Counter()
    by_code: dict[int | None, list[Task]] = {}
    for task in tasks:
        if task.state is TaskState.FAILED:
            by_code.setdefault(task.exit, []).append(task)
        elif task.outcomes:
            ended += task.outcomes.ended
    for code, some in by_code.items():
        words = last_words(some[0].folder) if some[0].folder else ""
        items = sum(counted.of(step, task) for task in some) if step.counts_items else 0
        yield Failure(step.process, "failed", len(some), items, step.unit, cause_of(code), words)
    for (status, reason), count in ended.items():
        yield Failure(step.process, status, 0, count, step.unit if step.counts_items else "item", reason, "")


def _retried(again: Sequence[TraceRow]) -> Iterator[Failure]:
    for (process, code), count in Counter((row.process, row.exit) for row in again).items():
        yield Failure(process, "retried", count, 0, "task", cause_of(code), "")
