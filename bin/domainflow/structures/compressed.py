"""Read the bytes of a user's file. Compressed files and archives of a single file are unpacked, told by their content.

Every fault of the file becomes an `InputError`; an error of the machine does not. Memory is bounded: not more than
`LARGEST` bytes are unpacked, and not more than `MOST_LAYERS` times.
"""

import bz2
import errno
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path

import zstandard

from domainflow.run.errors import InputError
from domainflow.structures.file_kind import HEAD, Kind, file_kind

__all__ = ["LARGEST", "first_bytes", "read_bytes", "unpack"]

LARGEST = 1024**3
"""Bytes after unpacking. PAE of the longest chain takes 0.8 GB as an array and less as JSON."""
MOST_LAYERS = 3
"""Packings inside one another, such as a gzip file in a zip archive."""
XZ_MEMORY = 256 * 1024**2
"""Bytes of the largest dictionary of an xz or zstd file that is unpacked."""
_ZSTD_WINDOW = 2**27

_GZIP_WINDOW = 31
"""Tells zlib to expect the header of gzip."""
_CHUNK = 4096
"""Bytes of a zstd file that are unpacked at a time; they can become 32,000 times as many."""

_COMPRESSORS = {Kind.GZIP: "gzip", Kind.BZIP2: "bzip2", Kind.XZ: "xz", Kind.ZSTD: "zstd"}
_DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


def read_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Return the content of a file, unpacked.

    Parameters
    ----------
    path : Path
    largest : int
        Most bytes that the file may have, before and after unpacking.

    Raises
    ------
    InputError
        If the file is missing, empty, not readable, damaged, an archive of several files, or too large.
    """
    content = _read(path, largest)
    content = unpack(content, path.name, largest)
    if not content or content.isspace():
        raise InputError(f"{path.name} is empty; copy or download it again")
    return content


def unpack(content: bytes, name: str, largest: int = LARGEST) -> bytes:
    """Return what a compressed file or an archive of one file holds; other content as it is.

    Raises
    ------
    InputError
        If the content is damaged, an archive of several files, packed more than `MOST_LAYERS` times, or too large.
    """
    for _ in range(MOST_LAYERS):
        kind = file_kind(content)
        if kind in _COMPRESSORS:
            content = _decompressed(content, kind, name, largest)
        elif kind is Kind.ZIP:
            content = _only_member_of_zip(content, name, largest)
        elif kind is Kind.TAR:
            content = _only_member_of_tar(content, name, largest)
        else:
            return content
    if file_kind(content) in (*_COMPRESSORS, Kind.ZIP, Kind.TAR):
        raise InputError(f"{name} is packed more than {MOST_LAYERS} times; unpack it")
    return content


def first_bytes(content: bytes, name: str, size: int = HEAD) -> bytes:
    """Return the first bytes of what a compressed file holds; the content itself may be cut.

    Raises
    ------
    InputError
        If the content is damaged at its beginning.
    """
    kind = file_kind(content)
    if kind not in _COMPRESSORS:
        return content[:size]
    try:
        if kind is Kind.GZIP:
            return zlib.decompressobj(_GZIP_WINDOW).decompress(content, size)
        return _DECOMPRESS[kind](content, size)
    except _DAMAGE:
        program = _COMPRESSORS[kind]
        raise InputError(f"{name} is a damaged or incomplete {program} file; copy or download it again") from None


def _read(path: Path, largest: int) -> bytes:
    name = path.name
    try:
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except IsADirectoryError:
        raise InputError(f"{name} is a folder; give the path of a file") from None
    except FileNotFoundError:
        raise InputError(f"{name} does not exist; check its path") from None
    except PermissionError:
        raise InputError(f"{name} is not readable; change its permissions") from None
    except ValueError:
        raise InputError(f"{name} cannot be read from disk; check its path or copy it again") from None
    except OSError as error:
        # Any other error is the machine's fault, not the file's.
        if error.errno not in (errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP):
            raise
        raise InputError(f"{name} cannot be read from disk; check its path or copy it again") from None
    return _within(content, name, largest)


def _within(content: bytes, name: str, largest: int) -> bytes:
    if len(content) > largest:
        raise InputError(f"{name} holds more than {largest // 1024**2} MB; give the file of a single protein")
    return content


def _decompressed(content: bytes, kind: Kind, name: str, largest: int) -> bytes:
    try:
        return _within(_DECOMPRESS[kind](content, largest + 1), name, largest)
    except InputError:
        raise
    except _DAMAGE:
        program = _COMPRESSORS[kind]
        raise InputError(f"{name} is a damaged or incomplete {program} file; copy or download it again") from None


def _from_gzip(content: bytes, size: int) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        return packed.read(size)


def _from_bzip2(content: bytes, size: int) -> bytes:
    with bz2.BZ2File(io.BytesIO(content)) as packed:
        return packed.read(size)


def _from_xz(content: bytes, size: int) -> bytes:
    parts, rest = [], content
    while rest.strip(b"\0") and size > 0:
        stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
        parts.append(stream.decompress(rest, size))
        size -= len(parts[-1])
        if not stream.eof and size > 0:
            raise EOFError
        rest = stream.unused_data if stream.eof else b""
    return b"".join(parts)


def _from_zstd(content: bytes, size: int) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    parts, rest = [], content
    while rest and size > 0:
        frame = unpacker.decompressobj()
        place = 0
        while place < len(rest) and not frame.eof and size > 0:
            parts.append(frame.decompress(rest[place : place + _CHUNK]))
            size -= len(parts[-1])
            place += _CHUNK
        if not frame.eof and size > 0:
            raise EOFError
        rest = frame.unused_data + rest[place:]
    return b"".join(parts)


_DECOMPRESS = {Kind.GZIP: _from_gzip, Kind.BZIP2: _from_bzip2, Kind.XZ: _from_xz, Kind.ZSTD: _from_zstd}


def _only_member_of_zip(content: bytes, name: str, largest: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                raise InputError(_several(name, "zip", len(members)))
            if members[0].flag_bits & 1:
                raise InputError(f"{name} is an encrypted zip archive; unpack it with its password")
            with archive.open(members[0]) as stream:
                return _within(stream.read(largest + 1), name, largest)
    except InputError:
        raise
    except (*_DAMAGE, zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError):
        raise InputError(f"{name} is a damaged or incomplete zip archive; copy or download it again") from None


def _only_member_of_tar(content: bytes, name: str, largest: int) -> bytes:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            members = [member for member in archive if not member.isdir()]
            if len(members) != 1:
                raise InputError(_several(name, "tar", len(members)))
            stream = archive.extractfile(members[0]) if members[0].isreg() else None
            if stream is None:
                raise InputError(f"{name} is a tar archive that holds a link or device; pack the file itself")
            return _within(stream.read(largest + 1), name, largest)
    except InputError:
        raise
    except (*_DAMAGE, tarfile.TarError):
        raise InputError(f"{name} is a damaged or incomplete tar archive; copy or download it again") from None


def _several(name: str, program: str, count: int) -> str:
    if not count:
        return f"{name} is a {program} archive of no files; copy or download it again"
    return f"{name} is a {program} archive of {count} files; give the archive itself as --input, or one of its files"
