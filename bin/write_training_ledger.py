#!/usr/bin/env python3
"""Gather the steps' ledgers of the proteins that a network is trained with: one row per protein.

Standard input: JSON {"inputs": [{"id", "reason"}, …], "hhsuite": true if HH-suite ran}. Written: ledger.tsv, and
summary.txt, the last lines of the run. A protein that was parsed is `ok`, with a remark if it has no known domain.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.domains.domass.training.labels import read_labels
from domainflow.domains.domass.training.training_ledger import training_rows, training_summary
from domainflow.domains.steps import PARSE_STEPS, steps_run
from domainflow.run.ledger import final_rows, read_ledgers, write_ledger
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of *.ledger.tsv")
    parser.add_argument("--labels", type=Path, nargs="+", required=True, help="known domains: protein, range, h_group")
    args = parser.parse_args()
    run, labelled = json.load(sys.stdin), read_labels(args.labels)
    rows = read_ledgers(args.in_dir)

    parsed = final_rows(run["inputs"], rows, steps_run(PARSE_STEPS, run["hhsuite"]))
    ledger = training_rows(parsed, labelled)

    write_ledger(Path("ledger.tsv"), ledger)
    Path("summary.txt").write_text(training_summary(ledger, labelled))


if __name__ == "__main__":
    sys.exit(run_program(main))
