#!/usr/bin/env python3
"""Count the codons of one batch of genes.

Standard input: JSON {"settings": {…}}. Written: BATCH.counts.arrow (64 numbers per gene), BATCH.totals.json,
BATCH.count.ledger.tsv, BATCH.cost.tsv (time and memory) and, if they are wanted, BATCH.faa (proteins).
"""

import json
import sys
from pathlib import Path

import pyarrow as pa

from domainflow.codons.arguments import Cost, codes_of, parser_of, read_job
from domainflow.codons.count_codons import count_batch, write_counts
from domainflow.codons.ledger import write_lines
from domainflow.codons.settings import CountSettings, settings_of
from domainflow.run.step import run_program


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--batch", type=Path, required=True, help="BATCH.genes.arrow")
    args = parser.parse_args()
    settings, cost = settings_of(CountSettings, read_job()["settings"]), Cost()
    name = args.batch.name.removesuffix(".genes.arrow")
    lines: list[pa.Array] = []
    proteins: list[tuple[str, str]] = []

    parts = count_batch(args.batch, settings, codes_of(args.own_code))
    totals = write_counts(parts, args.out_dir / f"{name}.counts.arrow", lines, proteins)

    (args.out_dir / f"{name}.totals.json").write_text(json.dumps(totals.to_json()))
    write_lines(args.out_dir / f"{name}.count.ledger.tsv", lines)
    if settings.translate:
        text = "".join(f">{gene}\n{protein}\n" for gene, protein in proteins)
        (args.out_dir / f"{name}.faa").write_text(text)
    cost.write(args.out_dir / f"{name}.cost.tsv", name)


if __name__ == "__main__":
    sys.exit(run_program(main))
