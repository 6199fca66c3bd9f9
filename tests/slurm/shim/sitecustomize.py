"""Let a fault happen in the middle of real work: Python loads this module first in a task with it on PYTHONPATH.

``FAULT`` is ``ACTION STEP PROTEIN FOLDER``. The action takes place when a step of that name comes to that protein:

* ``wait``: write ``FOLDER/reached`` with the job's number and node, and go on when ``FOLDER/go`` exists
* ``memory``: take memory until the task is killed
* ``fill``: fill the file system of the task's folder, and go on
* ``die``: kill this process

All but ``die`` happen once: an attempt that finds ``FOLDER/reached`` works as usual.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BLOCK_BYTES = 2**20


def act(action: str, folder: Path) -> None:
    """Do what an action of a fault is."""
    if action == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    reached = folder / "reached"
    if reached.exists():
        return
    unfinished = folder / "reached.tmp"
    unfinished.write_text(f"{os.environ.get('SLURM_JOB_ID')} {os.environ.get('SLURMD_NODENAME')} {os.getpid()}")
    unfinished.rename(reached)
    if action == "wait":
        while not (folder / "go").exists():
            time.sleep(0.1)
    elif action == "memory":
        held = []
        while True:
            held.append(b"x" * 64 * BLOCK_BYTES)
    elif action == "fill":
        with contextlib.suppress(OSError), open("ballast", "wb", buffering=0) as stream:
            while stream.write(bytes(4096)):
                pass


def prepare(fault: str) -> None:
    """Have the library's `attempt` act when it comes to the step and protein of a fault."""
    action, step, protein, folder = fault.split(" ", 3)
    sys.path.insert(0, os.environ["FAULT_LIBRARY"])
    from domainflow.run import attempt as module

    usual: Callable[..., Any] = module.attempt

    def attempt(name: str, at: str, work: Callable[[], Any]) -> Any:
        if (at, name) == (step, protein):
            act(action, Path(folder))
        return usual(name, at, work)

    module.attempt = attempt


if "FAULT" in os.environ and sys.argv[:1] != ["-c"]:
    prepare(os.environ["FAULT"])
