#!/usr/bin/env python3
"""List the proteins of an input: a samplesheet, folder, archive, list of paths or structure.

Standard input: JSON {"name": the user's name of it, "buckets": number or null}. Written to --out-dir: inputs.jsonl
({"kind": …}, then a line a protein), unused_files.tsv and, of an archive, parts/archive-BUCKET.part-NUMBER.tar.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.inputs.list_inputs import list_inputs
from domainflow.inputs.rows import write_rows, write_unused
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, required=True, help="the input itself")
    parser.add_argument("--out-dir", type=Path, default=Path(), help="folder to write to")
    args = parser.parse_args()
    given = json.load(sys.stdin)

    inputs = list_inputs(args.input, given["name"], args.out_dir / "parts", given["buckets"])

    write_rows(args.out_dir / "inputs.jsonl", inputs.kind, inputs.rows)
    write_unused(args.out_dir / "unused_files.tsv", inputs.unused)
    inputs.close()


if __name__ == "__main__":
    sys.exit(run_program(main))
