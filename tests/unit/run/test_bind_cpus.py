"""Tasks bound to cores by srun, inside an allocation of SLURM."""

import os
import subprocess

import pytest

SRUN = """#!/usr/bin/env bash
printf '%s\\n' "$@" > "$CALLS"
env | grep '^SLURM_MEM_PER' >> "$CALLS" || true
while [[ $1 == --* ]]; do shift; done
exec "$@"
"""


@pytest.fixture
def start(root, tmp_path):
    """Start `bind_cpus.sh` with a stand-in for srun, or without one; return the process and srun's arguments."""

    def run(*command, in_job=True, has_srun=True):
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in ("bash", "env", "cat", "sh", "grep"):
            (folder / name).symlink_to(f"/bin/{name}" if os.path.exists(f"/bin/{name}") else f"/usr/bin/{name}")
        if has_srun:
            (folder / "srun").write_text(SRUN)
            (folder / "srun").chmod(0o755)
        environment = {"PATH": str(folder), "CALLS": str(tmp_path / "calls"), "SLURM_MEM_PER_CPU": "1000"}
        if in_job:
            environment["SLURM_JOB_ID"] = "7"
        done = subprocess.run(
            [root / "bin" / "bind_cpus.sh", "2", "1500", *command], env=environment, input="text", text=True,
            capture_output=True,
        )  # fmt: skip
        calls = tmp_path / "calls"
        return done, calls.read_text().splitlines() if calls.exists() else None

    return run


def test_inside_an_allocation_the_program_starts_under_srun(start):
    done, arguments = start("cat")
    assert done.stdout == "text"
    assert {"--ntasks=1", "--cpus-per-task=2", "--cpu-bind=cores", "--mem=1500", "--exact"} <= set(arguments)
    assert arguments[-1] == "cat", "no other limit of memory is left"


def test_its_exit_code_is_the_programs(start):
    done, arguments = start("sh", "-c", "exit 137")
    assert done.returncode == 137
    assert arguments[-3:] == ["sh", "-c", "exit 137"]


def test_outside_it_starts_as_it_is(start):
    done, arguments = start("cat", in_job=False)
    assert (done.stdout, done.stderr, arguments) == ("text", "", None)


def test_without_srun_it_starts_with_a_warning(start):
    done, _ = start("cat", has_srun=False)
    assert (done.stdout, done.returncode) == ("text", 0)
    assert "there is no srun where the task runs" in done.stderr
