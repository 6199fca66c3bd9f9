"""Open sequence files: plain, gzip (of several members too), bzip2 or zstd, told apart by their content.

Every fault of the file becomes an `InputError` (code C001), also one that shows only while the file is read.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from domainflow.run.errors import InputError

__all__ = ["BLOCK", "Kind", "faults_as_input_errors", "file_kind", "open_text", "read_blocks"]

BLOCK = 8 * 1024**2
"""Bytes that are read at a time, after decompression."""

GZIP, BZIP2, ZSTD, PARQUET = b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd", b"PAR1"
HEAD = 4096
"""Bytes that are enough to recognise a format."""

Kind = str
"""One of ``fasta``, ``genbank``, ``embl``, ``gff3``, ``parquet``."""


@contextmanager
def faults_as_input_errors(path: Path) -> Iterator[None]:
    """Turn the errors of damaged files into an `InputError` that names the file.

    Raises
    ------
    InputError
    """
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{path.name} does not exist; check its path") from None
    except IsADirectoryError:
        raise InputError(f"{path.name} is a folder; give the path of a file") from None
    except PermissionError:
        raise InputError(f"{path.name} is not readable; change its permissions") from None
    except (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError):
        raise InputError(f"{path.name} is a damaged or incomplete archive; copy or download it again") from None
    except OSError as error:
        if error.errno is not None:
            raise  # the machine's fault, not the file's
        raise InputError(f"{path.name} is a damaged or incomplete archive; copy or download it again") from None


def open_binary(path: Path) -> BinaryIO:
    """Open a file for reading, decompressed."""
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic.startswith(GZIP):
        return cast(BinaryIO, gzip.open(path, "rb"))
    if magic.startswith(BZIP2):
        return cast(BinaryIO, bz2.open(path, "rb"))
    if magic.startswith(ZSTD):
        return cast(BinaryIO, pa.CompressedInputStream(pa.OSFile(str(path)), "zstd"))
    return path.open("rb")


def read_blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the content of a file in blocks.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    with faults_as_input_errors(path), open_binary(path) as stream:
        while block := stream.read(size):
            yield block


@contextmanager
def open_text(path: Path) -> Iterator[Iterator[str]]:
    """Open a text file, decompressed; bytes that are no UTF-8 are read as Latin-1, so that none is lost."""

    def lines() -> Iterator[str]:
        rest = b""
        for block in read_blocks(path):
            *whole, rest = (rest + block).splitlines(keepends=True) or [b""]
            if rest.endswith(b"\n"):
                whole, rest = [*whole, rest], b""
            for line in whole:
                yield _text(line)
        if rest:
            yield _text(rest)

    yield lines()


def file_kind(path: Path) -> Kind:
    """Return the format of a file, told by its first bytes.

    Raises
    ------
    InputError
        If it is none of the formats, or cannot be read.
    """
    head = next(read_blocks(path, HEAD), b"")
    if head.startswith(PARQUET):
        return "parquet"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        raise InputError(f"{path.name} is empty; copy or download it again")
    if text.startswith((b">", b";")):
        return "fasta"
    if text.startswith(b"LOCUS") or b"\nLOCUS " in text:  # release files have a page before the first record
        return "genbank"
    if text.startswith(b"ID "):
        return "embl"
    if text.startswith(b"##gff-version") or _is_feature_line(text):
        return "gff3"
    raise InputError(f"{path.name} is none of FASTA, GenBank, EMBL, GFF3 and Parquet; check that it is the right file")


def _is_feature_line(text: bytes) -> bool:
    """Return whether the first line that is no comment has the nine columns of GFF3."""
    lines = [line for line in text.splitlines() if line and not line.startswith(b"#")]
    return bool(lines) and lines[0].count(b"\t") == 8


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
