"""Read the ledger of genes for the page: every row is counted, and at most some thousand rows are kept."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from domainflow.codons.ledger import GeneRow
from domainflow.run.ledger import NOTHING

__all__ = ["MOST_ROWS", "GeneRows", "gene_columns", "read_rows", "rows_note"]

MOST_ROWS = 10_000
"""Largest number of rows in the page."""


class GeneRows(NamedTuple):
    """Numbers of all rows of a ledger by status and by code, and the rows that are kept, in the ledger's order."""

    statuses: Counter[str]
    codes: Counter[str]
    kept: list[GeneRow]


def read_rows(rows: Iterable[GeneRow], most: int = MOST_ROWS) -> GeneRows:
    """Return the numbers of all rows, and `most` rows: first those without a result, then those with codes.

    Parameters
    ----------
    rows : iterable of GeneRow
        Read once, one by one.
    most : int
        Largest number of rows to keep.
    """
    found = GeneRows(Counter(), Counter(), [])
    without, remarkable, plain = (list[tuple[int, GeneRow]]() for _ in range(3))
    for place, row in enumerate(rows):
        found.statuses[row.status] += 1
        if row.codes != NOTHING:
            found.codes.update(row.codes.split(","))
        alike = without if row.status in ("rejected", "failed") else plain
        if alike is plain and (row.codes != NOTHING or row.status != "ok"):
            alike = remarkable
        if len(alike) < most:
            alike.append((place, row))
    found.kept.extend(row for _, row in sorted([*without, *remarkable, *plain][:most]))
    return found


def rows_note(rows: GeneRows) -> str | None:
    """Return a sentence on the rows that are not in the page; None if all are."""
    if rows.statuses.total() == len(rows.kept):
        return None
    return (
        f"This table holds {len(rows.kept):,} of {rows.statuses.total():,} rows: first those without a result, then "
        "those with codes. The counts on this page are of all rows. ledger.tsv has every row."
    )


def gene_columns(rows: Iterable[GeneRow]) -> tuple[dict[str, list[Any]], list[dict[str, Any]]]:
    """Return the columns that every ledger has, and those of genes; a file without a gene goes by its name."""
    rows = list(rows)
    columns: dict[str, list[Any]] = {
        "id": [row.file if row.seq_id == NOTHING else row.seq_id for row in rows],
        "status": [row.status for row in rows],
        "step": [_or_none(row.step) for row in rows],
        "reason": [_or_none(row.reason) for row in rows],
        "length": [_number(row.length) for row in rows],
    }
    further: list[dict[str, Any]] = [
        {"name": "codons", "title": "codons", "kind": "number", "values": [_number(row.codons) for row in rows]},
        {"name": "codes", "title": "codes", "kind": "text", "values": [_or_none(row.codes) for row in rows]},
        {"name": "sample", "title": "sample", "kind": "text", "values": [row.sample for row in rows]},
    ]
    return columns, further


def _or_none(text: str) -> str | None:
    return None if text == NOTHING else text


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
