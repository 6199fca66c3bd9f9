"""The ledger: what became of every protein, one row each.

Each step writes a row for every protein it saw; the last step reads them in order and gives every input exactly one
row: ``ok``, ``no_domain``, ``rejected`` (bad input, with the reason) or ``failed`` (step and cause). A protein a step
should have seen and did not was lost with that step's task, and is ``failed`` there.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "CUT_STEPS", "HHSUITE", "NOTHING", "PASSED", "STEPS", "LedgerRow", "final_rows", "read_ledger", "read_ledgers",
    "sentence", "steps_run", "write_ledger",
]  # fmt: skip

HHSUITE, SCORE, LAST = "HHSUITE_SEARCH", "DOMASS_SCORE", "ASSIGN_DOMAINS"
STEPS = (
    "PREPARE", "FOLDSEEK_SEARCH", HHSUITE, "SELECT_CANDIDATES", "DALI_ALIGN", "PARSE_DOMAINS", SCORE, LAST,
)  # fmt: skip
"""Processes in the order a protein passes them; HH-suite's only in a run that has its database."""
CUT_STEPS = STEPS[: STEPS.index(SCORE)]
"""Those that make domains, not yet assigned: the steps of proteins to train with."""

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
    """Text that fits one table cell: white space folded, control characters shown, never empty."""
    folded = re.sub(r"\s+", " ", str(text)).strip()
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in folded) or NOTHING


def write_ledger(path: Path, rows: Iterable[LedgerRow]) -> None:
    """Write rows as a tab-separated table with a header."""
    lines = ["\t".join(COLUMNS), *("\t".join(sentence(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def read_ledger(path: Path) -> list[LedgerRow]:
    """Rows of a ledger file."""
    return [LedgerRow(*line.split("\t")) for line in path.read_text().splitlines()[1:]]


def read_ledgers(folder: Path) -> list[LedgerRow]:
    """Rows of all ledgers that steps left in a folder, ``*.ledger.tsv``."""
    return [row for path in sorted(folder.glob("*.ledger.tsv")) for row in read_ledger(path)]


def steps_run(steps: Sequence[str], hhsuite: bool) -> list[str]:
    """Those of the steps that a run has, with HH-suite or without."""
    return [step for step in steps if step != HHSUITE or hhsuite]


def final_rows(
    inputs: Sequence[Mapping[str, str | None]], step_rows: Iterable[LedgerRow], steps: Sequence[str] = STEPS
) -> list[LedgerRow]:
    """One row an input, in the order of the inputs.

    Parameters
    ----------
    inputs : sequence of mapping
        ``id`` and ``reason``: why it was rejected before any step, or None.
    step_rows : iterable of LedgerRow
        All rows that steps wrote, in any order.
    steps : sequence of str
        Names of the steps in order.
    """
    at_step = {(row.protein, row.step): row for row in step_rows}
    rows = []
    for entry in inputs:
        protein = str(entry["id"])
        if entry["reason"]:
            rows.append(LedgerRow(protein, "rejected", "INPUT", str(entry["reason"])))
            continue
        rows.append(_last_word(protein, at_step, steps))
    return rows


def _last_word(protein: str, at_step: Mapping[tuple[str, str], LedgerRow], steps: Sequence[str]) -> LedgerRow:
    notes: list[str] = []
    scored = any(step in (SCORE, LAST) for _, step in at_step)
    last = LedgerRow(protein, "failed", NOTHING)
    for step in steps:
        row = at_step.get((protein, step))
        if row is None and step == SCORE and scored:
            continue  # one process for all proteins, and this one had nothing to score
        if row is None:
            reason = f"the task of {step} did not finish; pipeline_info/trace.txt says how it ended"
            return LedgerRow(protein, "failed", step, reason, last.length)
        last = row if row.length != NOTHING else row._replace(length=last.length)
        if row.status in ("rejected", "failed"):
            return last
        if row.reason != NOTHING:
            notes.append(row.reason)
    return last._replace(reason="; ".join(notes) or NOTHING)
