#!/usr/bin/env python3
"""Align a bucket's proteins with their candidate templates, in rounds (DPAM step 7).

Written: BUCKET.alignments.zip (DPAM's alignment blocks, one text per protein) and BUCKET.align.ledger.tsv.
"""

import sys
from pathlib import Path

from domainflow.alignment.engine import heavy_atom_chain
from domainflow.alignment.registry import ALIGNMENT_ENGINES
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.arguments import bucket_parser
from domainflow.domains.dpam_files.steps_1_to_13 import format_alignments
from domainflow.domains.parameters import parameter_set
from domainflow.domains.tables import read_candidates
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.structures.archive import read_proteins, write_texts
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = bucket_parser(__doc__, "candidates.tsv")
    parser.add_argument("--engine", choices=sorted(ALIGNMENT_ENGINES), default="native")
    parser.add_argument("--min-block", type=int, default=4, help="shortest gapless block of aligned pairs")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    store, candidates = TemplateStore.open(args.reference), read_candidates(args.candidates)
    engine, parameters = ALIGNMENT_ENGINES[args.engine], parameter_set(args.parameters)

    def align(protein: Protein) -> str:
        query, uids = heavy_atom_chain(protein), candidates.get(protein.id, [])
        return format_alignments(align_templates(query, store, uids, engine, parameters, args.threads, args.min_block))

    step = Step("ALIGN_TEMPLATES")
    aligned = step.each(read_proteins(args.proteins, with_pae=False), align)

    stem = args.out_dir / bucket_name(args.proteins)
    write_texts(Path(f"{stem}.alignments.zip"), ((protein.id, text) for protein, text in aligned))
    step.write_ledger(Path(f"{stem}.align.ledger.tsv"))


if __name__ == "__main__":
    sys.exit(run_program(main))
