#!/usr/bin/env python3
"""Import DPAM's published data folder as a reference, with its own statistics.

Written: templates.arrow, statistics.arrow and ledger.tsv with a row for every domain of the folder.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is imported: templates are too small for threads

from domainflow.reference.derive_templates import build_templates
from domainflow.reference.dpam_data import imported_statistics, read_dpam_data
from domainflow.reference.ledger import ledger_rows, write_reference_ledger
from domainflow.run.step import Step, run_program
from domainflow.run.task import add_task_arguments
from domainflow.templates.statistics import StatisticsRow, write_statistics
from domainflow.templates.store import TemplateRow, TemplateStore, write_store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dpam-data", type=Path, required=True, help="DPAM's data folder (ECOD_pdbs, ECOD_length, …)")
    add_task_arguments(parser)
    parser.add_argument("--out-dir", type=Path, default=Path())
    args = parser.parse_args()
    data = read_dpam_data(args.dpam_data)
    step = Step.begin("IMPORT_DPAM", args, of=len(data.uids))
    problems: list[tuple[str, str]] = []
    statistics: list[StatisticsRow] = []

    def templates() -> Iterator[TemplateRow]:
        for template in build_templates(data.uids, data.domain, problems, step.task, step.heartbeat):
            statistics.append(imported_statistics(template))
            yield template

    write_store(args.out_dir / "templates.arrow", templates())
    step.heartbeat.end()
    store = TemplateStore.open(args.out_dir / "templates.arrow")
    write_statistics(args.out_dir / "statistics.arrow", statistics, store)
    domains = ((uid, data.identifier(uid), "") for uid in data.uids)
    rows = ledger_rows(domains, set(store.uids), problems)
    write_reference_ledger(args.out_dir / "ledger.tsv", rows)
    for name, sentence in data.problems:
        print(f"{name}: {sentence}")


if __name__ == "__main__":
    sys.exit(run_program(main))
