#!/usr/bin/env python3
"""Find every domain's structure file, and divide a table of domains into buckets.

Standard input: names of the existing structure files, one per line. Written: buckets/BUCKET.domains.tsv, and
planned.tsv with all rows of the table.
"""

import argparse
import sys
from pathlib import Path

from domainflow.reference.domain_table import format_entries, read_domain_table
from domainflow.reference.structure_files import bucket_count, buckets, read_obsolete, with_files
from domainflow.run.errors import StoreError
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--domains", type=Path, required=True, help="domain table")
    parser.add_argument("--obsolete", type=Path, help="obsolete.dat of the PDB")
    parser.add_argument("--buckets", type=int, help="a power of two; the default depends on the number of domains")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    names = sys.stdin.read().splitlines()
    obsolete = read_obsolete(args.obsolete) if args.obsolete else {}
    entries = with_files(read_domain_table(args.domains), names, obsolete)
    usable = sum(not entry.reason for entry in entries)
    if not usable:
        first = entries[0]
        raise StoreError(f"no domain of {args.domains.name} can be used; of the first, {first.id}: {first.reason}")
    (args.out_dir / "buckets").mkdir(parents=True, exist_ok=True)
    for number, part in buckets(entries, args.buckets or bucket_count(usable)).items():
        (args.out_dir / "buckets" / f"bucket-{number:04d}.domains.tsv").write_text(format_entries(part))
    (args.out_dir / "planned.tsv").write_text(format_entries(entries))


if __name__ == "__main__":
    sys.exit(run_program(main))
