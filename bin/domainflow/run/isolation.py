"""Do each protein's work in a child process, so that a protein that kills its process costs no other one.

A child works on the proteins one after the other and sends each result back at once, so nothing is done twice. When it
dies, the protein that it worked on is the suspect. The next child begins with that one, without the memory that
earlier proteins have left. If it dies of it as well, the protein is given up, and the next child begins after it. So a
protein that kills costs two processes, and one if the child had just begun. Halving the others would cost more: with
one protein at a time, there is never more than one suspect.

A child may hold less memory than the task has. It is ended before the system ends the task. Where the system is
faster, it takes the child first.

A signal that asks the task to end ends its children, too. It is never held against a protein.

Linux only. A child is a fork, so that it has the templates and tables that were read before. No threads may run then.
"""

import itertools
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, NamedTuple, NoReturn, Protocol, TypeVar

from domainflow.run.child_processes import (
    adopt_orphans,
    end_child_processes,
    end_with_parent,
    held_bytes,
    reap_orphans,
)
from domainflow.run.errors import EXIT_NO_MEMORY
from domainflow.run.signals import SIGNALS, before_a_signal_ends

__all__ = ["Died", "each_isolated", "isolated"]

MEMORY_SHARE = 0.9
"""Share of the task's memory that its processes may hold together."""
SECONDS_BETWEEN_LOOKS = 0.1
"""Time between two looks at the memory, in seconds."""
BYTES_PER_GB = 10**9
PICKED_FIRST = "1000"
"""Largest value of ``oom_score_adj``: the system ends this process first when memory runs out."""


class HasId(Protocol):
    """Anything that belongs to one protein."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=HasId)
Done = TypeVar("Done")


@dataclass(frozen=True)
class Died:
    """A protein whose process died of it, and the cause as a clause for the ledger."""

    id: str
    cause: str


@dataclass(frozen=True)
class _Begun:
    """Message of a child: it begins with a protein."""

    id: str


@dataclass(frozen=True)
class _Finished(Generic[Done]):
    """Message of a child: what a protein's work returned."""

    done: Done


@dataclass(frozen=True)
class _Stopped:
    """Last message of a child: it has done all proteins, or an error stops the task."""

    error: Exception | None = None


def each_isolated(
    items: Iterable[Item], work: Callable[[Item], Done], task_bytes: int | None = None
) -> Iterator[Done | Died]:
    """Yield what the work returned for each protein, in their order, or the cause for one that kills its process.

    Parameters
    ----------
    items : iterable
        Proteins. They are read in the child processes alone; a generator must not have begun.
    work : callable
        Returns what can be pickled. An error that it raises ends the task. `MemoryError` is a death.
    task_bytes : int, optional
        Memory of the task. Without it, only the system limits memory.

    Raises
    ------
    Exception
        What `work` or reading the proteins raised, and `MemoryError` if a protein cannot even be read.
    """
    adopt_orphans()
    most_bytes = None if task_bytes is None else int(task_bytes * MEMORY_SHARE)
    done = 0
    # a child that dies cannot remove its temporary files
    with TemporaryDirectory(prefix="domainflow-isolated-") as folder, before_a_signal_ends(end_child_processes):
        while True:
            child, first = _Child(items, done, work, folder), done
            suspect: str | None = None
            try:
                for message in child.messages(most_bytes):
                    match message:
                        case _Begun():
                            suspect = message.id
                        case _Finished():
                            suspect = None
                            done += 1
                            yield message.done
                        case _Stopped():
                            if message.error is not None:
                                raise message.error
                            return
            finally:
                child.end()
            if suspect is None and done == first:
                raise MemoryError(f"the protein after the first {done} cannot be read: {child.cause()}")
            print(f"{suspect or 'Between two proteins'}: {child.cause()}", file=sys.stderr)
            if suspect is not None and done == first:
                done += 1
                yield Died(suspect, child.cause())


def isolated(name: str, work: Callable[[], Done], task_bytes: int | None = None) -> Done | Died:
    """Return what a function returns that is called in a child process, or the cause if the process dies.

    Parameters
    ----------
    name : str
        Stands for the work in messages.
    work : callable
        As in `each_isolated`.
    task_bytes : int, optional
        Memory of the task.
    """
    (found,) = each_isolated([_Named(name)], lambda _: work(), task_bytes)
    return found


class _Named(NamedTuple):
    """Work that is not one protein's."""

    id: str


class _Child:
    """A child process at its work, and how it ended.

    Parameters
    ----------
    items, work
        As in `each_isolated`.
    first : int
        Number of proteins that are done already.
    folder : str
        For its temporary files.
    """

    def __init__(self, items: Iterable[HasId], first: int, work: Callable[[Any], Any], folder: str) -> None:
        self._connection, sending = multiprocessing.Pipe(duplex=False)
        self._excess: str | None = None
        self._status: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self._process = os.fork()
        if self._process == 0:
            self._connection.close()
            tempfile.tempdir = folder
            _be_child(parent, items, first, work, sending)
        sending.close()

    def messages(self, most_bytes: int | None) -> Iterator[Any]:
        """Yield the child's messages until it ends; kill it if all processes together hold too much memory."""
        while True:
            while not self._connection.poll(SECONDS_BETWEEN_LOOKS):
                if most_bytes is not None and held_bytes() > most_bytes:
                    limit = f"{most_bytes / BYTES_PER_GB:.1f}"
                    self._excess = f"its process was ended because it took more memory than the {limit} GB it may take"
                    return
                if self._has_ended() and not self._connection.poll():  # a program of its own still holds the pipe
                    return
            try:
                message = self._connection.recv()
            except (EOFError, OSError):  # it died, perhaps within a message
                self._wait()
                return
            if isinstance(message, _Stopped):
                self._wait()
            yield message

    def end(self) -> None:
        """Kill the child, if it lives, and whatever it has started; return when they are gone.

        If the child was ended by a signal that asks the task to end, this process ends by the same.
        """
        self._connection.close()
        killed_here = self._status is None
        end_child_processes()
        self._wait()
        reap_orphans()
        assert self._status is not None
        if not killed_here and os.WIFSIGNALED(self._status) and os.WTERMSIG(self._status) in SIGNALS:
            os.kill(os.getpid(), os.WTERMSIG(self._status))

    def _has_ended(self) -> bool:
        if self._status is None:
            process, status = os.waitpid(self._process, os.WNOHANG)
            self._status = status if process else None
        return self._status is not None

    def _wait(self) -> None:
        if self._status is None:
            _, self._status = os.waitpid(self._process, 0)

    def cause(self) -> str:
        """Return why the child died, as a clause for the ledger."""
        assert self._status is not None
        if self._excess is not None:
            return self._excess
        if os.WIFSIGNALED(self._status):
            number = os.WTERMSIG(self._status)
            hint = ", as when memory runs out" if number == signal.SIGKILL else ""
            return f"its process was killed by signal {number} ({_signal_name(number)}{hint})"
        code = os.WEXITSTATUS(self._status)
        return "it ran out of memory" if code == EXIT_NO_MEMORY else f"its process ended with exit code {code}"


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return "unknown"


def _be_child(
    parent: int, items: Iterable[HasId], first: int, work: Callable[[Any], Any], sending: Connection
) -> NoReturn:
    """Do the work of the proteins that are left, send what comes of it, and end this process."""
    code = 1
    try:
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        end_with_parent(parent)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(PICKED_FIRST)
        code = _work(items, first, work, sending)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)  # what the parent has opened is the parent's to close


def _work(items: Iterable[HasId], first: int, work: Callable[[Any], Any], sending: Connection) -> int:
    """Do the work and return the exit code."""
    try:
        for item in itertools.islice(items, first, None):
            sending.send(_Begun(item.id))
            sending.send(_Finished(work(item)))
        sending.send(_Stopped())
    except MemoryError:
        return EXIT_NO_MEMORY
    except Exception as error:
        sending.send(_Stopped(error))
    return 0
