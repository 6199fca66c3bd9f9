#!/usr/bin/env python3
"""Search every protein of every bucket against all templates (DPAM step 3), the templates loaded once.

Read: BUCKET.proteins.zip of all buckets in --in-dir. Written: OUT/BUCKET.hits.tsv for each (`protein` and Foldseek's
columns, best first), OUT/BUCKET.related.tsv (`protein uid`: templates left out) and search.ledger.tsv.
"""

import argparse
import sys
from pathlib import Path

from domainflow.batch import THE_TASKS_TROUBLE, attempt, passed
from domainflow.engines.search import SEARCH_ENGINES
from domainflow.errors import exit_code
from domainflow.io.archive import read_proteins
from domainflow.io.store import TemplateStore
from domainflow.io.tables import write_hits, write_related
from domainflow.ledger import LedgerRow, write_ledger
from domainflow.related import CHOICES, related_templates

STEP = "FOLDSEEK_SEARCH"
SUFFIX = ".proteins.zip"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the buckets' archives")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--engine", choices=sorted(SEARCH_ENGINES), default="native")
    parser.add_argument("--leave-out", choices=CHOICES, default="none", help="templates that must not be used")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out-dir", type=Path, default=Path("hits"), help="folder for the tables of hits")
    args = parser.parse_args()
    search = SEARCH_ENGINES[args.engine]
    args.out_dir.mkdir(exist_ok=True)
    rows: list[LedgerRow] = []
    store = TemplateStore.open(args.reference)
    entry_of = {uid: store.pdb(row).lower() for row, uid in enumerate(store.uids)}
    for archive in sorted(args.in_dir.glob(f"*{SUFFIX}")):
        proteins = list(read_proteins(archive, with_pae=False))
        try:
            found = list(zip(proteins, search(proteins, store, args.threads), strict=True))
        except THE_TASKS_TROUBLE:
            raise
        except Exception:
            # One of them cannot be searched: search one by one, so that it fails alone.
            singly = [(p, attempt(p.id, STEP, lambda p=p: search([p], store, 1)[0], rows)) for p in proteins]
            found = [(protein, table) for protein, table in singly if table is not None]
        rows += passed((protein.id for protein, _ in found), STEP)
        hits = {protein.id: table for protein, table in found}
        related: dict[str, list[str]] = {}
        if args.leave_out == "related":
            related = {protein: related_templates(protein, table, entry_of) for protein, table in hits.items()}
            hits = {
                protein: table[~table["target"].str.partition(".")[0].isin(related[protein])]
                for protein, table in hits.items()
            }
        write_hits(args.out_dir / archive.name.replace(SUFFIX, ".hits.tsv"), hits.items())
        write_related(args.out_dir / archive.name.replace(SUFFIX, ".related.tsv"), related)
    write_ledger(Path("search.ledger.tsv"), rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
