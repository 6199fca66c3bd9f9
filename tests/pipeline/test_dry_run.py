"""--dry_run says what a run would do, and does nothing but list the inputs."""

import re

import pytest

from pipeline.conftest import write_sheet

BOTH = "This was a dry run"
PARSED = ("PREPARE_PROTEINS", "SELECT_CANDIDATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS")
"""Processes with a task for each bucket that two workflows have."""


def tasks_in(text):
    """Number of tasks of each process in a plan, as it is printed."""
    return dict(re.findall(r"^([A-Z_]{4,}) +(\S+)", text, re.MULTILINE))


def started(folder):
    """Names of the tasks that have a folder."""
    scripts = (folder / "work").glob("*/*/.command.run")
    return sorted(re.search(r"### name: '(.+)'", path.read_text())[1] for path in scripts)


def test_a_plan_of_domains_names_inputs_buckets_tasks_and_costs(run, tmp_path, small_proteins, small_store):
    rows = [(name, path, "") for name, path in small_proteins[:6]]
    sheet = write_sheet(tmp_path / "samples.csv", [*rows, ("gone", "gone.pdb", "")])
    said = run("--dry_run", "--input", sheet, "--reference", small_store, "--buckets", 2).stdout
    assert started(tmp_path) == ["INPUTS:LIST_INPUTS"]
    assert {path.name for path in (tmp_path / "results").iterdir()} <= {"unused_files.tsv"}
    assert "Inputs: 6 proteins accepted, 1 rejected\n  gone: there is no file gone.pdb" in said
    assert re.search(r"Buckets: 2, of \d to \d proteins", said)
    # 60 to 80 residues each
    residues = int(re.search(r"Residues: about (\d+), counted in 6 of the files", said)[1])
    assert 6 * 60 <= residues <= 6 * 80
    tasks = tasks_in(said)
    assert {tasks[process] for process in (*PARSED, "ASSIGN_DOMAINS", "DRAW_PROTEINS")} == {"2"}
    assert {tasks[process] for process in ("LIST_INPUTS", "SEARCH_TEMPLATES", "SCORE_DOMAINS", "WRITE_RESULTS")} == {
        "1"
    }
    assert BOTH in said


@pytest.mark.parametrize(
    ("arguments", "expected", "listed"),
    [
        (("-profile", "test", "--workflow", "codons"), {"PREPARE_GENES": "3", "MERGE_COUNTS": "3"}, []),
        (
            ("-profile", "test", "--workflow", "training", "--train_queries", "13", "--buckets", "4"),
            dict.fromkeys(PARSED, "4"),
            ["INPUTS:LIST_INPUTS"],
        ),
        (
            ("--workflow", "reference", "--from", "REFERENCE", "--export", "dpam"),
            {"EXPORT_DPAM": "1"},
            [],
        ),
    ],
)
def test_every_workflow_has_a_plan(root, run, tmp_path, arguments, expected, listed):
    arguments = [root / "assets" / "mini-ecod" if text == "REFERENCE" else text for text in arguments]
    said = run("--dry_run", *arguments).stdout
    assert tasks_in(said).items() >= expected.items()
    assert BOTH in said
    assert started(tmp_path) == listed
