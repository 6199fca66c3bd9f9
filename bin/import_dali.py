#!/usr/bin/env python3
"""Import templates into the form that DaliLite reads, all of them or those that are candidates.

The structures are those of DPAM's data folder, with all atoms, or the store's backbones. Written: dali.arrow.
"""

import argparse
import sys
from pathlib import Path

from domainflow.alignment.dalilite.chain_import import BYTES_OF_IMPORT
from domainflow.alignment.dalilite.programs import find_dalilite
from domainflow.alignment.dalilite.template_archive import write_archive
from domainflow.domains.tables import read_candidates
from domainflow.reference.dali_source import source_chains
from domainflow.run.scratch import scratch_folder, scratch_place
from domainflow.run.step import run_program
from domainflow.run.task import add_task_arguments, task_of
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--dpam-data", type=Path, help="DPAM's data folder, if the reference comes from there")
    parser.add_argument("--candidates", type=Path, help="folder of BUCKET.candidates.tsv: import these alone")
    parser.add_argument("--scratch", default="", help="folder on the node for DaliLite's files, or 'off'")
    parser.add_argument("--out-dir", type=Path, default=Path())
    add_task_arguments(parser)
    args = parser.parse_args()
    threads = task_of("IMPORT_DALI", args).threads
    dalilite, store = find_dalilite(), TemplateStore.open(args.reference)
    uids = set(store.uids)
    if args.candidates is not None:
        tables = args.candidates.glob("*.candidates.tsv")
        uids = {uid for path in tables for found in read_candidates(path).values() for uid in found}

    place, task = scratch_place(args.scratch, Path.cwd()), Path.cwd()
    with scratch_folder(place, task, threads * BYTES_OF_IMPORT) as scratch:
        chains = source_chains(store, sorted(uids), args.dpam_data)
        unread = write_archive(args.out_dir / "dali.arrow", chains, dalilite, threads, scratch.folder)
    print(f"Templates imported for DaliLite: {len(uids)}; {unread} of these it cannot read.")


if __name__ == "__main__":
    sys.exit(run_program(main))
