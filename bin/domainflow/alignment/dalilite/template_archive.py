"""Keep templates as DaliLite reads them in one Arrow file: ``dali.arrow`` of a reference.

One row per template, ascending by UID. `dat` is the template's ``.dat`` file, compressed by zlib; `size` and `crc` are
its bytes and CRC-32. If DaliLite can have none, `dat` is null and `problem` says why. A template's code is its row as
four digits of base 36, and the chain.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from domainflow.alignment.dalilite.chain_import import CHAIN, SMALLEST_CHAIN, import_chain
from domainflow.alignment.dalilite.programs import DaliLite
from domainflow.run.errors import ProgramError, StoreError
from domainflow.templates.arrow_file import ArrowFile

__all__ = ["SourceChain", "TemplateArchive", "template_code", "write_archive"]

FORMAT, VERSION = "domainflow DaliLite templates", "1"
REMEDY = "import the templates again with --workflow reference --dali_import"
SCHEMA = pa.schema(
    [
        pa.field("uid", pa.string(), nullable=False),
        pa.field("size", pa.int64(), nullable=False),
        pa.field("crc", pa.int64(), nullable=False),
        pa.field("dat", pa.large_binary()),
        pa.field("problem", pa.string()),
    ],
    metadata={"format": FORMAT, "version": VERSION},
)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
CODE_LENGTH = 4
IDENTITY_LENGTH = 16
"""Hexadecimal digits, enough to tell references apart; the text is a folder's name."""
MOST_TEMPLATES = len(DIGITS) ** CODE_LENGTH
TOO_SHORT = f"it has fewer than {SMALLEST_CHAIN} residues"
"""Problem of a template that DaliLite ignores; nothing is lost by that."""


@dataclass(frozen=True)
class SourceChain:
    """A template to import: UID, PDB text of chain A and number of residues."""

    uid: str
    pdb: str
    length: int


def template_code(row: int) -> str:
    """Return the code of the template in a row of the archive.

    Examples
    --------
    >>> template_code(37)
    '0011A'
    """
    return _name(row) + CHAIN


def write_archive(path: Path, chains: Iterable[SourceChain], dalilite: DaliLite, threads: int, scratch: Path) -> int:
    """Import templates and write them to one file; return the number of those that DaliLite cannot read.

    Parameters
    ----------
    path : Path
    chains : iterable of SourceChain
        Ascending by UID, without repeats.
    dalilite : DaliLite
    threads : int
        Imports at a time.
    scratch : Path
        Folder for temporary folders.
    """

    def imported(numbered: tuple[int, SourceChain]) -> dict[str, object]:
        row, chain = numbered
        if row >= MOST_TEMPLATES:
            raise StoreError(f"DaliLite has codes for {MOST_TEMPLATES} templates; split the reference")
        try:
            dat = import_chain(dalilite, chain.pdb, _name(row), chain.length, scratch)
            problem = TOO_SHORT if dat is None else None
        except ProgramError as error:
            dat, problem = None, str(error)
        packed = None if dat is None else zlib.compress(dat)
        checks = {"size": len(dat or b""), "crc": zlib.crc32(dat or b"")}
        return {"uid": chain.uid, **checks, "dat": packed, "problem": problem}

    with ThreadPoolExecutor(threads) as pool:
        rows = list(pool.map(imported, enumerate(chains)))
    batch = pa.RecordBatch.from_pylist(rows, schema=SCHEMA)
    schema = SCHEMA.with_metadata({"format": FORMAT, "version": VERSION, "identity": _digest(rows)})
    with pa.ipc.new_file(str(path), schema) as writer:
        writer.write_batch(batch)
    return sum(row["problem"] not in (None, TOO_SHORT) for row in rows)


class TemplateArchive:
    """An opened ``dali.arrow``; `dat` reads one template from the memory-mapped file.

    Attributes
    ----------
    identity : str
        Differs between archives: SHA-256 of the UIDs and files.

    Raises
    ------
    StoreError
        If the file is missing, damaged or of another format.
    """

    def __init__(self, path: Path) -> None:
        self._file = ArrowFile(path, "DaliLite's templates", REMEDY)
        if self._file.metadata.get("format") != FORMAT or self._file.metadata.get("version") != VERSION:
            raise StoreError(f"{path.name} does not hold DaliLite's templates of version {VERSION}; {REMEDY}")
        self.identity = self._file.metadata["identity"]

    def code(self, uid: str) -> str:
        """Return a template's code: five characters.

        Raises
        ------
        StoreError
            If the template is not in the archive; so does every method that takes a UID.
        """
        return template_code(self._row(uid))

    def uid(self, code: str) -> str:
        """Return the template of a code."""
        return self._uids[int(code[:CODE_LENGTH], len(DIGITS))]

    def size(self, uid: str) -> int:
        """Return the bytes of a template's ``.dat`` file; 0 if it has none."""
        return int(self._sizes[self._row(uid)].as_py())

    def checksum(self, uid: str) -> int:
        """Return the CRC-32 of a template's ``.dat`` file."""
        return int(self._checksums[self._row(uid)].as_py())

    def problem(self, uid: str) -> str | None:
        """Return why a template has no ``.dat`` file; None if it has one."""
        text = self._problems[self._row(uid)].as_py()
        return None if text is None else str(text)

    def dat(self, uid: str) -> bytes:
        """Return a template's ``.dat`` file.

        Raises
        ------
        StoreError
            If it is damaged.
        """
        packed = self._dats[self._row(uid)].as_py()
        try:
            dat = zlib.decompress(packed)
        except zlib.error:
            raise StoreError(f"template {uid} in {self._file.path.name} is damaged; {REMEDY}") from None
        return dat

    def _row(self, uid: str) -> int:
        if uid not in self._rows:
            raise StoreError(f"{self._file.path.name} lacks template {uid}; {REMEDY}")
        return self._rows[uid]

    @cached_property
    def _uids(self) -> list[str]:
        return list(self._file.column("uid").to_pylist())

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {uid: row for row, uid in enumerate(self._uids)}

    @cached_property
    def _sizes(self) -> pa.Array:
        return self._file.column("size")

    @cached_property
    def _checksums(self) -> pa.Array:
        return self._file.column("crc")

    @cached_property
    def _dats(self) -> pa.Array:
        return self._file.column("dat")

    @cached_property
    def _problems(self) -> pa.Array:
        return self._file.column("problem")


def _digest(rows: Iterable[Mapping[str, object]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row['uid']} {row['size']}\n".encode())
        digest.update(row["dat"] if isinstance(row["dat"], bytes) else b"")
    return digest.hexdigest()[:IDENTITY_LENGTH]


def _name(row: int) -> str:
    return "".join(DIGITS[row // len(DIGITS) ** place % len(DIGITS)] for place in reversed(range(CODE_LENGTH)))
