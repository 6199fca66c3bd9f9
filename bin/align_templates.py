#!/usr/bin/env python3
"""Align a bucket's proteins with their candidate templates, in rounds (DPAM step 7).

Written: BUCKET.alignments.zip (DPAM's alignment blocks, one text per protein) and BUCKET.align.ledger.tsv.
"""

import sys
from pathlib import Path

from domainflow.alignment.engine import heavy_atom_chain
from domainflow.alignment.registry import ALIGNMENT_ENGINES
from domainflow.alignment.settings import add_engine_arguments, engine_settings
from domainflow.domains.alignment_rounds import Aligned, align_templates
from domainflow.domains.arguments import bucket_parser
from domainflow.domains.dpam_files.steps_1_to_13 import format_alignments
from domainflow.domains.parameters import parameter_set
from domainflow.domains.tables import read_candidates
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.structures.archive import protein_ids, read_proteins, write_texts
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = bucket_parser(__doc__, "candidates.tsv")
    parser.add_argument("--engine", choices=sorted(ALIGNMENT_ENGINES), default="native")
    add_engine_arguments(parser)
    args = parser.parse_args()
    store, candidates = TemplateStore.open(args.reference), read_candidates(args.candidates)
    parameters = parameter_set(args.parameters)
    step = Step.begin("ALIGN_TEMPLATES", args, of=len(protein_ids(args.proteins)))
    settings = engine_settings(args, step.task.threads, templates=len(set().union(*candidates.values())))
    stem = args.out_dir / bucket_name(args.proteins)

    with ALIGNMENT_ENGINES[args.engine](store, settings) as engine:

        def align(protein: Protein) -> Aligned:
            uids = candidates.get(protein.id, [])
            return align_templates(heavy_atom_chain(protein), store, uids, engine.align, parameters)

        aligned = step.each(
            read_proteins(args.proteins, with_pae=False),
            align,
            row=lambda protein, result: step.passed(protein.id, [*engine.notes(), *result.notes()]),
            threads=engine.proteins,
        )
        texts = ((protein.id, format_alignments(result.alignments)) for protein, result in aligned)
        write_texts(Path(f"{stem}.alignments.zip"), texts)
    step.write_ledger(Path(f"{stem}.align.ledger.tsv"))


if __name__ == "__main__":
    sys.exit(run_program(main))
