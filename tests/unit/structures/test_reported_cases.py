"""Inputs that users of tools of this field reported: each gives what they would expect (``data/cases``)."""

import csv
import re

import pytest

from domainflow.run.errors import InputError
from domainflow.structures.prepare import prepare_protein


@pytest.fixture(scope="module")
def cases(shared):
    return shared / "data" / "cases"


@pytest.mark.shared
def test_structures_and_pae(cases):
    with (cases / "expected.tsv").open(newline="") as stream:
        expected = {row["id"]: row for row in csv.DictReader(stream, delimiter="\t") if row["input"] == "samples.csv"}
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
