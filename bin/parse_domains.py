#!/usr/bin/env python3
"""Cut a bucket's proteins into domains (DPAM steps 8 to 13) and list what speaks for which template (step 15).

Written: BUCKET.parsed.tsv (`protein domain range`), BUCKET.features.tsv (what the network judges), BUCKET.dpam.zip
(DPAM's own files of every protein) and BUCKET.parse.ledger.tsv.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from domainflow.batch import attempt
from domainflow.dpam import cut_protein, template_facts
from domainflow.errors import exit_code
from domainflow.hits import DomassRow, Residues
from domainflow.io import tables
from domainflow.io.archive import read_proteins, read_texts, write_texts
from domainflow.io.dpam_files import format_candidates, format_search_table, named_files, parse_alignments
from domainflow.io.statistics import ReferenceStatistics
from domainflow.io.store import TemplateStore
from domainflow.ledger import NOTHING, PASSED, LedgerRow, write_ledger
from domainflow.parameters import PARAMETER_SETS, parameter_set
from domainflow.protein import Protein
from domainflow.related import CHOICES

STEP = "PARSE_DOMAINS"


def dpam_texts(
    args: argparse.Namespace,
    domains: dict[str, list[Residues]],
    features: dict[str, list[DomassRow]],
    rows: list[LedgerRow],
) -> Iterator[tuple[str, str]]:
    """(Name, text) of DPAM's files, protein by protein; what was found goes to `domains` and `features`."""
    store = TemplateStore.open(args.reference)
    statistics = ReferenceStatistics.open(args.statistics, store) if args.statistics else ReferenceStatistics.empty()
    parameters = parameter_set(args.parameters)
    searched, related = tables.read_hits(args.hits), tables.read_related(args.related)
    filtered = tables.read_filtered(args.filtered)
    mappings, candidates = tables.read_mappings(args.mappings), tables.read_candidates(args.candidates)
    alignments = dict(read_texts(args.alignments))
    for protein in read_proteins(args.proteins):
        if protein.id not in alignments:
            continue

        def cut(protein: Protein = protein) -> list[tuple[str, str]]:
            mapped = mappings.get(protein.id, [])
            blocks = parse_alignments(alignments[protein.id])
            uids = {block.uid for block in blocks} | {row.uid for row in mapped}
            left_out = related.get(protein.id, frozenset())
            seed = protein.id if args.leave_out == "related" else None
            facts = template_facts(store, statistics, uids, left_out, seed)
            parsed = cut_protein(protein, filtered.get(protein.id, []), mapped, blocks, facts, parameters, store)
            domains[protein.id], features[protein.id] = parsed.domains, parsed.features
            rows.append(LedgerRow(protein.id, PASSED, STEP, "; ".join(parsed.notes) or NOTHING))
            texts = parsed.files | {
                "search": format_search_table(searched.get(protein.id, tables.NO_HITS)),
                "candidates": format_candidates(candidates.get(protein.id, [])),
                "alignments": alignments[protein.id],
            }
            return named_files(texts, protein.id, parameters.layout)

        files = attempt(protein.id, STEP, cut, rows)
        yield from files or ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--alignments", type=Path, required=True, help="BUCKET.alignments.zip")
    for name in ("hits", "related", "filtered", "mappings", "candidates"):
        parser.add_argument(f"--{name}", type=Path, required=True, help=f"BUCKET.{name}.tsv")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--statistics", type=Path, help="the reference's statistics")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--leave-out", choices=CHOICES, default="none", help="templates that were not used")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    domains: dict[str, list[Residues]] = {}
    features: dict[str, list[DomassRow]] = {}
    rows: list[LedgerRow] = []
    write_texts(args.out_dir / f"{bucket}.dpam.zip", dpam_texts(args, domains, features, rows))
    tables.write_domains(args.out_dir / f"{bucket}.parsed.tsv", domains)
    tables.write_rows(args.out_dir / f"{bucket}.features.tsv", DomassRow, features)
    write_ledger(args.out_dir / f"{bucket}.parse.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
