"""`bench.py inputs`: CPU time and memory of listing and splitting a proteome in one tar, beside Python's `tarfile`."""

import argparse
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from peptides import ALPHA, pdb_text, peptide

__all__ = ["add_parser", "bench_inputs"]

ROOT = Path(__file__).resolve().parents[2]
RESIDUES = 20
MOST_CPU = 2.0
"""Times the CPU of reading every member once."""
MOST_MEMORY = 1.1
"""Times the memory at a tenth of the models."""
READ_ALL = """
import sys, tarfile
with tarfile.open(sys.argv[1], 'r|') as archive:
    for member in archive:
        archive.extractfile(member).read()
"""
MEASURED = """
import atexit, runpy, sys
def memory():
    lines = open('/proc/self/status').read().splitlines()
    open(target, 'w').write(next(line.split()[1] for line in lines if line.startswith('VmHWM')))
target, script, *sys.argv = sys.argv[1:]
atexit.register(memory)
sys.argv.insert(0, script)
sys.path.insert(0, script.rpartition('/')[0])
runpy.run_path(script, run_name='__main__')
"""
"""Runs a script and writes its largest memory in kB. The kernel's own figure counts what the parent had before."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py inputs``."""
    parser = commands.add_parser("inputs", help=bench_inputs.__doc__)
    parser.add_argument("--models", type=int, default=100_000)
    parser.set_defaults(run=bench_inputs)


def write_models(path: Path, count: int) -> None:
    """Write a tar of small models with the names of AlphaFold DB."""
    content = pdb_text(peptide([ALPHA] * RESIDUES)).encode()
    with tarfile.open(path, "w") as archive:
        for number in range(count):
            member = tarfile.TarInfo(f"AF-P{number:06d}-F1-model_v4.pdb")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
            archive.members = []


def measured(folder: Path, script: Path, *arguments: object, given: str = "") -> tuple[float, float]:
    """Return the CPU seconds and the largest memory (MB) of a Python script; end the benchmark if it fails."""
    target = folder / "memory.txt"
    command = [sys.executable, "-c", MEASURED, target, script, *arguments]
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(given.encode())
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{script} failed")
    return used.ru_utime + used.ru_stime, int(target.read_text()) / 1024


def bench_inputs(args: argparse.Namespace) -> int:
    """Measure listing and splitting a tar of many models against reading every member once."""
    found = {}
    for count in (args.models // 10, args.models):
        with tempfile.TemporaryDirectory() as folder:
            archive, script = Path(folder, "proteome.tar"), Path(folder, "read_all.py")
            write_models(archive, count)
            script.write_text(READ_ALL)
            reading = measured(Path(folder), script, archive)
            facts = json.dumps({"name": archive.name, "buckets": None})
            options = ("--input", archive, "--out-dir", folder)
            listing = measured(Path(folder), ROOT / "bin" / "list_inputs.py", *options, given=facts)
            found[count] = (*reading, *listing)
    print(f"{'models':>8}{'tarfile s':>12}{'listing s':>12}{'ratio':>8}{'tarfile MB':>12}{'listing MB':>12}")
    for count, (read_cpu, read_memory, cpu, memory) in found.items():
        print(f"{count:>8}{read_cpu:>12.1f}{cpu:>12.1f}{cpu / read_cpu:>8.2f}{read_memory:>12.0f}{memory:>12.0f}")
    (_, _, _, fewer), (read_cpu, _, cpu, memory) = found.values()
    result = {"benchmark": "inputs", "cpu_ratio": round(cpu / read_cpu, 2), "memory_ratio": round(memory / fewer, 3)}
    print(json.dumps(result))
    return int(cpu > MOST_CPU * read_cpu or memory > MOST_MEMORY * fewer)
