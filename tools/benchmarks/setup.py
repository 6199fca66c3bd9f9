"""`bench.py setup`: CPU time from a clone to the demo's table, by stage, of several commits."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["add_parser", "bench_setup"]

ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "packages": ".venv/.requirements-installed",
    "Nextflow": ".cache/nextflow.found",
    "kernels": ".venv/.kernels-compiled",
    "demo": "demo",
}
"""Stages in their order, and the target of ``make`` that ends each; packages and Nextflow include downloads."""
TEST_STAGES = {"test packages": "setup-dev", "tests": "test"}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py setup``."""
    parser = commands.add_parser("setup", help=bench_setup.__doc__)
    parser.add_argument("--commits", nargs="+", default=["HEAD", "1d4cd92"], help="the first is divided by the second")
    parser.add_argument("--tests", action="store_true", help="measure `make test`, too")
    parser.set_defaults(run=bench_setup)


def cpu_seconds(target: str, checkout: Path) -> float:
    """Return the CPU time that ``make`` and its children take for a target; end the benchmark if it fails."""
    log = checkout.parent / "make.log"
    with log.open("w") as stream:
        make = subprocess.Popen(["make", target], cwd=checkout, stdout=stream, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(make.pid, 0)
    if status != 0:
        sys.exit(f"make {target} failed; the end of its output:\n{log.read_text()[-2000:]}")
    return used.ru_utime + used.ru_stime


def measure(commit: str, stages: dict[str, str], folder: Path) -> dict[str, float]:
    """Clone a commit into a folder and return the CPU time of each stage there."""
    checkout = folder / "checkout"
    subprocess.run(["git", "clone", "-q", ROOT, checkout], check=True)
    subprocess.run(["git", "checkout", "-q", commit], cwd=checkout, check=True)
    shared = ROOT.parent / "shared"
    if shared.exists():
        (folder / "shared").symlink_to(shared)
    return {stage: cpu_seconds(target, checkout) for stage, target in stages.items()}


def bench_setup(args: argparse.Namespace) -> int:
    """Measure the CPU time from a clone to the demo's table, by stage, of several commits."""
    stages = STAGES | (TEST_STAGES if args.tests else {})
    commits = [
        subprocess.run(["git", "rev-parse", "--short", name], cwd=ROOT, capture_output=True, text=True, check=True)
        for name in args.commits
    ]
    names = [done.stdout.strip() for done in commits]
    found = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(name, stages, Path(folder)))
    print(f"{'CPU s':<14}" + "".join(f"{name:>12}" for name in names))
    for stage in stages:
        print(f"{stage:<14}" + "".join(f"{seconds[stage]:>12.1f}" for seconds in found))
    sums = [sum(seconds[stage] for stage in STAGES) for seconds in found]
    print(f"{'to the demo':<14}" + "".join(f"{total:>12.1f}" for total in sums))
    ratio = sums[0] / sums[-1]
    print(f"{names[0]} takes {ratio:.2f} of the CPU time of {names[-1]}")
    print(json.dumps({"benchmark": "setup", "seconds": dict(zip(names, found, strict=True)), "ratio": round(ratio, 3)}))
    return 0
