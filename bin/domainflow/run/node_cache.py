"""Keep small files on a node, so that its tasks read each of them from the shared storage once.

A file is known by a namespace, the digest of what it was made from, and a name: ``domainflow-USER/NAMESPACE/NAME`` in
the folder that was chosen. Size and checksum of each are known beforehand, so that a damaged file is made again.

Tasks at the same time. A file appears under its name when it is complete (a temporary name, then a rename) and is
never written again. A task has a hard link of its own to each file it uses, or a copy where links are impossible. So
no file is taken from a task when it is removed from the cache. Only who adds or removes files takes the lock.

Size. The lock file holds the sum of the files' sizes. A task first adds what it will write to the sum, so that the
sum is never too small after a crash. If it passes the limit, all files are counted and the least recently used go.

System calls that name a file, for each one placed: two if it comes from the cache, five if it is made and added.
"""

import errno
import fcntl
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from domainflow.run.errors import StoreError

__all__ = ["CachedFile", "NodeCache"]

LOCK = "lock"
NEW = ".new"
"""Temporary name of the file that is being added; there is one at a time, because of the lock."""
BLOCK = 4096
"""Bytes of a block of usual file systems: a file takes whole blocks."""
FILLED_AGAIN = 0.9
"""Share of the limit that is left filled when files are removed, so that this is not needed for every task."""
MOST_SECONDS = 60.0
"""Time to wait for the lock, in seconds. A task that does not get it adds nothing: the cache saves time, no more."""
PAUSE = 0.02
"""Time between two attempts to lock, in seconds."""


class CachedFile(NamedTuple):
    """A file's name (without folders), size in bytes and CRC-32 (`zlib.crc32`)."""

    name: str
    size: int
    crc: int


class NodeCache:
    """A cache in a folder of the node, shared by all of its tasks.

    Parameters
    ----------
    folder : Path or None
        Made if missing. Each user has a folder in it. None: there is no cache, and each file is made for the task.
    most_bytes : int
        Space that its files may take together.

    Attributes
    ----------
    note : str or None
        One sentence for the ledger if the folder cannot be written. The task goes on without the cache.
    """

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = None if folder is None else folder.absolute() / f"domainflow-{os.geteuid()}"
        self._most_bytes = most_bytes
        self._can_link = True
        self.note: str | None = None
        if self._folder is not None:
            with self._usable():
                self._folder.mkdir(parents=True, exist_ok=True)
                os.close(_open_lock(self._folder))

    def place_all(self, namespace: str, files: Iterable[CachedFile], make: Callable[[str], bytes], target: Path) -> int:
        """Put files into a task's folder, from the cache as far as it has them, and add the others to it.

        Parameters
        ----------
        namespace : str
            Digest of what the files are made from, as a folder's name.
        files : iterable of CachedFile
            Each name once.
        make : callable
            Returns a file's content, given its name.
        target : Path
            Folder that holds no files of these names. The files in it must not be changed: they may be the cache's own.

        Returns
        -------
        int
            Number of files that came from the cache.

        Raises
        ------
        StoreError
            If what was made has another size or checksum than was said.
        OSError
            If `target` cannot be written.
        """
        wanted = list(files)
        made = [file for file in wanted if not self._take(namespace, file, target)]
        for file in made:
            content = make(file.name)
            if not _is(content, file):
                raise StoreError(f"{file.name} was made with other content than its index says; make the index again.")
            _write_new(target / file.name, content)
        with self._usable():
            self._add(namespace, made, target)
        return len(wanted) - len(made)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Go on without the cache if its folder cannot be written."""
        try:
            yield
        except OSError as error:
            trouble = f"cannot be used ({error.strerror or error})"
            self.note = f"the node cache {self._folder} {trouble}, so its files were made for this task alone"
            self._folder = None
            print(f"Warning: {self.note}", file=sys.stderr)

    def _take(self, namespace: str, file: CachedFile, target: Path) -> bool:
        """Put a file of the cache into a folder; False if the cache does not have it, or has it damaged."""
        if self._folder is None:
            return False
        cached, placed = self._folder / namespace / file.name, target / file.name
        if self._can_link:
            try:
                os.link(cached, placed)
            except (FileNotFoundError, NotADirectoryError):
                return False
            except OSError as error:  # also too many links
                self._can_link = error.errno != errno.EXDEV
            else:
                return _is_or_goes(placed, file)
        content = _read_used(cached, file)
        if content is None:
            return False
        _write_new(placed, content)
        return True

    def _add(self, namespace: str, files: list[CachedFile], source: Path) -> None:
        """Add files from a task's folder that the cache lacks, as many as there is room for."""
        folder = self._folder
        if folder is None or not files:
            return
        with _locked(folder) as lock:
            if lock is None:
                return
            place = folder / namespace
            place.mkdir(exist_ok=True)
            lacking = [file for file in files if _read_used(place / file.name, file) is None]
            total, space = _read_total(lock), sum(_space(file.size) for file in lacking)
            if total is None or total + space > self._most_bytes:
                total = _shrink(folder, max(0, int(self._most_bytes * FILLED_AGAIN) - space))
            adding = []
            for file in lacking:
                if total + _space(file.size) <= self._most_bytes:
                    total += _space(file.size)
                    adding.append(file)
            _write_total(lock, total)
            (folder / NEW).unlink(missing_ok=True)  # of a task that was killed
            for file in adding:
                _publish(source / file.name, folder / NEW, place / file.name)


def _space(size: int) -> int:
    """Return the bytes that a file takes on a disk."""
    return -(-size // BLOCK) * BLOCK


def _is(content: bytes, file: CachedFile) -> bool:
    return len(content) == file.size and zlib.crc32(content) == file.crc


def _read_used(path: Path, file: CachedFile) -> bytes | None:
    """Return the content of a file and mark it as used now; None if it is not as expected."""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
            with suppress(OSError):  # another user's
                os.utime(stream.fileno())
    except OSError:
        return None
    return content if _is(content, file) else None


def _is_or_goes(placed: Path, file: CachedFile) -> bool:
    """Tell whether a link is to the expected content; if not, remove it."""
    if _read_used(placed, file) is None:
        placed.unlink()
        return False
    return True


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist: an existing one might be the cache's own."""
    with open(path, "xb") as stream:
        stream.write(content)


def _publish(source: Path, temporary: Path, cached: Path) -> None:
    """Give the cache a task's file, by a link if possible, else as a copy."""
    try:
        os.link(source, temporary)
    except OSError:
        _write_new(temporary, source.read_bytes())
    temporary.replace(cached)


def _open_lock(folder: Path) -> int:
    return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)


@contextmanager
def _locked(folder: Path) -> Iterator[int | None]:
    """Lock the cache; None if others hold the lock for too long.

    Raises
    ------
    OSError
        If the folder cannot be written, or its file system knows no locks.
    """
    descriptor = _open_lock(folder)
    try:
        yield descriptor if _lock(descriptor) else None
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    latest = time.monotonic() + MOST_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > latest:
                return False
            time.sleep(PAUSE)
        else:
            return True


def _read_total(lock: int) -> int | None:
    text = os.pread(lock, 32, 0)
    return int(text) if text.strip().isdigit() else None


def _write_total(lock: int, total: int) -> None:
    text = f"{total}\n".encode()
    os.pwrite(lock, text, 0)
    os.ftruncate(lock, len(text))


def _shrink(folder: Path, most_bytes: int) -> int:
    """Remove the least recently used files until the others take no more than this; return what they take."""
    found = []
    for entry in folder.glob("*/*"):
        with suppress(FileNotFoundError):  # removed by the user
            state = entry.stat()
            found.append((state.st_mtime_ns, entry, _space(state.st_size)))
    total = sum(space for _, _, space in found)
    for _, entry, space in sorted(found):
        if total <= most_bytes:
            break
        entry.unlink(missing_ok=True)
        total -= space
    return total
