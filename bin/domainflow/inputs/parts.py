"""Split an archive into parts, small tar files that hold all files of the same proteins, and read them again.

A part is chosen by the name of the protein alone, so that one more protein in the archive changes one part. Members
are written as they come; only a table of their names is kept, on disk.
"""

import hashlib
import json
import sqlite3
import tarfile
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from domainflow.inputs.archive import Member
from domainflow.inputs.file_names import accession, file_name, folder_name
from domainflow.inputs.fragments import with_joined_fragments
from domainflow.inputs.listed_file import START, ListedFile, Role, describe
from domainflow.inputs.part_writer import PartWriter, part_name, tar_member, utf8_name
from domainflow.inputs.proteins import FoundProtein, Group, NamedFile, protein_of, split_numbered
from domainflow.inputs.rows import InputRow
from domainflow.run.protein_ids import valid_id

__all__ = ["ENTRIES", "MOST_PARTS", "SplitArchive", "part_number", "split"]

MOST_PARTS = 1024
"""Parts of an archive at most, a power of two: as many as there can be buckets."""
ENTRIES = ".entries.json"
"""Last member of a part: its proteins, each with the names of its files. Hidden files of an archive are left out."""
BATCH = 1000
"""Members whose rows are written to the table at a time."""
_Row = tuple[int, str, str, str, str, str, int]
"""Part, folder, protein, path, role, what else is known (JSON or empty), and whether its name is numbered."""
_SCHEMA = """
pragma journal_mode = off;
pragma synchronous = off;
create table member (part int, folder text, protein text, path text, role text, about text, numbered int);
create table folder (folder text primary key, proteins int);
create table row (id text primary key, reason text) without rowid;
create table repeated (id text, reason text);
create table unused (path text, reason text);
"""


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
    with PartWriter(folder) as writer:
        for batch in _batches(_placed(members, writer, table, top), BATCH):
            table.executemany("insert into member values (?, ?, ?, ?, ?, ?, ?)", batch)
    table.execute("create index by_part on member (part, folder, protein, path)")
    table.execute(
        "insert into folder select folder, count(distinct protein) from member where role = 'structure' group by folder"
    )
    archive = SplitArchive(folder, table)
    archive._name_proteins()
    return archive


def _placed(members: Iterable[Member], writer: PartWriter, table: sqlite3.Connection, top: str) -> Iterator[_Row]:
    """Yield the row of each member that may be used, which is written into its part; list the others."""
    for name, content, reason, header in members:
        if reason:
            table.execute("insert into unused values (?, ?)", (utf8_name(name), reason))
            continue
        listed = describe(name, content[:START], partial(bytes, content))
        if listed.role is Role.OTHER and not listed.ranks:
            table.execute("insert into unused values (?, ?)", (utf8_name(name), listed.reason))
            continue
        known = file_name(name)
        protein = known.protein or folder_name(known.folder) or top
        part = part_number(protein)
        writer.add(part, name, content, header)
        about = json.dumps([listed.models, listed.reason, listed.score]) if listed.ranks else ""
        yield (
            part,
            utf8_name(known.folder),
            utf8_name(protein),
            utf8_name(name),
            listed.role.value,
            about,
            known.numbered,
        )


def _batches(rows: Iterable[_Row], size: int) -> Iterator[list[_Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


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
        query = "select id, reason from row union all select id, reason from repeated order by id"
        for name, reason in self._table.execute(query):
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
        columns = "part, folder, protein, path, role, about, numbered"
        query = f"select {columns} from member order by part, folder, protein, path"
        for part, rows in groupby(self._table.execute(query), key=itemgetter(0)):
            entries: list[InputRow] = []
            for (place, protein), found in groupby(rows, key=itemgetter(1, 2)):
                files = list(found)
                if len(files) == 1 and files[0][4] == Role.STRUCTURE and not files[0][6]:
                    entries += self._entry(place, protein, FoundProtein(files[0][3], None, []))
                    continue
                for group in split_numbered(Group(place, protein, [_named(row) for row in files])):
                    entries += self._entry(place, group.protein, protein_of(group))
            usable = self._with_rows(entries)
            path = self._folder / part_name(part)
            if usable:
                with path.open("ab") as stream:
                    stream.write(tar_member(ENTRIES, json.dumps([_entry_of(row) for row in usable]).encode()))
                    stream.write(bytes(2 * tarfile.BLOCKSIZE))
            else:
                path.unlink()
        self._table.commit()

    def _entry(self, folder: str, protein: str, found: FoundProtein) -> list[InputRow]:
        """Return the protein of a group, if it has any, under the name that it would like to have."""
        if found.unused:
            self._table.executemany("insert into unused values (?, ?)", found.unused)
        if found.structure is None:
            return []
        own = folder_name(folder)
        name = own if own and self._is_alone(folder) else protein
        return [InputRow(name, found.structure, found.pae, None, True)]

    def _with_rows(self, proteins: list[InputRow]) -> list[InputRow]:
        """Add the rows of proteins, fragments joined; return those that can be tried, with their ids."""
        usable = []
        for protein in with_joined_fragments(proteins) if len(proteins) > 1 else proteins:
            name, reason = self._added(protein)
            if reason is None:
                usable.append(protein if name == protein.id else protein._replace(id=name))
        self.count += len(usable)
        return usable

    def _added(self, protein: InputRow) -> tuple[str, str | None]:
        """Add the row of a protein; return its id and why it cannot be used, or None.

        If another protein has its name, the folder is put in front.
        """
        name = protein.id
        folder = (protein.structure or "").rpartition("/")[0].strip("/").replace("/", "_")
        for candidate in (name, f"{folder}_{name}") if folder else (name,):
            reason = valid_id(candidate)
            if self._table.execute("insert or ignore into row values (?, ?)", (candidate, reason)).rowcount == 1:
                return candidate, reason
        reason = f"the id {name} already occurs; rename the file"
        self._table.execute("insert into repeated values (?, ?)", (name, reason))
        return name, reason

    def _is_alone(self, folder: str) -> bool:
        return self._table.execute("select proteins from folder where folder = ?", (folder,)).fetchone() == (1,)


def _entry_of(row: InputRow) -> dict[str, object]:
    """Return what a part says of a protein: its id, and the names of its files."""
    return {"id": row.id, "structure": row.structure, "pae": row.pae, "more": row.more}


def _named(row: _Row) -> NamedFile:
    _, _, _, path, role, about, _ = row
    models, reason, score = json.loads(about) if about else ((), "", None)
    return NamedFile(ListedFile(path, Role(role), reason, tuple(models), score), file_name(path))
