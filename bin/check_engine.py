#!/usr/bin/env python3
"""Run the program of an engine, so that a missing one ends the run before any work.

Written: ENGINE.engine.json, version and options of the program, for provenance.json and for the tasks that use it.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.domains.engine_programs import ENGINE_PROGRAMS
from domainflow.run.step import run_program
from domainflow.search.engine import SearchSettings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=sorted(ENGINE_PROGRAMS), required=True)
    parser.add_argument("--evalue", type=float, default=SearchSettings.evalue, help="largest of Foldseek's hits")
    parser.add_argument("--sensitivity", type=float, default=SearchSettings.sensitivity, help="of Foldseek's prefilter")
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()

    record = ENGINE_PROGRAMS[args.engine](SearchSettings(evalue=args.evalue, sensitivity=args.sensitivity))
    text = json.dumps(record, indent=2, sort_keys=True)
    (args.out_dir / f"{args.engine}.engine.json").write_text(f"{text}\n")


if __name__ == "__main__":
    sys.exit(run_program(main))
