#!/usr/bin/env python3
"""Fit the costs of each process to real runs of the workflow domains, and write them as assets/costs.tsv.

Each RUN is the results folder of a finished run whose work folder is still there. Runs should differ in the number of
proteins, their lengths and the number of buckets. CPU time is wall time times Nextflow's share of a core, so that other
work on the machine hardly matters.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tools")]

from costs.fit import fit_costs, measured_tasks  # noqa: E402
from costs.table import write_costs  # noqa: E402
from domainflow import __version__  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", metavar="RUN", type=Path, nargs="+", help="results folder of a run")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "costs.tsv", help="table to write")
    args = parser.parse_args()
    tasks = [task for run in args.runs for task in measured_tasks(run)]
    prepared = [task for task in tasks if task.process == "PREPARE_PROTEINS"]
    proteins, residues = sum(task.proteins for task in prepared), sum(task.residues for task in prepared)
    write_costs(
        args.out,
        fit_costs(tasks),
        [
            f"Measured by tools/measure_costs.py with domainflow {__version__}, embedded engines and mini-ECOD,",
            f"in {len(args.runs)} runs of {proteins} proteins with {residues} residues in all.",
            "CPU seconds = task_s * tasks + protein_s * proteins + residue_s * residues; memory_mb: largest of a task;",
            "files in the work folder = task_kb * tasks + residue_b * residues.",
        ],
    )
    print(args.out.read_text(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
