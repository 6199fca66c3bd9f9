"""The inputs and the output of `make demo`, without an internet connection and without a run."""

from pathlib import Path

import pytest

import fetch_demo
import show_demo
from domainflow.domains.results import DomainRow, format_rows
from domainflow.run.ledger import LedgerRow, write_ledger


def domain(protein, residues, t_group):
    texts = dict.fromkeys(DomainRow._fields, "na")
    return DomainRow(**{**texts, "protein": protein, "range": residues, "t_group": t_group, "probability": "0.912"})


@pytest.fixture
def results(tmp_path):
    """Write results of two proteins: one failed; one is as in ECOD except for one T-group and a surplus domain."""
    found = [
        domain("1CDO_B", "1-164,340-374", "236.1.1"),
        domain("1CDO_B", "165-339", "2003.1.2"),
        domain("1CDO_B", "1-2,4-5,7-8,10-11,13-14,16-17", "11.1.1"),
    ]
    rows = [
        LedgerRow("1CDO_B", "ok", "PARSE_DOMAINS", "pae=absent", "374", "3"),
        LedgerRow("1CFB_A", "failed", "ALIGN_TEMPLATES", "its task was killed " * 10, "205"),
    ]
    (tmp_path / "domains.tsv").write_text(format_rows(found))
    write_ledger(tmp_path / "ledger.tsv", rows)
    return tmp_path


def test_known_domains_stand_beside_their_partners(results):
    lines = [line.split() for line in show_demo.report(results)]
    assert ["1CDO_B", "1-164,340-374", "236.1.1", "1-164,340-374", "236.1.1", "0.912", "100", "%", "yes"] in lines
    assert ["165-339", "2003.1.1", "165-339", "2003.1.2", "0.912", "100", "%", "no"] in lines
    assert ["none", "1-2,4-5,7-8,10-11…", "11.1.1", "0.912"] in lines
    assert ["1CFB_A", "1-100", "11.1.1", "none", "0", "%", "no"] in lines


def test_table_fits_100_columns_and_says_where_the_files_are(results):
    lines = list(show_demo.report(results))
    assert max(len(line) for line in lines if str(results) not in line) <= 100
    assert any(line.strip().startswith("failed: its task was killed") for line in lines)
    assert any(line.endswith(str(results / "domains.tsv")) for line in lines)


def test_sheet_without_the_model_has_the_six_chains_of_assets():
    rows = fetch_demo.sheet_rows(with_model=False)
    assert len(rows) == 6
    assert all(Path(structure).is_absolute() and Path(structure).is_file() and not pae for _, structure, pae in rows)


def test_sheet_with_the_model_names_its_pae():
    name, structure, pae = fetch_demo.sheet_rows(with_model=True)[-1]
    assert (name, Path(structure).name, Path(pae).name) == ("D0R0F0", "D0R0F0.pdb", "D0R0F0.json")
