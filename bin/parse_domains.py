#!/usr/bin/env python3
"""Parse a bucket's proteins into domains, and list the evidence for each template (DPAM steps 8 to 13 and 15).

Written: BUCKET.parsed.tsv (`protein domain range`), BUCKET.features.tsv (the network's inputs) and
BUCKET.parse.ledger.tsv; with --save-intermediates also BUCKET.parse.dpam.zip, DPAM's own files of every protein.
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains import tables
from domainflow.domains.dpam_files.names import named_files
from domainflow.domains.dpam_files.protein_files import parsed_files
from domainflow.domains.dpam_files.steps_1_to_13 import parse_alignments
from domainflow.domains.parameters import PARAMETER_SETS, parameter_set
from domainflow.domains.parse_protein import ParsedProtein, parse_protein, template_facts
from domainflow.domains.rows import DomassRow
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.structures.archive import read_proteins, read_texts, write_texts
from domainflow.structures.protein import Protein
from domainflow.templates.leave_out import CHOICES
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--alignments", type=Path, required=True, help="BUCKET.alignments.zip")
    for name in ("hits", "left-out", "filtered", "mappings", "candidates"):
        parser.add_argument(f"--{name}", type=Path, required=True, help=f"BUCKET.{name.replace('-', '_')}.tsv")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--statistics", type=Path, help="the reference's statistics")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--leave-out", choices=CHOICES, default="none", help="rule by which templates were left out")
    parser.add_argument("--save-intermediates", action="store_true", help="write DPAM's own files")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    store, parameters = TemplateStore.open(args.reference), parameter_set(args.parameters)
    statistics = ReferenceStatistics.open(args.statistics, store)
    hits, left_out = tables.read_hits(args.hits), tables.read_left_out(args.left_out)
    selected = tables.read_selected(args.filtered, args.mappings, args.candidates)
    alignments = dict(read_texts(args.alignments))
    # the ledger of ALIGN_TEMPLATES says why a protein has no alignments
    proteins = (protein for protein in read_proteins(args.proteins) if protein.id in alignments)

    def parse(protein: Protein) -> ParsedProtein:
        blocks, mapped = parse_alignments(alignments[protein.id]), selected[protein.id].mappings
        uids = {block.uid for block in blocks} | {row.uid for row in mapped}
        query = protein.id if args.leave_out == "related" else None
        facts = template_facts(store, statistics, uids, left_out.get(protein.id, frozenset()), query)
        return parse_protein(protein, mapped, blocks, facts, parameters, store)

    step = Step("PARSE_DOMAINS")
    domains, features, files = {}, {}, []
    for protein, parsed in step.each(proteins, parse, lambda protein, found: step.passed(protein.id, found.notes)):
        domains[protein.id], features[protein.id] = parsed.domains, parsed.features
        if args.save_intermediates:
            table, chosen = hits.get(protein.id, tables.NO_HITS), selected[protein.id]
            texts = parsed_files(protein, table, chosen, alignments[protein.id], parsed, parameters.layout)
            files += named_files(texts, protein.id, parameters.layout)

    stem = args.out_dir / bucket_name(args.proteins)
    tables.write_domains(Path(f"{stem}.parsed.tsv"), domains)
    tables.write_rows(Path(f"{stem}.features.tsv"), DomassRow, features)
    if args.save_intermediates:
        write_texts(Path(f"{stem}.parse.dpam.zip"), files)
    step.write_ledger(Path(f"{stem}.parse.ledger.tsv"))


if __name__ == "__main__":
    sys.exit(run_program(main))
