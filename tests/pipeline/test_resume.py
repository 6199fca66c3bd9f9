"""-resume tells the truth: what is unchanged is not run again, what depends on a change is.

The project is copied to a folder whose name has a blank, since a line of its code is changed there.
"""

import shutil

import pytest

from domainflow.kernels import cache
from pipeline.conftest import tasks, tasks_of, write_sheet

PROJECT = (
    "main.nf", "nextflow.config", "nextflow_schema.json", "conf", "functions", "modules", "workflows", "bin", "tools",
    "assets", "requirements.txt",
)  # fmt: skip
"""What a run needs of a checkout."""
N_PROTEINS = 6
BUCKETS = 2


@pytest.fixture
def checkout(root, tmp_path):
    """A copy of the code, compiled kernels included; environment and Nextflow are shared."""
    copy = tmp_path / "a checkout"
    copy.mkdir()
    # files that a test beside this one is just writing have another name until they are done
    unfinished = shutil.ignore_patterns("*.pyc.*", "*.tmp.*")
    for name in PROJECT:
        if (root / name).is_dir():
            shutil.copytree(root / name, copy / name, ignore=unfinished)
        else:
            shutil.copy2(root / name, copy / name)
    for shared_folder in (".venv", ".cache"):
        (copy / shared_folder).symlink_to(root / shared_folder)
    return copy


def test_only_what_depends_on_a_change_runs_again(run, tmp_path, checkout, small_proteins, small_store):
    results = tmp_path / "results"
    rows = [(name, path, "") for name, path in small_proteins]

    def start(n, parameters="v2"):
        sheet = write_sheet(tmp_path / "samples.csv", rows[:n])
        run(
            "-resume", "--input", sheet, "--reference", small_store, "--outdir", results, "--buckets", BUCKETS,
            "--parameters", parameters, project=checkout,
        )  # fmt: skip
        return tasks_of(results, "COMPLETED")

    start(N_PROTEINS)
    assert tasks(results)["PREPARE_PROTEINS"] == BUCKETS

    # nothing changed
    assert start(N_PROTEINS) == set()
    assert tasks(results, "CACHED")["PARSE_DOMAINS"] == BUCKETS

    # one protein added: the list of inputs, the search, the added protein's bucket, the network, the last step
    again = start(N_PROTEINS + 1)
    buckets = {bucket for process, bucket in again if process == "PREPARE_PROTEINS"}
    assert len(buckets) == 1
    (bucket,) = buckets
    per_bucket = ("PREPARE_PROTEINS", "SELECT_CANDIDATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS", "ASSIGN_DOMAINS")
    per_bucket += ("DRAW_PROTEINS",)
    single = ("LIST_INPUTS", "SEARCH_TEMPLATES", "SCORE_DOMAINS", "CHOOSE_PAGES", "WRITE_RESULTS", "REQUIRE_ANSWERS")
    assert again == {*((process, "-") for process in single), *((process, bucket) for process in per_bucket)}

    # one line of the library changed: the process that runs it, and what comes after
    library = checkout / "bin" / "domainflow"
    module = library / "domains" / "evidence" / "support.py"
    module.write_text(module.read_text() + "# one line more\n")
    # no kernel is another one for it: they need not be compiled again
    (library / "__pycache__" / cache.STAMP).write_text(cache._digest(library))
    again = start(N_PROTEINS + 1)
    # its files may say the same as before, then nothing comes after
    after = {"PARSE_DOMAINS", "SCORE_DOMAINS", "ASSIGN_DOMAINS", "CHOOSE_PAGES", "DRAW_PROTEINS", "WRITE_RESULTS"}
    after |= {"REQUIRE_ANSWERS"}
    assert {process for process, _ in again} <= after
    assert tasks(results, "COMPLETED")["PARSE_DOMAINS"] == BUCKETS

    # a parameter of one process changed
    again = {process for process, _ in start(N_PROTEINS + 1, "v1")}
    changed = {"SELECT_CANDIDATES", "PARSE_DOMAINS", "ASSIGN_DOMAINS", "DRAW_PROTEINS", "WRITE_RESULTS"}
    changed |= {"REQUIRE_ANSWERS"}
    assert {*changed, "ALIGN_TEMPLATES", "SCORE_DOMAINS", "CHOOSE_PAGES"} >= again >= changed
