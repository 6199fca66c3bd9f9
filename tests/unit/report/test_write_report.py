"""The report of each workflow, from the files of its results."""

import zipfile

import pytest

from domainflow.domains.results import DomainRow, format_rows
from domainflow.reference.ledger import ReferenceLedgerRow, write_reference_ledger
from domainflow.report.draw_protein import write_members
from domainflow.report.packing import pack
from domainflow.report.run_facts import PARAMETERS, facts
from domainflow.report.write_report import RUNS, report_may_fail, write_domains_report, write_report
from domainflow.run.ledger import LedgerRow, write_ledger
from domainflow.templates.store import TemplateStore
from report_page import pages_inside, run_inside

RECORD = {
    "parameters": {"parameters": "v2", "search_engine": "native", "outdir": "results", "compat": None},
    "versions": {"numpy": "2.4"},
    "files": {"templates.arrow": "0123456789abcdef0123"},
    "engines": {},
}
MARKUP = '"><img src=x onerror=alert(1)>'
"""A rejected input may have any name."""


@pytest.fixture
def assets(root):
    return root / "assets" / "report"


def domain(protein, name, label, probability):
    values = dict.fromkeys(DomainRow._fields, "na") | {"helices": "2", "strands": "2", "parts": "D1", "length": "60"}
    given = {"protein": protein, "domain": name, "label": label, "probability": probability, "range": "1-60"}
    return DomainRow(**values | given | {"assignment": "full", "plddt": "81.5", "t_group": "1.1.1", "clarity": "good"})


@pytest.fixture
def results(tmp_path):
    """Tables of a run on five inputs, and drawn pages of three of them in two buckets."""
    folder, parts = tmp_path / "results", tmp_path / "parts"
    folder.mkdir()
    parts.mkdir()
    rows = [LedgerRow(name, "ok", "ASSIGN_DOMAINS", "-", "80", "1") for name in ("sure", "weak")]
    rows += [
        LedgerRow("empty", "no_domain", "ASSIGN_DOMAINS", "pae=absent", "70", "0"),
        LedgerRow(MARKUP, "rejected", "INPUT", "its name is not allowed"),
        LedgerRow("lost", "failed", "ALIGN_TEMPLATES", "it was killed", "90"),
    ]
    write_ledger(folder / "ledger.tsv", rows)
    domains = [domain("sure", "nD1", "good_domain", "0.99"), domain("weak", "nD1", "low_confidence", "0.3")]
    (folder / "domains.tsv").write_text(format_rows(domains))
    for bucket, names in (("bucket-0000", ["sure", "lost"]), ("bucket-0001", ["empty", "weak"])):
        members = [
            member
            for name in names
            for member in ((f"pages/{name}", pack({"id": name})), (f"view/{name}.pml", name.encode()))
        ]
        write_members(parts / f"{bucket}.pages.zip", members)
    return folder, parts


def test_the_most_doubtful_have_pages(results, assets):
    folder, parts = results
    write_domains_report(folder, RECORD, parts, assets, most=2, embed=10**6)
    assert [page["id"] for page in pages_inside(folder / "report.html")] == ["weak", "sure"]
    assert {path.name for path in (folder / "view").iterdir()} == {"weak.pml", "sure.pml"}
    assert (folder / "view" / "weak.pml").read_text() == "weak"


def test_what_does_not_fit_lies_beside(results, assets):
    folder, parts = results
    write_domains_report(folder, RECORD, parts, assets, most=9, embed=0)
    assert pages_inside(folder / "report.html") == []
    # a protein that failed after it was drawn has no page
    assert len(list((folder / "report_data").iterdir())) == 3


def test_a_protein_that_could_not_be_drawn_says_why(results, assets):
    folder, parts = results
    write_members(parts / "bucket-0000.pages.zip", [], {"sure": "its numbers are odd"})
    (parts / "bucket-0001.pages.zip").unlink()
    write_domains_report(folder, RECORD, parts, assets, most=3, embed=10**6)
    (section,) = run_inside(folder / "report.html")["sections"]
    (first, lost), (second, cause), (third, _) = section["data"]["rows"]
    assert [first, second, third] == ["weak", "sure", "empty"]
    assert cause == "its numbers are odd"
    assert lost.startswith("its task of DRAW_PROTEINS did not finish")


def test_every_input_is_a_row_and_no_name_is_markup(results, assets):
    folder, parts = results
    write_domains_report(folder, RECORD, parts, assets, most=0, embed=0)
    run = run_inside(folder / "report.html")
    assert run["rows"]["id"] == ["sure", "weak", "empty", MARKUP, "lost"]
    assert run["rows"]["status"] == ["ok", "ok", "no_domain", "rejected", "failed"]
    assert run["rows"]["length"] == [80, 80, 70, None, 90]
    assert run["rows"]["plddt"] == [81.5, 81.5, None, None, None]
    assert run["domains"]["row"] == [0, 1]
    assert run["domains"]["doubt"][0] < run["domains"]["doubt"][1]
    assert "<img" not in (folder / "report.html").read_text()
    assert ["templates.arrow", "0123456789abcdef…"] in run["facts"]
    assert not any("results" in value for _, value in run["facts"]), "the same run elsewhere has the same report"


def test_a_reference_says_what_became_of_its_table(root, tmp_path, assets):
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    store.subset(range(5), tmp_path / "templates.arrow")
    ledger = [ReferenceLedgerRow(uid, store.template_id(row), "ok") for row, uid in enumerate(store.uids[:5])]
    ledger.append(ReferenceLedgerRow("x", "e9xyzA1", "left_out", "there is no structure file of entry 9xyz"))
    write_reference_ledger(tmp_path / "ledger.tsv", ledger)
    counts = {"templates": 5, "residues": 600, "t_groups": 3, "h_groups": 3, "with_self_z": 5, "with_weights": 4}
    write_report("reference", tmp_path, RECORD | {"counts": counts | {"with_homologues": 2}}, assets)
    run = run_inside(tmp_path / "report.html")
    assert run["workflow"] == "reference"
    assert run["rows"]["status"] == ["ok"] * 5 + ["left_out"]
    assert run["rows"]["length"] == [*store.lengths[:5].tolist(), None]
    assert [section["title"] for section in run["sections"]] == ["Contents", "Largest T-groups"]
    assert sum(number for _, number, _ in run["sections"][1]["data"]["rows"]) == 5


def test_a_training_says_how_good_its_network_is(tmp_path, assets):
    write_ledger(tmp_path / "ledger.tsv", [LedgerRow("a", "ok", "PARSE_DOMAINS", "-", "80")])
    (tmp_path / "report.md").write_text("Trained on 9 rows.\n\n| limit | right |\n|---|---|\n| 0.85 | 97% |\n")
    (tmp_path / "reliability.svg").write_text("<svg/>")
    write_report("training", tmp_path, RECORD, assets)
    sections = run_inside(tmp_path / "report.html")["sections"]
    assert [section["kind"] for section in sections] == ["text", "table", "svg"]
    assert sections[1]["data"]["rows"] == [["0.85", "97%"]]


def test_the_workflows_with_a_report_are_registered():
    assert list(RUNS) == ["domains", "reference", "training", "codons"]
    assert set(RUNS) == set(PARAMETERS)


@pytest.mark.parametrize(
    ("workflow", "shown"),
    [
        ("domains", ["--search_engine"]),
        ("training", ["--search_engine", "--seed"]),
        ("reference", ["--structures"]),
        ("codons", ["--codon_mode"]),
    ],
)
def test_a_run_lists_the_parameters_of_its_own_workflow(workflow, shown):
    given = {"seed": "1", "search_engine": "native", "structures": "pdb", "codon_mode": "cds", "leave_out": "none"}
    assert [name for name, _ in facts(workflow, {"parameters": given}) if name.startswith("--")] == shown


def test_every_parameter_shown_exists(root):
    schema = (root / "nextflow_schema.json").read_text()
    assert [name for names in PARAMETERS.values() for name in names if f'"{name}": {{' not in schema] == []


def test_members_have_no_time_of_their_own(tmp_path):
    for name in ("a", "b"):
        write_members(tmp_path / f"{name}.zip", [("pages/x", b"1"), ("view/x.pml", b"text")])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a.zip").testzip() is None


def test_a_fault_of_the_report_costs_the_report_alone(tmp_path):
    (tmp_path / "summary.txt").write_text("1 protein\n")
    with report_may_fail(tmp_path):
        (tmp_path / "report.html").write_text("<html>")
        raise ValueError("NaN is no JSON")
    assert not (tmp_path / "report.html").exists()
    assert (tmp_path / "summary.txt").read_text() == (
        "1 protein\nreport.html could not be written (NaN is no JSON). All other results are complete.\n"
    )


def test_a_full_disk_ends_the_task(tmp_path):
    with pytest.raises(OSError, match="no space"), report_may_fail(tmp_path):
        raise OSError(28, "no space left on device")
