#!/usr/bin/env python3
"""Read the files of a sample into batches of genes.

Standard input: JSON {"sample", "files": [{"name", "path", "genome", "genetic_code", "reason"}, …], "settings": {…}}.
Written: SAMPLE.batch-000000.genes.arrow, … (see domainflow.codons.genes), SAMPLE.batches.json (name, first ordinal and
rows of each), SAMPLE.inputs.json (checksums) and SAMPLE.entries.arrow (genes, and files without one, for the ledger).
"""

import json
import sys

from domainflow.codons.arguments import codes_of, parser_of, read_job
from domainflow.codons.ledger import write_entries
from domainflow.codons.prepare_genes import GeneFile, prepare_genes
from domainflow.codons.settings import PrepareSettings, settings_of
from domainflow.run.provenance import file_checksum
from domainflow.run.step import run_program


def main() -> None:
    args = parser_of(__doc__).parse_args()
    job = read_job()
    sample, files = job["sample"], [GeneFile.from_json(entry) for entry in job["files"]]
    settings = settings_of(PrepareSettings, job["settings"])

    batches = prepare_genes(files, args.out_dir, sample, settings, codes_of(args.own_code))

    planned = [{"name": batch.name, "first": batch.first, "rows": batch.rows} for batch in batches]
    checksums = {file.name: file_checksum(file.path) for file in files if file.path and file.path.is_file()}
    (args.out_dir / f"{sample}.batches.json").write_text(json.dumps(planned))
    (args.out_dir / f"{sample}.inputs.json").write_text(json.dumps(checksums))
    write_entries(args.out_dir / f"{sample}.entries.arrow", batches)


if __name__ == "__main__":
    sys.exit(run_program(main))
