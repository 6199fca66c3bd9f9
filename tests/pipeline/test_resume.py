"""-resume tells the truth: what is unchanged is not run again, what depends on a change is.

The project is copied to a folder whose name has a blank, since a line of its code is changed there.
"""

import shutil

import pytest

from pipeline.conftest import tasks, tasks_of, write_sheet

N_PROTEINS = 64
BUCKETS = 16


@pytest.fixture
def checkout(root, tmp_path):
    """A copy of the code, compiled kernels included; environment and Nextflow are shared."""
    copy = tmp_path / "a checkout"
    ignore = shutil.ignore_patterns(".git", ".venv", ".cache", "results", "work", ".nextflow*", ".pytest_cache")
    shutil.copytree(root, copy, ignore=ignore)
    for shared_folder in (".venv", ".cache"):
        (copy / shared_folder).symlink_to(root / shared_folder)
    return copy


def test_only_what_depends_on_a_change_runs_again(run, tmp_path, checkout, small_proteins, small_store):
    results = tmp_path / "results"
    rows = [(name, path, "") for name, path in small_proteins]

    def start(n):
        sheet = write_sheet(tmp_path / "samples.csv", rows[:n])
        run(
            "-resume", "--input", sheet, "--reference", small_store, "--outdir", results, "--parameters", "v2",
            project=checkout,
        )  # fmt: skip
        return tasks_of(results, "COMPLETED")

    start(N_PROTEINS)
    n_buckets = tasks(results)["PREPARE_PROTEINS"]
    assert BUCKETS // 2 < n_buckets <= BUCKETS

    # nothing changed
    assert start(N_PROTEINS) == set()
    assert tasks(results, "CACHED")["PARSE_DOMAINS"] == n_buckets

    # one protein added: the search, the added protein's bucket, the network, the last step
    again = start(N_PROTEINS + 1)
    buckets = {bucket for process, bucket in again if process == "PREPARE_PROTEINS"}
    assert len(buckets) == 1
    (bucket,) = buckets
    per_bucket = ("PREPARE_PROTEINS", "SELECT_CANDIDATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS", "ASSIGN_DOMAINS")
    single = ("SEARCH_TEMPLATES", "SCORE_DOMAINS", "WRITE_RESULTS")
    assert again == {*((process, "-") for process in single), *((process, bucket) for process in per_bucket)}

    # one line of the library changed: the process that runs it, and what comes after
    module = checkout / "bin" / "domainflow" / "support.py"
    module.write_text(module.read_text() + "# one line more\n")
    again = start(N_PROTEINS + 1)
    # its files may say the same as before, then nothing comes after
    assert {process for process, _ in again} <= {"PARSE_DOMAINS", "SCORE_DOMAINS", "ASSIGN_DOMAINS", "WRITE_RESULTS"}
    assert tasks(results, "COMPLETED")["PARSE_DOMAINS"] == tasks(results)["PREPARE_PROTEINS"]

    # a parameter of one process changed
    sheet = tmp_path / "samples.csv"
    run(
        "-resume", "--input", sheet, "--reference", small_store, "--outdir", results, "--parameters", "v1",
        project=checkout,
    )  # fmt: skip
    again = {process for process, _ in tasks_of(results, "COMPLETED")}
    changed = {"SELECT_CANDIDATES", "PARSE_DOMAINS", "ASSIGN_DOMAINS", "WRITE_RESULTS"}
    assert {*changed, "ALIGN_TEMPLATES", "SCORE_DOMAINS"} >= again >= changed
