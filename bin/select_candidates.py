#!/usr/bin/env python3
"""Choose the templates worth aligning for a bucket's proteins (DPAM steps 4 to 6).

Written: BUCKET.candidates.tsv (`protein uid evalue first last`, one row a search hit kept) and
BUCKET.select.ledger.tsv.
"""

import argparse
import sys
from pathlib import Path

from domainflow.batch import attempt, passed
from domainflow.errors import exit_code
from domainflow.filter_hits import filter_by_depth
from domainflow.hits import SearchHit
from domainflow.io.archive import read_proteins
from domainflow.io.tables import NO_HITS, read_hits, write_candidates
from domainflow.ledger import LedgerRow, write_ledger
from domainflow.parameters import PARAMETER_SETS, parameter_set

STEP = "SELECT_CANDIDATES"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--hits", type=Path, required=True, help="BUCKET.hits.tsv")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    parameters = parameter_set(args.parameters)
    hits = read_hits(args.hits)
    rows: list[LedgerRow] = []
    kept: dict[str, list[SearchHit]] = {}
    for protein in read_proteins(args.proteins, with_pae=False):
        table = hits.get(protein.id, NO_HITS)
        found = attempt(protein.id, STEP, lambda p=protein, t=table: filter_by_depth(t, len(p), parameters), rows)
        if found is not None:
            kept[protein.id] = found
            rows += passed([protein.id], STEP)
    write_candidates(args.out_dir / f"{bucket}.candidates.tsv", kept)
    write_ledger(args.out_dir / f"{bucket}.select.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
