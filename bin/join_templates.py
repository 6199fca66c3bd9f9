#!/usr/bin/env python3
"""Join the buckets of a reference into one template store and one ledger with a row for every domain of the table."""

import argparse
import sys
from pathlib import Path

from domainflow.reference.domain_table import parse_entries
from domainflow.reference.ledger import final_rows, read_reference_ledger, write_reference_ledger
from domainflow.run.step import run_program
from domainflow.templates.store import join_stores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--planned", type=Path, required=True, help="planned.tsv")
    parser.add_argument("--in-dir", type=Path, required=True, help="BUCKET.templates.arrow and BUCKET.ledger.tsv")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    entries = parse_entries(args.planned.read_text())
    rows = [row for path in sorted(args.in_dir.glob("*.ledger.tsv")) for row in read_reference_ledger(path)]
    # the store is written last: if no domain is left this fails, and the ledger must already give the reasons
    write_reference_ledger(args.out_dir / "ledger.tsv", final_rows(entries, rows))
    join_stores(sorted(args.in_dir.glob("*.templates.arrow")), args.out_dir / "templates.arrow")


if __name__ == "__main__":
    sys.exit(run_program(main))
