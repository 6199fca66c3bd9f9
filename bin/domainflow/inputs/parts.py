"""Split an archive into parts, small tar files that hold all files of the same proteins, and read them again.

A part is chosen by the name of the protein alone, so that one more protein in the archive changes one part. Members are
written as they come; only a table of their names is kept, on disk.
"""

import hashlib
import json
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from domainflow.inputs.archive import Member
from domainflow.inputs.file_names import accession, file_name
from domainflow.inputs.listed_file import START, ListedFile, Role, describe
from domainflow.inputs.proteins import Group, NamedFile, group_key, protein_of, split_numbered
from domainflow.inputs.rows import InputRow
from domainflow.run.protein_ids import valid_id
from domainflow.structures.prepare import ProteinFiles

__all__ = ["ENTRIES", "MOST_PARTS", "PartEntry", "files_of_parts", "split", "part_number", "read_part"]

MOST_PARTS = 1024
"""Parts of an archive at most, a power of two: as many as there can be buckets."""
ENTRIES = ".entries.json"
"""Last member of a part: its proteins, each with the names of its files. Hidden files of an archive are left out."""
LONGEST_NAME = 60
"""Characters of a file's name that are kept; messages show them."""
_BLOCK = tarfile.BLOCKSIZE
_SCHEMA = """
pragma journal_mode = off;
pragma synchronous = off;
create table member (part int, folder text, protein text, path text, role text, reason text, models text);
create table folder (folder text primary key, proteins int);
create table id (id text primary key) without rowid;
create table row (id text, reason text, number int);
create table unused (path text, reason text);
"""


class PartEntry(NamedTuple):
    """A protein of a part: its id, and the names and contents of its files."""

    id: str
    structure: tuple[str, bytes]
    pae: tuple[str, bytes] | None


def part_number(protein: str) -> int:
    """Return the part of a protein; the fragments of a long one share theirs."""
    digest = hashlib.md5(accession(protein).encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    return int(digest[:7], 16) % MOST_PARTS


def split(members: Iterable[Member], folder: Path, top: str) -> "SplitArchive":
    """Write the members into parts; see `SplitArchive` for what is known afterwards.

    Parameters
    ----------
    members : iterable of Member
    folder : Path
        Folder for the parts, empty.
    top : str
        Name of the archive without endings, for proteins whose files have no name of their own.
    """
    table = sqlite3.connect(folder / "members.sqlite")
    table.executescript(_SCHEMA)
    for member in members:
        if member.reason:
            table.execute("insert into unused values (?, ?)", (_text(member.name), member.reason))
            continue
        path = PurePosixPath(member.name).as_posix()
        listed = describe(path, member.content[:START], lambda content=member.content: content)  # type: ignore[misc]
        if listed.role is Role.OTHER and not listed.models:
            table.execute("insert into unused values (?, ?)", (_text(path), listed.reason))
            continue
        place, protein = group_key(path, top)
        part = part_number(protein)
        _append(folder / _part_name(part), path, member.content)
        table.execute(
            "insert into member values (?, ?, ?, ?, ?, ?, ?)",
            (part, _text(place), _text(protein), _text(path), listed.role, listed.reason, json.dumps(listed.models)),
        )
    table.execute("create index by_part on member (part, folder, protein, path)")
    table.execute(
        "insert into folder select folder, count(distinct protein) from member where role = 'structure' group by folder"
    )
    archive = SplitArchive(folder, table)
    archive._name_proteins()
    return archive


class SplitArchive:
    """An archive split into parts in a folder.

    Attributes
    ----------
    count : int
        Number of proteins that can be tried.
    """

    def __init__(self, folder: Path, table: sqlite3.Connection) -> None:
        self._folder = folder
        self._table = table
        self.count = 0

    @property
    def has_rows(self) -> bool:
        """True if it holds any protein, usable or not."""
        return self._table.execute("select 1 from row limit 1").fetchone() is not None

    def rows(self) -> Iterator[InputRow]:
        """Yield one row a protein, sorted by id, without the paths of files."""
        for name, reason in self._table.execute("select id, reason from row order by id, number"):
            yield InputRow(name, None, None, reason, True)

    def unused(self) -> Iterator[tuple[str, str]]:
        """Yield the members that are not used with the reason, sorted by name."""
        yield from self._table.execute("select path, reason from unused order by path")

    def parts(self) -> dict[int, Path]:
        """Return the parts that hold a protein, by number."""
        return {int(path.stem.rpartition("-")[2]): path for path in sorted(self._folder.glob("part-*.tar"))}

    def close(self) -> None:
        """Remove the table of members."""
        self._table.close()
        (self._folder / "members.sqlite").unlink()

    def _name_proteins(self) -> None:
        """Choose ids and files of all proteins, and write them into their parts."""
        query = (
            "select part, folder, protein, path, role, reason, models from member order by part, folder, protein, path"
        )
        for part, rows in groupby(self._table.execute(query), key=lambda row: row[0]):
            entries = []
            for (place, protein), found in groupby(rows, key=lambda row: (row[1], row[2])):
                files = [
                    NamedFile(ListedFile(path, Role(role), reason, tuple(json.loads(models))), file_name(path))
                    for _, _, _, path, role, reason, models in found
                ]
                for group in split_numbered(Group(place, protein, files)):
                    entries += self._entry(group)
            path = self._folder / _part_name(part)
            if entries:
                _append(path, ENTRIES, json.dumps(sorted(entries, key=lambda entry: entry["id"])).encode())
                with path.open("ab") as stream:
                    stream.write(bytes(2 * _BLOCK))
            else:
                path.unlink()
        self._table.commit()

    def _entry(self, group: Group) -> list[dict[str, str | None]]:
        found = protein_of(group)
        self._table.executemany("insert into unused values (?, ?)", found.unused)
        if found.structure is None:
            return []
        name = self._id(group)
        repeated = self._table.execute("insert or ignore into id values (?)", (name,)).rowcount == 0
        reason = valid_id(name) or (f"the id {name} already occurs; rename the file" if repeated else None)
        self._table.execute("insert into row values (?, ?, ?)", (name, reason, self.count))
        if reason:
            return []
        self.count += 1
        return [{"id": name, "structure": found.structure, "pae": found.pae}]

    def _id(self, group: Group) -> str:
        """Return the id of a protein: its folder's name if it is alone there, else its own."""
        (alone,) = self._table.execute("select proteins from folder where folder = ?", (group.folder,)).fetchone()
        folder = PurePosixPath(group.folder).name
        name = folder if folder and alone == 1 else group.protein
        taken = self._table.execute("select 1 from id where id = ?", (name,)).fetchone()
        return f"{group.folder.replace('/', '_')}_{group.protein}" if taken and folder else name


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


def files_of_parts(parts: Iterable[str]) -> Iterator[ProteinFiles]:
    """Yield the proteins of parts, sorted by id within each, with their files in a temporary folder for that long."""
    for part in parts:
        for entry in read_part(Path(part)):
            with TemporaryDirectory(dir=".", prefix="protein.") as folder:
                structure = _written(Path(folder, "structure"), entry.structure)
                pae = _written(Path(folder, "pae"), entry.pae) if entry.pae else None
                yield ProteinFiles(entry.id, structure, pae, False)


def _written(folder: Path, file: tuple[str, bytes]) -> Path:
    """Write a file under the last part of its name in the archive, shortened, and return its path."""
    name = PurePosixPath(file[0]).name.replace("\0", "")[-LONGEST_NAME:] or "file"
    folder.mkdir()
    path = folder / name
    path.write_bytes(file[1])
    return path


def _part_name(number: int) -> str:
    return f"part-{number:04d}.tar"


def _text(name: str) -> str:
    """Return a name that SQLite takes: bytes that are no UTF-8 are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _append(path: Path, name: str, content: bytes) -> None:
    """Write one member to the end of a tar file, with nothing in its header but name and size."""
    header = tarfile.TarInfo(_text(name))
    header.size = len(content)
    with path.open("ab") as stream:
        stream.write(header.tobuf(tarfile.PAX_FORMAT))
        stream.write(content)
        stream.write(bytes(-len(content) % _BLOCK))
