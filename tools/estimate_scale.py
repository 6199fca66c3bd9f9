#!/usr/bin/env python3
"""Print what collections of 10^3 to 10^8 proteins need: runs, tasks, CPU hours, money, memory of the head, and files.

CPU time comes from assets/costs.tsv, measured by tools/measure_costs.py. Memory and files of the head come from
tools/bench.py scale. A collection that is larger than one run can be is split into shards of equal size.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bin"), str(ROOT / "tools")]

from costs.scale import Assumptions, needs  # noqa: E402
from costs.table import read_costs  # noqa: E402

STANDARD = Assumptions()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proteins", type=float, nargs="+", default=[1e3, 1e5, 2e8], help="default: 1e3 1e5 2e8")
    parser.add_argument("--length", type=float, default=STANDARD.length, help="mean length in residues")
    parser.add_argument("--usd", type=float, default=STANDARD.usd, help="price of a CPU hour in USD (default: 0.04)")
    parser.add_argument("--shard", type=int, default=STANDARD.shard, help="largest number of proteins of one run")
    parser.add_argument("--costs", type=Path, default=ROOT / "assets" / "costs.tsv", help="table of costs")
    args = parser.parse_args()
    costs = read_costs(args.costs)
    assumptions = STANDARD._replace(length=args.length, usd=args.usd, shard=args.shard)
    columns = [needs(int(proteins), costs, assumptions) for proteins in args.proteins]
    print("| | " + " | ".join(f"{one.proteins:,}" for one in columns) + " |")
    print("|---|" + "---:|" * len(columns))
    for name, title in TITLES.items():
        print(f"| {title} | " + " | ".join(_shown(getattr(one, name)) for one in columns) + " |")
    return 0


TITLES = {
    "runs": "runs",
    "buckets": "buckets of a run",
    "tasks": "tasks in all",
    "cpu_hours": "CPU hours",
    "align_share": "share of ALIGN_TEMPLATES, %",
    "usd": "USD",
    "align_task_hours": "CPU hours of an alignment task",
    "search_task_hours": "CPU hours of a run's one search task",
    "head_gb": "memory of a head, GB",
    "work_files": "files and links in the work folder of a run",
    "work_gb": "GB in the work folders of all runs",
}


def _shown(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.0f}" if number >= 100 else f"{number:.2g}"


if __name__ == "__main__":
    sys.exit(main())
