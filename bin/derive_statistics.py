#!/usr/bin/env python3
"""Compute the statistics of a reference from its templates and the alignments of homologues.

Without --pairs, templates have only the weights of --imported. Values of --imported replace computed ones.
"""

import argparse
import sys
from pathlib import Path

from domainflow.reference.derive_statistics import statistics_rows
from domainflow.run.step import run_program
from domainflow.templates.homologue_pairs import PAIRS_SUFFIX, read_pairs
from domainflow.templates.key import template_key
from domainflow.templates.statistics import NO_STATISTICS, ReferenceStatistics, write_statistics
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--pairs", type=Path, help=f"folder with NAME{PAIRS_SUFFIX} of all buckets")
    parser.add_argument("--imported", type=Path, help="statistics of the same templates from elsewhere")
    parser.add_argument("--out", type=Path, required=True, help="statistics to write")
    args = parser.parse_args()
    store = TemplateStore.open(args.reference)
    pairs = read_pairs(args.pairs.glob(f"*{PAIRS_SUFFIX}"), template_key(store)) if args.pairs else []
    imported = ReferenceStatistics.open(args.imported, store) if args.imported else NO_STATISTICS
    write_statistics(args.out, statistics_rows(store, pairs, imported), store)
    statistics = ReferenceStatistics.open(args.out, store)
    weighted = sum(statistics.weights(uid) is not None for uid in store.uids)
    size = args.out.stat().st_size / 1e6
    print(f"{weighted} of {len(store)} templates have weights, {len(pairs)} pairs of homologues ({size:.1f} MB)")


if __name__ == "__main__":
    sys.exit(run_program(main))
