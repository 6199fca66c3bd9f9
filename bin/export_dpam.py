#!/usr/bin/env python3
"""Write a reference in the layout of DPAM's published data folder."""

import argparse
import sys
from pathlib import Path

from domainflow.reference.dpam_export import write_dpam_data
from domainflow.run.step import run_program
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--statistics", type=Path, help="its statistics")
    parser.add_argument("--out-dir", type=Path, default=Path("dpam"))
    args = parser.parse_args()
    store = TemplateStore.open(args.reference)
    statistics = ReferenceStatistics.open(args.statistics, store)
    write_dpam_data(store, statistics, args.out_dir)


if __name__ == "__main__":
    sys.exit(run_program(main))
