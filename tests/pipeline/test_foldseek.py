"""Foldseek in a run: it is looked for first, its database is made where there is none, and a reference keeps one."""

import os
import shutil
from pathlib import Path

import pytest

from pipeline.conftest import tasks, trace, write_sheet

NOTICE = "The reference has no Foldseek database, so this run makes one"


@pytest.fixture
def sheet(tmp_path, small_proteins):
    return write_sheet(tmp_path / "s.csv", [(name, path, "") for name, path in small_proteins[:2]])


def test_a_run_makes_the_database_that_it_lacks(run, tmp_path, sheet, small_store):
    given = ("-stub", "--input", sheet, "--reference", small_store, "--search_engine", "foldseek")
    done = run(*given)
    assert NOTICE in done.stdout
    assert {"CHECK_ENGINE": 1, "BUILD_FOLDSEEK_DATABASE": 1, "SEARCH_TEMPLATES": 1}.items() <= tasks(
        tmp_path / "results"
    ).items()

    (tmp_path / "db").write_text("")
    done = run(*given, "--foldseek_db", tmp_path / "db")
    assert NOTICE not in done.stdout
    assert "BUILD_FOLDSEEK_DATABASE" not in tasks(tmp_path / "results")


def test_a_reference_keeps_its_database(run, tmp_path, sheet, small_store):
    (tmp_path / "ref").mkdir()
    shutil.copy(small_store, tmp_path / "ref" / "templates.arrow")
    run("-stub", "--workflow", "reference", "--from", "ref", "--foldseek", "--outdir", "ref")
    assert {path.name for path in (tmp_path / "ref" / "foldseek").iterdir()} >= {"templates", "templates.version"}
    run("-stub", "--input", sheet, "--reference", "ref", "--search_engine", "foldseek")
    assert "BUILD_FOLDSEEK_DATABASE" not in tasks(tmp_path / "results")


def test_without_the_program_the_run_ends_at_its_start(run, tmp_path, sheet, small_store):
    folders = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if not Path(folder, "foldseek").exists())
    done = run(
        "--input", sheet, "--reference", small_store, "--search_engine", "foldseek", succeed=False, env={"PATH": path}
    )  # fmt: skip
    assert "foldseek cannot be found: put it on the PATH" in done.stdout + done.stderr
    results = tmp_path / "results"
    (check,) = [row for row in trace(results) if row["process"] == "CHECK_ENGINE"]
    assert (check["status"], check["exit"]) == ("FAILED", "127")
    assert "SEARCH_TEMPLATES" not in tasks(results)
    assert not (results / "domains.tsv").exists()
