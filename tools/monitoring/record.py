"""Find a run by its results folder or launch folder, and tell whether its head still works."""

import json
import os
import socket
import time
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from monitoring.log import Log, find_log, read_log, results_of_log

__all__ = ["RunRecord", "State", "find_run"]

SILENT = 15 * 60
"""Seconds without a line in the log after which a head on another machine counts as gone. A head that waits for tasks
writes one every five minutes."""


class State(StrEnum):
    """The state of a run."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CRASHED = "crashed"


class RunRecord(NamedTuple):
    """A run, as it wrote itself down.

    Attributes
    ----------
    info : Path
        Its ``pipeline_info`` folder.
    facts : dict
        Content of ``run.json``.
    inputs : dict
        Content of ``inputs.json``; empty before the inputs are known.
    log : Log or None
        None if the log is gone.
    state : State
    """

    info: Path
    facts: dict[str, Any]
    inputs: dict[str, Any]
    log: Log | None
    state: State

    @property
    def work(self) -> Path:
        return Path(self.facts["work_dir"])

    @property
    def end(self) -> float | None:
        """Unix seconds at which the run ended; for a crashed one the last that was heard of it; else None."""
        if "end" in self.facts:
            return float(self.facts["end"])
        if self.state is State.CRASHED:
            trace = self.info / "execution_trace.txt"
            written = trace.stat().st_mtime if trace.exists() else float(self.facts["start"])
            return max(written, self.log.written if self.log else 0.0)
        return None

    @property
    def elapsed(self) -> float:
        """Seconds from the beginning to the end, or until now."""
        return (self.end or time.time()) - float(self.facts["start"])


def find_run(folder: Path) -> RunRecord:
    """Return the run of a folder.

    Parameters
    ----------
    folder : Path
        The run's results folder, its ``pipeline_info``, or the folder that it was started from.

    Raises
    ------
    FileNotFoundError
        If the folder is none of these; the message says what was looked for.
    """
    info = _info_folder(folder)
    facts = _read_json(info / "run.json")
    path = info / "inputs.json"
    # until this run knows its inputs, the file may be that of an earlier run into the same folder
    is_new = path.exists() and path.stat().st_mtime >= float(facts["start"])
    inputs = _read_json(path) if is_new else {}
    found = find_log(Path(facts["launch_dir"]), facts["session"], facts["name"], facts["command"])
    log = read_log(found) if found else None
    return RunRecord(info, facts, inputs, log, _state(facts, log))


def _read_json(path: Path) -> dict[str, Any]:
    """Return the content of a file that the run may just be writing."""
    for _ in range(20):
        try:
            return json.loads(path.read_text())
        except ValueError:
            time.sleep(0.1)
    return json.loads(path.read_text())


def _info_folder(folder: Path) -> Path:
    for info in (folder / "pipeline_info", folder):
        if (info / "run.json").exists():
            return info
    log = folder / ".nextflow.log"
    results = results_of_log(log) if log.exists() else None
    if results and (results / "pipeline_info" / "run.json").exists():
        return results / "pipeline_info"
    raise FileNotFoundError(
        f"{folder} is no run: it has neither pipeline_info/run.json nor a .nextflow.log that names the run's results. "
        "Give the folder of --outdir, or the folder that the run was started from."
    )


def _state(facts: dict[str, Any], log: Log | None) -> State:
    if "end" in facts:
        return State.FINISHED if facts["success"] else State.FAILED
    if facts["host"] == socket.gethostname():
        return State.RUNNING if _is_nextflow(int(facts["pid"])) else State.CRASHED
    heard = log.written if log else float(facts["start"])
    return State.RUNNING if time.time() - heard < SILENT else State.CRASHED


def _is_nextflow(pid: int) -> bool:
    """Tell whether a process of this number runs and is Nextflow; numbers are used again."""
    try:
        return b"nextflow" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self/cmdline").exists():
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
