#!/usr/bin/env python3
"""Write report.html of a training: what became of its proteins, and how good the network is.

Standard input: JSON with the workflow's facts on the run. Read from --in-dir: ledger.tsv, report.md, reliability.svg,
domass.npz. Written there: report.html.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.report.write_report import write_report
from domainflow.run.provenance import provenance
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the training's results")
    parser.add_argument("--assets", type=Path, required=True, help="folder of the report's own files")
    args = parser.parse_args()
    record = provenance(json.load(sys.stdin), [args.in_dir / "domass.npz"])
    write_report("training", args.in_dir, record, args.assets)


if __name__ == "__main__":
    sys.exit(run_program(main))
