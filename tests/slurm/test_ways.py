"""The two ways through SLURM: each task a job, or one job for the whole batch. Both give the same results."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.conftest import tasks, tasks_of, trace, write_sheet
from slurm.conftest import HERE, QUICK, ROOT, alone, slurm, wait_for

PROFILE = "test"
CPUS = 2
MEGABYTES = 5000
"""Allocation of the job for the whole batch."""
LARGE_BYTES = 400 * 2**20
"""Size of a structure file whose task needs more memory than the others'."""


def tables(results: Path) -> tuple[bytes, bytes]:
    return (results / "domains.tsv").read_bytes(), (results / "ledger.tsv").read_bytes()


@pytest.fixture(scope="module")
def local():
    """Tables of the demo's shipped proteins on the local executor."""
    with alone("local") as shared:
        folder = shared / "demo"
        if not (folder / "results" / "ledger.tsv").exists():
            folder.mkdir()
            run(folder, "-profile", PROFILE)
    return tables(folder / "results")


def run(folder: Path, *given: str) -> str:
    """Run `main.nf` in a folder; return what it prints."""
    command = [str(ROOT / "tools" / "nextflow"), "run", str(ROOT / "main.nf"), "-ansi-log", "false", *given]
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_each_task_a_job(local, tmp_path):
    run(tmp_path, "-profile", f"{PROFILE},slurm", "--array_size", "2", "--slurm_options=--nice=1", "--queue_size", "4")
    assert tables(tmp_path / "results") == local
    # every task has the number of a job, and three buckets are an array of two and one of one
    rows = trace(tmp_path / "results")
    assert all(row["native_id"].partition("_")[0].isdigit() for row in rows)
    arrays = {row["native_id"].partition("_")[0] for row in rows if row["process"] == "ALIGN_TEMPLATES"}
    assert len(arrays) == 2
    script = next(tmp_path.glob("work/*/*/.command.run")).read_text()
    assert "--no-requeue" in script
    assert "#SBATCH --nice=1" in script
    # neither the executor nor resources are inputs of a task; provenance.json lists the parameters
    run(tmp_path, "-profile", PROFILE, "-resume")
    assert {process for process, _ in tasks_of(tmp_path / "results", "COMPLETED")} <= {
        "WRITE_RESULTS",
        "REQUIRE_ANSWERS",
    }
    assert tables(tmp_path / "results") == local


def test_memory_follows_the_need_up_to_the_limit(tmp_path, small_proteins):
    small = small_proteins[0][1]
    large = tmp_path / "large.pdb"
    shutil.copy(small, large)
    os.truncate(large, LARGE_BYTES)
    sheet = write_sheet(tmp_path / "s.csv", [("a", small, ""), ("large", large, ""), ("g", small, "")])
    config = tmp_path / "quick.config"
    config.write_text(QUICK)
    given = ("-stub", "-profile", "slurm", "-c", str(config), "--input", str(sheet), "--buckets", "4")
    run(tmp_path, *given)
    memory = {row["tag"]: row["memory"] for row in trace(tmp_path / "results") if row["process"] == "PREPARE_PROTEINS"}
    assert sorted(memory.values()) == ["1.5 GB", "5.9 GB"]
    # the limit of the partition's nodes
    run(tmp_path, *given, "--slurm_max_memory", "5GB")
    memory = {row["tag"]: row["memory"] for row in trace(tmp_path / "results") if row["process"] == "PREPARE_PROTEINS"}
    assert sorted(memory.values()) == ["1.5 GB", "5 GB"]


def node_job(folder: Path, *given: str) -> str:
    """Submit the whole batch as one job of `work`; return its number."""
    options = ["--partition", "work", "--cpus-per-task", CPUS, "--mem", MEGABYTES]
    command = [ROOT / "tools" / "slurm_node.sh", *options, "--", *given]
    done = subprocess.run([*map(str, command)], cwd=folder, text=True, capture_output=True, check=True)
    return done.stdout.split()[-1]


def state(job: str) -> str:
    """State of a job, e.g. RUNNING."""
    return slurm("scontrol", "show", "job", job).partition("JobState=")[2].split()[0]


def test_one_job_for_the_whole_batch(local, tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    job = node_job(folder, "-profile", PROFILE)
    aligning = "ALIGN_TEMPLATES"
    log = folder / f"slurm-{job}.out"
    wait_for("an alignment", lambda: log.exists() and aligning in log.read_text())
    # SLURM puts it back in the queue, as after preemption: it goes on where it was
    slurm("scontrol", "requeue", job)
    wait_for("the second start", lambda: log.read_text().count("N E X T F L O W") == 2)
    wait_for("the end of the job", lambda: state(job) in ("COMPLETED", "FAILED"))
    assert state(job) == "COMPLETED", log.read_text()
    assert tables(folder / "results") == local
    assert tasks(folder / "results", "CACHED")["PREPARE_PROTEINS"] == 3
    rows = trace(folder / "results")
    assert all(int(row["cpus"]) <= CPUS for row in rows)
    assert {row["memory"] for row in rows} <= {"1.5 GB", "3 GB"}


def test_a_job_for_the_whole_batch_asks_for_no_more_than_it_has(tmp_path):
    script = [
        ROOT / "tools" / "slurm_node.sh",
        "--dry-run",
        "--mem",
        "2000",
        "--",
        "-profile",
        PROFILE,
        "--outdir",
        "a b",
    ]
    done = subprocess.run([*map(str, script)], cwd=tmp_path, text=True, capture_output=True, check=True)
    assert done.stdout.startswith("# sbatch --mem 2000\n")
    assert f"{PROFILE}\\,slurm_node" in done.stdout
    assert "a\\ b" in done.stdout
    assert list(tmp_path.iterdir()) == []
    # the same script with the variables that SLURM sets in the job
    env = {"SLURM_CPUS_PER_TASK": "1", "SLURM_MEM_PER_NODE": "2000"}
    stub = subprocess.run(
        ["bash", "-s"], input=done.stdout.replace("-ansi-log", "-stub -ansi-log"), cwd=tmp_path, text=True,
        capture_output=True, env={**os.environ, **env},
    )  # fmt: skip
    assert stub.returncode == 0, stub.stdout + stub.stderr
    assert {(row["cpus"], row["memory"]) for row in trace(tmp_path / "a b")} == {("1", "1000 MB")}


def test_slurm_is_started_once(tmp_path):
    folder = Path(os.environ["SLURM_CONF"]).parent
    pid = (folder / "slurmd-n1.pid").read_text()
    subprocess.run([HERE / "start.sh", folder], check=True, capture_output=True)
    assert (folder / "slurmd-n1.pid").read_text() == pid
    # what is not there is not stopped
    subprocess.run([HERE / "stop.sh", tmp_path], check=True)
