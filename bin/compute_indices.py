#!/usr/bin/env python3
"""Compute the indices of every gene of a sample.

Standard input: JSON {"reference": name or null, "settings": {…}}. Read from --in-dir: *.counts.arrow. Written:
SAMPLE.genes.parquet (one row per counted gene) and SAMPLE.indices.json (what CAI refers to, and what it lacks).
"""

import json
import sys
from pathlib import Path

from domainflow.codons.arguments import codes_of, parser_of, read_job
from domainflow.codons.compute_indices import GENES_SCHEMA, gene_tables, method_of_sample
from domainflow.codons.merge_counts import Merged
from domainflow.codons.settings import IndexSettings, settings_of
from domainflow.codons.tables import write_parquet
from domainflow.run.step import run_program


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the batches' counts")
    parser.add_argument("--merged", type=Path, required=True, help="SAMPLE.merged.json")
    for name in ("reference", "optimal", "trna"):
        parser.add_argument(f"--{name}", type=Path, help="file of the CAI reference, of optimal codons, of tRNA genes")
    args = parser.parse_args()
    job, merged = read_job(), Merged.from_json(json.loads(args.merged.read_text()))
    settings = settings_of(IndexSettings, job["settings"])._replace(mode=merged.mode)
    paths = sorted(args.in_dir.glob("*.counts.arrow"))

    files = (args.reference, args.optimal, args.trna)
    method, notes = method_of_sample(job["reference"], files, settings, codes_of(args.own_code), paths, merged.totals)
    tables = gene_tables(paths, merged, method)

    write_parquet(args.out_dir / f"{merged.sample}.genes.parquet", tables, GENES_SCHEMA)
    (args.out_dir / f"{merged.sample}.indices.json").write_text(json.dumps(notes))


if __name__ == "__main__":
    sys.exit(run_program(main))
