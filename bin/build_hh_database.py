#!/usr/bin/env python3
"""Make an HH-suite database of a reference's templates.

Written: OUT/templates_{hhm,a3m,cs219}.ff{data,index} and OUT/profiles.tsv (`uid made_from reason`, a row per template).
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from domainflow.reference.hh_database import ProfileRow, build_database
from domainflow.run.ledger import sentence
from domainflow.run.step import run_program
from domainflow.sequences.hhsuite import require_programs
from domainflow.sequences.profile_files import ProfileFiles
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument(
        "--profiles", type=Path,
        help="profiles by UID or domain id: an .npz of L x 20 frequencies, or a folder or zip of .a3m or .hhm files",
    )  # fmt: skip
    parser.add_argument("--out-dir", type=Path, default=Path("hh"))
    args = parser.parse_args()
    profiles = None if args.profiles is None else ProfileFiles.open(args.profiles)
    if profiles is not None and profiles.has_alignments:
        require_programs("hhmake")
    args.out_dir.mkdir(parents=True, exist_ok=True)
    rows = build_database(TemplateStore.open(args.reference), profiles, args.out_dir)
    table = ["\t".join(ProfileRow._fields), *("\t".join(map(sentence, row)) for row in rows)]
    (args.out_dir / "profiles.tsv").write_text("\n".join(table) + "\n")
    print(", ".join(f"{count} {made_from}" for made_from, count in Counter(row.made_from for row in rows).items()))


if __name__ == "__main__":
    sys.exit(run_program(main))
