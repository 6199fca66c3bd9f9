#!/usr/bin/env python3
"""Count the codons of batches of genes.

Standard input: JSON {"settings": {…}, "engine": "native" or "spark", "master": Spark's master}. Written for each batch:
BATCH.counts.arrow (64 numbers per gene), BATCH.totals.json, BATCH.count.ledger.tsv, BATCH.cost.tsv (time and memory)
and, if they are wanted, BATCH.faa (proteins).
"""

import sys
from pathlib import Path

from domainflow.codons.arguments import codes_of, parser_of, read_job
from domainflow.codons.count_codons import count_file
from domainflow.codons.settings import CountSettings, settings_of
from domainflow.codons.spark_engine import count_with_spark
from domainflow.run.step import run_program


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--batch", type=Path, nargs="+", required=True, help="BATCH.genes.arrow")
    args = parser.parse_args()
    job, codes = read_job(), codes_of(args.own_code)
    settings = settings_of(CountSettings, job["settings"])

    if job.get("engine") == "spark":
        count_with_spark(args.batch, args.out_dir, settings, args.own_code, job["master"])
        return
    for batch in args.batch:
        count_file(batch, args.out_dir, settings, codes)


if __name__ == "__main__":
    sys.exit(run_program(main))
