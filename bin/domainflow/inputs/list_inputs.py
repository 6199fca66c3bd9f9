"""Find out what ``--input`` is, and list its proteins; archives are also split into parts, one or more a bucket."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from math import sqrt
from pathlib import Path
from typing import NamedTuple

from domainflow.inputs.archive import is_archive, members
from domainflow.inputs.file_names import stem_of
from domainflow.inputs.folder import listed_folder
from domainflow.inputs.fragments import with_joined_fragments
from domainflow.inputs.listed_file import START, ListedFile, Role, describe
from domainflow.inputs.parts import MOST_PARTS, split
from domainflow.inputs.proteins import groups
from domainflow.inputs.rows import InputRow, rows_of_groups, rows_of_sheet
from domainflow.inputs.samplesheet import is_list_of_paths, listed_paths, sheet_rows
from domainflow.run.errors import InputError
from domainflow.structures.compressed import first_bytes, read_bytes
from domainflow.structures.file_kind import Kind, file_kind

__all__ = ["InputKind", "Inputs", "default_buckets", "list_inputs"]

LARGEST_SHEET = 256 * 1024**2
"""Bytes of a samplesheet or list of paths."""


class InputKind(StrEnum):
    """Kinds of inputs; they decide where the paths of rows count from."""

    FOLDER = "folder"
    SHEET = "sheet"
    FILE = "file"
    ARCHIVE = "archive"


class Inputs(NamedTuple):
    """Proteins of an input, and its other files.

    Attributes
    ----------
    kind : InputKind
    rows : iterable of InputRow
        One an input.
    unused : iterable of (str, str)
        Files that are not used, with the reason.
    close : callable
        To be called when both are read.
    """

    kind: InputKind
    rows: Iterable[InputRow]
    unused: Iterable[tuple[str, str]]
    close: Callable[[], None] = lambda: None


def list_inputs(path: Path, name: str, parts: Path, buckets: int | None) -> Inputs:
    """List what an input holds.

    Parameters
    ----------
    path : Path
    name : str
        The user's name of it.
    parts : Path
        Folder to write the parts of an archive to: ``archive-0003.part-0515.tar`` belongs to bucket 3.
    buckets : int or None
        Number of buckets of an archive; None for the default.

    Raises
    ------
    InputError
        If it is nothing that holds proteins.
    """
    if path.is_dir():
        rows, unused = rows_of_groups(groups(listed_folder(path), name))
        rows = with_joined_fragments(rows)
        if not rows:
            raise InputError(f"the folder {name} holds no structure (PDB, mmCIF, BinaryCIF or FoldComp)")
        return Inputs(InputKind.FOLDER, rows, unused)
    if is_archive(path):
        return _archive(path, name, parts, buckets)
    with path.open("rb") as stream:
        start = stream.read(START)
    if describe(name, start, path.read_bytes).role is Role.STRUCTURE and file_kind(_head(start, name)) is not Kind.TEXT:
        file = ListedFile(name, Role.STRUCTURE)
        return Inputs(InputKind.FILE, rows_of_groups(groups([file], stem_of(name)), False)[0], [])
    content = read_bytes(path, LARGEST_SHEET) if path.stat().st_size else b""
    if is_list_of_paths(content):
        rows, unused = rows_of_groups(groups(listed_paths(content), stem_of(name)), by_folder=False)
        return Inputs(InputKind.SHEET, with_joined_fragments(rows), unused)
    return Inputs(InputKind.SHEET, rows_of_sheet(sheet_rows(content, name)), [])


def default_buckets(count: int) -> int:
    """Return the number of buckets of so many proteins, as functions/buckets.nf does for files."""
    wanted = 1.5 * sqrt(count) if count > 1 else 1
    return next((2**exponent for exponent in range(11) if 2**exponent >= wanted), MOST_PARTS)


def _archive(path: Path, name: str, parts: Path, buckets: int | None) -> Inputs:
    parts.mkdir(parents=True, exist_ok=True)
    archive = split(members(path, name), parts, stem_of(name))
    if not archive.has_rows:
        archive.close()
        raise InputError(f"the archive {name} holds no structure (PDB, mmCIF, BinaryCIF or FoldComp)")
    count = buckets or default_buckets(archive.count)
    for number, part in archive.parts().items():
        part.rename(parts / f"archive-{number % count:04d}.part-{number:04d}.tar")
    return Inputs(InputKind.ARCHIVE, archive.rows(), archive.unused(), archive.close)


def _head(start: bytes, name: str) -> bytes:
    try:
        return first_bytes(start, name)
    except InputError:
        return start
