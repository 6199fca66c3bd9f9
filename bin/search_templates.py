#!/usr/bin/env python3
"""Search every protein of every bucket against all templates (DPAM step 3).

Read: BUCKET.proteins.zip of all buckets in --in-dir. Written: OUT/BUCKET.hits.tsv for each (`protein` and Foldseek's
columns, best first), OUT/BUCKET.left_out.tsv (`protein uid`: templates left out) and search.ledger.tsv.
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains.tables import write_hits, write_left_out
from domainflow.run.step import Step, bucket_name, run_program
from domainflow.run.task import add_task_arguments
from domainflow.search.engine import SearchSettings
from domainflow.search.registry import SEARCH_ENGINES
from domainflow.search.search_templates import search_templates
from domainflow.structures.archive import protein_ids, read_proteins
from domainflow.templates.leave_out import CHOICES, related_templates, template_entries, without_templates
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the buckets' archives")
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--engine", choices=sorted(SEARCH_ENGINES), default="native")
    parser.add_argument("--database", type=Path, help="Foldseek's database of the templates: its prefix or folder")
    parser.add_argument("--evalue", type=float, default=SearchSettings.evalue, help="largest of Foldseek's hits")
    parser.add_argument("--sensitivity", type=float, default=SearchSettings.sensitivity, help="of Foldseek's prefilter")
    parser.add_argument("--scratch", default="", help="folder on the node for Foldseek's files, or 'off'")
    parser.add_argument("--leave-out", choices=CHOICES, default="none", help="templates that must not be used")
    parser.add_argument("--out-dir", type=Path, default=Path("hits"), help="folder for the tables of hits")
    add_task_arguments(parser)
    args = parser.parse_args()
    store, archives = TemplateStore.open(args.reference), sorted(args.in_dir.glob("*.proteins.zip"))
    step = Step.begin("SEARCH_TEMPLATES", args, of=sum(len(protein_ids(path)) for path in archives))
    settings = SearchSettings(step.task.threads, args.database, args.evalue, args.sensitivity, args.scratch)
    entries = template_entries(store)
    args.out_dir.mkdir(exist_ok=True)

    with SEARCH_ENGINES[args.engine](archives, store, settings) as search:
        for archive in archives:
            hits = search_templates(step, list(read_proteins(archive, with_pae=False)), search)
            left_out: dict[str, list[str]] = {}
            if args.leave_out == "related":
                left_out = {protein: related_templates(protein, table, entries) for protein, table in hits.items()}
                hits = {protein: without_templates(table, left_out[protein]) for protein, table in hits.items()}

            write_hits(args.out_dir / f"{bucket_name(archive)}.hits.tsv", hits.items())
            write_left_out(args.out_dir / f"{bucket_name(archive)}.left_out.tsv", left_out)
    step.write_ledger(Path("search.ledger.tsv"))


if __name__ == "__main__":
    sys.exit(run_program(main))
