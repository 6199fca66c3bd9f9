"""Work in a folder on the node's own disk, and remove it however the work ends.

Programs that make hundreds of small files are slow in a folder that many nodes share. Where the node has no usable
place, the work goes on in the task's own folder, with a warning: it is slower there, and the results are the same.

A scratch folder ``domainflow-NAME`` is removed after success, after an error and after a signal. A task killed with
SIGKILL cannot do so. Each folder therefore has a file ``domainflow-NAME.lock`` beside it, which its owner holds locked
(`flock`) while it lives, in a container too. Whoever makes a scratch folder first removes those whose lock is free.
"""

import fcntl
import os
import secrets
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from domainflow.run.child_processes import end_child_processes
from domainflow.run.signals import before_a_signal_ends

__all__ = ["Scratch", "node_folder", "scratch_folder", "scratch_place"]

SCRATCH_OFF = "off"
"""Value of ``--scratch``: work in the task's folder."""

PREFIX = "domainflow-"
LOCK = ".lock"
WORK = "w"
"""Name of the folder for the work, inside the scratch folder: it can be moved away at once when a signal comes."""
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Scratch:
    """A folder to work in, new and empty.

    Attributes
    ----------
    folder : Path
        Absolute path.
    note : str or None
        One sentence for the ledger if the chosen place could not be used.
    ended : threading.Event
        Set when a signal ends the task. What fails in the folder afterwards need not be repeated.
    """

    folder: Path
    note: str | None
    ended: threading.Event


def node_folder() -> Path:
    """Return the node's folder for temporary files: TMPDIR, or ``/tmp`` where that is not set (as in containers)."""
    return Path(os.environ.get("TMPDIR") or "/tmp")


def scratch_place(chosen: str, task_folder: Path) -> Path:
    """Return the folder that a value of ``--scratch`` means: the node's own if it is empty, the task's if ``off``."""
    return task_folder if chosen == SCRATCH_OFF else Path(chosen or node_folder())


@contextmanager
def scratch_folder(chosen: Path | None, fallback: Path, needed_bytes: int) -> Iterator[Scratch]:
    """Make a scratch folder for the time of a ``with`` block, and remove it afterwards.

    A signal (`domainflow.run.signals`) first ends the child processes, then removes the folder. Then it ends this
    process as it would have. This holds in the main thread; in another thread signals stay as they are.

    Parameters
    ----------
    chosen : Path or None
        Folder on the node in which to make it; None for `node_folder`. The same as `fallback`: no scratch is wanted.
    fallback : Path
        The task's folder, used if `chosen` is missing and cannot be made, cannot be written, or is too small. A line
        on stderr then says so.
    needed_bytes : int
        Space that the work takes, as estimated by the caller.

    Raises
    ------
    OSError
        If `fallback` cannot be written either.
    """
    made = _Folder()
    with before_a_signal_ends(made.remove_at_once):
        try:
            note = None if chosen == fallback else _make_on_node(made, chosen or node_folder(), needed_bytes)
            if made.outer is None:
                made.make(fallback, with_lock=False)
            yield Scratch(made.work, note, made.ended)
        finally:
            made.remove()


class _Folder:
    """A scratch folder that is made and removed, with its lock."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.ended = threading.Event()
        self.outer: Path | None = None
        self._lock: int | None = None

    @property
    def work(self) -> Path:
        """The folder to work in."""
        assert self.outer is not None
        return self.outer / WORK

    def make(self, parent: Path, with_lock: bool) -> None:
        """Make the folder in another; if that fails, nothing remains.

        Raises
        ------
        OSError
        """
        try:
            while self.outer is None or (with_lock and not self._take_lock()):
                self.outer = parent.absolute() / f"{PREFIX}{secrets.token_hex(4)}"
            self.outer.mkdir(mode=0o700)
            self.work.mkdir()
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove the folder and let its lock go. What cannot be removed is left, without an owner, to a later task."""
        if self.outer is not None:
            _remove(self.outer)
        if self._lock is not None:
            os.close(self._lock)
        self.outer = self._lock = None

    def remove_at_once(self) -> None:
        """Remove the folder while programs and threads still work in it."""
        self.ended.set()
        if self.outer is not None:
            with suppress(OSError):  # from here on nobody finds the folder under its name
                self.work.rename(self.outer / f"{WORK}-ended")
        end_child_processes()
        self.remove()
        end_child_processes()  # those that other threads have started since

    def _take_lock(self) -> bool:
        """Make the lock file and lock it; False if another task took it for one without an owner in between."""
        path = _lock_path(self.work.parent)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, f"{self.owner}\n".encode())  # fails on a full disk
        except BaseException:
            path.unlink(missing_ok=True)
            os.close(descriptor)
            raise
        if not _is_at(descriptor, path):
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True


def _make_on_node(made: _Folder, parent: Path, needed_bytes: int) -> str | None:
    """Make the folder on the node; return the sentence that says why this could not be done."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(parent)
        free = shutil.disk_usage(parent).free
        if free >= needed_bytes:
            made.make(parent, with_lock=True)
            return None
        trouble = f"has {_megabytes(free)} free and {_megabytes(needed_bytes)} are needed"
    except OSError as error:
        trouble = f"cannot be used ({error.strerror or error})"
    note = f"the scratch folder {parent} {trouble}, so the work was done in the task's own folder"
    print(f"Warning: {note}", file=sys.stderr)
    return note


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB"


def _remove_leftovers(parent: Path) -> None:
    """Remove this user's scratch folders in a folder whose owners no longer live."""
    for path in parent.glob(f"{PREFIX}*{LOCK}"):
        with suppress(OSError):  # it is locked, it is another user's, or another task was faster
            descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if os.fstat(descriptor).st_uid == os.geteuid():
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if _is_at(descriptor, path):
                        _remove(path.with_suffix(""))
            finally:
                os.close(descriptor)


def _remove(folder: Path) -> None:
    """Remove a scratch folder and then its lock file; the lock file stays as long as the folder does."""
    shutil.rmtree(folder, ignore_errors=True)
    if not os.path.lexists(folder):
        with suppress(OSError):
            _lock_path(folder).unlink()


def _lock_path(folder: Path) -> Path:
    return folder.with_name(folder.name + LOCK)


def _is_at(descriptor: int, path: Path) -> bool:
    """Tell whether an open file still has this name."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False
