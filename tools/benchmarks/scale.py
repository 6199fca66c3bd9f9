"""`bench.py scale`: the head of a stub run of many proteins: its memory, time to the first task, a resume with no work.

With ``--sleep N`` the stubs sleep 1/N of the CPU time that their proteins would take by assets/costs.tsv, with lengths
drawn from a log-normal distribution. The wall time beside the sum of the sleeps tells what the head itself costs.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.inputs import write_models
from costs.table import Cost, read_costs
from domainflow.inputs.list_inputs import default_buckets
from monitoring.trace import read_trace

__all__ = ["add_parser", "bench_scale", "bucket_sleeps"]

ROOT = Path(__file__).resolve().parents[2]
MEDIAN, SPREAD = 270, 0.65
"""Median length in residues and standard deviation of its logarithm: a mean of 333, as in AlphaFold DB."""
SEED = 1


class HeadRun(NamedTuple):
    """A run of Nextflow: wall and CPU seconds of the head and of the stubs that it started, its memory in MiB."""

    wall: float
    cpu: float
    memory: float


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py scale``."""
    parser = commands.add_parser("scale", help=bench_scale.__doc__)
    parser.add_argument("--models", type=int, default=100_000, help="proteins, in one tar (default: 100,000)")
    parser.add_argument("--sleep", type=float, help="stubs sleep 1/SLEEP of their time")
    parser.add_argument(
        "--slots", type=int, default=os.cpu_count(), help="tasks at a time (default: the machine's cores)"
    )
    parser.add_argument("--heap", type=int, default=1024, help="heap of the head in MiB (default: 1024)")
    parser.set_defaults(run=bench_scale)


def bench_scale(args: argparse.Namespace) -> int:
    """Measure the head of a stub run of many proteins."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_models(folder / "models.tar", args.models)
        config = folder / "scale.config"
        sleeps = bucket_sleeps(args.models, args.sleep, read_costs(ROOT / "assets" / "costs.tsv")) if args.sleep else {}
        config.write_text(_config(sleeps, args.slots))
        environment = {**os.environ, "JAVA_TOOL_OPTIONS": f"-Xmx{args.heap}m"}
        helped = _nextflow(folder, environment, "--help")
        options = ("-stub", "-c", config, "--input", folder / "models.tar")
        first = _nextflow(folder, environment, *options)
        rows = read_trace(folder / "results" / "pipeline_info" / "execution_trace.txt")
        started = json.loads((folder / "results" / "pipeline_info" / "run.json").read_text())["start"]
        files = sum(1 for path in (folder / "work").rglob("*") if not path.is_dir())
        again = _nextflow(folder, environment, *options, "-resume")
        cached = {row.status for row in read_trace(folder / "results" / "pipeline_info" / "execution_trace.txt")}
    if cached != {"CACHED"}:
        sys.exit(f"the second run did more than nothing: {sorted(cached)}")
    result = {
        "benchmark": "scale",
        "proteins": args.models,
        "tasks": len(rows),
        "files_a_task": round(files / len(rows), 1),
        "head_memory_mb": round(first.memory),
        "to_first_task_s": round(min(row.start for row in rows if row.start is not None) - started, 1),
        "to_first_bucket_s": round(_first_start(rows, "PREPARE_PROTEINS") - started, 1),
        "wall_s": round(first.wall, 1),
        "cpu_ms_a_task": round(1000 * (first.cpu - helped.cpu) / len(rows), 1),
        "resume_memory_mb": round(again.memory),
        "resume_cpu_by_help": round(again.cpu / helped.cpu, 2),
        "resume_cpu_ms_a_task": round(1000 * max(0.0, again.cpu - 2 * helped.cpu) / len(rows), 1),
    }
    if sleeps:
        slept = sum(sum(of_process.values()) for of_process in sleeps.values())
        result |= {"slept_s": round(slept, 1), "slots": args.slots, "busy": round(slept / args.slots / first.wall, 2)}
    for key, value in result.items():
        print(f"{key:<24}{value:>12}")
    print(json.dumps(result))
    return 0


def bucket_sleeps(count: int, divisor: float, costs: dict[str, Cost]) -> dict[str, dict[str, float]]:
    """Return the seconds that the stubs of each process sleep, by bucket.

    Parameters
    ----------
    count : int
        Proteins, named as `write_models` names them.
    divisor : float
        CPU seconds for one second of sleep.
    costs : dict
        Costs by process.
    """
    lengths = np.random.default_rng(SEED).lognormal(np.log(MEDIAN), SPREAD, count)
    buckets = default_buckets(count)
    members: dict[str, list[float]] = {}
    for number, length in enumerate(lengths):
        digest = hashlib.md5(f"AF-P{number:06d}".encode(), usedforsecurity=False).hexdigest()
        members.setdefault(f"archive-{int(digest[:7], 16) % buckets:04d}", []).append(float(length))
    return {
        process: {
            bucket: (cost.task_s + cost.protein_s * len(some) + cost.residue_s * sum(some)) / divisor
            for bucket, some in sorted(members.items())
        }
        for process, cost in costs.items()
        if cost.tasks == "bucket"
    }


def _config(sleeps: dict[str, dict[str, float]], slots: int) -> str:
    """Return a configuration in which tasks sleep before their script, and as many run at a time as there are slots."""
    lines = [f"executor {{ cpus = {slots} ; memory = '1 TB' }}", "process { cpus = 1 ; resourceLimits = [:] }"]
    for process, of_bucket in sleeps.items():
        table = ", ".join(f"'{bucket}': '{seconds:.3f}'" for bucket, seconds in of_bucket.items())
        lines.append(f"process {{ withName: {process} {{ beforeScript = {{ 'sleep ' + [{table}][task.tag] }} }} }}")
    return "\n".join(lines) + "\n"


def _nextflow(folder: Path, environment: dict[str, str], *options: object) -> HeadRun:
    command = [ROOT / "tools" / "nextflow", "run", ROOT / "main.nf", "-ansi-log", "false", *options]
    begin = time.monotonic()
    with (folder / "out.txt").open("w") as out:
        process = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=out, stderr=out, env=environment)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit((folder / "out.txt").read_text())
    return HeadRun(time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _first_start(rows: list, process: str) -> float:
    return min(row.start for row in rows if row.process == process and row.start is not None)
