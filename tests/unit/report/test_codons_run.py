"""The report of a codons run: every gene is counted, the numbers are those of the tables, memory has a bound."""

import tracemalloc

import numpy as np
import pyarrow.parquet as pq
import pytest

from codon_results import GENES, RECORD, gene_row, make_results
from domainflow.codons.ledger import read_gene_rows
from domainflow.codons.tables import read_tsv
from domainflow.report import codon_pictures, codon_tables
from domainflow.report.codon_tables import medians
from domainflow.report.codons_run import codons_run
from domainflow.report.gene_rows import MOST_ROWS, read_rows, rows_note
from domainflow.report.write_report import write_report
from report_page import run_inside

LABELS = ("left", "right", "whole (frame)")
MARKUP = '"><img src=x onerror=alert(1)>'
ROWS = [
    gene_row(0, seq_id=MARKUP),
    gene_row(1, codes="C008,C023", reason="no start codon"),
    gene_row(2, status="rejected", codes="C005", reason="it looks like protein", codons="-"),
    gene_row(3, seq_id="-", status="no_gene", step="PREPARE_GENES", length="-", codons="-", file="empty.gb"),
    gene_row(4, status="failed", reason="the task was lost", length="-", codons="-"),
]


@pytest.fixture
def assets(root):
    return root / "assets" / "report"


@pytest.fixture
def results(tmp_path):
    return make_results(tmp_path / "results", ROWS)


def sections_of(run):
    return {section["title"]: section for section in run["sections"]}


def rows_of(section):
    return section["data"]["rows"]


def test_every_gene_is_counted_and_shown(results, assets):
    write_report("codons", results, RECORD, assets)
    run = run_inside(results / "report.html")
    assert {status["name"]: status["number"] for status in run["statuses"]} == {
        "ok": 2, "no_gene": 1, "rejected": 1, "failed": 1,
    }  # fmt: skip
    assert run["rows"]["id"] == [MARKUP, "g1", "g2", "empty.gb", "g4"]
    assert run["rows"]["length"] == [300, 300, 300, None, None]
    assert run["rows"]["reason"] == [None, "no start codon", "it looks like protein", None, "the task was lost"]
    values = {column["name"]: column["values"] for column in run["columns"]}
    assert values["codons"] == [100, 100, None, None, None]
    assert values["codes"] == [None, "C008,C023", "C005", None, None]
    assert run["rows_note"] is None
    assert [row[::2] for row in rows_of(sections_of(run)["Codes"])] == [["C005", 1], ["C008", 1], ["C023", 1]]
    assert "<img" not in (results / "report.html").read_text()


def test_the_page_has_the_tables_and_pictures_of_the_results(results):
    run = codons_run(results, RECORD)
    assert [section["title"] for section in run["sections"]] == [
        "No genes", "Codes", "Indices", "ENC against GC3s", "RSCU, genetic code 11", "Frequent codons of left",
        "Frequent codons of right", "Frequent codons of whole (frame)", "RSCU of all groups, genetic code 11",
        "RSCU of left, genetic code 11", "How the groups differ", "Samples", "Files of the input",
    ]  # fmt: skip
    assert {entry["path"] for entry in run["files"]} >= {"ledger.tsv", "plots", "per_sequence.parquet"}
    assert "translated.faa" not in {entry["path"] for entry in run["files"]}
    samples = rows_of(sections_of(run)["Samples"])
    assert [(row[0], row[-2], row[-1]) for row in samples][:2] == [("lost", None, "no"), ("one", "self", "yes")]
    assert rows_of(sections_of(run)["Files of the input"]) == [["one", "one.fa", "0123456789abcdef…"]]


def test_facts_are_of_the_runs_own_workflow(results):
    record = RECORD | {"parameters": RECORD["parameters"] | {"codon_mode": "cds", "outdir": "/somewhere"}}
    names = [name for name, _ in codons_run(results, record)["facts"]]
    assert names == ["versions", "--codon_mode"]


def test_medians_are_those_of_the_genes_of_a_group(results):
    label_of = dict(zip(("one", "two", "three", "whole"), ("left", "left", *LABELS[1:]), strict=True))
    genes = pq.read_table(results / "per_sequence.parquet").to_pylist()
    found = medians(results / "per_sequence.parquet", label_of)
    assert {label: found[label]["genes"] for label in LABELS} == {"left": 2 * GENES, "right": GENES, LABELS[2]: GENES}
    for label in LABELS:
        for index in ("enc", "cai"):
            values = [gene[index] for gene in genes if label_of[gene["sample"]] == label and gene[index] is not None]
            assert found[label][index] == pytest.approx(np.median(values), abs=1e-4)
        assert found[label]["tai"] is None
    table = sections_of(codons_run(results, RECORD))["Indices"]
    titles = [column["title"] for column in table["data"]["columns"]]
    assert titles == ["group or sample", "genes", "ENC", "CAI", "GC3s", "GC", "Fop", "codons", "samples"]
    assert [row[0] for row in rows_of(table)] == list(LABELS)
    assert rows_of(table)[0][2] == found["left"]["enc"]


def test_usage_is_that_of_the_tables(results):
    sections = sections_of(codons_run(results, RECORD))
    left = {row["codon"]: row for row in read_tsv(results / "group_usage.tsv") if row["group"] == "left"}
    frame = {row["codon"]: row for row in read_tsv(results / "codon_usage.tsv") if row["sample"] == "whole"}
    rscu = rows_of(sections["RSCU, genetic code 11"])
    assert len(rscu) == 61
    assert [row[0] for row in rscu] == sorted(row[0] for row in rscu)
    for _, codon, of_left, _, of_frame in rscu:
        assert of_left == pytest.approx(float(left[codon]["rscu"]), abs=1e-4)
        assert of_frame == pytest.approx(float(frame[codon]["rscu"]), abs=1e-4)
    frequent = rows_of(sections["Frequent codons of left"])
    assert [left[row[0]]["rank"] for row in frequent] == ["1", "2", "3", "4", "5"]
    few = RECORD | {"parameters": {"codon_top": "64", "codon_min_count": frequent[2][2]}}
    assert rows_of(sections_of(codons_run(results, few))["Frequent codons of left"]) == frequent[:3]


def test_the_largest_differences_of_groups_come_first(results, monkeypatch):
    rows = read_tsv(results / "comparison.tsv")
    largest = sorted((float(row["cramers_v"]) for row in rows), reverse=True)
    monkeypatch.setattr(codon_tables, "MOST_DIFFERENCES", 4)
    section = sections_of(codons_run(results, RECORD))["How the groups differ"]
    assert [row[5] for row in rows_of(section)] == largest[:4]
    assert section["note"].endswith(f"; the first 4 of {len(rows)}")


def test_of_many_rows_those_without_a_result_are_kept():
    rows = [gene_row(number) for number in range(20)]
    rows[15] = gene_row(15, status="failed")
    rows[11] = gene_row(11, codes="C010")
    rows[18] = gene_row(18, status="rejected", codes="C001")
    found = read_rows(rows, most=4)
    assert [row.seq_id for row in found.kept] == ["g0", "g11", "g15", "g18"]
    assert found.statuses == {"ok": 18, "failed": 1, "rejected": 1}
    assert found.codes == {"C010": 1, "C001": 1}
    assert rows_note(found).startswith("This table holds 4 of 20 rows")
    assert [row.seq_id for row in read_rows(rows, most=1).kept] == ["g15"]


def test_the_page_says_that_it_holds_a_part_of_the_rows(tmp_path):
    results = make_results(tmp_path / "results", [gene_row(number) for number in range(MOST_ROWS + 7)])
    run = codons_run(results, RECORD)
    assert len(run["rows"]["id"]) == MOST_ROWS
    assert run["statuses"][0]["number"] == MOST_ROWS + 7
    assert "10,000 of 10,007 rows" in run["rows_note"]


def test_memory_does_not_grow_with_the_ledger(tmp_path):
    peaks = []
    for number in (3000, 30_000):
        path = tmp_path / f"{number}.tsv"
        with path.open("w") as stream:
            stream.write("header\n")
            stream.writelines("\t".join(gene_row(place)) + "\n" for place in range(number))
        tracemalloc.start()
        found = read_rows(read_gene_rows(path), most=500)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.statuses.total() == number
    assert peaks[1] < 1.2 * peaks[0]


def test_pictures_have_a_limit(results, monkeypatch):
    monkeypatch.setattr(codon_pictures, "MOST_PICTURES", 1)
    sections = sections_of(codons_run(results, RECORD))
    assert [title for title, section in sections.items() if section["kind"] == "svg"] == ["ENC against GC3s"]
    assert sections["More pictures"]["data"] == [
        "1 of 3 pictures are on this page. The others are in the folder plots."
    ]
    monkeypatch.setattr(codon_pictures, "MOST_PICTURES", 9)
    monkeypatch.setattr(codon_pictures, "MOST_BYTES", 10)
    kinds = [section["kind"] for section in codons_run(results, RECORD)["sections"]]
    assert "svg" not in kinds


def test_without_pictures_or_genes_the_page_says_so(results):
    for path in [*(results / "plots").iterdir(), results / "per_sequence.parquet"]:
        path.unlink()
    (results / "plots").rmdir()
    run = codons_run(results, RECORD)
    assert "svg" not in {section["kind"] for section in run["sections"]}
    assert "--codon_per_sequence false" in sections_of(run)["Indices"]["note"]
    assert "plots" not in {entry["path"] for entry in run["files"]}


def test_nothing_counted_gives_a_page_as_well(tmp_path):
    results = make_results(tmp_path / "results", [gene_row(0, seq_id="-", status="failed", length="-", codons="-")])
    (results / "summary.json").write_text('{"samples": [{"sample": "one", "complete": false}]}')
    for name in ("codon_usage", "group_usage", "comparison"):
        header = (results / f"{name}.tsv").read_text().splitlines()[0]
        (results / f"{name}.tsv").write_text(header + "\n")
    genes = pq.read_table(results / "per_sequence.parquet")
    pq.write_table(genes.slice(0, 0), results / "per_sequence.parquet")
    run = codons_run(results, RECORD)
    assert run["rows"]["id"] == ["one.fa"]
    assert rows_of(sections_of(run)["Indices"]) == []


def test_equal_results_give_equal_bytes(tmp_path, assets):
    pages = []
    for name in ("a", "b"):
        results = make_results(tmp_path / name, ROWS)
        write_report("codons", results, RECORD | {"parameters": RECORD["parameters"] | {"outdir": name}}, assets)
        pages.append((results / "report.html").read_bytes())
    assert pages[0] == pages[1]
