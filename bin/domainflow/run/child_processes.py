"""End all processes that this one started, and those that they started, before what they write is removed.

Linux only: processes are read from ``/proc``. Killed one after the other, a program's children would survive it as
strangers. So all are stopped first, again and again until no new one appears, and then killed.
"""

import ctypes
import os
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["adopt_orphans", "end_child_processes", "end_with_parent", "held_bytes", "reap_orphans"]

MOST_SECONDS = 5.0
"""Time to wait for killed processes, in seconds. Only one that waits for a broken disk takes longer."""
PAUSE = 0.01
"""Time between two looks at them, in seconds."""
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
"""Linux's numbers of these options of ``prctl``."""
KIB = 1024


def end_child_processes() -> None:
    """Kill this process's children and all of their descendants; return when they are gone."""
    stopped: set[int] = set()
    while new := set(_descendants(os.getpid())) - stopped:
        for process in new:
            _send(process, signal.SIGSTOP)
        stopped |= new
    for process in stopped:
        _send(process, signal.SIGKILL)
    latest = time.monotonic() + MOST_SECONDS
    while stopped & _running().keys() and time.monotonic() < latest:
        time.sleep(PAUSE)


def adopt_orphans() -> None:
    """Become the parent of what a child's programs leave behind when the child dies, so that they can be ended."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent(parent: int) -> None:
    """Have this process killed when its parent, given by its number, ends in whatever way."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it has ended already
        os._exit(1)


def reap_orphans() -> None:
    """Take ended child processes off the system's list; this process must wait for none of them elsewhere."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def held_bytes() -> int:
    """Return the memory in bytes that this process and its descendants hold, without files that they only map."""
    own = os.getpid()
    return sum(_anonymous_bytes(process) for process in (own, *_descendants(own)))


def _anonymous_bytes(process: int) -> int:
    """Return the memory of a process that is not a file's; 0 if it has ended.

    Of memory that it shares with others, such as those that it was forked from, its part counts.
    """
    for name, field in (("smaps_rollup", b"Pss_Anon:"), ("status", b"RssAnon:")):  # the first since Linux 5.9
        with suppress(OSError):
            for line in Path(f"/proc/{process}/{name}").read_bytes().splitlines():
                if line.startswith(field):
                    return int(line.split()[1]) * KIB
    return 0


def _descendants(process: int) -> Iterator[int]:
    """Yield the running processes below one, parents before their children."""
    children = defaultdict(list)
    for child, parent in _running().items():
        children[parent].append(child)
    waiting = [process]
    while waiting:
        found = children[waiting.pop()]
        yield from found
        waiting += found


def _running() -> dict[int, int]:
    """Return each running process with its parent; those that have ended but are still listed are left out."""
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError):  # it has ended since
                state, parent = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()[:2]
                if state not in (b"Z", b"X"):
                    parents[int(entry.name)] = int(parent)
    return parents


def _send(process: int, signal_number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal_number)
