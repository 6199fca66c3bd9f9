"""List the files of a folder and of the folders in it."""

import os
from collections.abc import Iterator
from pathlib import Path

from domainflow.inputs.listed_file import START, ListedFile, Role, describe, is_hidden

__all__ = ["listed_folder"]

DEEPEST = 8
"""Folders inside one another; no program nests its files deeper."""


def listed_folder(folder: Path) -> Iterator[ListedFile]:
    """Yield the files of a folder with what they are; links to folders are not followed."""
    for path in _paths(folder, 0):
        relative = path.relative_to(folder).as_posix()
        if is_hidden(relative):
            yield ListedFile(relative, Role.OTHER, "a hidden file")
            continue
        try:
            with path.open("rb") as stream:
                start = stream.read(START)
        except OSError as error:
            yield ListedFile(relative, Role.OTHER, f"it cannot be read: {error.strerror}")
            continue
        yield describe(relative, start, path.read_bytes)


def _paths(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=depth == 0):
            if depth < DEEPEST:
                yield from _paths(Path(entry.path), depth + 1)
        elif entry.is_file():
            yield Path(entry.path)
