#!/usr/bin/env python3
"""Check a file of a phase's folder by its checksum, and unpack it.

Read: the part (NAME.tar) and the phase's record (phase.json). Written: the files that the part holds.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.run.errors import InputError
from domainflow.run.phases import PhaseFile, unpack
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", type=Path, required=True, help="NAME.tar")
    parser.add_argument("--record", type=Path, required=True, help="phase.json")
    parser.add_argument("--out-dir", type=Path, default=Path("files"))
    args = parser.parse_args()
    known = {entry["name"]: PhaseFile(**entry) for entry in json.loads(args.record.read_text())["contents"]}
    if args.part.name not in known:
        raise InputError(f"{args.part.name} is not a file of this phase; give the folder as the run left it")
    unpack(args.part, known[args.part.name], args.out_dir)


if __name__ == "__main__":
    sys.exit(run_program(main))
