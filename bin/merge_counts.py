#!/usr/bin/env python3
"""Add the totals of a sample's batches and check that nothing vanished.

Standard input: JSON {"sample", "group", "mode"}. Read from --in-dir: *.totals.json. Written: SAMPLE.merged.json.
"""

import json
import sys
from pathlib import Path

from domainflow.codons.arguments import parser_of, read_job
from domainflow.codons.merge_counts import merge_counts
from domainflow.codons.totals import Totals
from domainflow.run.step import run_program


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--in-dir", type=Path, required=True, help="folder of the batches' totals")
    parser.add_argument("--planned", type=Path, required=True, help="SAMPLE.batches.json")
    args = parser.parse_args()
    job = read_job()
    counted = {
        path.name.removesuffix(".totals.json"): Totals.from_json(json.loads(path.read_text()))
        for path in sorted(args.in_dir.glob("*.totals.json"))
    }

    merged = merge_counts(job["sample"], job["group"], job["mode"], json.loads(args.planned.read_text()), counted)

    (args.out_dir / f"{merged.sample}.merged.json").write_text(json.dumps(merged.to_json()))


if __name__ == "__main__":
    sys.exit(run_program(main))
