"""Compare the CPUs that a task may really use with those that it asked for.

A scheduler, a container or ``taskset`` can leave a task fewer CPUs than its process asks for. It would then start more
threads than CPUs, and be slow without a word. The CPUs that it may use are those of its affinity mask
(``sched_getaffinity``), and no more than the quota of its control groups: ``cpu.max`` (version 2), or
``cpu.cfs_quota_us`` divided by ``cpu.cfs_period_us`` (version 1). The smallest quota of a group and the groups above it
counts.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cpus", "cpu_quota", "own_cpus", "thread_variables"]

THREAD_VARIABLES = (
    "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OMP_PLACES", "OMP_PROC_BIND", "OPENBLAS_NUM_THREADS",
)  # fmt: skip
"""Environment variables that decide how many threads libraries start, and where."""
V1_FILES = "cpu.cfs_quota_us", "cpu.cfs_period_us"
V2_FILE = "cpu.max"


@dataclass(frozen=True)
class Cpus:
    """CPUs that a task asked for, and those that it may use.

    Attributes
    ----------
    asked : int
    allowed : int
        CPUs of its affinity mask.
    quota : float or None
        CPUs that its control groups grant; None for no limit.
    """

    asked: int
    allowed: int
    quota: float | None = None

    @property
    def usable(self) -> int:
        """Whole CPUs that the task may use, at least 1."""
        return max(1, self.allowed if self.quota is None else min(self.allowed, int(self.quota)))

    @property
    def complaint(self) -> str | None:
        """Clause on the CPUs that are lacking; None if there are enough."""
        if self.usable >= self.asked:
            return None
        limit = "its affinity mask" if self.usable == self.allowed else "the CPU quota of its control group"
        return f"may use {self.usable} of the {self.asked} CPUs that it asked for, because of {limit}"


def own_cpus(asked: int) -> Cpus:
    """Return the CPUs of this process."""
    return Cpus(asked, len(os.sched_getaffinity(0)), cpu_quota())


def thread_variables(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that decide on threads, as far as they are set."""
    known = os.environ if environment is None else environment
    return {name: known[name] for name in THREAD_VARIABLES if name in known}


def cpu_quota(proc: Path = Path("/proc/self")) -> float | None:
    """Return the CPUs that the control groups of a process grant; None for no limit.

    Parameters
    ----------
    proc : Path
        Folder with its files ``cgroup`` and ``mounts``.
    """
    return min(_quotas(proc), default=None)


def _quotas(proc: Path) -> Iterator[float]:
    """Yield the quota of each control group of a process that has one."""
    try:
        groups, mounts = ((proc / name).read_text().splitlines() for name in ("cgroup", "mounts"))
    except OSError:
        return
    path_of: dict[str, str] = {}
    for line in groups:
        _, controllers, path = line.split(":", 2)
        path_of |= dict.fromkeys(controllers.split(","), path)  # that of version 2 has the name ""
    for line in mounts:
        _, mount, kind, options = line.split()[:4]
        controller = {"cgroup2": "", "cgroup": "cpu"}.get(kind)
        if controller is None or controller not in path_of or (controller and controller not in options.split(",")):
            continue
        # In a container, the group of the process may be mounted as if it were the uppermost.
        own = Path(path_of[controller].lstrip("/"))
        for place in (own, *own.parents):
            with suppress(OSError, ValueError, ZeroDivisionError):
                yield _quota(Path(mount) / place, controller)


def _quota(group: Path, controller: str) -> float:
    """Return the CPUs that a control group grants.

    Raises
    ------
    OSError, ValueError
        If it sets no limit.
    """
    words = [(group / name).read_text() for name in V1_FILES] if controller else (group / V2_FILE).read_text().split()
    quota, period = map(int, words)  # "max" stands for no limit in version 2
    if quota < 0:
        raise ValueError("no limit")
    return quota / period
