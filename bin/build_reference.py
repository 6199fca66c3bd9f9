#!/usr/bin/env python3
"""Make a template store, from a table of facts and ProMod3's structure database, or from DPAM's published data folder.

build_reference.py --facts assets/template_facts.tsv --promod3 structure_db.dat --out mini-ecod.arrow
build_reference.py --dpam-data DIR --out store.arrow
Templates that are left out or incomplete are named on standard error, each with the reason.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: templates are small, threads only wait for each other

from domainflow.errors import EXIT_BAD_REFERENCE, StoreError
from domainflow.io.dpam_data import read_dpam_data
from domainflow.io.promod3 import Promod3Database
from domainflow.io.store import TemplateStore, write_store
from domainflow.reference import build_templates, cut_domain, read_template_facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=Path, help="table: which residues of which chain each template is")
    parser.add_argument("--promod3", type=Path, help="structure_db.dat of Debian's package promod3-data")
    parser.add_argument("--dpam-data", type=Path, help="DPAM's data folder (ECOD_pdbs, ECOD_length, …)")
    parser.add_argument("--out", type=Path, required=True, help="template store to write")
    parser.add_argument("--no-compression", action="store_true", help="larger, but memory-mapped when read")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    args = parser.parse_args()
    if bool(args.dpam_data) == bool(args.facts) or bool(args.facts) != bool(args.promod3):
        parser.error("give either --facts and --promod3, or --dpam-data")
    try:
        problems = build(args)
        count = len(TemplateStore.open(args.out))
    except StoreError as error:
        print(error, file=sys.stderr)
        sys.exit(EXIT_BAD_REFERENCE)
    sys.stderr.writelines(f"{uid}\t{sentence}\n" for uid, sentence in problems)
    print(f"{count} templates in {args.out} ({args.out.stat().st_size / 1e6:.1f} MB), {len(problems)} problems")


def build(args: argparse.Namespace) -> list[tuple[str, str]]:
    """Write the store; what was wrong with which template."""
    problems: list[tuple[str, str]] = []
    if args.dpam_data:
        data = read_dpam_data(args.dpam_data)
        problems += data.problems
        uids, load = data.uids, data.domain
    else:
        facts, database = read_template_facts(args.facts), Promod3Database(args.promod3)
        uids, load = list(facts), lambda uid: cut_domain(facts[uid], database)
    templates = build_templates(uids, load, problems, args.processes)
    write_store(args.out, templates, None if args.no_compression else "zstd")
    return problems


if __name__ == "__main__":
    main()
