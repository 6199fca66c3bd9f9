"""The ledger: the outcome of every protein, one row per protein.

Each step writes a row for every protein it received. The last step reads these rows in order of the steps and gives
every input exactly one row. Its status is ``ok``, ``no_domain``, ``rejected`` (bad input, with the reason) or
``failed`` (step and cause). A protein without a row of a step was lost with that step's task: it ``failed`` there.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "NOTHING", "PASSED", "LedgerRow", "final_rows", "read_ledger", "read_ledgers", "sentence", "write_ledger",
]  # fmt: skip

COLUMNS = ("protein", "status", "step", "reason", "length", "domains")
PASSED = "passed"
NOTHING = "-"


class LedgerRow(NamedTuple):
    """One protein at one step; `length` in residues and `domains` where known, as text."""

    protein: str
    status: str
    step: str
    reason: str = NOTHING
    length: str = NOTHING
    domains: str = NOTHING


def sentence(text: str) -> str:
    """Return text for one table cell: white space folded, control characters escaped, never empty."""
    folded = re.sub(r"\s+", " ", str(text)).strip()
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in folded) or NOTHING


def write_ledger(path: Path, rows: Iterable[LedgerRow]) -> None:
    """Write rows as a tab-separated table with a header."""
    lines = ["\t".join(COLUMNS), *("\t".join(sentence(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def read_ledger(path: Path) -> list[LedgerRow]:
    """Rows of a ledger file."""
    return list(_rows(path))


def _rows(path: Path) -> Iterator[LedgerRow]:
    with path.open(newline="\n") as lines:
        next(lines, None)
        for line in lines:
            yield LedgerRow(*line.rstrip("\n").split("\t"))


def read_ledgers(folder: Path) -> Iterator[LedgerRow]:
    """Yield the rows of all ledgers that the steps wrote into a folder, ``*.ledger.tsv``.

    Equal texts are one object: a large run has millions of cells, and few different ones.
    """
    known: dict[str, str] = {}
    for path in sorted(folder.glob("*.ledger.tsv")):
        for row in _rows(path):
            yield LedgerRow(*(known.setdefault(cell, cell) for cell in row))


def final_rows(
    inputs: Sequence[Mapping[str, str | None]],
    step_rows: Iterable[LedgerRow],
    steps: Sequence[str],
    may_skip: Collection[str] = (),
) -> list[LedgerRow]:
    """Return one row per input, in the order of the inputs.

    Parameters
    ----------
    inputs : sequence of mapping
        ``id`` and ``reason``. The reason says why the input was rejected before any step; None if it was accepted.
    step_rows : iterable of LedgerRow
        All rows that steps wrote, in any order.
    steps : sequence of str
        Names of the steps in order.
    may_skip : collection of str
        Steps that write no row for a protein they have no work for.
    """
    at_step: dict[str, dict[str, LedgerRow]] = {}
    for row in step_rows:
        at_step.setdefault(row.step, {})[row.protein] = row
    seen = at_step.keys()
    skipped = {step for place, step in enumerate(steps) if step in may_skip and not seen.isdisjoint(steps[place:])}
    rows = []
    for entry in inputs:
        protein = str(entry["id"])
        if entry["reason"]:
            rows.append(LedgerRow(protein, "rejected", "INPUT", str(entry["reason"])))
            continue
        rows.append(_last_row(protein, at_step, steps, skipped))
    return rows


def _last_row(
    protein: str, at_step: Mapping[str, Mapping[str, LedgerRow]], steps: Sequence[str], skipped: Collection[str]
) -> LedgerRow:
    """Return the row of the step that a protein ended at, with the remarks of the earlier steps."""
    notes: list[str] = []
    last = LedgerRow(protein, "failed", NOTHING)
    for step in steps:
        row = at_step[step].get(protein) if step in at_step else None
        if row is None and step in skipped:
            continue  # the step ran, but had nothing to do for this protein
        if row is None:
            reason = f"the task of {step} did not finish; pipeline_info/execution_trace.txt says how it ended"
            return LedgerRow(protein, "failed", step, reason, last.length)
        last = row if row.length != NOTHING else row._replace(length=last.length)
        if row.status in ("rejected", "failed"):
            return last
        if row.reason != NOTHING:
            notes.append(row.reason)
    return last._replace(reason="; ".join(notes) or NOTHING)
