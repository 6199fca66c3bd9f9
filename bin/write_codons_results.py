#!/usr/bin/env python3
"""Gather what the steps of the workflow codons wrote into the run's results.

Standard input: JSON {"samples": [{"sample", "files"}, …] in input order, "settings": {…}, "run": {…} for
provenance.json}. Read from --in-dir: the steps' files. Written: codon_usage, amino_acid_usage and per_sequence (TSV and
Parquet), ledger.tsv, batches.tsv, summary.json, exports/, provenance.json and summary.txt; comparison.tsv and
group_usage.tsv if samples have groups; translated.faa if proteins are wanted.
"""

import json
import sys
from pathlib import Path

from domainflow.codons.arguments import codes_of, parser_of, read_job
from domainflow.codons.settings import IndexSettings, settings_of
from domainflow.codons.write_results import find_parts, inputs_of, summary_text, write_all
from domainflow.run.provenance import provenance
from domainflow.run.step import run_program


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the steps' files")
    parser.add_argument("--checksums", type=Path, nargs="*", default=[], help="files that shape results")
    args = parser.parse_args()
    job, codes = read_job(), codes_of(args.own_code)
    parts = find_parts(args.in_dir, job["samples"])

    args.out_dir.mkdir(parents=True, exist_ok=True)
    outcome = write_all(args.in_dir, parts, args.out_dir, settings_of(IndexSettings, job["settings"]), codes)

    (args.out_dir / "summary.txt").write_text(summary_text(parts, outcome))
    known = provenance({**job["run"], **inputs_of(args.in_dir, parts)}, args.checksums)
    (args.out_dir / "provenance.json").write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    sys.exit(run_program(main))
