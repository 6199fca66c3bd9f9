"""Read domain tables: the residues and structures that form each domain, and the groups it belongs to.

There are two forms, which are distinguished by content. domainflow's own is tab separated with a header
(docs/reference.md) and holds domains of any classification. The other is ECOD's distribution file
``ecod.latest.domains``. An unusable row is kept with its reason, because the ledger of a reference has a row for every
domain of its table.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

from domainflow.reference.segments import parse_segments
from domainflow.run.errors import InputError, StoreError
from domainflow.run.protein_ids import valid_id
from domainflow.structures.compressed import read_bytes
from domainflow.templates.classification import h_group_of

__all__ = ["DomainEntry", "format_entries", "parse_entries", "read_domain_table", "unquoted"]

REQUIRED = ("id", "range", "t_group")
OPTIONAL = ("uid", "pdb", "chain", "t_group_name", "h_group", "length", "seqid_range")
ECOD_COLUMNS = ("uid", "ecod_domain_id", "manual_rep", "f_id", "pdb", "chain", "pdb_range", "seqid_range")
"""First columns of ``ecod.latest.domains``. If the heading of the file names other columns, the heading is used."""
UNKNOWN = "na"
_UID = re.compile("[0-9]{1,9}")
_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ENTRY = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True)
class DomainEntry:
    """A row of a domain table.

    Attributes
    ----------
    uid : str
        Nine digits.
    id : str
        Domain id, for display; also the name of its file if it has one of its own.
    pdb : str
        Entry to cut from, lower case; ``na`` for a domain with a file of its own.
    range : str
        Segments with chains, in the authors' residue numbers: ``A:4-10,B:27A-35``.
    seqid_range : str
        The same segments by place in the sequence (label_seq_id); ``na`` if the table has none.
    t_group, t_group_name, h_group : str
        ``na`` for an unknown name.
    length : int
        Length of its sequence from the table; 0 if the table has none.
    file : str
        Name of the structure file, once it is known.
    note : str
        Remark on the choice of the file.
    reason : str
        Reason why the domain cannot be used; empty if it can.
    """

    uid: str
    id: str
    pdb: str
    range: str
    seqid_range: str
    t_group: str
    t_group_name: str
    h_group: str
    length: int = 0
    file: str = ""
    note: str = ""
    reason: str = ""


def read_domain_table(path: Path) -> list[DomainEntry]:
    """Read the domains of a table (plain or gzipped) in its order; rows without UID get running numbers.

    Raises
    ------
    StoreError
        If the file cannot be read, has neither form, lacks columns or holds no domain.
    """
    try:
        text = read_bytes(path).decode("utf-8", "replace").removeprefix("\ufeff")
    except InputError as error:
        raise StoreError(str(error)) from None
    lines = [line for line in text.splitlines() if line.strip()]
    plain = [line for line in lines if not line.startswith("#")]
    header = plain[0].lower().split("\t") if plain else []
    cells = _own_rows(plain, path.name) if set(REQUIRED) & set(header) else _ecod_rows(lines, path.name)
    entries: list[DomainEntry] = []
    seen: set[str] = set()
    for number, row in enumerate(cells, start=1):
        entry = _entry(row, number)
        if not entry.reason and entry.uid in seen:
            entry = replace(entry, reason=f"the uid {entry.uid} already occurs in an earlier row")
        seen.add(entry.uid)
        entries.append(entry)
    if not entries:
        raise StoreError(f"{path.name} has a header but no domain; give a row for every domain")
    return entries


def format_entries(entries: Iterable[DomainEntry]) -> str:
    """Format entries as a table for `parse_entries`."""
    names = "\t".join(field.name for field in fields(DomainEntry))
    return "".join(f"{line}\n" for line in (names, *("\t".join(map(str, astuple(entry))) for entry in entries)))


def parse_entries(text: str) -> list[DomainEntry]:
    """Entries that `format_entries` wrote."""
    names = [field.name for field in fields(DomainEntry)]
    rows = (dict(zip(names, line.split("\t"), strict=True)) for line in text.splitlines()[1:])
    return [DomainEntry(**{**row, "length": int(row["length"])}) for row in rows]  # type: ignore[arg-type]


def _own_rows(lines: list[str], name: str) -> Iterator[dict[str, str]]:
    header = [cell.strip().lower() for cell in lines[0].split("\t")]
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise StoreError(f"{name} lacks the columns {', '.join(missing)}; a domain table needs {', '.join(REQUIRED)}")
    for line in lines[1:]:
        row = dict(zip(header, map(_cell, line.split("\t")), strict=False))
        yield {column: row.get(column, "") for column in (*REQUIRED, *OPTIONAL)} | {
            "no_uid": "" if "uid" in header else "yes"
        }


def _ecod_rows(lines: list[str], name: str) -> Iterator[dict[str, str]]:
    columns = list(ECOD_COLUMNS)
    for line in lines:
        if line.startswith("#"):
            heading = [cell.strip("# ").lower() for cell in line.split("\t")]
            columns = heading if "ecod_domain_id" in heading else columns
            continue
        cells = [unquoted(cell) for cell in line.split("\t")]
        if len(cells) < len(ECOD_COLUMNS) - 1:
            raise StoreError(
                f"{name} is not a domain table: give a header with {', '.join(REQUIRED)}, or ECOD's ecod.latest.domains"
            )
        row = dict(zip(columns, cells, strict=False))
        family = row.get("f_id") or row.get("t_id") or cells[3]
        yield {
            "uid": cells[0], "no_uid": "", "id": cells[1], "pdb": row.get("pdb", ""), "chain": row.get("chain", ""),
            "range": row.get("pdb_range", ""), "seqid_range": row.get("seqid_range", ""),
            "t_group": ".".join(family.split(".")[:3]), "t_group_name": row.get("t_name", ""), "h_group": "",
            "length": "",
        }  # fmt: skip


def _entry(row: Mapping[str, str], number: int) -> DomainEntry:
    """Check a row and return its entry; an error of the row becomes the entry's reason."""
    uid = f"{number}" if row["no_uid"] else row["uid"]
    reason = _complaint(row, uid)
    chain = row["chain"] if row["chain"] not in ("", ".", UNKNOWN) else ""
    ranges = {}
    for column in ("range", "seqid_range"):
        ranges[column] = row[column] or UNKNOWN
        if not reason and (column == "range" or ranges[column] != UNKNOWN):
            try:
                segments = parse_segments(ranges[column], chain)
                ranges[column] = ",".join(map(str, segments))
            except ValueError as error:
                reason = f"{error}; correct the column {column}"
    return DomainEntry(
        uid=uid.zfill(9),
        id=row["id"] or UNKNOWN,
        pdb=row["pdb"].lower() or UNKNOWN,
        range=ranges["range"],
        seqid_range=ranges["seqid_range"],
        t_group=row["t_group"] or UNKNOWN,
        t_group_name=row["t_group_name"] or UNKNOWN,
        h_group=row["h_group"] or h_group_of(row["t_group"]) or UNKNOWN,
        length=int(row["length"]) if row["length"].isdecimal() else 0,
        reason=reason,
    )


def _complaint(row: Mapping[str, str], uid: str) -> str:
    """Return the error in a row's names and groups; empty if there is none."""
    if not _UID.fullmatch(uid):
        return f"'{uid}' is not a uid; give up to nine digits, or leave the column uid out"
    wrong = valid_id(row["id"])
    if wrong is not None:
        return wrong
    if row["pdb"] not in ("", UNKNOWN) and not _ENTRY.fullmatch(row["pdb"]):
        return f"'{row['pdb'][:20]}' in the column pdb is not the name of an entry; use letters, digits, '_' and '-'"
    for column in ("t_group", "h_group"):
        if not (_GROUP.fullmatch(row[column]) or (column == "h_group" and not row[column])):
            return f"'{row[column][:20]}' in the column {column} is not a group; write it as 11.1.1"
    if row["length"] not in ("", UNKNOWN) and not row["length"].isdecimal():
        return f"'{row['length'][:20]}' in the column length is not a whole number"
    return ""


def unquoted(text: str) -> str:
    """Return a cell of ECOD's file without the quotes around names and with single blanks."""
    folded = _cell(text)
    return folded[1:-1].strip() if re.fullmatch('"[^"]*"', folded) else folded


def _cell(text: str) -> str:
    return " ".join(text.split())
