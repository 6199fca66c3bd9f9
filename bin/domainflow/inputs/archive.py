"""Read the members of an archive one after another: tar as a stream, zip, and FoldComp's databases.

Nothing is unpacked to disk and no name in an archive is used as a path. Memory is that of one member.
"""

import bz2
import gzip
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import zstandard

from domainflow.inputs.quick_tar import Rejoined, plain_members
from domainflow.run.errors import InputError
from domainflow.structures.compressed import LARGEST
from domainflow.structures.file_kind import HEAD, Kind, file_kind

__all__ = ["Member", "is_archive", "members"]

LARGEST_RATIO = 500
"""Bytes that a byte of an archive may unpack to, after `FREE`. Structures and PAE unpack to ten times their size."""
FREE = 1024**3
"""Bytes of an archive that are unpacked without a look at the ratio."""
ZSTD_WINDOW = 2**27
"""Bytes of the largest window of a zstd stream."""
_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, tarfile.TarError, zipfile.BadZipFile)


class Member(NamedTuple):
    """A member of an archive.

    Attributes
    ----------
    name : str
    content : bytes
        Empty if it is left out.
    reason : str
        Why it is left out; else empty.
    header : bytes
        Its header in a tar file, if that says nothing but name and size and the like; else empty.
    """

    name: str
    content: bytes
    reason: str = ""
    header: bytes = b""


def is_archive(path: Path) -> bool:
    """Return whether a file is an archive of several files: tar (packed or not), zip, or a FoldComp database."""
    with path.open("rb") as stream:
        start = stream.read(2 * HEAD)
    kind = file_kind(start)
    if kind is Kind.FOLDCOMP:
        return _index(path).exists()
    if kind in _PACKED:
        try:
            with path.open("rb") as raw, _unpacked(raw, kind) as unpacked:
                kind = file_kind(unpacked.read(1024))
        except _DAMAGE:
            return False
        return kind is Kind.TAR
    return kind in (Kind.TAR, Kind.ZIP)


def members(path: Path, name: str) -> Iterator[Member]:
    """Yield the members of an archive in its order.

    Parameters
    ----------
    path : Path
    name : str
        Name of the archive for messages.

    Raises
    ------
    InputError
        If the archive is damaged, or unpacks to more than it should.
    """
    with path.open("rb") as stream:
        kind = file_kind(stream.read(HEAD))
    try:
        if kind is Kind.ZIP:
            yield from _of_zip(path, name)
        elif kind is Kind.FOLDCOMP:
            yield from _of_foldcomp(path)
        else:
            yield from _of_tar(path, kind, name)
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the machine's fault
        raise InputError(f"{name} is a damaged or incomplete archive; copy or download it again") from None


_PACKED = (Kind.GZIP, Kind.BZIP2, Kind.XZ, Kind.ZSTD)


def _unpacked(raw: IO[bytes], kind: Kind) -> Any:
    """Return a stream of what a compressed stream holds."""
    if kind is Kind.GZIP:
        return gzip.GzipFile(fileobj=raw)
    if kind is Kind.BZIP2:
        return bz2.BZ2File(raw)
    if kind is Kind.XZ:
        return lzma.LZMAFile(raw)
    if kind is Kind.ZSTD:
        unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        return unpacker.stream_reader(raw, read_across_frames=True, closefd=False)
    return raw


def _of_tar(path: Path, kind: Kind, name: str) -> Iterator[Member]:
    with path.open("rb") as raw, _unpacked(raw, kind) as stream:
        bounds = _Bounds(raw, name)
        for member in plain_members(stream):
            if isinstance(member, Rejoined):
                yield from _of_other_tar(member, bounds)
                return
            bounds.check(member.name, member.size)
            content = stream.read(member.size)
            if len(content) != member.size:
                raise EOFError
            reason = _left_out(member.name)
            yield Member(member.name, b"", reason) if reason else Member(member.name, content, "", member.header)


def _of_other_tar(stream: Rejoined, bounds: "_Bounds") -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]
        for member in archive:
            archive.members = []  # else it remembers all of them
            bounds.check(member.name, member.size)
            if member.isdir():
                continue
            reason = _left_out(member.name) or ("" if member.isreg() else "a link or device, which is not followed")
            source = None if reason else archive.extractfile(member)
            yield Member(member.name, source.read() if source else b"", reason)


def _of_zip(path: Path, name: str) -> Iterator[Member]:
    with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        bounds = _Bounds(stream, name)
        for member in archive.infolist():
            bounds.check(member.filename, member.file_size)
            if member.is_dir():
                continue
            link = (member.external_attr >> 28) not in (0, 8)
            reason = _left_out(member.filename) or ("a link or device, which is not followed" if link else "")
            reason = reason or ("it is encrypted" if member.flag_bits & 1 else "")
            if reason:
                yield Member(member.filename, b"", reason)
                continue
            try:
                with archive.open(member) as source:
                    content = source.read(member.file_size + 1)
            except (*_DAMAGE, NotImplementedError, RuntimeError):
                yield Member(member.filename, b"", "it is damaged or packed in a way that is not read")
                continue
            yield Member(member.filename, content)


def _of_foldcomp(path: Path) -> Iterator[Member]:
    names = {}
    lookup = path.with_name(path.name + ".lookup")
    if lookup.exists():
        with lookup.open(errors="replace") as lines:
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                if len(fields) > 1:
                    names[fields[0]] = fields[1]
    with path.open("rb") as data, _index(path).open() as index:
        for line in index:
            key, _, rest = line.partition("\t")
            offset, _, length = rest.partition("\t")
            if not (offset.strip().isdigit() and length.strip().isdigit()) or int(length) > LARGEST:
                raise EOFError
            data.seek(int(offset))
            title = names.get(key, key)
            yield Member(f"{title.removesuffix('.pdb').removesuffix('.cif')}.fcz", data.read(int(length)))


def _index(path: Path) -> Path:
    return path.with_name(path.name + ".index")


def _left_out(name: str) -> str:
    outside = ".." in name and ".." in name.replace("\\", "/").split("/")
    return "its name leads out of the archive" if outside or name.startswith(("/", "\\")) else ""


class _Bounds:
    """Refuse an archive whose members are too large, or that unpacks to far more than structures do."""

    def __init__(self, packed: IO[bytes], name: str) -> None:
        self._name = name
        self._unpacked = 0
        self._most = max(FREE, LARGEST_RATIO * os.fstat(packed.fileno()).st_size)

    def check(self, member: str, size: int) -> None:
        """Check a member of so many bytes.

        Raises
        ------
        InputError
        """
        self._unpacked += size
        if size > LARGEST:
            raise InputError(
                f"{self._name} holds {member[-60:]!a} of {size / 1024**3:.1f} GB; a file of a single protein has at "
                f"most {LARGEST // 1024**3} GB"
            )
        if self._unpacked > self._most:
            raise InputError(
                f"{self._name} unpacks to more than {LARGEST_RATIO} times its size; such an archive is not read"
            )
