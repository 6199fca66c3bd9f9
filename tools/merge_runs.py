#!/usr/bin/env python3
"""Join the results of several runs of the workflow domains, and prove that no input is lost or doubled.

Joined are ledger.tsv, domains.tsv, dpam_domains.tsv, left_out.tsv and unused_files.tsv. Refused is a run that did not
finish, whose tables lack rows, or that was made with other code, parameters or files; and an id that two runs have.

Exit status: 0, or 1 if the runs cannot be joined; then no table is written.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tools")]

from merging.merge import MergeError, merge_runs  # noqa: E402
from merging.shards import read_manifest  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", metavar="RUN", type=Path, nargs="*", help="results folders of runs")
    parser.add_argument("--manifest", type=Path, help="manifest of tools/make_shards.py, in place of the folders")
    parser.add_argument("--out", type=Path, required=True, help="folder for the joined tables")
    args = parser.parse_args()
    if bool(args.runs) == bool(args.manifest):
        parser.error("give the folders of runs, or --manifest")
    try:
        shards = read_manifest(args.manifest) if args.manifest else []
        # a list of paths also names files that are no input of their own, such as PAE
        expected = [shard.inputs if shard.input.suffix == ".csv" else None for shard in shards]
        merged = merge_runs(args.runs or [shard.outdir for shard in shards], args.out, expected)
    except (MergeError, ValueError, OSError) as error:
        print(f"Not joined: {error}.", file=sys.stderr)
        return 1
    print(f"{merged.runs} runs, {merged.inputs} inputs, {merged.domains} domains: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
