"""Read the proteins of an archive's parts, which `domainflow.inputs.parts` wrote."""

import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from domainflow.inputs.parts import ENTRIES
from domainflow.structures.prepare import ProteinFiles

__all__ = ["PartEntry", "count_in_parts", "files_of_parts", "read_part"]

LONGEST_NAME = 60
"""Characters of a file's name that are kept; messages show them."""


class PartEntry(NamedTuple):
    """A protein of a part: its id, and structure and PAE of each of its fragments, as names and contents."""

    id: str
    files: list[tuple[tuple[str, bytes], tuple[str, bytes] | None]]


def files_of_parts(parts: Iterable[str]) -> Iterator[ProteinFiles]:
    """Yield the proteins of parts, sorted by id within each, with their files in a temporary folder for that long."""
    for part in parts:
        for entry in read_part(Path(part)):
            with TemporaryDirectory(dir=".", prefix="protein.") as folder:
                pairs = [
                    (
                        _written(Path(folder, f"structure{number}"), structure),
                        _written(Path(folder, f"pae{number}"), pae) if pae else None,
                    )
                    for number, (structure, pae) in enumerate(entry.files)
                ]
                yield ProteinFiles(entry.id, *pairs[0], False, tuple(pairs[1:]))


def read_part(path: Path) -> Iterator[PartEntry]:
    """Yield the proteins of a part; one of them is in memory at a time."""
    with tarfile.open(path, "r:") as archive:
        members = {member.name: member for member in archive}

        def content(name: str) -> bytes:
            stream = archive.extractfile(members[name])
            assert stream is not None, "parts hold regular files"
            return stream.read()

        for entry in json.loads(content(ENTRIES)):
            pairs = [(entry["structure"], entry["pae"]), *entry["more"]]
            files = [((one, content(one)), (two, content(two)) if two else None) for one, two in pairs]
            yield PartEntry(entry["id"], files)


def count_in_parts(parts: Iterable[str]) -> int:
    """Return the number of proteins of parts; their files are not read."""
    counted = 0
    for part in parts:
        with tarfile.open(part, "r:") as archive:
            stream = archive.extractfile(ENTRIES)
            assert stream is not None, "a part begins with the list of its proteins"
            counted += len(json.loads(stream.read()))
    return counted


def _written(folder: Path, file: tuple[str, bytes]) -> Path:
    """Write a file under the last part of its name in the archive, shortened, and return its path."""
    name = PurePosixPath(file[0]).name.replace("\0", "")[-LONGEST_NAME:] or "file"
    folder.mkdir()
    path = folder / name
    path.write_bytes(file[1])
    return path
