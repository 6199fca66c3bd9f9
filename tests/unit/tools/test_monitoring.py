"""How far a run is: on folders of runs that are written here, in the middle, at the end and after a crash."""

import json
import os
import re
import socket
import subprocess
import sys
import time

import pytest

from domainflow.run.heartbeat import Heartbeat
from monitoring.causes import cause_of
from monitoring.progress import progress_of
from monitoring.record import State, find_run
from monitoring.show import as_json, as_text, duration
from monitoring.steps import STEPS
from monitoring.task_folder import heartbeat, last_words, outcomes
from monitoring.tasks import TaskReader
from monitoring.trace import bytes_of, read_trace, seconds_of

HEADER = (
    "task_id hash native_id process tag name status exit attempt submit duration realtime %cpu peak_rss cpus memory"
)
LEDGER = "protein\tstatus\tstep\treason\tlength\tdomains\n"
WORKFLOWS = {
    "domains": ("inputs", "parse", "domains", "phases"), "training": ("inputs", "parse", "training", "phases"),
    "reference": ("reference",), "codons": ("codons",),
}  # fmt: skip
"""Folders of modules that hold the processes of a workflow."""


class Run:
    """A folder that looks like that of a run of three buckets with seven proteins."""

    def __init__(self, folder):
        self.folder, self.info, self.work = folder, folder / "results" / "pipeline_info", folder / "work"
        self.info.mkdir(parents=True)
        self.rows, self.log = (
            [],
            ["Nov-30 [main] DEBUG nextflow.Session - Session UUID: 1-2", "x - Run name: fast_cell"],
        )
        self.log.append(f"x - Workflow started -- trace file: {self.info}/execution_trace.txt")
        self.facts = {
            "workflow": "domains", "name": "fast_cell", "session": "1-2", "command": "nextflow run main.nf",
            "launch_dir": str(folder), "work_dir": str(self.work), "host": socket.gethostname(), "pid": 0,
            "start": int(time.time()) - 7200,
        }  # fmt: skip
        buckets = {"bucket-0000": 3, "bucket-0001": 2, "bucket-0002": 2}
        self.inputs = {"accepted": 7, "rejected": 1, "buckets": buckets}

    def task(self, process, tag, status=None, *, exit="0", attempt=1, ledger=None, err="", begun=True, minutes=60):
        """Add a task: submitted, and with a status also ended."""
        number = len(self.log)
        short, name = f"{number:02x}/abcdef", f"PARSE:{process}" + (f" ({tag})" if tag else "")
        folder = self.work / f"{number:02x}" / f"abcdef{number}"
        folder.mkdir(parents=True)
        (folder / ".command.err").write_text(err)
        (folder / ".command.run").write_text(f"#!/bin/bash\n### ---\n### name: '{name}'\n")
        if begun:
            (folder / ".command.begin").touch()
        if ledger is not None:
            (folder / f"{tag or 'all'}.x.ledger.tsv").write_text(LEDGER + "".join(f"{row}\n" for row in ledger))
        self.log.append(f"x [Task submitter] INFO  nextflow.Session - [{short}] Submitted process > {name}")
        if status:
            submitted = time.strftime("%Y-%m-%d %H:%M:%S.000", time.localtime(self.facts["start"]))
            row = (number, short, 1, f"PARSE:{process}", tag or "-", name, status, exit, attempt, submitted)
            self.rows.append((*row, f"{minutes}m", f"{minutes}m", "50.0%", "1 GB", 1, "1.5 GB"))
        return short

    def read(self, **facts):
        lines = [HEADER.replace(" ", "\t"), *("\t".join(map(str, row)) for row in self.rows)]
        (self.info / "execution_trace.txt").write_text("\n".join(lines) + "\n" + "7\thalf a li")
        (self.info / "run.json").write_text(json.dumps(self.facts | facts))
        (self.info / "inputs.json").write_text(json.dumps(self.inputs))
        (self.folder / ".nextflow.log").write_text("\n".join(self.log) + "\n")
        run = find_run(self.folder / "results")
        return progress_of(run, TaskReader(run.work))


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


@pytest.fixture
def head():
    """Number of a process that counts as a head of Nextflow."""
    command = [sys.executable, "-c", "input(print(flush=True))", "nextflow"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    yield process.pid
    process.communicate(b"\n")


def step(progress, process):
    return next(step for step in progress.steps if step.process == process)


def passed(*names):
    return [f"{name}\tpassed\tS\t-\t-\t-" for name in names]


def test_items_are_counted_by_the_ledgers_of_tasks(run, head):
    bad = "c\trejected\tPREPARE_PROTEINS\tno residue\t-\t-"
    run.task("PREPARE_PROTEINS", "bucket-0000", "COMPLETED", ledger=[*passed("a", "b"), bad])
    run.task("PREPARE_PROTEINS", "bucket-0001", "COMPLETED", ledger=passed("d", "e"))
    run.task("PREPARE_PROTEINS", "bucket-0002", "CACHED", ledger=passed("f", "g"))
    run.task("SEARCH_TEMPLATES", "", "COMPLETED", ledger=passed(*"abdefg"))
    run.task("ALIGN_TEMPLATES", "bucket-0000", "COMPLETED", ledger=passed("a", "b"))
    run.task("ALIGN_TEMPLATES", "bucket-0001", err="heartbeat\t5\tALIGN_TEMPLATES\t1\t2\t0.1\t-\n")
    run.task("ALIGN_TEMPLATES", "bucket-0002", begun=False)
    progress = run.read(pid=head)
    assert progress.state is State.RUNNING
    prepare, align = step(progress, "PREPARE_PROTEINS"), step(progress, "ALIGN_TEMPLATES")
    assert (prepare.done, prepare.running, prepare.waiting, prepare.failed) == (6, 0, 0, 1)
    # one protein of the running task is done by its heartbeat; the task in the queue waits
    assert (align.done, align.running, align.waiting, align.failed) == (3, 1, 2, 0)
    assert step(progress, "PARSE_DOMAINS").waiting == 6
    # 5 proteins of this run's tasks in the hour after the first began
    assert prepare.per_hour == pytest.approx(5)
    assert prepare.cpu_seconds == pytest.approx(3 * 1800)
    assert [(failure.process, failure.kind, failure.items, failure.cause) for failure in progress.failures] == [
        ("PREPARE_PROTEINS", "rejected", 1, "no residue")
    ]
    assert progress.slowest[0].seconds == pytest.approx(3600)
    assert "PARSE_DOMAINS" in progress.not_in_time_left


def test_before_a_task_has_ended_its_heartbeats_tell_the_time_of_an_item(run, head):
    short = run.task("ALIGN_TEMPLATES", "bucket-0000", err="heartbeat\t5\tALIGN_TEMPLATES\t2\t3\t0.1\t-\n")
    ago = time.time() - 100
    begin = next(run.work.glob(f"{short}*")) / ".command.begin"
    os.utime(begin, (ago, ago))
    align = step(run.read(pid=head), "ALIGN_TEMPLATES")
    assert (align.done, align.running) == (2, 1)
    assert align.seconds_each == pytest.approx(50, rel=0.1)


def test_time_left_is_that_of_the_items_left(run, head):
    run.inputs["estimate"] = {name: {"cpu_seconds": 70} for name in ("SEARCH_TEMPLATES", "PARSE_DOMAINS")}
    run.inputs["estimate"] |= {name: {"cpu_seconds": 0} for name in ("SELECT_CANDIDATES", "SCORE_DOMAINS")}
    run.inputs["estimate"] |= {
        name: {"cpu_seconds": 0} for name in ("ASSIGN_DOMAINS", "ALIGN_TEMPLATES", "DRAW_PROTEINS")
    }
    run.task("PREPARE_PROTEINS", "bucket-0000", "COMPLETED", minutes=1)
    run.task("PREPARE_PROTEINS", "bucket-0001")
    progress = run.read(pid=head)
    # 4 proteins of 20 s, and 7 of 10 s in each of two processes
    assert progress.seconds_left == pytest.approx(4 * 20 + 2 * 70)
    assert progress.fraction == pytest.approx(60 / (60 + 80 + 140))
    assert "27 %" not in as_text(progress)
    assert "21% of the work, at least 3 min 40 s left with 1 task at a time" in as_text(progress)


def test_a_task_that_is_dead_for_good_costs_its_proteins(run, head):
    for bucket in run.inputs["buckets"]:
        run.task("PREPARE_PROTEINS", bucket, "COMPLETED")
    first = run.task("ALIGN_TEMPLATES", "bucket-0001", "FAILED", exit="137", err="out of breath\n")
    run.log.append(
        f"x - [{first}] NOTE: Process `X` terminated with an error exit status (137) -- Execution is retried (1)"
    )
    progress = run.read(pid=head)
    assert step(progress, "ALIGN_TEMPLATES").failed == 0
    assert step(progress, "ALIGN_TEMPLATES").waiting == 7
    run.task(
        "ALIGN_TEMPLATES", "bucket-0001", "FAILED", exit="137", attempt=2, err="first\nheartbeat\t1\tA\t0\t2\t0\t-\n"
    )
    progress = run.read(pid=head)
    assert step(progress, "ALIGN_TEMPLATES").failed == 2
    assert step(progress, "PARSE_DOMAINS").waiting == 5
    failed, retried = progress.failures
    assert failed[:4] == ("ALIGN_TEMPLATES", "failed", 1, 2)
    assert (failed.cause, failed.words) == ("killed, most often for its memory (exit status 137)", "first")
    assert (retried.kind, retried.tasks) == ("retried", 1)
    text = as_text(progress)
    assert "ALIGN_TEMPLATES: 1 task with 2 proteins failed: killed, most often for its memory" in text
    assert "Tried again\n  ALIGN_TEMPLATES: 1 task: killed" in text


def test_a_run_whose_head_was_killed_is_told_from_one_that_works(run):
    run.task("PREPARE_PROTEINS", "bucket-0000", "COMPLETED")
    run.task("PREPARE_PROTEINS", "bucket-0001")
    progress = run.read(pid=2**22 + 1)
    assert (progress.state, progress.lost, progress.ended_since) == (State.CRASHED, 1, 0)
    assert progress.seconds_left is None
    assert "its head is gone" in as_text(progress)
    (run.work / "04" / "abcdef4" / ".exitcode").write_text("0")
    assert run.read(pid=2**22 + 1).ended_since == 1
    # on another machine its log tells
    assert run.read(host="elsewhere").state is State.RUNNING
    old = time.time() - 3600
    os.utime(run.folder / ".nextflow.log", (old, old))
    assert find_run(run.folder).state is State.CRASHED


def test_a_run_that_has_ended_says_so(run):
    for process in (step.process for step in STEPS["domains"] if not step.optional):
        run.task(process, "", "COMPLETED")
    run.task("CHECK_ENGINE", "foldseek", "COMPLETED")
    progress = run.read(end=run.facts["start"] + 3661, success=True)
    assert {step.waiting for step in progress.steps} == {0}
    assert (progress.state, progress.fraction, progress.elapsed) == (State.FINISHED, 1.0, 3661)
    assert "finished after 1 h 1 min" in as_text(progress)
    assert run.read(end=run.facts["start"] + 1, success=False).state is State.FAILED
    said = json.loads(as_json(progress))
    assert (said["state"], said["inputs"]) == ("finished", {"accepted": 7, "rejected": 1})
    assert {"process", "done", "running", "waiting", "failed", "per_hour"} <= said["steps"][0].keys()


def test_processes_that_a_run_leaves_out_are_not_waited_for(run, head):
    run.inputs["left_out"] = ["SCORE_DOMAINS", "ASSIGN_DOMAINS", "WRITE_RESULTS"]
    run.task("PREPARE_PROTEINS", "bucket-0000")
    shown = [step.process for step in run.read(pid=head).steps]
    assert "PARSE_DOMAINS" in shown
    assert not {"SCORE_DOMAINS", "ASSIGN_DOMAINS", "WRITE_RESULTS", "WRITE_PHASE"} & set(shown)


def test_without_a_log_the_tasks_folders_name_what_is_under_way(run, head):
    run.task("ALIGN_TEMPLATES", "bucket-0000")
    run.read(pid=head)
    (run.folder / ".nextflow.log").unlink()
    found = find_run(run.folder / "results")
    assert found.log is None
    assert step(progress_of(found, TaskReader(found.work)), "ALIGN_TEMPLATES").running == 3


def test_a_run_is_found_by_any_of_its_folders(run):
    run.read()
    for folder in (run.folder, run.info, run.folder / "results"):
        assert find_run(folder).info == run.info
    with pytest.raises(FileNotFoundError, match="is no run: it has neither pipeline_info/run"):
        find_run(run.work)


def test_the_log_of_a_run_is_found_after_later_runs(run):
    run.task("ALIGN_TEMPLATES", "bucket-0000")
    run.read()
    (run.folder / ".nextflow.log").rename(run.folder / ".nextflow.log.1")
    (run.folder / ".nextflow.log").write_text("x - Session UUID: 1-2\nx - Run name: later_cell\n")
    assert list(find_run(run.folder / "results").log.submitted.values()) == ["PARSE:ALIGN_TEMPLATES (bucket-0000)"]


def test_nothing_is_written(run, head):
    run.task("ALIGN_TEMPLATES", "bucket-0000", err="heartbeat\tnonsense\n")
    run.read(pid=head)

    def files():
        return {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")}

    before = files()
    as_text(progress_of(find_run(run.folder), TaskReader(run.work)))
    assert files() == before


def test_a_heartbeat_is_read_as_a_step_writes_it(tmp_path):
    with (tmp_path / ".command.err").open("w") as stream:
        beats = Heartbeat("ALIGN_TEMPLATES", 4, stream)
        beats.begin()
        beats.add(3)
        beats.end()
    assert heartbeat(tmp_path)[1:4] == ("ALIGN_TEMPLATES", 3, 4)
    with (tmp_path / ".command.err").open("w") as stream:
        Heartbeat("SEARCH_TEMPLATES", None, stream).begin()
    assert heartbeat(tmp_path)[1:] == ("SEARCH_TEMPLATES", 0, None, 0.0, None)


def test_what_a_task_left_in_its_folder(tmp_path):
    assert heartbeat(tmp_path) is None
    assert last_words(tmp_path) == ""
    assert outcomes(tmp_path) is None
    (tmp_path / ".command.log").write_text("no such container\n")
    assert last_words(tmp_path) == "no such container"
    (tmp_path / ".command.err").write_text("one\nheartbeat\t9.5\tALIGN_TEMPLATES\t3\t8\t0.25\t2\nheartbeat\tx\n")
    assert heartbeat(tmp_path) == (9.5, "ALIGN_TEMPLATES", 3, 8, 0.25, 2)
    assert last_words(tmp_path) == "one"
    (tmp_path / "stub.ledger.tsv").touch()
    assert outcomes(tmp_path) is None


def test_units_of_a_trace(tmp_path):
    assert seconds_of("1d 2h 3m 4.5s") == pytest.approx(86400 + 7200 + 184.5)
    assert seconds_of("433ms") == pytest.approx(0.433)
    assert bytes_of("1.5 GB") == int(1.5 * 1024**3)
    assert bytes_of("0") == 0
    assert read_trace(tmp_path / "none.txt") == []


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (59.4, "59 s"), (60, "1 min"), (3661, "1 h 1 min"), (90000, "1 d 1 h")]
)
def test_durations_in_words(seconds, text):
    assert duration(seconds) == text


def test_exit_codes_in_words():
    assert cause_of(143) == "stopped from outside (exit status 143)"
    assert cause_of(139) == "ended by signal 11 (exit status 139)"
    assert "the node was lost" in cause_of(2147483647)
    assert "the node was lost" in cause_of(None)


@pytest.mark.parametrize("workflow", STEPS)
def test_every_process_of_a_workflow_is_a_step_of_it(root, workflow):
    texts = [path.read_text() for path in (root / "workflows").glob("*.nf")]
    called = {name for text in texts for name in re.findall(r"^ +([A-Z_]{4,})\(", text, re.MULTILINE)}
    folders = WORKFLOWS[workflow]
    processes = {path.stem.upper() for folder in folders for path in (root / "modules" / folder).glob("*.nf")}
    named = {step.process for step in STEPS[workflow]}
    assert processes & called <= named
    assert named <= {path.stem.upper() for path in (root / "modules").glob("*/*.nf")}
