#!/usr/bin/env python3
"""Cut a bucket's templates out of their structures, and derive secondary structure, 3Di letters and folding units.

Standard input: the bucket's domains, as plan_templates.py wrote them. Written: BUCKET.templates.arrow, unless no domain
can be used, and BUCKET.ledger.tsv.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported: templates are too small for threads

from domainflow.reference.derive_templates import build_templates
from domainflow.reference.domain_table import parse_entries
from domainflow.reference.ledger import ledger_rows, write_reference_ledger
from domainflow.reference.structure_source import StructureSource
from domainflow.run.step import Step, run_program
from domainflow.run.task import add_task_arguments
from domainflow.templates.store import write_store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bucket", required=True, help="name of the files written")
    parser.add_argument("--structures", type=Path, required=True, help="folder with the structure files")
    add_task_arguments(parser)
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    entries = parse_entries(sys.stdin.read())
    source = StructureSource(entries, args.structures)
    step = Step.begin("CUT_TEMPLATES", args, of=len(source.uids))
    problems: list[tuple[str, str]] = []
    templates = list(build_templates(source.uids, source.domain, problems, step.task, step.heartbeat))
    step.heartbeat.end()
    if templates:
        write_store(args.out_dir / f"{args.bucket}.templates.arrow", templates, None)
    domains = ((entry.uid, entry.id, entry.note) for entry in entries)
    rows = ledger_rows(domains, {template.uid for template in templates}, problems)
    write_reference_ledger(args.out_dir / f"{args.bucket}.ledger.tsv", rows)


if __name__ == "__main__":
    sys.exit(run_program(main))
