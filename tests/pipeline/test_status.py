"""tools/status.py on a real run: in its middle, after its head was killed, and at its end."""

import json
import subprocess
import sys
import time

import pytest

from pipeline.conftest import tasks, write_sheet

N_PROTEINS = 6
PATIENCE = 300
"""Seconds that the run may take to come to its middle."""


@pytest.fixture
def gate(tmp_path):
    """A configuration in which bucket 1 of ALIGN_TEMPLATES waits for a file, and that file."""
    go, config = tmp_path / "go", tmp_path / "gate.config"
    wait = f"while [ ! -e {go} ]; do sleep 0.2; done"
    value = f"{{ task.tag == 'bucket-0001' ? '{wait}' : '' }}"
    config.write_text(f"process {{ withName: ALIGN_TEMPLATES {{ beforeScript = {value} }} }}\n")
    yield config, go
    go.touch()


def test_a_run_in_its_middle_after_a_crash_and_at_its_end(root, run, tmp_path, small_proteins, small_store, gate):
    config, go = gate
    rows = [(name, path, "") for name, path in small_proteins[:N_PROTEINS]]
    sheet = write_sheet(tmp_path / "samples.csv", [*rows, ("gone", "gone.pdb", ""), ("empty", "empty.pdb", "")])
    (tmp_path / "empty.pdb").write_text("HEADER\n")
    results = tmp_path / "results"
    arguments = ("-c", config, "--input", sheet, "--reference", small_store, "--buckets", "2")

    def status(*options, folder=results):
        command = [sys.executable, root / "tools" / "status.py", folder, *options]
        return subprocess.run(command, text=True, capture_output=True)

    def steps(said):
        return {step["process"]: step for step in said["steps"]}

    command = [root / "tools" / "nextflow", "run", root / "main.nf", "-ansi-log", "false", *arguments]
    with (tmp_path / "out.txt").open("w") as out:
        head = subprocess.Popen([str(part) for part in command], cwd=tmp_path, stdout=out, stderr=out)
    try:
        for _ in range(PATIENCE):
            started = (results / "pipeline_info" / "execution_trace.txt").exists()
            if started and tasks(results, "COMPLETED")["PARSE_DOMAINS"]:
                break
            assert head.poll() is None, (tmp_path / "out.txt").read_text()
            time.sleep(1)

        # in its middle: one bucket is parsed, the other one is being aligned
        done = status("--json")
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert (said["state"], said["inputs"]) == ("running", {"accepted": 7, "rejected": 1})
        now = steps(said)
        assert (now["PREPARE_PROTEINS"]["done"], now["PREPARE_PROTEINS"]["failed"]) == (N_PROTEINS, 1)
        align, parse = now["ALIGN_TEMPLATES"], now["PARSE_DOMAINS"]
        assert align["running"] > 0
        assert align["done"] + align["running"] == N_PROTEINS
        assert (align["waiting"], align["failed"]) == (0, 0)
        assert (parse["done"], parse["waiting"]) == (align["done"], align["running"])
        assert now["ASSIGN_DOMAINS"]["waiting"] == N_PROTEINS
        assert [(failure["kind"], failure["items"]) for failure in said["failures"]] == [("rejected", 1)]
    finally:
        head.kill()
        head.wait()

    # its head is gone, its task is not: it ends later, and Nextflow will not know
    done = status(folder=tmp_path)
    assert done.returncode == 1
    assert "its head is gone" in done.stdout
    assert "1 task under way then" in done.stdout
    go.touch()

    run("-resume", *arguments)
    done = status("--watch")
    assert done.returncode == 0
    assert "finished after" in done.stdout
    assert "100% of the work" in done.stdout
    at_end = steps(json.loads(status("--json").stdout))
    assert all(step["running"] == step["waiting"] == 0 for step in at_end.values())
    assert at_end["ASSIGN_DOMAINS"]["done"] == N_PROTEINS

    # what --dry_run says of these inputs, beside what was done
    assert "CPU time: " in done.stdout
    planned = json.loads((results / "pipeline_info" / "inputs.json").read_text())["estimate"]
    assert {process: cost["tasks"] for process, cost in planned.items()} == dict(tasks(results))


def test_a_folder_without_a_run_is_refused(root, tmp_path):
    done = subprocess.run([sys.executable, root / "tools" / "status.py", tmp_path], text=True, capture_output=True)
    assert done.returncode == 2
    assert "is no run" in done.stderr
