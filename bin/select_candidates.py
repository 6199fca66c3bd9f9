#!/usr/bin/env python3
"""Choose the templates worth aligning for a bucket's proteins (DPAM steps 4 to 6).

Written: BUCKET.filtered.tsv (search hits kept, step 4), BUCKET.mappings.tsv (HH-suite hits on templates, step 5; empty
without HH-suite), BUCKET.candidates.tsv (`protein uid`, step 6) and BUCKET.select.ledger.tsv.
"""

import argparse
import sys
from pathlib import Path

from domainflow.batch import attempt, passed
from domainflow.errors import exit_code
from domainflow.filter_hits import alignment_candidates, filter_by_depth
from domainflow.hits import SearchHit, TemplateMapping
from domainflow.io import tables
from domainflow.io.archive import read_proteins, read_texts
from domainflow.io.hhsuite import read_hhsuite_text
from domainflow.io.store import TemplateStore
from domainflow.ledger import LedgerRow, write_ledger
from domainflow.map_sequence_hits import map_sequence_hits
from domainflow.parameters import PARAMETER_SETS, parameter_set
from domainflow.protein import Protein
from domainflow.template_chains import chain_domains

STEP = "SELECT_CANDIDATES"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--hits", type=Path, required=True, help="BUCKET.hits.tsv")
    parser.add_argument("--related", type=Path, required=True, help="BUCKET.related.tsv: templates left out")
    parser.add_argument("--reports", type=Path, help="BUCKET.hhr.zip: reports of HH-suite")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    parameters = parameter_set(args.parameters)
    hits, related = tables.read_hits(args.hits), tables.read_related(args.related)
    reports = dict(read_texts(args.reports)) if args.reports else {}
    domains = chain_domains(TemplateStore.open(args.reference)) if args.reports else {}
    rows: list[LedgerRow] = []
    filtered: dict[str, list[SearchHit]] = {}
    mappings: dict[str, list[TemplateMapping]] = {}
    for protein in read_proteins(args.proteins, with_pae=False):
        if args.reports and protein.id not in reports:
            continue  # HHSUITE_SEARCH says why

        def select(protein: Protein = protein) -> tuple[list[SearchHit], list[TemplateMapping]]:
            kept = filter_by_depth(hits.get(protein.id, tables.NO_HITS), len(protein), parameters)
            found = read_hhsuite_text(reports[protein.id]) if args.reports else []
            left_out = related.get(protein.id, frozenset())
            mapped = map_sequence_hits(found, domains, parameters)
            return kept, [row for row in mapped if row.uid not in left_out]

        selected = attempt(protein.id, STEP, select, rows)
        if selected is not None:
            filtered[protein.id], mappings[protein.id] = selected
            rows += passed([protein.id], STEP)
    tables.write_filtered(args.out_dir / f"{bucket}.filtered.tsv", filtered)
    tables.write_mappings(args.out_dir / f"{bucket}.mappings.tsv", mappings)
    candidates = {
        protein: alignment_candidates(hits_kept, (row.uid for row in mappings[protein]))
        for protein, hits_kept in filtered.items()
    }
    tables.write_candidates(args.out_dir / f"{bucket}.candidates.tsv", candidates)
    write_ledger(args.out_dir / f"{bucket}.select.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
