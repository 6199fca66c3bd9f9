#!/usr/bin/env python3
"""Run the programs of the chosen engines, so that a missing one ends the run before any work.

Written: engines.json, version and options of each program, for provenance.json; versions.txt, their versions alone, for
the tasks that use them.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from domainflow.run.step import run_program
from domainflow.search.engine import SearchSettings
from domainflow.search.registry import SEARCH_ENGINES, SEARCH_PROGRAMS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--search-engine", choices=sorted(SEARCH_ENGINES), default="native")
    parser.add_argument("--evalue", type=float, default=SearchSettings.evalue, help="largest of Foldseek's hits")
    parser.add_argument("--sensitivity", type=float, default=SearchSettings.sensitivity, help="of Foldseek's prefilter")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()

    engines: dict[str, dict[str, Any]] = {}
    if args.search_engine in SEARCH_PROGRAMS:
        settings = SearchSettings(evalue=args.evalue, sensitivity=args.sensitivity)
        engines[args.search_engine] = SEARCH_PROGRAMS[args.search_engine](settings)
    (args.out_dir / "engines.json").write_text(json.dumps(engines, indent=2, sort_keys=True) + "\n")
    versions = "".join(f"{name}\t{record['version']}\n" for name, record in sorted(engines.items()))
    (args.out_dir / "versions.txt").write_text(versions)


if __name__ == "__main__":
    sys.exit(run_program(main))
