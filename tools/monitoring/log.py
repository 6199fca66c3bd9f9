"""Read Nextflow's log: the tasks that were submitted, which the trace lists only once they have ended."""

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["Log", "find_log", "read_log", "results_of_log"]

_TASK = re.compile(r"\[([0-9a-f]{2}/[0-9a-f]{6})\] (?:Re-s|S)ubmitted process > (.+)")
_RETRIED = re.compile(r"\[([0-9a-f]{2}/[0-9a-f]{6})\] NOTE: .*Execution is retried")
_START = 64 * 1024
"""Bytes at the beginning of a log that name the run."""


class Log(NamedTuple):
    """The tasks in a log.

    Attributes
    ----------
    submitted : dict
        Name of each submitted task by the beginning of its folder's name, in order.
    retried : set of str
        Tasks that failed and are tried again.
    written : float
        When the log was last written, in Unix seconds.
    """

    submitted: dict[str, str]
    retried: set[str]
    written: float


def find_log(launch: Path, session: str, name: str, command: str = "") -> Path | None:
    """Return the log of a run, which later runs in the same folder rename; None if there is none.

    Parameters
    ----------
    launch : Path
        Folder that the run was started from.
    session, name : str
        Nextflow's session and the run's name.
    command : str
        Command line of the run, which may name another log.
    """
    named = re.search(r"-log[ =](\S+)", command)
    base = launch / (named[1] if named else ".nextflow.log")
    for path in sorted(base.parent.glob(f"{base.name}*"), key=lambda path: (len(path.name), path.name)):
        with path.open(errors="replace") as stream:
            start = stream.read(_START)
        if session in start and re.search(rf"(Run name: |\[){re.escape(name)}\b", start):
            return path
    return None


def read_log(path: Path) -> Log:
    """Read what a log says on tasks."""
    submitted, retried = {}, set()
    with path.open(errors="replace") as stream:
        for line in stream:
            if "ubmitted process > " in line and (found := _TASK.search(line)):
                submitted[found[1]] = found[2].rstrip()
            elif "Execution is retried" in line and (found := _RETRIED.search(line)):
                retried.add(found[1])
    return Log(submitted, retried, path.stat().st_mtime)


def results_of_log(path: Path) -> Path | None:
    """Return the results folder of the run that a log is of, or None if the run stopped before it was known."""
    with path.open(errors="replace") as stream:
        found = re.search(r"trace file: (\S.*)/pipeline_info/[^/\n]+", stream.read(_START))
    return Path(found[1]) if found else None
