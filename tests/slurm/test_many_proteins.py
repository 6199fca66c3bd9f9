"""A thousand proteins through job arrays, as stubs: what Nextflow and SLURM need for them."""

import os
import subprocess
import time
from datetime import datetime
from pathlib import Path

from pipeline.conftest import tasks_of, trace, write_sheet
from slurm.conftest import FOLDER, MEASURED, QUICK, ROOT

PROTEINS = 1000
BUCKETS = 64
ARRAY = 32
CPU_SECONDS_OF_A_TASK = 0.05
"""CPU time that Nextflow may take for a task that is not run again, beside that of its start."""


def nextflow(folder: Path, *given: object) -> tuple[float, float]:
    """Run Nextflow in a folder; return its CPU time in seconds and its largest memory in MB."""
    command = [str(ROOT / "tools" / "nextflow"), "run", str(ROOT / "main.nf"), "-ansi-log", "false", *map(str, given)]
    with (folder / "head.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (folder / "head.log").read_text()
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def test_a_thousand_proteins_in_arrays(tmp_path, small_proteins):
    config = tmp_path / "quick.config"
    config.write_text(QUICK)
    results = tmp_path / "results"
    structure = small_proteins[0][1]

    def start(n: int, *more: str) -> tuple[float, float]:
        sheet = write_sheet(tmp_path / "samples.csv", [(f"protein{i:04d}", structure, "") for i in range(n)])
        return nextflow(
            tmp_path, "-profile", "slurm", "-stub", "-c", config, "--input", sheet, "--buckets", BUCKETS,
            "--array_size", ARRAY, *more,
        )  # fmt: skip

    began = time.monotonic()
    _, memory = start(PROTEINS)
    seconds = time.monotonic() - began
    rows = trace(results)
    assert {row["status"] for row in rows} == {"COMPLETED"}
    jobs = {row["native_id"].partition("_")[0] for row in rows}
    per_bucket = {"PREPARE_PROTEINS", "SELECT_CANDIDATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS", "ASSIGN_DOMAINS"}
    per_bucket |= {"DRAW_PROTEINS"}
    single = {row["process"] for row in rows} - per_bucket
    assert len(rows) == len(per_bucket) * BUCKETS + len(single)
    assert len(jobs) == len(per_bucket) * BUCKETS // ARRAY + len(single)
    first = [datetime.fromisoformat(row["submit"]) for row in rows if row["process"] == "PREPARE_PROTEINS"]
    submission = (max(first) - min(first)).total_seconds()

    # in a folder of its own, because -resume goes on with the folder's last run
    elsewhere = tmp_path / "help"
    elsewhere.mkdir()
    help_cpu, _ = nextflow(elsewhere, "--help")
    again_cpu, _ = start(PROTEINS, "-resume")
    assert {row["status"] for row in trace(results)} == {"CACHED"}
    assert again_cpu <= 2 * help_cpu + CPU_SECONDS_OF_A_TASK * len(rows)

    start(PROTEINS + 1, "-resume")
    again = tasks_of(results, "COMPLETED")
    buckets = {bucket for _, bucket in again} - {"-"}
    assert len(buckets) == 1
    assert {process for process, bucket in again if bucket == "-"} <= single

    (Path(os.environ[FOLDER]) / MEASURED).write_text(
        f"{PROTEINS} proteins as stubs: {len(rows)} tasks in {len(jobs)} jobs, {seconds:.0f} s; "
        f"{BUCKETS} tasks of a process submitted within {submission:.1f} s; Nextflow's memory {memory:.0f} MB; "
        f"CPU of -resume with nothing to do {again_cpu:.1f} s, of --help {help_cpu:.1f} s\n"
    )
