"""Inputs that users of tools of this field reported: each gives what they would expect (``data/cases``)."""

import csv
import re

import pytest

from domainflow.inputs.list_inputs import list_inputs
from domainflow.run.errors import InputError
from domainflow.structures.prepare import ProteinFiles, prepare_input, prepare_protein


@pytest.fixture(scope="module")
def cases(shared):
    return shared / "data" / "cases"


@pytest.fixture(scope="module")
def expected(cases):
    """Rows of the table of expectations."""
    with (cases / "expected.tsv").open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


@pytest.mark.shared
def test_structures_and_pae(cases, expected):
    expected = {row["id"]: row for row in expected if row["input"] == "samples.csv"}
    with (cases / "samples.csv").open(newline="") as stream:
        given = list(csv.DictReader(stream))
    assert {row["id"] for row in given} == set(expected)
    wrong = []
    for row in given:
        wanted = expected[row["id"]]
        pae = cases / row["pae"] if row["pae"] else None
        try:
            protein = prepare_protein(row["id"], cases / row["structure"], pae)
            status, words, length = "accepted", "; ".join(protein.notes), str(len(protein))
        except InputError as error:
            status, words, length = "rejected", str(error), "-"
        fits = wanted["expected_status"].startswith(status) or "these words" in wanted["expected_status"]
        if wanted["expected_words"] != "-" and not (status == "accepted" and "accepted" in wanted["expected_status"]):
            fits = fits and re.search(wanted["expected_words"], words) is not None
        if status == "accepted":
            fits = fits and wanted["expected_length"] in ("-", length) and ("absent" in words) == (pae is None)
        if not fits:
            wrong.append(f"{row['id']}: {status} {length}: {words}")
    assert wrong == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["folders/nested", "folders/loose"])
def test_folders(cases, expected, tmp_path, name):
    """Every expected protein is found, with its PAE if the folder has it."""
    wanted = {row["id"]: row for row in expected if row["input"] == name}
    inputs = list_inputs(cases / name, "folder", tmp_path, None)
    rows = {row.id: row for row in inputs.rows}
    assert rows.keys() == wanted.keys()
    for row in rows.values():
        pae = cases / name / row.pae if row.pae else None
        protein = prepare_input(ProteinFiles(row.id, cases / name / row.structure, pae, not row.found))
        assert wanted[row.id]["expected_length"] in ("-", str(len(protein)))
        if "pae=present" in wanted[row.id]["also"] or row.id in ("af2_local", "boltz"):
            assert protein.pae is not None


@pytest.mark.shared
def test_sheets_and_a_lone_structure(cases, tmp_path):
    found = {}
    for name in ("x01_semicolon.csv", "x04_utf16.csv", "sub/x12_paths_from_launch.csv", "models/a.pdb"):
        inputs = list_inputs(cases / "sheets" / name, name.rpartition("/")[2], tmp_path, None)
        found[name] = [(row.id, row.structure, row.reason) for row in inputs.rows]
    assert found == {
        "x01_semicolon.csv": [("a", "models/a.pdb", None), ("b", "models/b.pdb", None)],
        "x04_utf16.csv": [("a", "models/a.pdb", None)],
        "sub/x12_paths_from_launch.csv": [("a", "models/a.pdb", None)],
        "models/a.pdb": [("a", "a.pdb", None)],
    }
    with pytest.raises(InputError, match="spreadsheet; save it as CSV"):
        list_inputs(cases / "sheets" / "x14_excel.xlsx", "x14_excel.xlsx", tmp_path, None)
