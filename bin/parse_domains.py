#!/usr/bin/env python3
"""Cut a bucket's proteins into domains (DPAM steps 8 to 13).

Written: BUCKET.domains.tsv, BUCKET.dpam.zip (DPAM's own files of every protein) and BUCKET.parse.ledger.tsv.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from domainflow.batch import attempt
from domainflow.dpam import cut_protein, template_facts
from domainflow.errors import exit_code
from domainflow.filter_hits import alignment_candidates
from domainflow.io.archive import read_proteins, read_texts, write_texts
from domainflow.io.dpam_files import format_candidates, format_search_table, named_files, parse_alignments
from domainflow.io.store import TemplateStore
from domainflow.io.tables import NO_HITS, read_candidates, read_hits
from domainflow.ledger import LedgerRow, write_ledger
from domainflow.parameters import PARAMETER_SETS, parameter_set
from domainflow.protein import Protein
from domainflow.results import DomainRow, domain_rows, format_rows

STEP = "PARSE_DOMAINS"


def dpam_texts(args: argparse.Namespace, found: list[DomainRow], rows: list[LedgerRow]) -> Iterator[tuple[str, str]]:
    """(Name, text) of DPAM's files, protein by protein; the domains go to `found`."""
    store = TemplateStore.open(args.reference)
    parameters = parameter_set(args.parameters)
    candidates, alignments = read_candidates(args.candidates), dict(read_texts(args.alignments))
    searched = read_hits(args.hits)
    engines = {"search_engine": args.search_engine, "alignment_engine": args.alignment_engine}
    for protein in read_proteins(args.proteins):
        if protein.id not in alignments:
            continue

        def cut(protein: Protein = protein) -> tuple[list[DomainRow], list[tuple[str, str]]]:
            hits = candidates.get(protein.id, [])
            blocks = parse_alignments(alignments[protein.id])
            facts = template_facts(store, (block.uid for block in blocks))
            parsed = cut_protein(protein, hits, [], blocks, facts, parameters)
            settings = {"pae": "absent" if protein.pae is None else "present", "parameters": parameters.name, **engines}
            texts = parsed.files | {
                "search": format_search_table(searched.get(protein.id, NO_HITS)),
                "candidates": format_candidates(alignment_candidates(hits)),
                "alignments": alignments[protein.id],
            }
            domains = domain_rows(protein.id, parsed.domains, parsed.hits, store, settings)
            return domains, named_files(texts, protein.id, parameters.layout)

        result = attempt(protein.id, STEP, cut, rows)
        if result is not None:
            domains, files = result
            found += domains
            status = "ok" if domains else "no_domain"
            rows.append(LedgerRow(protein.id, status, STEP, length=str(len(protein)), domains=str(len(domains))))
            yield from files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--hits", type=Path, required=True, help="BUCKET.hits.tsv")
    parser.add_argument("--candidates", type=Path, required=True, help="BUCKET.candidates.tsv")
    parser.add_argument("--alignments", type=Path, required=True, help="BUCKET.alignments.zip")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--search-engine", default="native", help="written to the tables")
    parser.add_argument("--alignment-engine", default="native", help="written to the tables")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    found: list[DomainRow] = []
    rows: list[LedgerRow] = []
    write_texts(args.out_dir / f"{bucket}.dpam.zip", dpam_texts(args, found, rows))
    (args.out_dir / f"{bucket}.domains.tsv").write_text(format_rows(found))
    write_ledger(args.out_dir / f"{bucket}.parse.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
