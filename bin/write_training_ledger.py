#!/usr/bin/env python3
"""Gather what the steps wrote of the proteins a network is trained with: one row each, whatever became of them.

Standard input: JSON {"inputs": [{"id", "reason"}, …], "hhsuite": whether HH-suite ran}. Written: ledger.tsv, and
summary.txt, the lines to end a run with. A protein that was cut is `ok`; one without a known domain says so.
"""

import argparse
import json
import sys
from collections.abc import Collection
from pathlib import Path

from domainflow.domass.labels import read_labels
from domainflow.errors import exit_code
from domainflow.ledger import (
    CUT_STEPS,
    NOTHING,
    PASSED,
    LedgerRow,
    final_rows,
    read_ledgers,
    steps_run,
    write_ledger,
)  # fmt: skip
from domainflow.results import counts, unanswered

NOT_LABELLED = "no known domain: nothing was learnt from it"


def training_row(row: LedgerRow, labelled: Collection[str]) -> LedgerRow:
    """The row of a protein whose domains were to be learnt from."""
    if row.status != PASSED:
        return row
    notes = [] if row.reason == NOTHING else [row.reason]
    if row.protein not in labelled:
        notes.append(NOT_LABELLED)
    return row._replace(status="ok", reason="; ".join(notes) or NOTHING)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of *.ledger.tsv")
    parser.add_argument("--labels", type=Path, nargs="+", required=True, help="known domains: protein, range, h_group")
    args = parser.parse_args()
    run = json.load(sys.stdin)
    labelled = read_labels(args.labels)
    rows = final_rows(run["inputs"], read_ledgers(args.in_dir), steps_run(CUT_STEPS, run["hhsuite"]))
    ledger = [training_row(row, labelled) for row in rows]
    lines = [counts(ledger), *unanswered(ledger)]
    if unknown := set(labelled) - {row.protein for row in ledger}:
        lines.append(f"{len(unknown)} labelled proteins are not among them, e.g. {min(unknown)}")
    write_ledger(Path("ledger.tsv"), ledger)
    Path("summary.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(exit_code(main))
