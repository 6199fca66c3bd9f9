#!/usr/bin/env python3
"""Write report.html of a codons run: what became of its genes, indices, codon usage, pictures.

Read from --in-dir: the results of WRITE_RESULTS, provenance.json among them, and the folder plots if it is there.
Written there: report.html.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.report.write_report import write_report
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the run's results")
    parser.add_argument("--assets", type=Path, required=True, help="folder of the report's own files")
    args = parser.parse_args()
    record = json.loads((args.in_dir / "provenance.json").read_text())
    write_report("codons", args.in_dir, record, args.assets)


if __name__ == "__main__":
    sys.exit(run_program(main))
