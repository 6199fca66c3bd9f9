"""Make one row of every input, checked: what the ledger and the buckets are made from."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from domainflow.inputs.proteins import Group, protein_ids, protein_of
from domainflow.inputs.samplesheet import SheetRow
from domainflow.run.protein_ids import valid_id

__all__ = ["InputRow", "rows_of_groups", "rows_of_sheet", "write_rows", "write_unused"]

UNUSED_COLUMNS = ("file", "reason")


class InputRow(NamedTuple):
    """One input.

    Attributes
    ----------
    id : str
    structure, pae : str or None
        Paths as given, or relative to the input.
    reason : str or None
        Why it cannot be used.
    found : bool
        True if domainflow paired the files; then PAE that cannot be used does not cost the protein.
    more : tuple of (str, str or None)
        Structure and PAE of the other fragments of a long protein, in their order.
    """

    id: str
    structure: str | None
    pae: str | None
    reason: str | None
    found: bool
    more: tuple[tuple[str, str | None], ...] = ()


def rows_of_sheet(sheet: Sequence[SheetRow]) -> list[InputRow]:
    """Return the rows of a samplesheet, each with its reason if it cannot be used."""
    first: dict[str, int] = {}
    rows = []
    for number, row in enumerate(sheet, start=1):
        first.setdefault(row.id, number)
        reason = _reason(row, number, first[row.id])
        rows.append(InputRow(row.id, row.structure or None, row.pae or None, reason, False))
    return rows


def rows_of_groups(found: Sequence[Group], by_folder: bool = True) -> tuple[list[InputRow], list[tuple[str, str]]]:
    """Return the rows of the proteins in a folder, sorted by id, and the files that are not used with the reason."""
    with_structure = [group for group in found if group.has_structure]
    unused = [item for group in found if not group.has_structure for item in protein_of(group).unused]
    rows = []
    seen: set[str] = set()
    for name, group in zip(protein_ids(with_structure, by_folder), with_structure, strict=True):
        protein = protein_of(group)
        reason = valid_id(name) or (f"the id {name} already occurs; rename the file" if name in seen else None)
        seen.add(name)
        rows.append(InputRow(name, protein.structure, protein.pae, reason, True))
        unused += protein.unused
    return sorted(rows, key=lambda row: row.id), sorted(unused)


def write_rows(path: Path, kind: str, rows: Iterable[InputRow]) -> None:
    """Write the kind of the input and its rows as JSON, one a line; of an archive's, only ids and reasons."""
    with path.open("w") as stream:
        stream.write(json.dumps({"kind": kind}) + "\n")
        for row in rows:
            known = row._asdict() if row.structure else {"id": row.id, "reason": row.reason}
            stream.write(json.dumps(known) + "\n")


def write_unused(path: Path, unused: Iterable[tuple[str, str]]) -> None:
    """Write the table of files that are not used."""
    with path.open("w", errors="surrogateescape") as stream:
        stream.write("\t".join(UNUSED_COLUMNS) + "\n")
        for name, reason in unused:
            shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
            stream.write(f"{shown}\t{reason}\n")


def _reason(row: SheetRow, number: int, first: int) -> str | None:
    if not row.id:
        return f"row {number} of the samplesheet has no id"
    bad = valid_id(row.id)
    if bad:
        return bad
    if first != number:
        return f"the id already occurs in row {first}; this row ({number}) is skipped"
    if row.reason:
        return row.reason
    return None if row.structure else "no structure is given"
