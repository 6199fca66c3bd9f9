"""Describe a file of a folder or archive by its path and content: a structure, PAE, or neither and why."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from domainflow.inputs.model_scores import score_of_json, score_of_npz
from domainflow.run.errors import InputError
from domainflow.structures.compressed import first_bytes, unpack
from domainflow.structures.file_kind import HEAD, Kind, file_kind

__all__ = ["START", "ListedFile", "Role", "describe", "describe_by_name", "is_hidden"]

START = 2 * HEAD
"""Bytes of a file, packed or not, that are read to tell what it is."""

GLANCE = 1024
"""Bytes that tell most structures."""
LARGEST_SEARCHED = 64 * 1024**2
"""Bytes of a packed JSON file or pickle that is unpacked to look for PAE in it."""
FEWEST_COLUMNS = 10
"""Numbers in a row of a PAE matrix; shorter chains are rejected."""
LARGEST_RANKING = 65_536
"""Bytes of AlphaFold 2's list of its models, best first."""
STRUCTURE_ENDINGS = (".cif", ".mmcif", ".bcif", ".pdb", ".ent", ".pqr", ".fcz")
PAE_ENDINGS = (".json", ".npz", ".npy", ".pkl", ".pickle", ".hdf", ".hdf5", ".h5", ".txt")
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".zip")
_PAE_KEY = re.compile(
    rb'"(?:predicted_aligned_error|pae|token_pair_pae|full_pae|pae_matrix|pae_output|aligned_error)"\s*:\s*\[|'
    rb'"residue1"\s*:\s*\['
)
_BARE_MATRIX = re.compile(rb"\s*\[\s*\[")
_PAE_ARRAY = re.compile(rb"(?:^|/)(?:predicted_aligned_error|pae|token_pair_pae|full_pae|dist)\.npy$")
_SQUARE = re.compile(rb"'shape': \((?:1, )*(\d+), (\d+)\)")


class Role(StrEnum):
    """Use that a file can have."""

    STRUCTURE = "structure"
    PAE = "pae"
    OTHER = "other"


class ListedFile(NamedTuple):
    """A file below the input.

    Attributes
    ----------
    path : str
        Relative to the input, with ``/``.
    role : Role
    reason : str
        Why it is neither structure nor PAE; else empty.
    models : tuple of str
        Names of AlphaFold 2's models, best first, if the file lists them.
    score : float or None
        Score of the model that the file is about, the higher the better.
    """

    path: str
    role: Role
    reason: str = ""
    models: tuple[str, ...] = ()
    score: float | None = None

    @property
    def ranks(self) -> bool:
        """True if it tells which model is the best."""
        return bool(self.models) or self.score is not None


_STRUCTURES = (Kind.PDB, Kind.MMCIF, Kind.BINARY_CIF, Kind.FOLDCOMP)


def describe(path: str, start: bytes, whole: Callable[[], bytes]) -> ListedFile:
    """Describe a file.

    Parameters
    ----------
    path : str
        Relative to the input.
    start : bytes
        Its first `START` bytes, or all if it is smaller.
    whole : callable
        Returns all of its bytes. It is called for few files: those whose beginning does not tell what they are.
    """
    if is_hidden(path):
        return ListedFile(path, Role.OTHER, "a hidden file")
    try:
        glance = file_kind(start[:GLANCE])
        if glance is Kind.GZIP:
            glance = file_kind(first_bytes(start, path, GLANCE))
        if glance in _STRUCTURES:
            return ListedFile(path, Role.STRUCTURE)
        head = first_bytes(start, path)
        kind = file_kind(head)
        if kind is Kind.ZIP:
            content = unpack(whole(), PurePosixPath(path).name, LARGEST_SEARCHED)
            head, kind = content[:HEAD], file_kind(content)
            return _described(path, head, kind, lambda: content)
    except InputError as error:
        return ListedFile(path, *_by_ending(path, str(error)))
    return _described(path, head, kind, whole)


def _described(path: str, head: bytes, kind: Kind, whole: Callable[[], bytes]) -> ListedFile:
    if kind in _STRUCTURES:
        return ListedFile(path, Role.STRUCTURE)
    if kind is Kind.JSON:
        return _described_json(path, head, whole)
    if kind is Kind.PICKLE:
        found = b"predicted_aligned_error" in _whole(path, head, whole)
        return ListedFile(path, Role.PAE) if found else ListedFile(path, Role.OTHER, "a pickle without PAE")
    if _is_pae(kind, head, whole):
        return ListedFile(path, Role.PAE)
    if kind in (Kind.TEXT, Kind.EMPTY) and _ending(path) in STRUCTURE_ENDINGS:
        # to be read, and rejected with its reason if it holds no atoms
        return ListedFile(path, Role.STRUCTURE)
    if kind is Kind.NUMPY_ARCHIVE:
        return ListedFile(path, Role.OTHER, kind.value, score=score_of_npz(_whole(path, head, whole)))
    advice = "; give it as --input itself" if kind in (Kind.TAR, Kind.ZIP) else ""
    return ListedFile(path, Role.OTHER, kind.value + advice)


def describe_by_name(path: str) -> ListedFile:
    """Describe a file that is not at hand, by the ending of its name."""
    return ListedFile(path, *_by_ending(path, "its name has no known ending"))


def _by_ending(path: str, reason: str) -> tuple[Role, str]:
    ending = _ending(path)
    if ending in STRUCTURE_ENDINGS:
        return Role.STRUCTURE, ""
    return (Role.PAE, "") if ending in PAE_ENDINGS else (Role.OTHER, reason)


def is_hidden(path: str) -> bool:
    """Return whether a file or one of its folders is hidden, or is a by-product of macOS in an archive."""
    path = path.removeprefix("./")
    return path[:1] == "." or "/." in path or "__MACOSX" in path


def _ending(path: str) -> str:
    name = path.lower()
    for packed in PACKED_ENDINGS:
        name = name.removesuffix(packed)
    return PurePosixPath(name).suffix


def _described_json(path: str, head: bytes, whole: Callable[[], bytes]) -> ListedFile:
    if b'"order"' in head and len(head) < LARGEST_RANKING:
        try:
            order = json.loads(head).get("order")
        except (ValueError, AttributeError, RecursionError):
            order = None
        if isinstance(order, list) and all(isinstance(name, str) for name in order):
            return ListedFile(path, Role.OTHER, "the ranking of the models", tuple(order))
    if _BARE_MATRIX.match(head) or _PAE_KEY.search(head) or _PAE_KEY.search(_whole(path, head, whole)):
        return ListedFile(path, Role.PAE)
    return ListedFile(path, Role.OTHER, "a JSON file without PAE (settings or scores)", score=score_of_json(head))


def _whole(path: str, head: bytes, whole: Callable[[], bytes]) -> bytes:
    """Return the whole content of a file, unpacked, unless its beginning is all of it or it is too large."""
    if len(head) < HEAD:
        return head
    try:
        return unpack(whole(), path, LARGEST_SEARCHED)
    except InputError:
        return head


def _is_pae(kind: Kind, head: bytes, whole: Callable[[], bytes]) -> bool:
    if kind is Kind.HDF5:
        return True
    if kind is Kind.NUMPY_ARRAY:
        shape = _SQUARE.search(head[:256])
        return shape is not None and shape[1] == shape[2] and int(shape[1]) >= FEWEST_COLUMNS
    if kind is Kind.NUMPY_ARCHIVE:
        return any(_PAE_ARRAY.search(name.encode()) for name in _members(whole()))
    return kind is Kind.NUMBERS and len(head.partition(b"\n")[0].replace(b",", b" ").split()) >= FEWEST_COLUMNS


def _members(content: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return []
