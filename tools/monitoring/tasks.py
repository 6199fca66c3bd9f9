"""The tasks of a run, each at its last attempt: those of the trace, and those that have not ended."""

import time
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from monitoring.record import RunRecord, State
from monitoring.task_folder import Heartbeat, Outcomes, TaskFolders, exit_code, heartbeat, outcomes, running_tasks
from monitoring.trace import TraceRow, read_trace

__all__ = ["Task", "TaskReader", "TaskState"]


class TaskState(StrEnum):
    """The state of a task; LOST is one that was under way when the head of the run ended."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"


class Task(NamedTuple):
    """A task.

    Attributes
    ----------
    process, tag : str
    state : TaskState
    hash : str
        Beginning of its folder's name.
    cached : bool
        True if an earlier run did it.
    exit : int or None
    start, end : float or None
        Unix seconds; of a task under way `start` alone.
    seconds, cpu_seconds : float
        Wall time until now or its end, and CPU time of one that has ended.
    memory : int
        Bytes.
    heartbeat : Heartbeat or None
        Of a task under way.
    outcomes : Outcomes or None
        Of one that has ended well.
    folder : Path or None
    """

    process: str
    tag: str
    state: TaskState
    hash: str
    cached: bool = False
    exit: int | None = None
    start: float | None = None
    end: float | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory: int = 0
    heartbeat: Heartbeat | None = None
    outcomes: Outcomes | None = None
    folder: Path | None = None


class TaskReader:
    """Reads the tasks of one run again and again; what an ended task wrote is read once.

    Parameters
    ----------
    work : Path
        The run's work folder.
    """

    def __init__(self, work: Path) -> None:
        self._folders = TaskFolders(work)
        self._outcomes: dict[str, Outcomes | None] = {}

    def read(self, run: RunRecord) -> tuple[list[Task], list[TraceRow]]:
        """Return every task at its last attempt, and the rows of attempts that were tried again."""
        rows = read_trace(run.info / "execution_trace.txt")
        ended = {row.hash for row in rows}
        attempts: dict[str, list[TraceRow]] = {}
        for row in rows:
            attempts.setdefault(row.name, []).append(row)
        under_way = {name: short for short, name in self._submitted(run) if short not in ended}
        retried = run.log.retried if run.log else set()
        tasks, again = [], []
        for name, some in attempts.items():
            last = max(some, key=lambda row: row.attempt)
            pending = name in under_way or (last.hash in retried and run.state is State.RUNNING)
            again += [row for row in some if row is not last or pending]
            if not pending:
                tasks.append(self._ended(last))
            elif name not in under_way:
                tasks.append(Task(last.process, last.tag, TaskState.QUEUED, last.hash))
        return tasks + [self._under_way(name, short, run) for name, short in under_way.items()], again

    def _submitted(self, run: RunRecord) -> list[tuple[str, str]]:
        if run.log:
            return list(run.log.submitted.items())
        return list(running_tasks(run.work, float(run.facts["start"]))) if run.work.is_dir() else []

    def _ended(self, row: TraceRow) -> Task:
        folder = self._folders.find(row.hash)
        if row.ended_well and row.hash not in self._outcomes:
            self._outcomes[row.hash] = outcomes(folder) if folder else None
        state = TaskState.DONE if row.ended_well else TaskState.FAILED
        if row.status == "ABORTED":
            state = TaskState.LOST
        return Task(
            row.process, row.tag, state, row.hash, row.status == "CACHED", row.exit, row.start, row.end,
            row.seconds, row.cpu_seconds, row.memory, None, self._outcomes.get(row.hash), folder,
        )  # fmt: skip

    def _under_way(self, name: str, short: str, run: RunRecord) -> Task:
        process, tag = _process_and_tag(name)
        folder = self._folders.find(short)
        begin = folder / ".command.begin" if folder else None
        start = begin.stat().st_mtime if begin and begin.exists() else None
        if run.state is not State.RUNNING:
            state = TaskState.LOST
        else:
            state = TaskState.QUEUED if start is None else TaskState.RUNNING
        until = run.end or time.time()
        return Task(
            process,
            tag,
            state,
            short,
            exit=exit_code(folder) if folder else None,
            start=start,
            seconds=0.0 if start is None else max(0.0, until - start),
            heartbeat=heartbeat(folder) if folder else None,
            folder=folder,
        )


def _process_and_tag(name: str) -> tuple[str, str]:
    """Return process and tag of a task's name, such as ``PARSE:ALIGN_TEMPLATES (bucket-0003)``."""
    process, _, tag = name.partition(" (")
    return process.rpartition(":")[2], tag.removesuffix(")")
