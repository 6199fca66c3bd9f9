#!/usr/bin/env python3
"""Write the record of a phase, the inputs of its run, and the ledger so far.

Standard input: JSON {"phase", "steps": [processes done], "may_skip": [], "inputs": [{"id", "reason"}, …],
"workflow", "code", "parameters", "databases"}. Read from --in-dir: *.part.json, and *.ledger.tsv of all steps.
Written: phase.json, inputs.json, ledger.tsv, summary.txt.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from domainflow.run.ledger import final_rows, read_ledgers, write_ledger
from domainflow.run.phases import INPUTS, RECORD, file_record
from domainflow.run.provenance import file_checksum
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the parts' records and of the ledgers")
    parser.add_argument("--checksums", type=Path, nargs="*", default=[], help="files of the reference")
    parser.add_argument("--out-dir", type=Path, default=Path("phase"))
    args = parser.parse_args()
    facts = json.load(sys.stdin)
    args.out_dir.mkdir(parents=True, exist_ok=True)

    inputs = facts.pop("inputs")
    (args.out_dir / INPUTS).write_text(json.dumps(inputs, indent=0) + "\n")
    parts = [json.loads(path.read_text()) for path in sorted(args.in_dir.glob("*.part.json"))]
    contents = [*parts, file_record(args.out_dir / INPUTS)._asdict()]
    files = {path.name: file_checksum(path) for path in args.checksums}
    record = facts | {"files": files, "contents": contents}
    (args.out_dir / RECORD).write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")

    ledger = final_rows(inputs, read_ledgers(args.in_dir), facts["steps"], facts["may_skip"])
    write_ledger(args.out_dir / "ledger.tsv", ledger)
    counts = Counter(row.status for row in ledger)
    numbers = ", ".join(f"{counts[status]} {status}" for status in ("passed", "rejected", "failed"))
    (args.out_dir / "summary.txt").write_text(f"{len(ledger)} proteins: {numbers}\n")


if __name__ == "__main__":
    sys.exit(run_program(main))
