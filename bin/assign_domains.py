#!/usr/bin/env python3
"""Join the parts of a bucket's domains, assign the domains to ECOD and label them (DPAM steps 17 to 24).

Written: BUCKET.domains.tsv (final domains), BUCKET.choices.json (what else was considered, for the report) and
BUCKET.assign.ledger.tsv; with --save-intermediates also BUCKET.assign.dpam.zip, DPAM's own files of steps 16 to 24.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from domainflow.domains import tables
from domainflow.domains.arguments import bucket_parser, open_reference
from domainflow.domains.assign_protein import AssignedProtein, assign_protein, assignment_facts
from domainflow.domains.dpam_files.protein_files import assigned_files
from domainflow.domains.parameters import parameter_set
from domainflow.domains.parsing.coordinates.structure_evidence import uses_structure
from domainflow.domains.results import DomainRow, assigned_row, domain_rows, format_rows, pae_status
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.structures.archive import protein_ids, read_proteins, write_texts
from domainflow.structures.b_factors import plddt_of
from domainflow.structures.protein import Protein


def main() -> None:
    parser = bucket_parser(__doc__, "parsed.tsv", "predictions.tsv", statistics=True)
    parser.add_argument("--compat", choices=("v2",), help="reproduce known bugs of DPAM v2's programs")
    for name in ("search-engine", "alignment-engine", "network"):
        parser.add_argument(f"--{name}", default="na", help=f"name of the {name.replace('-', ' ')}, for the tables")
    args = parser.parse_args()
    store, statistics = open_reference(args)
    parameters, save = replace(parameter_set(args.parameters), compat_v2=args.compat == "v2"), args.save_intermediates
    parsed, predictions = tables.read_domains(args.parsed), tables.read_predictions(args.predictions)

    def assign(protein: Protein) -> tuple[AssignedProtein, list[tuple[str, str]], list[DomainRow]]:
        scored = predictions.get(protein.id, [])
        facts, parts = assignment_facts(store, statistics, {row.uid for row, _ in scored}), parsed.get(protein.id, [])
        structure = uses_structure(args.structure_evidence, pae_status(protein) == "present")
        found = assign_protein(protein, parts, scored, facts, parameters, structure)
        known = protein.id, found.domains, store, vars(args) | {"pae": pae_status(protein)}
        rows = domain_rows(*known, protein.author, found.ends, found.evidence, plddt_of(protein))
        return found, assigned_files(protein, parts, scored, found, parameters.layout) if save else [], rows

    step = Step.begin("ASSIGN_DOMAINS", args, of=len(protein_ids(args.proteins)))
    domains, choices, files, proteins = [], {}, [], read_proteins(args.proteins, with_pae=False)
    for protein, (found, named, rows) in step.each(proteins, assign, lambda p, done: assigned_row(p, done[0])):
        domains += rows
        choices[protein.id] = {domain.name: domain.choice for domain in found.domains}
        files += named
    stem = args.out_dir / bucket_name(args.proteins)
    Path(f"{stem}.domains.tsv").write_text(format_rows(domains))
    Path(f"{stem}.choices.json").write_text(json.dumps(choices))
    step.write_ledger(Path(f"{stem}.assign.ledger.tsv"))
    if save:
        write_texts(Path(f"{stem}.assign.dpam.zip"), files)


if __name__ == "__main__":
    sys.exit(run_program(main))
