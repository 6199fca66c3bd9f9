#!/usr/bin/env python3
"""Read a bucket's structures and PAE (DPAM steps 1 and 11) into one archive.

Standard input: a JSON list of {"id", "structure", "pae", "found"}; paths are relative to the working folder, pae may
be null. Or {"parts": [paths]}: parts of an archive, which name their proteins themselves. Written: BUCKET.proteins.zip
(see domainflow.structures.archive) and BUCKET.prepare.ledger.tsv, one row per protein.
"""

import argparse
import json
import sys
from pathlib import Path

from domainflow.inputs.part_files import count_in_parts, files_of_parts
from domainflow.run.step import Step, run_program
from domainflow.run.task import add_task_arguments
from domainflow.structures.archive import write_proteins
from domainflow.structures.prepare import ProteinFiles, prepare_input


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bucket", required=True, help="name of the bucket, the stem of the files written")
    parser.add_argument("--out-dir", type=Path, default=Path(), help="folder to write to")
    add_task_arguments(parser)
    args = parser.parse_args()
    given = json.load(sys.stdin)
    is_archive = isinstance(given, dict)
    files = files_of_parts(given["parts"]) if is_archive else (ProteinFiles.from_json(entry) for entry in given)

    step = Step.begin("PREPARE_PROTEINS", args, of=count_in_parts(given["parts"]) if is_archive else len(given))
    prepared = step.each(
        files,
        prepare_input,
        lambda _, protein: step.passed(protein.id, protein.notes, len(protein)),
    )

    # `prepared` is a generator, so that only one protein at a time is in memory
    write_proteins(args.out_dir / f"{args.bucket}.proteins.zip", (protein for _, protein in prepared))
    step.write_ledger(args.out_dir / f"{args.bucket}.prepare.ledger.tsv")


if __name__ == "__main__":
    sys.exit(run_program(main))
