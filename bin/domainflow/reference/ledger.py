"""The ledger of a reference: the outcome of every domain of its table, one row per domain, in the table's order.

The status is ``ok`` (the reason may hold a remark), ``incomplete`` (a template that lacks something, named in the
reason) or ``left_out`` (the reason says why).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from domainflow.reference.domain_table import DomainEntry
from domainflow.run.ledger import sentence

__all__ = [
    "NOTHING", "ReferenceLedgerRow", "final_rows", "ledger_rows", "read_reference_ledger", "write_reference_ledger",
]  # fmt: skip

NOTHING = "-"
LOST = "the task that should have cut it was lost; run again with -resume"


class ReferenceLedgerRow(NamedTuple):
    """One domain of the table."""

    uid: str
    id: str
    status: str
    reason: str = NOTHING


def ledger_rows(
    domains: Iterable[tuple[str, str, str]], templates: set[str], problems: Iterable[tuple[str, str]]
) -> list[ReferenceLedgerRow]:
    """Rows of the domains that a task processed.

    Parameters
    ----------
    domains : iterable of (str, str, str)
        UID, id and remark ("" for none) of each; every UID once.
    templates : set of str
        UIDs of those that became templates.
    problems : iterable of (str, str)
        UID and sentence; a domain may have several.
    """
    said: dict[str, list[str]] = {}
    for uid, text in problems:
        said.setdefault(uid, []).append(text.removeprefix("left out: "))
    rows = []
    for uid, name, remark in domains:
        notes = said.get(uid, [])
        status = ("incomplete" if notes else "ok") if uid in templates else "left_out"
        rows.append(_row(uid, name, status, [remark, *notes]))
    return rows


def final_rows(entries: Iterable[DomainEntry], rows: Iterable[ReferenceLedgerRow]) -> list[ReferenceLedgerRow]:
    """Return one row for every domain of the table: an unusable one has its entry's reason, a lost one has `LOST`."""
    tried = {row.uid: row for row in rows}
    final = []
    for entry in entries:
        lost = _row(entry.uid, entry.id, "left_out", [entry.reason or LOST])
        final.append(lost if entry.reason else tried.get(entry.uid, lost))
    return final


def write_reference_ledger(path: Path, rows: Iterable[ReferenceLedgerRow]) -> None:
    """Write a ledger, tab separated with a header."""
    lines = (ReferenceLedgerRow._fields, *rows)
    path.write_text("".join("\t".join(row) + "\n" for row in lines))


def read_reference_ledger(path: Path) -> list[ReferenceLedgerRow]:
    """Rows that `write_reference_ledger` wrote."""
    return [ReferenceLedgerRow(*line.split("\t")) for line in path.read_text().splitlines()[1:]]


def _row(uid: str, name: str, status: str, notes: Iterable[str]) -> ReferenceLedgerRow:
    reason = "; ".join(note for note in notes if note) or NOTHING
    return ReferenceLedgerRow(sentence(uid), sentence(name), status, sentence(reason))
