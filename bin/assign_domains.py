#!/usr/bin/env python3
"""Assign a bucket's domains to ECOD: join halves of one fold, classify, label (DPAM steps 17 to 24).

Written: BUCKET.domains.tsv (final domains), BUCKET.assign.dpam.zip (DPAM's own files of steps 16 to 24) and
BUCKET.assign.ledger.tsv.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from domainflow.assignment.protein import AssignedProtein, assign, assignment_facts
from domainflow.batch import attempt
from domainflow.errors import exit_code
from domainflow.io import tables
from domainflow.io.archive import read_proteins, write_texts
from domainflow.io.dpam_files import named_files
from domainflow.io.statistics import ReferenceStatistics
from domainflow.io.store import TemplateStore
from domainflow.ledger import NOTHING, LedgerRow, write_ledger
from domainflow.parameters import PARAMETER_SETS, parameter_set
from domainflow.protein import Protein
from domainflow.results import DomainRow, domain_rows, format_rows

STEP = "ASSIGN_DOMAINS"


def dpam_texts(args: argparse.Namespace, found: list[DomainRow], rows: list[LedgerRow]) -> Iterator[tuple[str, str]]:
    """(Name, text) of DPAM's files, protein by protein; the domains go to `found`."""
    store = TemplateStore.open(args.reference)
    statistics = ReferenceStatistics.open(args.statistics, store) if args.statistics else ReferenceStatistics.empty()
    parameters = replace(parameter_set(args.parameters), compat_v2=args.compat == "v2")
    parsed, predictions = tables.read_domains(args.parsed), tables.read_predictions(args.predictions)
    names = {"search_engine": args.search_engine, "alignment_engine": args.alignment_engine, "network": args.network}
    for protein in read_proteins(args.proteins, with_pae=False):

        def run(protein: Protein = protein) -> AssignedProtein:
            scored = predictions.get(protein.id, [])
            facts = assignment_facts(store, statistics, {row.uid for row, _ in scored})
            return assign(protein, parsed.get(protein.id, []), scored, facts, parameters)

        assigned = attempt(protein.id, STEP, run, rows)
        if assigned is None:
            continue
        pae = "absent" if any(note.startswith("pae=absent") for note in protein.notes) else "present"
        settings = {"pae": pae, "parameters": parameters.name, **names}
        found += domain_rows(protein.id, assigned.domains, store, settings)
        status, number = "ok" if assigned.domains else "no_domain", str(len(assigned.domains))
        reason = "; ".join(assigned.notes) or NOTHING
        rows.append(LedgerRow(protein.id, status, STEP, reason, str(len(protein)), number))
        yield from named_files(assigned.files, protein.id, parameters.layout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--parsed", type=Path, required=True, help="BUCKET.parsed.tsv")
    parser.add_argument("--predictions", type=Path, required=True, help="BUCKET.predictions.tsv")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--statistics", type=Path, help="the reference's statistics")
    parser.add_argument("--parameters", choices=sorted(PARAMETER_SETS), default="v2")
    parser.add_argument("--compat", choices=("v2",), help="repeat the known mistakes of DPAM v2's programs")
    for name in ("search-engine", "alignment-engine", "network"):
        parser.add_argument(f"--{name}", default="na", help="its name, written to the tables")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    found: list[DomainRow] = []
    rows: list[LedgerRow] = []
    write_texts(args.out_dir / f"{bucket}.assign.dpam.zip", dpam_texts(args, found, rows))
    (args.out_dir / f"{bucket}.domains.tsv").write_text(format_rows(found))
    write_ledger(args.out_dir / f"{bucket}.assign.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(exit_code(main))
