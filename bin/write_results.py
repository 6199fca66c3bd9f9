#!/usr/bin/env python3
"""Gather the files of all steps into the run's results.

Standard input: JSON {"inputs": [{"id", "reason"}, …] in input order, "hhsuite": true if HH-suite ran, "run": {…} for
provenance.json}. Read from --in-dir: *.ledger.tsv, *.domains.tsv, *.left_out.tsv, *.dpam.zip, *.hhr.zip, *.engine.json,
*.cpus.json, *.pages.zip.
Written: domains.tsv, dpam_domains.tsv (DPAM v2's summary), ledger.tsv, provenance.json, summary.txt; left_out.tsv if
there are tables of templates left out; intermediates/ if there are archives of DPAM's files. With --assets also the
report: report.html, report_data/, view/, multiqc/, domains.jsonl, domains.gff3, ted_like.tsv and chopping.tsv.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.domains.parameters import parameter_set
from domainflow.domains.steps import DOMAIN_STEPS, MAY_SKIP, steps_run
from domainflow.domains.write_results import gather_results, write_intermediates, write_results
from domainflow.report.write_report import report_may_fail, write_domains_report
from domainflow.run.ledger import final_rows, read_ledgers
from domainflow.run.provenance import cpu_records, engine_records, provenance
from domainflow.run.step import run_program

BYTES_PER_MB = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the steps' files")
    parser.add_argument("--checksums", type=Path, nargs="+", required=True, help="reference and network")
    parser.add_argument("--assets", type=Path, help="folder of the report's own files; without it there is no report")
    parser.add_argument("--report-proteins", type=int, default=0, help="largest number of proteins with a page")
    parser.add_argument("--report-embed", type=float, default=0, help="MB of pages inside report.html")
    parser.add_argument("--out-dir", type=Path, default=Path("results"))
    args = parser.parse_args()
    run = json.load(sys.stdin)
    rows, layout = read_ledgers(args.in_dir), parameter_set(run["run"]["parameters"]["parameters"]).layout

    ledger = final_rows(run["inputs"], rows, steps_run(DOMAIN_STEPS, run["hhsuite"]), MAY_SKIP)
    if len(ledger) != len(run["inputs"]):
        raise AssertionError(f"{len(ledger)} ledger rows for {len(run['inputs'])} inputs")
    results = gather_results(args.in_dir, ledger)

    args.out_dir.mkdir(parents=True, exist_ok=True)
    write_results(results, args.out_dir)
    write_intermediates(args.in_dir, args.out_dir / "intermediates", layout)
    facts = run["run"] | {"engines": engine_records(args.in_dir), "cpus": cpu_records(args.in_dir)}
    record = provenance(facts, args.checksums)
    (args.out_dir / "provenance.json").write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")
    if args.assets:
        pages = args.in_dir, args.assets, args.report_proteins, int(args.report_embed * BYTES_PER_MB)
        with report_may_fail(args.out_dir):
            write_domains_report(args.out_dir, record | {"hhsuite": run["hhsuite"]}, *pages)


if __name__ == "__main__":
    sys.exit(run_program(main))
