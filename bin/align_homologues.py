#!/usr/bin/env python3
"""Align a bucket of a reference's templates with others of their homologous groups, for its statistics.

Written: --out, a table of the homologous pairs (z >= 2 and at least 20 pairs of residues). Buckets are counted from 0.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported: each thread aligns on its own

from domainflow.reference.align_homologues import MOST_HOMOLOGUES, align_homologues, bucket_of, homologue_pairs
from domainflow.run.step import run_program
from domainflow.run.task import add_task_arguments, task_of
from domainflow.templates.homologue_pairs import write_pairs
from domainflow.templates.key import template_key
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--bucket", type=int, default=0)
    parser.add_argument("--buckets", type=int, default=1)
    parser.add_argument(
        "--most", type=int, default=MOST_HOMOLOGUES, help="partners that a template draws from its group"
    )
    parser.add_argument("--out", type=Path, required=True, help="NAME.pairs.arrow")
    add_task_arguments(parser)
    args = parser.parse_args()
    if not 0 <= args.bucket < args.buckets:
        parser.error(f"--bucket must be from 0 to {args.buckets - 1}")
    store = TemplateStore.open(args.reference)
    groups = {uid: store.h_group(row) for row, uid in enumerate(store.uids)}
    pairs = [pair for pair in homologue_pairs(groups, args.most) if bucket_of(pair[0], args.buckets) == args.bucket]
    found = align_homologues(store, pairs, task_of("ALIGN_HOMOLOGUES", args).threads)
    write_pairs(args.out, found, template_key(store), args.bucket, args.buckets)
    print(f"{len(pairs)} pairs aligned, {len(found)} homologues")


if __name__ == "__main__":
    sys.exit(run_program(main))
