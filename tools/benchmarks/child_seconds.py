"""Measure the CPU time of a program, from its start to its end."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = ["child_seconds"]


def child_seconds(command: Sequence[str | Path], folder: Path, **environment: str) -> float:
    """Run a program in a folder; return the CPU seconds (user and system) of it and its children."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=log, stderr=log, env=os.environ | environment
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}:\n{(folder / 'log').read_text()}")
    return usage.ru_utime + usage.ru_stime
