"""Read the proteins of an archive's parts, which `domainflow.inputs.parts` wrote."""

import json
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from domainflow.inputs.parts import ENTRIES
from domainflow.structures.prepare import ProteinFiles

__all__ = ["PartEntry", "files_of_parts", "read_part"]

LONGEST_NAME = 60
"""Characters of a file's name that are kept; messages show them."""


class PartEntry(NamedTuple):
    """A protein of a part: its id, and the names and contents of its files."""

    id: str
    structure: tuple[str, bytes]
    pae: tuple[str, bytes] | None


def files_of_parts(parts: Iterable[str]) -> Iterator[ProteinFiles]:
    """Yield the proteins of parts, sorted by id within each, with their files in a temporary folder for that long."""
    for part in parts:
        for entry in read_part(Path(part)):
            with TemporaryDirectory(dir=".", prefix="protein.") as folder:
                structure = _written(Path(folder, "structure"), entry.structure)
                pae = _written(Path(folder, "pae"), entry.pae) if entry.pae else None
                yield ProteinFiles(entry.id, structure, pae, False)


def read_part(path: Path) -> Iterator[PartEntry]:
    """Yield the proteins of a part; one of them is in memory at a time."""
    with tarfile.open(path, "r:") as archive:
        members = {member.name: member for member in archive}

        def content(name: str) -> bytes:
            stream = archive.extractfile(members[name])
            assert stream is not None, "parts hold regular files"
            return stream.read()

        for entry in json.loads(content(ENTRIES)):
            pae = (entry["pae"], content(entry["pae"])) if entry["pae"] else None
            yield PartEntry(entry["id"], (entry["structure"], content(entry["structure"])), pae)


def _written(folder: Path, file: tuple[str, bytes]) -> Path:
    """Write a file under the last part of its name in the archive, shortened, and return its path."""
    name = PurePosixPath(file[0]).name.replace("\0", "")[-LONGEST_NAME:] or "file"
    folder.mkdir()
    path = folder / name
    path.write_bytes(file[1])
    return path
