#!/usr/bin/env python3
"""Choose the templates worth aligning for a bucket's proteins (DPAM steps 4 to 6).

Written: BUCKET.filtered.tsv (kept search hits, step 4), BUCKET.mappings.tsv (HH-suite hits on templates, step 5; empty
without HH-suite), BUCKET.candidates.tsv (`protein uid`, step 6) and BUCKET.select.ledger.tsv.
"""

import sys
from pathlib import Path

from domainflow.domains import tables
from domainflow.domains.arguments import bucket_parser
from domainflow.domains.candidates.select_candidates import Candidates, select_candidates
from domainflow.domains.candidates.template_chains import chain_domains
from domainflow.domains.parameters import parameter_set
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.sequences.hhr import read_hhsuite_text
from domainflow.structures.archive import protein_ids, read_proteins, read_texts
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = bucket_parser(__doc__, "hits.tsv", "left_out.tsv")
    parser.add_argument("--reports", type=Path, help="BUCKET.hhr.zip: reports of HH-suite")
    args = parser.parse_args()
    parameters = parameter_set(args.parameters)
    hits, left_out = tables.read_hits(args.hits), tables.read_left_out(args.left_out)
    reports = dict(read_texts(args.reports)) if args.reports else None
    domains = {} if reports is None else chain_domains(TemplateStore.open(args.reference))
    # the ledger of SEARCH_PROFILES says why a protein has no report
    proteins = (p for p in read_proteins(args.proteins, with_pae=False) if reports is None or p.id in reports)

    def select(protein: Protein) -> Candidates:
        profile_hits = [] if reports is None else read_hhsuite_text(reports[protein.id])
        excluded = left_out.get(protein.id, frozenset())
        table = hits.get(protein.id, tables.NO_HITS)
        return select_candidates(len(protein), table, profile_hits, domains, excluded, parameters)

    step = Step.begin("SELECT_CANDIDATES", args, of=len(protein_ids(args.proteins)))
    selected = {protein.id: found for protein, found in step.each(proteins, select)}

    stem = args.out_dir / bucket_name(args.proteins)
    tables.write_selected(stem, selected)
    step.write_ledger(Path(f"{stem}.select.ledger.tsv"))


if __name__ == "__main__":
    sys.exit(run_program(main))
