"""Read what a task leaves in its folder: begin, exit code, heartbeats, last words, and the ledger of its items."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from domainflow.run.heartbeat import HEARTBEAT, UNKNOWN

__all__ = ["Heartbeat", "Outcomes", "TaskFolders", "exit_code", "heartbeat", "last_words", "outcomes", "running_tasks"]

NAME = "### name: "
"""Text before a task's name in the script that Nextflow wrote for it."""
TAIL = 16 * 1024
"""Bytes at the end of a task's standard error that are read."""
NO_WORDS = (f"{HEARTBEAT}\t", "srun: ")
"""Beginnings of lines that say nothing on a failure."""
NOT_DONE = ("failed", "rejected", "left_out")
"""Statuses, in any ledger, of an item that ended there."""


class Heartbeat(NamedTuple):
    """Progress of a task; `time` in Unix seconds, `waiting` items wait for a writer. None: not known, or no writer."""

    time: float
    step: str
    done: int
    of: int | None
    per_second: float | None
    waiting: int | None


class Outcomes(NamedTuple):
    """Numbers of items in a task's ledgers: of all, and of those that ended there by (status, reason)."""

    total: int
    ended: Counter[tuple[str, str]]


class TaskFolders:
    """The folders of tasks below a run's work folder."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._listed: dict[str, list[str]] = {}

    def find(self, short: str) -> Path | None:
        """Return a task's folder, given the beginning of its name, such as ``8a/6d7e85``; None if it is gone."""
        start, _, rest = short.partition("/")
        for again in (False, True):
            if again or start not in self._listed:
                folder = self._work / start
                self._listed[start] = [path.name for path in folder.iterdir()] if folder.is_dir() else []
            for name in self._listed[start]:
                if name.startswith(rest):
                    return self._work / start / name
        return None


def exit_code(folder: Path) -> int | None:
    """Return the exit code of a task, or None if it has not ended or could not write one."""
    try:
        return int((folder / ".exitcode").read_text())
    except (OSError, ValueError):
        return None


def heartbeat(folder: Path) -> Heartbeat | None:
    """Return the last heartbeat of a task, or None if it wrote none."""
    for line in reversed(_last_lines(folder / ".command.err")):
        fields = line.split("\t")
        if fields[0] == HEARTBEAT and len(fields) == 7:
            try:
                of, rate, waiting = (None if text == UNKNOWN else float(text) for text in fields[4:])
                number = None if of is None else int(of)
                return Heartbeat(
                    float(fields[1]), fields[2], int(fields[3]), number, rate, None if waiting is None else int(waiting)
                )
            except ValueError:
                continue
    return None


def last_words(folder: Path) -> str:
    """Return the last line that a task wrote to its standard error, or to its log before its script began."""
    for name in (".command.err", ".command.log"):
        lines = [line for line in _last_lines(folder / name) if line.strip() and not line.startswith(NO_WORDS)]
        if lines:
            return lines[-1].strip()[:300]
    return ""


def outcomes(folder: Path) -> Outcomes | None:
    """Count the items in the ledgers that a task wrote; None if it wrote none, or empty ones, as a stub does."""
    total, ended = 0, Counter[tuple[str, str]]()
    for path in sorted(folder.glob("*.ledger.tsv")):
        if path.is_symlink():
            continue  # an input of the task
        with path.open(errors="replace") as stream:
            columns = stream.readline().rstrip("\n").split("\t")
            if "status" not in columns or "reason" not in columns:
                continue
            status, reason = columns.index("status"), columns.index("reason")
            for line in stream:
                fields = line.rstrip("\n").split("\t")
                total += 1
                if fields[status] in NOT_DONE:
                    ended[fields[status], fields[reason]] += 1
    return Outcomes(total, ended) if total else None


def running_tasks(work: Path, since: float) -> Iterator[tuple[str, str]]:
    """Yield (short folder name, task name) of the tasks that have begun since a time, where no log names them."""
    for begin in work.glob("[0-9a-f][0-9a-f]/*/.command.begin"):
        if begin.stat().st_mtime >= since:
            folder = begin.parent
            yield f"{folder.parent.name}/{folder.name[:6]}", _task_name(folder / ".command.run")


def _task_name(script: Path) -> str:
    """Return the name of a task from the comment at the head of Nextflow's script for it."""
    with script.open(errors="replace") as stream:
        for line, _ in zip(stream, range(20), strict=False):
            if line.startswith(NAME):
                return line.removeprefix(NAME).strip().strip("'")
    return ""


def _last_lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(max(0, stream.tell() - TAIL))
            return stream.read().decode(errors="replace").splitlines()
    except OSError:
        return []
