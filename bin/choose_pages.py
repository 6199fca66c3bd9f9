#!/usr/bin/env python3
"""Choose the proteins that have a page in the report, from the domains of all buckets.

Read from --in-dir: BUCKET.domains.tsv and BUCKET.assign.ledger.tsv. Written: OUT/BUCKET.chosen.txt, one id a line, for
each bucket with such a protein.
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains.results import read_rows
from domainflow.report.choose_pages import candidates_of, chosen_proteins
from domainflow.run.ledger import read_ledger
from domainflow.run.step import run_program

DOMAINS, LEDGER = ".domains.tsv", ".assign.ledger.tsv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the buckets' files")
    parser.add_argument("--most", type=int, required=True, help="largest number of pages")
    parser.add_argument("--out-dir", type=Path, default=Path("chosen"))
    args = parser.parse_args()
    candidates, bucket_of = [], {}
    for path in sorted(args.in_dir.glob(f"*{DOMAINS}")):
        bucket = path.name.removesuffix(DOMAINS)
        found = candidates_of(read_ledger(path.with_name(bucket + LEDGER)), read_rows(path))
        candidates += found
        bucket_of |= {one.protein: bucket for one in found}
    args.out_dir.mkdir(parents=True, exist_ok=True)
    for protein in chosen_proteins(candidates, args.most):
        with (args.out_dir / f"{bucket_of[protein]}.chosen.txt").open("a") as chosen:
            chosen.write(f"{protein}\n")


if __name__ == "__main__":
    sys.exit(run_program(main))
