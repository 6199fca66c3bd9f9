#!/usr/bin/env python3
"""Parse a bucket's proteins into domains, and list the evidence for each template (DPAM steps 8 to 13 and 15).

Written: BUCKET.parsed.tsv, BUCKET.features.tsv (the network's inputs), BUCKET.evidence.zip (for the report) and
BUCKET.parse.ledger.tsv; with --save-intermediates also BUCKET.parse.dpam.zip, DPAM's own files of every protein.
"""

import sys
from pathlib import Path

from domainflow.domains import tables
from domainflow.domains.arguments import SEARCHED, bucket_parser, open_reference
from domainflow.domains.dpam_files.protein_files import parsed_files
from domainflow.domains.dpam_files.steps_1_to_13 import parse_alignments
from domainflow.domains.parameters import parameter_set
from domainflow.domains.parse_protein import ParsedProtein, parse_protein, template_facts
from domainflow.domains.parsing.coordinates.structure_evidence import uses_structure
from domainflow.domains.protein_evidence import evidence_text
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.structures.archive import read_proteins, read_texts, write_texts
from domainflow.structures.protein import Protein
from domainflow.templates.leave_out import CHOICES


def main() -> None:
    parser = bucket_parser(__doc__, "alignments.zip", *SEARCHED, statistics=True)
    parser.add_argument("--leave-out", choices=CHOICES, default="none", help="rule by which templates were left out")
    args = parser.parse_args()
    store, statistics = open_reference(args)
    parameters, save = parameter_set(args.parameters), args.save_intermediates
    searched = tables.read_searched(args.hits, args.left_out, args.filtered, args.mappings, args.candidates)
    alignments = dict(read_texts(args.alignments))  # the ledger of ALIGN_TEMPLATES says why a protein has none
    proteins = (protein for protein in read_proteins(args.proteins) if protein.id in alignments)

    def parse(protein: Protein) -> tuple[ParsedProtein, list[tuple[str, str]], str]:
        blocks, found = parse_alignments(alignments[protein.id]), searched[protein.id]
        uids = {row.uid for row in (*blocks, *found.candidates.mappings)}
        facts = template_facts(store, statistics, uids, found.left_out, {"related": protein.id}.get(args.leave_out))
        structure = uses_structure(args.structure_evidence, protein.pae is not None)
        parsed = parse_protein(protein, found.candidates.mappings, blocks, facts, parameters, store, structure)
        named = parsed_files(protein, found, alignments[protein.id], parsed, parameters.layout) if save else []
        return parsed, named, evidence_text(protein, parsed, store)

    step = Step.begin("PARSE_DOMAINS", args, of=len(alignments))
    domains, features, files, shown = {}, {}, [], []
    for protein, (parsed, named, own) in step.each(proteins, parse, lambda p, done: step.passed(p.id, done[0].notes)):
        domains[protein.id], features[protein.id] = parsed.domains, parsed.features
        files += named
        shown.append((protein.id, own))
    stem = args.out_dir / bucket_name(args.proteins)
    tables.write_domains(Path(f"{stem}.parsed.tsv"), domains)
    tables.write_features(Path(f"{stem}.features.tsv"), features)
    write_texts(Path(f"{stem}.evidence.zip"), shown)
    step.write_ledger(Path(f"{stem}.parse.ledger.tsv"))
    if save:
        write_texts(Path(f"{stem}.parse.dpam.zip"), files)


if __name__ == "__main__":
    sys.exit(run_program(main))
