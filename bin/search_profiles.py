#!/usr/bin/env python3
"""Search a bucket's proteins against an HH-suite database of templates or of PDB chains (DPAM step 2).

Written: BUCKET.hhr.zip (hhsearch's report of each protein, under its id) and BUCKET.profiles.ledger.tsv.
"""

import argparse
import sys
from pathlib import Path

from domainflow.run.step import Step, bucket_name, run_program
from domainflow.run.task import add_task_arguments
from domainflow.sequences.hhsuite import NO_PSIPRED, database_prefix, psipred_installed, require_programs
from domainflow.sequences.profile_files import ProfileFiles
from domainflow.sequences.profiles import SequenceSearch
from domainflow.sequences.search_profile import ProfileSearch, profile_notes, search_profile
from domainflow.structures.archive import protein_ids, read_proteins, write_texts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--hh-database", type=Path, required=True, help="prefix of the database, or its folder")
    parser.add_argument("--uniref", type=Path, help="prefix of UniRef30, or its folder")
    parser.add_argument("--skip-addss", action="store_true", help="do not predict secondary structure from homologues")
    parser.add_argument(
        "--profiles", type=Path,
        help="profiles by protein: an .npz of L x 20 frequencies, or a folder or zip of .a3m or .hhm files",
    )  # fmt: skip
    parser.add_argument("--out-dir", type=Path, default=Path())
    add_task_arguments(parser)
    args = parser.parse_args()
    step = Step.begin("SEARCH_PROFILES", args, of=len(protein_ids(args.proteins)))
    bucket = bucket_name(args.proteins)
    require_programs("hhmake", "hhsearch", *(["hhblits"] if args.uniref else []))
    uniref = database_prefix(args.uniref) if args.uniref else None
    # hhblits takes gigabytes, so that proteins are then searched one at a time. Without it several proteins at once,
    # one thread each, are faster.
    at_once, threads = (1, step.task.threads) if uniref else (step.task.threads, 1)
    predict = uniref is not None and not args.skip_addss and psipred_installed()
    search = ProfileSearch(
        database_prefix(args.hh_database),
        None if args.profiles is None else ProfileFiles.open(args.profiles),
        SequenceSearch(uniref, predict, threads),
        (NO_PSIPRED,) if uniref and not (predict or args.skip_addss) else (),
    )

    reports = step.each(
        read_proteins(args.proteins, with_pae=False),
        lambda protein: search_profile(protein, search),
        lambda protein, _: step.passed(protein.id, profile_notes(protein.id, search)),
        at_once,
    )

    write_texts(args.out_dir / f"{bucket}.hhr.zip", ((protein.id, report) for protein, report in reports))
    step.write_ledger(args.out_dir / f"{bucket}.profiles.ledger.tsv")


if __name__ == "__main__":
    sys.exit(run_program(main))
