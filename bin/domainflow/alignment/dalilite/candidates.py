"""Put the templates that a task needs on its node, each once, for all calls of the task."""

import os
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from domainflow.alignment.dalilite.template_archive import TemplateArchive
from domainflow.run.node_cache import CachedFile, NodeCache

__all__ = ["TaskTemplates"]


class TaskTemplates:
    """Templates of one task as ``.dat`` files in a folder; threads may place at the same time.

    Parameters
    ----------
    archive : TemplateArchive
    cache : NodeCache
        Shared by the tasks of the node.
    folder : Path
        Made here.
    """

    def __init__(self, archive: TemplateArchive, cache: NodeCache, folder: Path) -> None:
        self._archive, self._cache, self._folder = archive, cache, folder
        self._placed: set[str] = set()
        self._process = os.getpid()
        self._lock = threading.Lock()
        folder.mkdir()

    def place(self, uids: Iterable[str]) -> None:
        """Write the files of templates that are not there yet.

        A full disk must not end the task: files that cannot be written are left out. The comparison misses them and is
        repeated in the task's folder.
        """
        with self._lock:
            if os.getpid() != self._process:  # a child process; others before it may have died after placing some
                self._process = os.getpid()
                self._placed = self._found()
            lacking = sorted(set(uids) - self._placed)
            self._placed.update(lacking)
            try:
                self._cache.place_all(
                    self._archive.identity, [self._file(uid) for uid in lacking], self._content, self._folder
                )
            except OSError as error:
                print(f"Warning: not all templates could be written to {self._folder} ({error})", file=sys.stderr)

    def _found(self) -> set[str]:
        """Return the templates whose files are in the folder; remove those that are not complete."""
        found = set()
        for entry in os.scandir(self._folder):
            uid = self._archive.uid(entry.name.removesuffix(".dat"))
            if entry.stat().st_size == self._archive.size(uid):
                found.add(uid)
            else:
                os.unlink(entry.path)
        return found

    def _file(self, uid: str) -> CachedFile:
        return CachedFile(f"{self._archive.code(uid)}.dat", self._archive.size(uid), self._archive.checksum(uid))

    def _content(self, name: str) -> bytes:
        return self._archive.dat(self._archive.uid(name.removesuffix(".dat")))
