"""Clean up before a signal ends this process."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

__all__ = ["SIGNALS", "before_a_signal_ends"]

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU)
"""Sent by a user, a closed terminal, or a scheduler that announces a time limit."""


@contextmanager
def before_a_signal_ends(clean: Callable[[], None]) -> Iterator[None]:
    """Call a function when a signal of `SIGNALS` comes during a ``with`` block, then end as the signal would have.

    Signals that are ignored stay so. A fork of this process ends without the call. Blocks may lie in one another: the
    inner function is called first. This holds in the main thread; in another thread signals stay as they are.

    Parameters
    ----------
    clean : callable
    """
    owner = os.getpid()

    def end(number: int, frame: FrameType | None) -> NoReturn:
        for other in before:
            signal.signal(other, signal.SIG_IGN)
        if os.getpid() == owner:
            clean()
        previous = before[signal.Signals(number)]
        if callable(previous) and previous is not signal.default_int_handler:
            previous(number, frame)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(128 + number)  # a container's first process does not die of its own signals

    before: dict[signal.Signals, Any] = {}
    with suppress(ValueError):  # not the main thread
        for number in SIGNALS:
            if signal.getsignal(number) not in (signal.SIG_IGN, None):
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
