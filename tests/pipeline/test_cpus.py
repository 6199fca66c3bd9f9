"""Tasks that may use fewer CPUs than they asked for, and tasks that srun binds to cores."""

import json
import os

import pytest

from pipeline.conftest import attempts, read_table, tasks_of, write_pdb, write_sheet

NOTE = "ALIGN_TEMPLATES may use 1 of the 2 CPUs that it asked for, because of its affinity mask"
SRUN = """#!/usr/bin/env bash
echo "$@" >> "$CALLS"
while [[ $1 == --* ]]; do shift; done
exec "$@"
"""
"""A stand-in for SLURM's srun, which writes its arguments down."""


@pytest.fixture
def arguments(tmp_path, mini_ecod, small_rows, small_store):
    """One protein; alignments ask for two CPUs and get one, as on a node that is not set up as its scheduler says."""
    one = min(os.sched_getaffinity(0))
    config = tmp_path / "one_cpu.config"
    config.write_text(
        f"process {{ withName: 'ALIGN_TEMPLATES' {{ cpus = 2; beforeScript = 'taskset -cp {one} $$ > /dev/null' }} }}\n"
    )
    write_pdb(tmp_path / "a.pdb", mini_ecod.sequences[small_rows[0]], mini_ecod.backbone(small_rows[0]))
    sheet = write_sheet(tmp_path / "s.csv", [("a", "a.pdb", "")])
    return "-c", config, "--input", sheet, "--reference", small_store, "--buckets", 1


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two CPUs, to take one away")
def test_fewer_cpus_are_a_warning_or_an_error_and_no_reason_to_repeat_a_task(run, tmp_path, arguments):
    folder, calls = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir()
    (folder / "srun").write_text(SRUN)
    (folder / "srun").chmod(0o755)
    allocation = {"PATH": f"{folder}:{os.environ['PATH']}", "CALLS": str(calls), "SLURM_JOB_ID": "7"}

    run(*arguments, "--cpu_bind", "cores", env=allocation)

    (row,) = read_table(tmp_path / "results" / "ledger.tsv")
    assert row["status"] in ("ok", "no_domain")
    assert NOTE in row["reason"]
    known = json.loads((tmp_path / "results" / "pipeline_info" / "provenance.json").read_text())["cpus"]
    (record,) = known["ALIGN_TEMPLATES"]
    assert (record["asked"], record["usable"], record["tasks"]) == (2, 1, 1)
    assert record["variables"]["OPENBLAS_NUM_THREADS"] == "1"
    assert known["SEARCH_TEMPLATES"][0]["usable"] == 2
    # both steps that work with threads were started by srun, with the CPUs and the memory of their tasks
    started = [line for line in calls.read_text().splitlines() if "--cpu-bind=cores" in line]
    assert [name for line in started for name in line.split() if name.endswith(".py")] == [
        "search_templates.py", "align_templates.py",
    ]  # fmt: skip
    assert all("--cpus-per-task=2" in line and "--mem=0" not in line for line in started)

    # neither parameter is an input of a task: only the steps that write them down run again
    run(*arguments, "-resume", "--affinity", "strict")
    again = {process for process, _ in tasks_of(tmp_path / "results", "COMPLETED")}
    assert again <= {"WRITE_RESULTS", "REQUIRE_ANSWERS"}

    done = run(*arguments, "--affinity", "strict", "--outdir", "strict", succeed=False)
    assert NOTE in done.stdout + done.stderr
    assert attempts(tmp_path / "strict", "ALIGN_TEMPLATES") == [("3", "1")]
