#!/usr/bin/env python3
"""Draw the pages of a bucket's chosen proteins, and write their files for other tools (DPAM step 25).

Written: BUCKET.pages.zip. A protein that cannot be drawn has a sentence in the place of its page.
"""

import json
import sys
from pathlib import Path

from domainflow.domains import tables
from domainflow.domains.arguments import bucket_parser
from domainflow.domains.dpam_files.steps_1_to_13 import parse_alignments
from domainflow.domains.parameters import parameter_set
from domainflow.domains.protein_evidence import read_evidence
from domainflow.domains.results import DomainRow, read_rows
from domainflow.report.draw_protein import Settings, draw_protein, thresholds_of, write_members
from domainflow.report.payload import Seen
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.structures.archive import read_proteins, read_text, read_texts
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore


def main() -> None:
    files = ("evidence.zip", "alignments.zip", "predictions.tsv", "domains.tsv", "choices.json", "chosen.txt")
    parser = bucket_parser(__doc__, *files)
    parser.add_argument("--hh-suite", action="store_true", help="HH-suite was run")
    parser.add_argument("--save-superpositions", action="store_true", help="write superposed templates, too")
    args = parser.parse_args()
    store, thresholds = TemplateStore.open(args.reference), thresholds_of(parameter_set(args.parameters))
    settings = Settings(thresholds, args.hh_suite, args.save_superpositions)
    evidence, predictions = dict(read_texts(args.evidence)), tables.read_predictions(args.predictions)
    choices = json.loads(args.choices.read_text())
    rows_of: dict[str, list[DomainRow]] = {name: [] for name in args.chosen.read_text().splitlines()}
    for row in read_rows(args.domains):
        if row.protein in rows_of:
            rows_of[row.protein].append(row)

    def draw(protein: Protein) -> list[tuple[str, bytes]]:
        name, text = protein.id, read_text(args.alignments, protein.id) or ""
        blocks = {block.hit_name: block for block in parse_alignments(text)}
        found = rows_of[name], predictions.get(name, []), blocks, choices[name]
        return draw_protein(Seen(protein, read_evidence(evidence[name]), *found), store, settings)

    step = Step.begin("DRAW_PROTEINS", args, of=len(rows_of))
    proteins = (protein for protein in read_proteins(args.proteins) if protein.id in rows_of)
    drawn = [member for _, members in step.each(proteins, draw) for member in members]
    causes = {row.protein: row.reason for row in step.rows if row.status == "failed"}
    write_members(args.out_dir / Path(f"{bucket_name(args.proteins)}.pages.zip"), drawn, causes)


if __name__ == "__main__":
    sys.exit(run_program(main))
