"""A run that is split (--stop_after, --start_from) has the results of a whole one, and repeats nothing."""

import shutil

import pytest

from pipeline.conftest import read_table, tasks, write_sheet

RESULTS = ("domains.tsv", "dpam_domains.tsv", "ledger.tsv", "report.html")


@pytest.fixture(scope="module")
def given(small_proteins, small_store, tmp_path_factory):
    """Options of a run on four proteins, one of which is no protein."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "bad.pdb").write_text("nothing\n")
    rows = [(name, path, "") for name, path in small_proteins[:9:3]]
    sheet = write_sheet(folder / "samples.csv", [*rows, ("bad", folder / "bad.pdb", ""), ("gone", "gone.pdb", "")])
    return ("--input", sheet, "--reference", small_store, "--buckets", 2)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def searched(run_in, given, tmp_path_factory):
    """Folder of a run that stopped after the search."""
    folder = tmp_path_factory.mktemp("search")
    done = run_in(folder, *given, "--stop_after", "search")
    assert "5 proteins: 3 passed, 2 rejected, 0 failed" in done.stdout
    assert "Stopped after search; go on with --start_from results" in done.stdout
    return folder


def test_a_run_in_three_parts_has_the_results_of_a_whole_one(run_in, given, searched, tmp_path):
    whole = tmp_path / "whole"
    whole.mkdir()
    run_in(whole, *given)

    # the parts lie elsewhere, as on another machine; each needs nothing of the one before but its phase
    phase = shutil.copytree(searched / "results" / "phases" / "search", tmp_path / "copied")
    second = tmp_path / "second"
    second.mkdir()
    run_in(second, *given[2:4], "--start_from", phase, "--stop_after", "parse")
    did = tasks(second / "results")
    assert did["ALIGN_TEMPLATES"] == did["PARSE_DOMAINS"] == did["RESTORE_PART"] - 1 == 2
    assert not did.keys() & {"LIST_INPUTS", "PREPARE_PROTEINS", "SEARCH_TEMPLATES", "SCORE_DOMAINS"}

    third = tmp_path / "third"
    third.mkdir()
    run_in(third, *given[2:4], "--start_from", second / "results", "--outdir", "end")
    assert not tasks(third / "end").keys() & {"SEARCH_TEMPLATES", "ALIGN_TEMPLATES", "PARSE_DOMAINS"}
    for name in RESULTS:
        assert (third / "end" / name).read_bytes() == (whole / "results" / name).read_bytes(), name


def test_stopping_twice_changes_nothing(run_in, given, searched):
    phase = searched / "results" / "phases" / "search"
    before = contents(phase)
    assert (phase / "DONE").read_text() == "search\n"
    run_in(searched, *given, "--stop_after", "search")
    assert contents(phase) == before


def test_another_parameter_and_a_changed_byte_end_the_run(run_in, given, searched, tmp_path):
    phase = shutil.copytree(searched / "results" / "phases" / "search", tmp_path / "search")
    done = run_in(tmp_path, *given[2:4], "--start_from", phase, "--leave_out", "related", succeed=False)
    assert "--leave_out was none and is related; give it as before" in done.stdout
    assert "ALIGN_TEMPLATES" not in done.stdout

    part = next(phase.glob("bucket-*.tar"))
    content = bytearray(part.read_bytes())
    content[700] ^= 1
    part.write_bytes(content)
    done = run_in(tmp_path, *given[2:4], "--start_from", phase, succeed=False)
    assert f"{part.name} is not the file that the phase wrote" in done.stdout
    assert "WRITE_RESULTS" not in done.stdout


def test_the_ledger_so_far_says_what_became_of_each_input(searched):
    ledger = read_table(searched / "results" / "phases" / "search" / "ledger.tsv")
    assert [(row["status"], row["step"]) for row in ledger] == [
        *[("passed", "SELECT_CANDIDATES")] * 3, ("rejected", "PREPARE_PROTEINS"), ("rejected", "INPUT"),
    ]  # fmt: skip


def test_training_goes_on_with_proteins_that_are_parsed(run, tmp_path, small_store):
    run("-stub", "--workflow", "training", "--reference", small_store, "--stop_after", "parse")
    assert tasks(tmp_path / "results").keys() >= {"MAKE_TRAINING_QUERIES", "PARSE_DOMAINS", "WRITE_PHASE"}
    given = ("--workflow", "training", "--reference", small_store, "--start_from", "results", "--outdir", "end")
    run("-stub", *given)
    done = tasks(tmp_path / "end")
    assert done["TRAIN_DOMASS"] == done["WRITE_TRAINING_LEDGER"] == done["CHECK_PHASE"] == 1
    assert not done.keys() & {"MAKE_TRAINING_QUERIES", "SEARCH_TEMPLATES", "PARSE_DOMAINS"}
