"""Measure what a batch costs: time and memory."""

import resource
import time
from pathlib import Path

__all__ = ["Cost"]

KIB = 1024


class Cost:
    """Time and memory of a task, from when this is made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()

    def write(self, path: Path, name: str) -> None:
        """Write a table of one row: seconds of wall and CPU, and MiB of the largest memory."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
        wall, cpu = time.monotonic() - self._wall, time.process_time() - self._cpu
        path.write_text(f"batch\twall_s\tcpu_s\tpeak_rss_mib\n{name}\t{wall:.3f}\t{cpu:.3f}\t{peak:.1f}\n")
