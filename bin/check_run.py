#!/usr/bin/env python3
"""Open the files that a run's last steps need: template store, its statistics, the network and its engine.

Nothing is written. A file that cannot be used gives a one-line message and an exit code for the kind of error.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from domainflow.domains.domass.network import INPUTS, read_network
from domainflow.domains.domass.registry import DOMASS_ENGINES
from domainflow.run.step import run_program
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--statistics", type=Path, help="statistics of its templates")
    parser.add_argument("--network", type=Path, required=True, help="weights (.npz)")
    parser.add_argument("--engine", choices=sorted(DOMASS_ENGINES), default="numpy")
    args = parser.parse_args()
    store = TemplateStore.open(args.reference)
    if args.statistics:
        ReferenceStatistics.open(args.statistics, store)
    # score a row of zeros: an engine whose library is missing fails only when it is used
    DOMASS_ENGINES[args.engine](read_network(args.network), np.zeros((1, len(INPUTS)), np.float32))


if __name__ == "__main__":
    sys.exit(run_program(main))
