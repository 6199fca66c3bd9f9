#!/usr/bin/env python3
"""Draw codon usage and genes of all samples: PNG, SVG and the table behind each.

Standard input: JSON {"samples": [names in order], "settings": {…}}. Read from --in-dir: SAMPLE.merged.json and
SAMPLE.genes.parquet. Written to --out-dir: the pictures and their tables.
"""

import json
import sys
from pathlib import Path

from domainflow.codons.arguments import codes_of, parser_of, read_job
from domainflow.codons.merge_counts import Merged
from domainflow.codons.plots.plot_codon_usage import plot_codon_usage
from domainflow.codons.settings import IndexSettings, settings_of
from domainflow.run.step import run_program


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the samples' files")
    args = parser.parse_args()
    job = read_job()
    pairs = [(args.in_dir / f"{name}.merged.json", args.in_dir / f"{name}.genes.parquet") for name in job["samples"]]
    samples = [
        (Merged.from_json(json.loads(merged.read_text())), genes)
        for merged, genes in pairs
        if merged.exists() and genes.exists()
    ]

    args.out_dir.mkdir(parents=True, exist_ok=True)
    plot_codon_usage(samples, args.out_dir, settings_of(IndexSettings, job["settings"]), codes_of(args.own_code))


if __name__ == "__main__":
    sys.exit(run_program(main))
