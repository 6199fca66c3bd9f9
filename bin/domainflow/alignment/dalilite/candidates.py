"""Put the templates that a task needs on its node, each once, for all calls of the task."""

import threading
from collections.abc import Iterable
from pathlib import Path

from domainflow.alignment.dalilite.template_archive import TemplateArchive

__all__ = ["TaskTemplates"]


class TaskTemplates:
    """Templates of one task as ``.dat`` files in a folder; threads may place at the same time.

    Parameters
    ----------
    archive : TemplateArchive
    folder : Path
        Made here.
    """

    def __init__(self, archive: TemplateArchive, folder: Path) -> None:
        self._archive = archive
        self._folder = folder
        self._placed: set[str] = set()
        self._lock = threading.Lock()
        folder.mkdir()

    def place(self, uids: Iterable[str]) -> None:
        """Write the files of templates that are not there yet.

        A file that cannot be written is left out, because a full disk must not end the task: the comparison misses
        the file and is repeated elsewhere.
        """
        with self._lock:
            for uid in uids:
                if uid not in self._placed:
                    path = self._folder / f"{self._archive.code(uid)}.dat"
                    try:
                        path.write_bytes(self._archive.dat(uid))
                    except OSError:
                        path.unlink(missing_ok=True)
                    self._placed.add(uid)
