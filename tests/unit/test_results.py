"""The tables a user reads."""

import numpy as np

from domainflow.hits import StructureHit
from domainflow.ledger import LedgerRow
from domainflow.ranges import parse_range
from domainflow.results import DomainRow, best_template, format_rows, parse_rows, summary


def hit(uid, z, query):
    residues = parse_range(query)
    return StructureHit(
        f"{uid}_1", uid, f"e{uid}", "1.1", z, -1, -1, -1, 1.0, residues, residues, ("na", "na", "na"), "na"
    )


def test_a_domain_is_named_by_what_fits_all_of_it():
    whole_chain, one_domain = hit("1", 12.0, "1-30,101-200"), hit("2", 9.0, "1-95")
    best, coverage = best_template(np.arange(1, 101), [whole_chain, one_domain])
    assert best.uid == "2"
    assert coverage == 0.95


def test_the_first_of_equals_is_taken():
    best, _ = best_template(np.arange(1, 51), [hit("1", 5.0, "1-50"), hit("2", 5.0, "1-50")])
    assert best.uid == "1"


def test_a_domain_no_alignment_touches_has_no_template():
    assert best_template(np.arange(1, 51), [hit("1", 5.0, "60-90")]) is None


def test_rows_come_back_as_they_were():
    row = DomainRow(*[f"value {n}" for n in range(len(DomainRow._fields))])
    assert parse_rows(format_rows([row])) == [row]


def test_summary_counts_and_names_what_has_no_answer():
    ledger = [
        LedgerRow("a", "ok", "PARSE_DOMAINS", length="100", domains="3"),
        LedgerRow("b", "rejected", "PREPARE", "the file is empty"),
        LedgerRow("c", "no_domain", "PARSE_DOMAINS", domains="0"),
    ]
    assert summary(ledger).splitlines() == [
        "3 proteins: 1 ok, 1 no_domain, 1 rejected, 0 failed",
        "3 domains",
        "rejected: b at PREPARE: the file is empty",
    ]


def test_a_long_list_is_cut_with_a_word_where_the_rest_is():
    lines = summary([LedgerRow(f"p{n}", "failed", "DALI_ALIGN", "lost") for n in range(50)]).splitlines()
    assert len(lines) == 2 + 20 + 1
    assert "30 more in ledger.tsv" in lines[-1]
