"""Tables between processes: they are read back as written."""

import numpy as np
import pandas as pd
import pytest

from domainflow.domains import tables
from domainflow.domains.domass.feature_tables import read_features, write_predictions
from domainflow.domains.rows import DomassRow, ParsedDomain, SearchHit, TemplateMapping
from domainflow.sequences.hhr import ReportValues

MAPPING = TemplateMapping(
    "1AAA_A_1", "000000001", "e1aaaA1", ReportValues("95.50", "1E-05", "50.00", "40", "20%", "0.2", "30.0"), 0.475, 0.5,
    np.array([3, 4, 5, 9]), np.array([5, 6, 7, 8]), "A:5-8",
)  # fmt: skip
FEATURE = DomassRow(
    "D1", "1-40", "1.1.1", "000000001", 40, 3, 4, 0.955, 0.475, 0.1, 0.9, 0.59, 0.5, 0.5, 0.1, 2.21, 0.95, "1AAA_A_1",
    "000000001_1", "1.0,0.0,0.0", "0.0,1.0,0.0", "0.0,0.0,1.0", "1.0,2.0,3.0", "3-36,39-42", "na",
)  # fmt: skip


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "table.tsv"


def test_mappings_keep_the_reports_text_and_the_order_of_pairs(path):
    tables.write_mappings(path, {"a": [MAPPING, MAPPING._replace(uid="000000002")], "b": []})
    (protein, rows), *rest = tables.read_mappings(path).items()
    assert (protein, rest) == ("a", [])
    assert same(rows[0], MAPPING)
    assert rows[1].uid == "000000002"


def test_filtered_hits_and_candidates(path):
    hits = {"a": [SearchHit("000000001", 4.592e-03, 176, 252), SearchHit("000000001", 1e-10, 1, 20)]}
    tables.write_filtered(path, hits)
    assert tables.read_filtered(path) == hits
    tables.write_candidates(path, {"a": ["000000001", "000000007"], "1e5": ["000000002"]})
    assert tables.read_candidates(path) == {"a": ["000000001", "000000007"], "1e5": ["000000002"]}


def test_templates_left_out(path):
    tables.write_left_out(path, {"a": ["000000001", "000000007"], "b": []})
    assert tables.read_left_out(path) == {"a": {"000000001", "000000007"}}


def test_domains_come_back_with_their_residues(path):
    tables.write_domains(
        path, {"a": [ParsedDomain("D1", np.arange(1, 41), "pae"), ParsedDomain("D2", np.array([50, 51, 60]), "pae")]}
    )
    (first, second) = tables.read_domains(path)["a"]
    assert (first.domain, second.domain) == ("D1", "D2")
    assert second.range.tolist() == [50, 51, 60]
    assert second.evidence == "pae"


def test_predictions_are_features_with_a_probability(path, tmp_path):
    tables.write_rows(path, DomassRow, {"a": [FEATURE], "b": [FEATURE, FEATURE._replace(domain="D2")]})
    scored = tmp_path / "scored.tsv"
    scores = {"a": np.array([0.93214], np.float32), "b": np.array([0.5, 1.0], np.float32)}
    write_predictions(scored, read_features(path), scores)
    found = tables.read_predictions(scored)
    assert found["a"] == [(FEATURE, 0.9321)]
    assert [prediction.probability for prediction in found["b"]] == [0.5, 1.0]
    assert found["b"][1].row.domain == "D2"


@pytest.mark.parametrize(
    ("write", "read"),
    [
        (tables.write_mappings, tables.read_mappings), (tables.write_filtered, tables.read_filtered),
        (tables.write_candidates, tables.read_candidates), (tables.write_domains, tables.read_domains),
    ],
)  # fmt: skip
def test_a_table_of_nothing_has_a_header(path, write, read):
    write(path, {})
    assert path.read_text().startswith("protein\t")
    assert read(path) == {}


def test_names_that_look_like_nothing_stay_names(path):
    hits = pd.DataFrame({"query": ["NA"], "target": ["000000001"], "evalue": [1e-3], "qstart": [1], "qend": [30]})
    tables.write_hits(path, [("NA", hits)])
    assert list(tables.read_hits(path)) == ["NA"]
