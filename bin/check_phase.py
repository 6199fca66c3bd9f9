#!/usr/bin/env python3
"""Check that a saved phase is whole, and of the code, parameters and files of this run; else exit with what differs.

Standard input: JSON {"sizes": {name: bytes of each file of the phase's folder}, "workflow", "code",
"parameters", "databases"}, of this run. Read: phase.json, inputs.json, and the reference's files. Nothing is written.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.run.phases import check_facts, check_files
from domainflow.run.provenance import file_checksum
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=Path, required=True, help="phase.json")
    parser.add_argument("--inputs", type=Path, required=True, help="inputs.json")
    parser.add_argument("--checksums", type=Path, nargs="*", default=[], help="files of the reference")
    args = parser.parse_args()
    facts = json.load(sys.stdin)
    record = json.loads(args.record.read_text())
    check_files(record, facts.pop("sizes"), args.inputs)
    check_facts(record, facts | {"files": {path.name: file_checksum(path) for path in args.checksums}})


if __name__ == "__main__":
    sys.exit(run_program(main))
