#!/usr/bin/env python3
"""Pack the files of a bucket, or those of the whole run, into one file of a phase's folder.

Read: all files of --in-dir. Written: NAME.tar, and NAME.part.json with its size and checksum.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.run.phases import pack
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True, help="bucket, or run")
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the files")
    parser.add_argument("--out-dir", type=Path, default=Path("."))
    args = parser.parse_args()
    packed = pack(args.in_dir.iterdir(), args.out_dir / f"{args.name}.tar")
    (args.out_dir / f"{args.name}.part.json").write_text(json.dumps(packed._asdict()) + "\n")


if __name__ == "__main__":
    sys.exit(run_program(main))
