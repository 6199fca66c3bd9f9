"""Tell what a file is from its content: its first bytes, or the first lines of a text. Names play no part."""

import re
from enum import StrEnum

__all__ = ["HEAD", "Kind", "decode_text", "file_kind"]

HEAD = 65_536
"""Bytes at the beginning of a file that are enough to tell its kind."""
TAR_MAGIC = 257
"""Place of the word ``ustar`` in the first header of a tar archive."""
_ATOM_LINE = re.compile(rb"^(?:ATOM  |HETATM)", re.MULTILINE)
_PLAIN_ATOM = re.compile(rb"^(?:ATOM|HETATM)[ \t]+\d+[ \t]+\S+[ \t]", re.MULTILINE)
_MMCIF = re.compile(rb"^\s*(?:#[^\n]*\s*)*data_|^_atom_site\.", re.MULTILINE | re.IGNORECASE)
_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBERS = re.compile(rb"%b(?:[ \t,;]+%b)+[ \t,;]*(?:[\r\n]|$)" % (_NUMBER, _NUMBER))
"""A line of two or more numbers."""
_LINE = HEAD
_PICKLE = re.compile(rb"\x80[\x02-\x05]")


class Kind(StrEnum):
    """Kinds of files; the value names the kind in a sentence."""

    EMPTY = "an empty file"
    GZIP = "a gzip file"
    BZIP2 = "a bzip2 file"
    XZ = "an xz file"
    ZSTD = "a zstd file"
    ZIP = "a zip archive"
    TAR = "a tar archive"
    NUMPY_ARCHIVE = "a NumPy archive (.npz)"
    NUMPY_ARRAY = "a NumPy array (.npy)"
    PICKLE = "a Python pickle"
    HDF5 = "an HDF5 file"
    SPREADSHEET = "an Excel or OpenDocument spreadsheet"
    PDB = "a PDB file"
    MMCIF = "an mmCIF file"
    BINARY_CIF = "a BinaryCIF file"
    FOLDCOMP = "a FoldComp file"
    JSON = "a JSON file"
    NUMBERS = "a table of numbers"
    FASTA = "a FASTA file"
    WEB_PAGE = "a web page"
    TEXT = "a text file"
    BINARY = "a binary file"


_MAGIC = (
    (b"\x1f\x8b", Kind.GZIP),
    (b"BZh", Kind.BZIP2),
    (b"\xfd7zXZ\x00", Kind.XZ),
    (b"\x28\xb5\x2f\xfd", Kind.ZSTD),
    (b"\x93NUMPY", Kind.NUMPY_ARRAY),
    (b"\x89HDF\r\n\x1a\n", Kind.HDF5),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.SPREADSHEET),
    (b"FCMP", Kind.FOLDCOMP),
)
_MAGIC_STARTS = tuple(magic for magic, _ in _MAGIC)
_SPREADSHEET_PARTS = (b"[Content_Types].xml", b"xl/workbook.xml", b"application/vnd.oasis.opendocument.spreadsheet")


def file_kind(head: bytes) -> Kind:
    """Return the kind of a file, given its content or the first `HEAD` bytes of it.

    Examples
    --------
    >>> file_kind(b"ATOM      1  N   MET A   1") is Kind.PDB
    True
    """
    head = head[:HEAD]
    if head.startswith(_MAGIC_STARTS):
        return next(kind for magic, kind in _MAGIC if head.startswith(magic))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(head)
    if head[TAR_MAGIC : TAR_MAGIC + 5] == b"ustar":
        return Kind.TAR
    if _PICKLE.match(head):
        return Kind.PICKLE
    if _is_binary_cif(head):
        return Kind.BINARY_CIF
    return _text_kind(head)


def decode_text(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or (if it is neither) Latin-1, without a byte order mark."""
    encoding = _utf16(content)
    if encoding:
        return content.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _utf16(content: bytes) -> str | None:
    """Return the byte order of a UTF-16 text, with a mark or (for text in the Latin alphabet) without."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    start = content[:512]
    if b"\0" not in start:
        return None
    if len(start) < 4 or len(start) % 2:
        return None
    even, odd = start[::2], start[1::2]
    if not any(even) and all(odd):
        return "utf-16-be"
    return "utf-16-le" if not any(odd) and all(even) else None


def _zip_kind(head: bytes) -> Kind:
    """Tell NumPy's archives and spreadsheets, which are zip archives too, by the name of their first member."""
    name = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    if name.endswith(b".npy"):
        return Kind.NUMPY_ARCHIVE
    return Kind.SPREADSHEET if any(part in head for part in _SPREADSHEET_PARTS) else Kind.ZIP


def _is_binary_cif(head: bytes) -> bool:
    """Return whether the content is a MessagePack map with the keys of BinaryCIF."""
    first = head[:1]
    is_map = bool(first) and (0x80 <= first[0] <= 0x8F or first in (b"\xde", b"\xdf"))
    return is_map and b"dataBlocks" in head and (b"encoder" in head or b"categories" in head)


def _text_kind(head: bytes) -> Kind:
    encoding = _utf16(head)
    text = head[: len(head) // 2 * 2].decode(encoding, "replace").encode() if encoding else head
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return Kind.EMPTY
    if text.startswith((b"ATOM  ", b"HEADER ", b"REMARK ", b"MODEL  ")) and _ATOM_LINE.search(text):
        return Kind.PDB
    if b"_atom_site." in text or _MMCIF.match(text):
        return Kind.MMCIF
    if _ATOM_LINE.search(text) or _PLAIN_ATOM.search(text):
        return Kind.PDB
    if text[:1] in b"[{":
        return Kind.JSON
    if text[:1] == b"<":
        return Kind.WEB_PAGE
    if _NUMBERS.match(text[:_LINE]):
        return Kind.NUMBERS
    if text[:1] == b">":
        return Kind.FASTA
    return Kind.BINARY if b"\x00" in text else Kind.TEXT
