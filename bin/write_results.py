#!/usr/bin/env python3
"""Gather what all steps wrote into the run's results.

Standard input: JSON {"inputs": [{"id", "reason"}, …] in input order, "hhsuite": whether HH-suite ran, "run": {…} for
provenance.json}. Read from --in-dir: *.ledger.tsv, *.domains.tsv, *.related.tsv, *.dpam.zip, *.hhr.zip. Written:
domains.tsv, dpam_domains.tsv (DPAM v2's summary), ledger.tsv, provenance.json, summary.txt; left_out.tsv if there are
tables of templates left out; intermediates/ if there are archives of DPAM's files.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from domainflow.errors import exit_code
from domainflow.io.archive import read_texts
from domainflow.io.dpam_files import named_files
from domainflow.io.tables import read_related, write_related
from domainflow.ledger import STEPS, final_rows, read_ledgers, steps_run, write_ledger
from domainflow.parameters import parameter_set
from domainflow.provenance import provenance
from domainflow.results import format_rows, format_summary, parse_rows, summary


def dpam_texts(folder: Path, layout: str) -> Iterator[tuple[str, str]]:
    """(Name, text) of DPAM's own files in the archives of a folder."""
    for archive in sorted(folder.glob("*.hhr.zip")):
        for protein, text in read_texts(archive):
            yield from named_files({"report": text}, protein, layout)
    for archive in sorted(folder.glob("*.dpam.zip")):
        yield from read_texts(archive)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the steps' files")
    parser.add_argument("--checksums", type=Path, nargs="+", required=True, help="reference and network")
    parser.add_argument("--out-dir", type=Path, default=Path("results"))
    args = parser.parse_args()
    run = json.load(sys.stdin)
    args.out_dir.mkdir(parents=True, exist_ok=True)

    ledger = final_rows(run["inputs"], read_ledgers(args.in_dir), steps_run(STEPS, run["hhsuite"]))
    if len(ledger) != len(run["inputs"]):
        raise AssertionError(f"{len(ledger)} ledger rows for {len(run['inputs'])} inputs")
    place = {row.protein: number for number, row in reversed(list(enumerate(ledger)))}
    domains = [row for path in sorted(args.in_dir.glob("*.domains.tsv")) for row in parse_rows(path.read_text())]
    answered = {row.protein for row in ledger if row.status == "ok"}
    domains = [row for row in domains if row.protein in answered]
    domains.sort(key=lambda row: place[row.protein])

    write_ledger(args.out_dir / "ledger.tsv", ledger)
    (args.out_dir / "domains.tsv").write_text(format_rows(domains))
    (args.out_dir / "dpam_domains.tsv").write_text(format_summary(domains))
    record = json.dumps(provenance(run["run"], args.checksums), indent=2, sort_keys=True)
    (args.out_dir / "provenance.json").write_text(record + "\n")
    (args.out_dir / "summary.txt").write_text(summary(ledger, domains))
    related = [read_related(path) for path in args.in_dir.glob("*.related.tsv")]
    if related:
        left_out = {protein: sorted(uids) for table in related for protein, uids in table.items()}
        write_related(args.out_dir / "left_out.tsv", dict(sorted(left_out.items(), key=lambda item: place[item[0]])))
    layout = parameter_set(run["run"]["parameters"]["parameters"]).layout
    for name, text in dpam_texts(args.in_dir, layout):
        path = args.out_dir / "intermediates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    sys.exit(exit_code(main))
