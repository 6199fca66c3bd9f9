#!/usr/bin/env python3
"""Search a bucket's proteins against an HH-suite database of templates or of PDB chains (DPAM step 2).

A protein's profile is the one given, else made of its relatives in UniRef30, else its sequence alone.

Written: BUCKET.hhr.zip (hhsearch's report of each protein, under its id) and BUCKET.hhsuite.ledger.tsv.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from domainflow.batch import attempt, passed
from domainflow.engines.hhsuite import database_prefix, profile_report, require_programs
from domainflow.errors import exit_code
from domainflow.io.archive import read_proteins, write_texts
from domainflow.io.profile_files import ProfileFiles
from domainflow.ledger import HHSUITE, LedgerRow, write_ledger
from domainflow.protein import Protein
from domainflow.sequence_profiles import SequenceSearch, query_profile


def report_of(
    protein: Protein, database: Path, profiles: ProfileFiles | None, search: SequenceSearch, threads: int
) -> tuple[str | None, list[LedgerRow]]:
    """A protein's report and its rows of the ledger."""

    def work() -> str:
        with TemporaryDirectory() as folder:
            given = None if profiles is None else profiles.read(protein.id)
            hhm = query_profile(protein.sequence, given, search, Path(folder))
            return profile_report(hhm, database, threads, protein.id, Path(folder))

    rows: list[LedgerRow] = []
    report = attempt(protein.id, HHSUITE, work, rows)
    return report, rows or passed([protein.id], HHSUITE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=Path, required=True, help="BUCKET.proteins.zip")
    parser.add_argument("--hh-database", type=Path, required=True, help="prefix of the database, or its folder")
    parser.add_argument("--uniref", type=Path, help="prefix of UniRef30, or its folder")
    parser.add_argument("--skip-addss", action="store_true", help="do not predict secondary structure from relatives")
    parser.add_argument(
        "--profiles", type=Path,
        help="profiles by protein: an .npz of L x 20 frequencies, or a folder or zip of .a3m or .hhm files",
    )  # fmt: skip
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    bucket = args.proteins.name.removesuffix(".proteins.zip")
    require_programs("hhmake", "hhsearch", *(["hhblits"] if args.uniref else []))
    database = database_prefix(args.hh_database)
    profiles = None if args.profiles is None else ProfileFiles.open(args.profiles)
    uniref = database_prefix(args.uniref) if args.uniref else None
    # hhblits takes gigabytes: then proteins come one at a time. Else several at once, a thread each, are faster.
    at_once, threads = (1, args.threads) if uniref else (args.threads, 1)
    search = SequenceSearch(uniref, not args.skip_addss, threads)
    work = partial(report_of, database=database, profiles=profiles, search=search, threads=threads)
    proteins = list(read_proteins(args.proteins, with_pae=False))
    with ThreadPoolExecutor(at_once) as pool:
        done = list(pool.map(work, proteins))
    reports = ((p.id, report) for p, (report, _) in zip(proteins, done, strict=True) if report is not None)
    write_texts(args.out_dir / f"{bucket}.hhr.zip", reports)
    write_ledger(args.out_dir / f"{bucket}.hhsuite.ledger.tsv", (row for _, rows in done for row in rows))


if __name__ == "__main__":
    sys.exit(exit_code(main))
