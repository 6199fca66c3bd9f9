"""What clusters do to a run, each in the middle of real work: only what is lost runs again, results stay the same."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pipeline.conftest import tasks_of, trace
from slurm.conftest import FOLDER, PROTEINS, slurm, wait_for

STEP = "ALIGN_TEMPLATES"
LOST = "-"
"""The trace's exit code of a job that ended without one; Nextflow calls it 2147483647."""


@pytest.fixture
def check(undisturbed):
    """Compare a run that has ended with the undisturbed one; only the fault's task may have run again."""

    def same(run, codes=None):
        assert len(run.ledger()) == PROTEINS
        assert run.tables() == undisturbed.tables()
        if codes is not None:
            assert {process for process, _ in run.repeated()} == {STEP}
            assert len(run.repeated()) == 1
            assert run.attempts() == [(code, str(number)) for number, code in enumerate(codes, start=1)]

    return same


def job_processes(head):
    """Numbers of the processes of the job that waits: the last is its first one."""
    found = [int((head.folder / "reached").read_text().split()[2])]
    while True:
        status = dict(line.split(":", 1) for line in Path(f"/proc/{found[-1]}/status").read_text().splitlines())
        parent = int(status["PPid"])
        if Path(f"/proc/{parent}/comm").read_text().startswith("slurmstepd"):
            return found
        found.append(parent)


def test_head_killed(head, victim, check):
    head.start(fault=f"wait {STEP} {victim}").reached()
    head.process.kill()
    head.process.wait()
    before = tasks_of(head.results, "COMPLETED")
    assert {process for process, _ in before} >= {"PREPARE_PROTEINS", "SEARCH_TEMPLATES"}
    # the task that has lost its head runs on, while the next head tries it again
    head.start("-resume").end()
    again = tasks_of(head.results, "COMPLETED")
    assert not again & before
    assert {process for process, _ in again} >= {STEP, "PARSE_DOMAINS"}
    head.go()
    check(head)


def test_task_cancelled(head, victim, check):
    job, _ = head.start(fault=f"wait {STEP} {victim}").reached()
    # a job of Nextflow may not be put back in the queue: only Nextflow starts it again
    refused = subprocess.run(["scontrol", "requeue", job], text=True, capture_output=True)
    assert refused.returncode != 0
    slurm("scancel", job)
    check(head.end(), ["143", "0"])


def test_task_requeued(head, victim, check):
    job, _ = head.start("--slurm_options=--requeue", fault=f"wait {STEP} {victim}").reached()
    slurm("scontrol", "requeue", job)
    check(head.end(), ["143", "0"])
    slurm("scancel", job)


@pytest.mark.parametrize(("partition", "options"), [("low", "--requeue"), ("lowest", "--no-requeue")])
def test_preempted(head, victim, check, partition, options):
    given = ("--slurm_queue", partition, f"--slurm_options={options}")
    job, node = head.start(*given, fault=f"wait {STEP} {victim}").reached()
    slurm("sbatch", "--wait", "-p", "high", "-w", node, "-c", os.cpu_count(), "-o", "/dev/null", "--wrap", "true")
    check(head.end())
    # the node has two CPUs: the other bucket's task, of this step or the next, may have lost its CPU as well
    assert head.repeated() == head.lost()
    assert STEP in {process for process, _ in head.lost()}
    assert {row["exit"] for row in trace(head.results)} == {"0", "143"}
    slurm("scancel", job)


def test_job_vanishes_without_an_exit_code(head, victim, check):
    head.start(fault=f"wait {STEP} {victim}").reached()
    # the job's first process is killed first, so that no trap writes an exit code
    for process in reversed(job_processes(head)):
        os.kill(process, signal.SIGKILL)
    check(head.end(), [LOST, "0"])


def test_node_down(head, victim, check):
    _, node = head.start("--slurm_queue", "edge", fault=f"wait {STEP} {victim}").reached()
    slurm("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
    head.end()
    # it may have come back by itself
    subprocess.run(["scontrol", "update", f"NodeName={node}", "State=RESUME"], capture_output=True)
    assert {row["exit"] for row in trace(head.results)} <= {"0", "143", LOST}
    assert head.repeated() == head.lost()
    assert STEP in {process for process, _ in head.lost()}
    check(head)


def test_out_of_memory(head, victim, check):
    check(head.start(fault=f"memory {STEP} {victim}").end(), ["137", "0"])
    # twice the memory for the task that was killed
    assert [row["memory"] for row in trace(head.results) if row["attempt"] == "2"] == ["2.9 GB"]
    assert {row["memory"] for row in trace(head.results) if row["process"] == "PARSE_DOMAINS"} == {"1.5 GB"}


def test_time_limit(head, victim, check):
    job, _ = head.start(fault=f"wait {STEP} {victim}").reached()
    slurm("scontrol", "update", f"JobId={job}", "TimeLimit=1")
    check(head.end(), ["140", "0"])


def test_slurmctld_restarted(head, victim, check):
    head.start(fault=f"wait {STEP} {victim}").reached()
    folder = Path(os.environ[FOLDER])
    pid = int((folder / "slurmctld.pid").read_text())
    os.kill(pid, signal.SIGTERM)
    wait_for("the end of slurmctld", lambda: not Path(f"/proc/{pid}").exists())
    # tasks that end in the meantime must not be taken for lost, and sbatch must be called again
    head.go()
    wait_for("the end of the task", lambda: list(head.folder.glob("work/*/*/*.align.ledger.tsv")))
    time.sleep(2)
    subprocess.run(["slurmctld", "-f", os.environ["SLURM_CONF"]], check=True)
    head.end()
    assert head.repeated() == set()
    check(head)


def test_scratch_full(head, victim, check, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], check=True)
    try:
        check(head.start("-process.scratch", small, fault=f"fill {STEP} {victim}").end())
    finally:
        subprocess.run(["umount", "-l", small], check=True)
    # the other bucket's tasks may have found the same folder full, perhaps before their program began (1)
    assert head.repeated() == head.lost()
    assert STEP in {process for process, _ in head.lost()}
    exits = {row["exit"] for row in trace(head.results)}
    assert {"0", "74"} <= exits <= {"0", "1", "74"}


def test_protein_that_kills_its_process(head, victim, undisturbed):
    head.start(fault=f"die {STEP} {victim}").end()
    assert head.repeated() == {task for task in head.repeated() if task[0] == STEP}
    assert head.attempts() == [("137", "1"), ("137", "2"), ("0", "3")]
    rows = {row["protein"]: row for row in head.ledger()}
    killer = rows.pop(victim)
    assert (killer["status"], killer["step"]) == ("failed", STEP)
    assert "signal 9" in killer["reason"]
    assert list(rows.values()) == [row for row in undisturbed.ledger() if row["protein"] != victim]
    for line in (head.results / "domains.tsv").read_text().splitlines():
        assert line in (undisturbed.results / "domains.tsv").read_text().splitlines()


def test_a_job_that_the_scheduler_refuses_ends_the_run(head):
    head.start("--slurm_queue", "nowhere")
    assert head.process.wait(200) != 0
    assert "Error submitting process" in (head.folder / "head.log").read_text()
