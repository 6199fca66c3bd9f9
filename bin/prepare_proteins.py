#!/usr/bin/env python3
"""Read a bucket's structures and PAE (DPAM steps 1 and 11) into one archive.

Standard input: a JSON list of {"id", "structure", "pae"}, paths relative to the working folder, pae may be null.
Written: BUCKET.proteins.zip (see domainflow.io.archive) and BUCKET.prepare.ledger.tsv, one row a protein.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from domainflow.batch import attempt
from domainflow.errors import exit_code
from domainflow.io.archive import write_proteins
from domainflow.ledger import NOTHING, PASSED, LedgerRow, write_ledger
from domainflow.prepare import prepare_protein
from domainflow.protein import Protein

STEP = "PREPARE"


def prepared(entries: list[dict[str, str | None]], rows: list[LedgerRow]) -> Iterator[Protein]:
    """Proteins that could be read, in order; every entry gets a ledger row."""
    for entry in entries:
        pae = Path(entry["pae"]) if entry["pae"] else None
        protein = attempt(
            entry["id"], STEP, lambda e=entry, p=pae: prepare_protein(e["id"], Path(e["structure"]), p), rows
        )
        if protein is not None:
            notes = "; ".join(protein.notes) or NOTHING
            rows.append(LedgerRow(protein.id, PASSED, STEP, notes, str(len(protein))))
            yield protein


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bucket", required=True, help="name of the bucket, the stem of the files written")
    parser.add_argument("--out-dir", type=Path, default=Path(), help="folder to write to")
    args = parser.parse_args()
    rows: list[LedgerRow] = []
    write_proteins(args.out_dir / f"{args.bucket}.proteins.zip", prepared(json.load(sys.stdin), rows))
    write_ledger(args.out_dir / f"{args.bucket}.prepare.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
