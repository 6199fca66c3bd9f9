#!/usr/bin/env python3
"""Split a list of inputs (samplesheet or list of paths) into shards, one run each, and write a manifest of the runs.

Written to --out: shard-00000.csv … (or .txt) and manifest.tsv (shard, input, outdir, inputs). The commands that run the
shards are printed. tools/merge_runs.py --manifest joins their results.
"""

import argparse
import sys
from pathlib import Path
from shlex import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tools")]

from merging.shards import split_list, write_manifest  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", type=Path, help="samplesheet or list of paths")
    parser.add_argument("--shards", type=int, required=True, help="number of shards; about 100,000 inputs fit one run")
    parser.add_argument("--out", type=Path, required=True, help="new folder for the lists and the manifest")
    parser.add_argument(
        "--paths-from", type=Path, help="folder that relative paths count from (default: the list's own)"
    )
    args = parser.parse_args()
    if args.shards < 1:
        parser.error("--shards must be at least 1")
    try:
        shards = split_list(args.input, args.shards, args.out, args.paths_from)
    except (ValueError, OSError) as error:
        print(f"The list cannot be split: {error}", file=sys.stderr)
        return 1
    write_manifest(args.out / "manifest.tsv", shards)
    for shard in shards:
        folder = quote(str(shard.outdir.resolve()))
        program, script = quote(str(ROOT / "tools" / "nextflow")), quote(str(ROOT / "main.nf"))
        given = quote(str(shard.input.resolve()))
        print(f"mkdir -p {folder} && cd {folder} && {program} run {script} --input {given} --outdir .")
    return 0


if __name__ == "__main__":
    sys.exit(main())
