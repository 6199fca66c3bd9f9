#!/usr/bin/env python3
"""Write reference.json: the contents of a reference, its sources and the versions it was made with; and report.html.

Standard input: JSON with the workflow's facts on the run.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.reference.contents import reference_record
from domainflow.report.write_report import write_report
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder with templates.arrow and the other files")
    parser.add_argument("--assets", type=Path, help="folder of the report's own files; without it there is no report")
    args = parser.parse_args()
    record = reference_record(json.load(sys.stdin), args.in_dir)
    (args.in_dir / "reference.json").write_text(json.dumps(record, indent=2) + "\n")
    if args.assets:
        write_report("reference", args.in_dir, record, args.assets)


if __name__ == "__main__":
    sys.exit(run_program(main))
