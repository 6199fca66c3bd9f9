"""Inputs that users of tools of this field reported, through whole runs: what they would expect (``data/cases``)."""

import re
from functools import partial

import pytest

from pipeline.conftest import read_table

pytestmark = pytest.mark.shared
ACCEPTED = ("ok", "no_domain")


@pytest.fixture(scope="module")
def cases(shared):
    return shared / "data" / "cases"


@pytest.fixture(scope="module")
def ledger_of(run_in, cases, small_store, tmp_path_factory):
    """Run `main.nf` on an input of the cases; return the rows of the ledger by protein."""

    def start(name, *options):
        folder = tmp_path_factory.mktemp("cases")
        run_in(folder, "--input", cases / name, "--reference", small_store, "--buckets", 2, *options)
        rows = read_table(folder / "results" / "ledger.tsv")
        ledger = {row["protein"]: row for row in rows}
        assert len(ledger) == len(rows)
        return ledger

    return start


def complaints(ledger, expected, name):
    """What of an input's ledger is not as expected."""
    wanted = {row["id"]: row for row in expected if row["input"] == name}
    assert ledger.keys() == wanted.keys()
    return [row for protein, row in ledger.items() if not as_expected(row, wanted[protein])]


def as_expected(row, wanted):
    """Whether a row of the ledger is what the table expects."""
    said = partial(re.search, wanted["expected_words"], row["reason"])
    if row["status"] in ACCEPTED:
        length_fits = wanted["expected_length"] in ("-", row["length"])
        return length_fits and ("accepted" in wanted["expected_status"] or said() is not None)
    named = "these words" in wanted["expected_status"] or wanted["expected_status"] == "rejected"
    return row["status"] == "rejected" and named and said() is not None


@pytest.fixture(scope="module")
def expected(cases):
    return read_table(cases / "expected.tsv")


def test_structures_and_pae_of_a_samplesheet(ledger_of, expected):
    ledger = ledger_of("samples.csv")
    assert complaints(ledger, expected, "samples.csv") == []
    # what is changed or left out is said
    assert "first of 2" in ledger["s11_vmd_frames_end_only"]["reason"]
    assert "read as the parent" in ledger["s24_ter_in_chain_then_mse"]["reason"]


@pytest.mark.parametrize("name", ["folders/nested", "folders/loose"])
def test_folders(ledger_of, expected, name):
    ledger = ledger_of(name)
    assert complaints(ledger, expected, name) == []
    assert {row["status"] for row in ledger.values()} <= set(ACCEPTED)


@pytest.mark.parametrize("name", ["sub/x12_paths_from_launch.csv", "models/a.pdb"])
def test_sheets_and_a_lone_structure(run, tmp_path, cases, small_store, name):
    """A sheet of another place is read where its paths can be found: in its folder, or in the folder of the launch."""
    (tmp_path / "models").symlink_to(cases / "sheets" / "models")
    run("--input", cases / "sheets" / name, "--reference", small_store, "--buckets", 1)
    (row,) = read_table(tmp_path / "results" / "ledger.tsv")
    assert row["protein"] == "a"
    assert row["status"] in ACCEPTED
