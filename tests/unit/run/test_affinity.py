"""The CPUs that a task may use, beside those that it asked for."""

import argparse
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from domainflow.run import task as task_module
from domainflow.run.affinity import Cpus, cpu_quota, thread_variables
from domainflow.run.errors import EXIT_AFFINITY, AffinityError, exit_code
from domainflow.run.ledger import LedgerRow
from domainflow.run.provenance import cpu_records
from domainflow.run.step import Step
from domainflow.run.task import Task, add_task_arguments, task_of

VERSION_1 = "tmpfs {0} tmpfs rw 0 0\ncgroup {0}/memory cgroup rw,memory 0 0\ncgroup {0}/cpu cgroup rw,cpu,cpuacct 0 0\n"
VERSION_2 = "cgroup2 {0} cgroup2 rw,nosuid 0 0\n"
GROUPS_1 = "3:memory:/other\n2:cpu,cpuacct:/slurm/job\n0::/slurm/job\n"
GROUPS_2 = "0::/slurm/job\n"


@pytest.fixture
def system(tmp_path):
    """A function that makes stand-ins for a process's files and its control groups: limits by file."""

    def make(mounts, groups, limits):
        (tmp_path / "mounts").write_text(mounts.format(tmp_path / "fs"))
        (tmp_path / "cgroup").write_text(groups)
        for name, text in limits.items():
            path = tmp_path / "fs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")
        return tmp_path

    return make


def v1(group, quota, period=100000):
    return {f"cpu/{group}cpu.cfs_quota_us": quota, f"cpu/{group}cpu.cfs_period_us": period}


@pytest.mark.parametrize(
    ("mounts", "groups", "limits", "quota"),
    [
        (VERSION_2, GROUPS_2, {"slurm/job/cpu.max": "150000 100000"}, 1.5),
        (VERSION_2, GROUPS_2, {"slurm/job/cpu.max": "max 100000"}, None),
        (VERSION_2, GROUPS_2, {"slurm/job/cpu.max": "max 100000", "slurm/cpu.max": "200000 100000"}, 2.0),
        (VERSION_2, GROUPS_2, {"slurm/job/cpu.max": "100000 100000", "slurm/cpu.max": "200000 100000"}, 1.0),
        # a container sees its own group as the uppermost
        (VERSION_2, GROUPS_2, {"cpu.max": "50000 100000"}, 0.5),
        (VERSION_2, GROUPS_2, {}, None),
        (VERSION_1, GROUPS_1, v1("slurm/job/", 300000), 3.0),
        (VERSION_1, GROUPS_1, v1("slurm/job/", -1) | v1("", 400000, 200000), 2.0),
        (VERSION_1, GROUPS_1, v1("slurm/job/", -1), None),
        # both versions, as on systems that are between the two
        (VERSION_1 + VERSION_2, GROUPS_1, v1("slurm/job/", 300000) | {"cpu.max": "100000 100000"}, 1.0),
        (VERSION_2, GROUPS_2, {"slurm/job/cpu.max": "nonsense"}, None),
        ("", "", {}, None),
    ],
)  # fmt: skip
def test_quota_of_the_control_groups(system, mounts, groups, limits, quota):
    assert cpu_quota(system(mounts, groups, limits)) == quota


def test_without_the_files_there_is_no_quota(tmp_path):
    assert cpu_quota(tmp_path) is None


@pytest.mark.parametrize(
    ("asked", "allowed", "quota", "usable", "because"),
    [
        (2, 2, None, 2, None),
        (2, 8, None, 8, None),
        (2, 8, 2.0, 2, None),
        (2, 1, None, 1, "affinity mask"),
        (4, 8, 2.5, 2, "quota"),
        (4, 1, 2.0, 1, "affinity mask"),
        (2, 2, 0.5, 1, "quota"),
        (1, 1, 0.5, 1, None),
    ],
)
def test_usable_cpus(asked, allowed, quota, usable, because):
    cpus = Cpus(asked, allowed, quota)
    assert cpus.usable == usable
    assert (cpus.complaint is None) == (because is None)
    if because:
        assert f"may use {usable} of the {asked} CPUs that it asked for" in cpus.complaint
        assert because in cpus.complaint


def arguments(*words):
    parser = argparse.ArgumentParser()
    add_task_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def one_cpu(monkeypatch):
    monkeypatch.setattr(task_module, "own_cpus", lambda asked: Cpus(asked, 1))


@pytest.fixture
def two_cpus(monkeypatch):
    monkeypatch.setattr(task_module, "own_cpus", lambda asked: Cpus(asked, 2))


@pytest.mark.usefixtures("one_cpu")
def test_warn_says_so_once_and_takes_the_threads_that_there_are(capsys):
    task = task_of("ALIGN_TEMPLATES", arguments("--threads", "2"))
    note = "ALIGN_TEMPLATES may use 1 of the 2 CPUs that it asked for, because of its affinity mask"
    assert (task.threads, task.note) == (1, note)
    assert capsys.readouterr().err == f"Warning: {note}\n"


@pytest.mark.usefixtures("one_cpu")
def test_strict_refuses_in_one_sentence(capsys):
    def main():
        task_of("ALIGN_TEMPLATES", arguments("--threads", "2", "--affinity", "strict"))

    with pytest.raises(AffinityError):
        main()
    assert exit_code(main) == EXIT_AFFINITY == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("ALIGN_TEMPLATES may use 1 of the 2 CPUs")


@pytest.mark.usefixtures("one_cpu")
def test_off_changes_nothing(capsys):
    task = task_of("ALIGN_TEMPLATES", arguments("--threads", "2", "--affinity", "off"))
    assert (task.threads, task.note) == (2, None)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("two_cpus")
@pytest.mark.parametrize("choice", ["warn", "strict", "off"])
def test_with_enough_cpus_there_is_nothing_to_say(capsys, choice):
    task = task_of("ALIGN_TEMPLATES", arguments("--threads", "2", "--affinity", choice))
    assert (task.threads, task.note) == (2, None)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("one_cpu")
def test_a_step_without_threads_is_not_asked(capsys):
    task = task_of("PARSE_DOMAINS", arguments("--affinity", "strict"))
    assert task == Task(1)
    assert capsys.readouterr() == ("", "")


def test_thread_variables_that_are_set():
    environment = {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "1", "PATH": "/bin"}
    assert thread_variables(environment) == {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "1"}


@pytest.mark.usefixtures("two_cpus")
def test_the_log_has_cpus_and_variables(capsys, monkeypatch):
    for name in list(thread_variables()):
        monkeypatch.delenv(name)
    monkeypatch.setenv("OMP_PROC_BIND", "true")
    task_of("ALIGN_TEMPLATES", arguments("--threads", "2"))
    assert capsys.readouterr().out == "ALIGN_TEMPLATES: 2 of 2 CPUs are usable. OMP_PROC_BIND=true\n"


def test_a_real_mask_is_seen(root):
    code = "from domainflow.run.affinity import own_cpus; print(own_cpus(2).allowed)"
    environment = os.environ | {"PYTHONPATH": str(root / "bin")}
    one = min(os.sched_getaffinity(0))
    command = ["taskset", "-c", str(one), sys.executable, "-c", code]
    assert subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout == "1\n"


def test_the_ledger_says_so_where_there_is_an_answer():
    step = Step("ALIGN_TEMPLATES", task=Task(note="ALIGN_TEMPLATES may use 1 of 2"))
    proteins = [SimpleNamespace(id=name) for name in "ab"]
    list(step.each(proteins, lambda protein: 1 // (protein.id != "a")))
    step.add(LedgerRow("c", "passed", "ALIGN_TEMPLATES", "another note"))
    assert [row.reason for row in step.rows[1:]] == [
        "ALIGN_TEMPLATES may use 1 of 2", "another note; ALIGN_TEMPLATES may use 1 of 2",
    ]  # fmt: skip
    assert step.rows[0].status == "failed"
    assert "may use" not in step.rows[0].reason


def test_provenance_counts_tasks_that_are_alike(tmp_path):
    for bucket, usable in (("bucket-0", 2), ("bucket-1", 1), ("bucket-2", 2)):
        record = {"step": "ALIGN_TEMPLATES", "asked": 2, "usable": usable, "variables": {"OMP_NUM_THREADS": "1"}}
        Step("ALIGN_TEMPLATES", task=Task(record=record)).write_ledger(tmp_path / f"{bucket}.align.ledger.tsv")
    Step("PARSE_DOMAINS").write_ledger(tmp_path / "bucket-0.parse.ledger.tsv")
    shown = json.loads(json.dumps(cpu_records(tmp_path)))
    assert shown == {
        "ALIGN_TEMPLATES": [
            {"asked": 2, "usable": 1, "variables": {"OMP_NUM_THREADS": "1"}, "tasks": 1},
            {"asked": 2, "usable": 2, "variables": {"OMP_NUM_THREADS": "1"}, "tasks": 2},
        ]
    }
