#!/usr/bin/env python3
"""Run a benchmark: each prints a table and, last, one JSON object.

Times are ratios of two measurements in one run. Without --dalilite or --foldseek the seconds recorded in the oracle
replace those of the programs, and the output says so.

Run from the checkout: tools/bench.py parse
                       tools/bench.py align
                       tools/bench.py search
                       tools/bench.py engines --sources DIR
                       tools/bench.py weights
                       tools/bench.py setup
                       tools/bench.py inputs
                       tools/bench.py codons
                       tools/bench.py scale
                       tools/bench.py long
"""

import argparse
import os
import sys
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported: CPU time is measured

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tests")]

from benchmarks import align, codons, inputs, long, parse, scale, search, setup, weights  # noqa: E402
from benchmarks.engines import command as engines  # noqa: E402
from domainflow.kernels.cache import use_stored_kernels  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    parse.add_parser(commands)
    align.add_parser(commands)
    search.add_parser(commands)
    engines.add_parser(commands)
    weights.add_parser(commands)
    setup.add_parser(commands)
    inputs.add_parser(commands)
    codons.add_parser(commands)
    scale.add_parser(commands)
    long.add_parser(commands)
    args = parser.parse_args()
    use_stored_kernels()
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
