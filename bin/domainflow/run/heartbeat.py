"""Say on standard error how far a step is, in lines that ``tools/status.py`` reads from the task's folder.

A line has seven fields, separated by tabs: ``heartbeat``, Unix time in seconds, the step's name as in the ledger, items
done, items in all, items done per second since the start, and items waiting for a writer. ``-`` stands for what is not
known, or for a step without a writer. There is a line at the start, one at the end, and at most one per 10 s between.
"""

import sys
import time
from collections.abc import Callable
from threading import Lock
from typing import TextIO

__all__ = ["HEARTBEAT", "SECONDS_BETWEEN_LINES", "Heartbeat"]

HEARTBEAT = "heartbeat"
"""First field of a line."""
SECONDS_BETWEEN_LINES = 10.0
UNKNOWN = "-"


class Heartbeat:
    """The progress of one step. Threads may call all methods.

    Parameters
    ----------
    step : str
        Name of the process.
    of : int, optional
        Number of items in all.
    stream : text stream, optional
        Standard error by default.
    clock : callable
        Returns seconds that never go back.
    """

    def __init__(
        self,
        step: str,
        of: int | None = None,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._step, self._of, self._stream, self._clock = step, of, stream, clock
        self._lock = Lock()
        self._begin: float | None = None
        self._latest = 0.0
        self._done = 0
        self._taken: int | None = None

    def begin(self) -> None:
        """Write the first line, if it is not written; the other methods begin as well."""
        with self._lock:
            self._begun()

    def add(self, count: int = 1) -> None:
        """Count finished items."""
        with self._lock:
            self._begun()
            self._done += count
            if self._clock() - self._latest >= SECONDS_BETWEEN_LINES:
                self._write()

    def take(self, count: int = 1) -> None:
        """Count items that the step's writer has taken; the other finished ones wait for it."""
        with self._lock:
            self._taken = (self._taken or 0) + count

    def end(self) -> None:
        """Write the last line."""
        with self._lock:
            self._begun()
            self._write()

    def _begun(self) -> None:
        if self._begin is None:
            self._begin = self._clock()
            self._write()

    def _write(self) -> None:
        self._latest = self._clock()
        seconds = self._latest - (self._begin or 0.0)
        rate = self._done / seconds if seconds > 0 else 0.0
        of = UNKNOWN if self._of is None else self._of
        waiting = UNKNOWN if self._taken is None else self._done - self._taken
        fields = [HEARTBEAT, int(time.time()), self._step, self._done, of, f"{rate:.3f}", waiting]
        print(*fields, sep="\t", file=self._stream or sys.stderr, flush=True)
