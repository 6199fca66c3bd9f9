#!/usr/bin/env python3
"""Gather what all steps wrote into the run's results.

Standard input: JSON {"inputs": [{"id", "reason"}, …] in input order, "run": {…} for provenance.json}.
Read from --in-dir: *.ledger.tsv, *.domains.tsv and *.dpam.zip. Written: domains.tsv, ledger.tsv, provenance.json,
summary.txt and, if there are archives of DPAM's files, intermediates/.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.errors import exit_code
from domainflow.io.archive import read_texts
from domainflow.ledger import final_rows, read_ledger, write_ledger
from domainflow.provenance import provenance
from domainflow.results import format_rows, parse_rows, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the steps' files")
    parser.add_argument("--reference", type=Path, required=True, help="template store, for its checksum")
    parser.add_argument("--out-dir", type=Path, default=Path("results"))
    args = parser.parse_args()
    run = json.load(sys.stdin)
    args.out_dir.mkdir(parents=True, exist_ok=True)

    ledger = final_rows(
        run["inputs"], [row for path in sorted(args.in_dir.glob("*.ledger.tsv")) for row in read_ledger(path)]
    )
    if len(ledger) != len(run["inputs"]):
        raise AssertionError(f"{len(ledger)} ledger rows for {len(run['inputs'])} inputs")
    place = {row.protein: number for number, row in reversed(list(enumerate(ledger)))}
    domains = [row for path in sorted(args.in_dir.glob("*.domains.tsv")) for row in parse_rows(path.read_text())]
    domains.sort(key=lambda row: place[row.protein])

    write_ledger(args.out_dir / "ledger.tsv", ledger)
    (args.out_dir / "domains.tsv").write_text(format_rows(domains))
    record = json.dumps(provenance(run["run"], args.reference), indent=2, sort_keys=True)
    (args.out_dir / "provenance.json").write_text(record + "\n")
    (args.out_dir / "summary.txt").write_text(summary(ledger))
    for archive in sorted(args.in_dir.glob("*.dpam.zip")):
        for name, text in read_texts(archive):
            path = args.out_dir / "intermediates" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    sys.exit(exit_code(main))
