"""Read samplesheets as people have them: any separator, encoding and case of the header; columns in any order."""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from domainflow.inputs.listed_file import STRUCTURE_ENDINGS, ListedFile, describe_by_name
from domainflow.run.errors import InputError
from domainflow.structures.file_kind import Kind, decode_text, file_kind

__all__ = ["SheetRow", "is_list_of_paths", "listed_paths", "sheet_rows"]

COLUMNS = ("id", "structure", "pae")
REQUIRED = ("id", "structure")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LARGEST_FIELD = 100_000
"""Characters."""


class SheetRow(NamedTuple):
    """A row of a samplesheet; `reason` says why it cannot be used. `structure` and `pae` are empty if not given."""

    id: str
    structure: str
    pae: str
    reason: str


def sheet_rows(content: bytes, name: str) -> list[SheetRow]:
    """Return the rows of a samplesheet.

    Raises
    ------
    InputError
        If it is a spreadsheet or another kind of file, or lacks rows or a column.
    """
    kind = file_kind(content)
    if kind is Kind.SPREADSHEET or (kind is Kind.ZIP and name.lower().endswith((".xlsx", ".ods"))):
        raise InputError(f"{name} is {Kind.SPREADSHEET.value}; save it as CSV (File, Save as) and give that file")
    text = decode_text(content)
    if not text.strip():
        raise InputError(
            f"the samplesheet {name} is empty; it needs the header {','.join(COLUMNS)} and a row per protein"
        )
    if kind not in (Kind.TEXT, Kind.NUMBERS):
        raise InputError(
            f"{name} is {kind.value}, not an input; give a samplesheet, a folder, an archive or a structure"
        )
    records = _records(text, _separator(text))
    header = [_column(field) for field in records[0]]
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        found = " and ".join(missing)
        raise InputError(
            f"the samplesheet {name} has no column {found}; its header must be {','.join(COLUMNS)}, separated by commas"
        )
    if len(records) == 1:
        raise InputError(f"the samplesheet {name} has a header but no protein")
    return [_row(header, fields, number) for number, fields in enumerate(records[1:], start=1)]


def is_list_of_paths(content: bytes) -> bool:
    """Return whether a text names a file of a structure on its first line, and nothing else there."""
    lines = [line.strip() for line in decode_text(content).splitlines() if line.strip()]
    first = lines[0].lower() if lines else ""
    return not any(separator in first for separator in ",;\t|") and any(ending in first for ending in STRUCTURE_ENDINGS)


def listed_paths(content: bytes) -> list[ListedFile]:
    """Return the files that a list of paths names, one on each line; empty lines and those with ``#`` are left out."""
    lines = [line.strip() for line in decode_text(content).splitlines()]
    return [describe_by_name(line) for line in dict.fromkeys(lines) if line and not line.startswith("#")]


def _separator(text: str) -> str:
    """Return the separator of the header: the one that is most frequent there."""
    header = next(line for line in text.splitlines() if line.strip())
    return max(SEPARATORS, key=header.count)


def _records(text: str, separator: str) -> list[list[str]]:
    """Return the records that are not empty, as fields without blanks around them."""
    csv.field_size_limit(LARGEST_FIELD)
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        reader = csv.reader(io.StringIO(unified), delimiter=separator, skipinitialspace=True)
        records = [[field.strip() for field in record] for record in reader]
    except csv.Error:
        records = [[field.strip().strip('"') for field in line.split(separator)] for line in unified.split("\n")]
    return [record for record in records if any(record)]


def _column(field: str) -> str:
    return field.strip().strip("'\"").strip().lower()


def _row(header: Sequence[str], fields: Sequence[str], number: int) -> SheetRow:
    row = dict(zip(header, fields, strict=False))
    surplus = any(fields[len(header) :])
    reason = (
        f"row {number} of the samplesheet has more fields than its header; quote fields that hold commas"
        if surplus
        else ""
    )
    return SheetRow(row.get("id", ""), row.get("structure", ""), row.get("pae", ""), reason)
