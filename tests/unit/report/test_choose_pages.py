"""Which proteins have a page: the most doubtful, and a few without a domain."""

import subprocess
import sys

import pytest

from domainflow.domains.results import DomainRow, format_rows
from domainflow.report.choose_pages import Candidate, candidates_of, chosen_proteins
from domainflow.run.ledger import LedgerRow, write_ledger

PARSED = [Candidate(f"p{k:02d}", 100, k / 50) for k in range(40)]
EMPTY = [Candidate(f"e{k:02d}", 100 + k, None) for k in range(40)]


def test_proteins_without_a_domain_get_a_tenth_of_the_pages():
    chosen = chosen_proteins([*EMPTY, *PARSED], 20)
    assert chosen == [f"p{k:02d}" for k in range(39, 21, -1)] + ["e39", "e38"]


@pytest.mark.parametrize(
    ("candidates", "most", "parsed", "empty"),
    [
        ([*PARSED, *EMPTY], 100, 40, 40),
        ([*PARSED, *EMPTY], 60, 40, 20),
        ([*PARSED, *EMPTY[:1]], 40, 39, 1),
        (PARSED, 30, 30, 0),
        (EMPTY, 30, 0, 30),
        ([*PARSED, *EMPTY], 9, 9, 0),
        ([*PARSED, *EMPTY], 0, 0, 0),
        ([], 5, 0, 0),
    ],
)
def test_no_page_is_left_unused(candidates, most, parsed, empty):
    chosen = chosen_proteins(candidates, most)
    assert sum(name.startswith("p") for name in chosen) == parsed
    assert sum(name.startswith("e") for name in chosen) == empty


def test_the_choice_does_not_depend_on_the_order():
    assert chosen_proteins([*PARSED, *EMPTY], 20) == chosen_proteins([*EMPTY[::-1], *PARSED[::-1]], 20)


def test_the_weakest_domain_counts_and_what_failed_cannot_be_drawn():
    ledger = [
        LedgerRow("two", "ok", "ASSIGN_DOMAINS", length="300"),
        LedgerRow("none", "no_domain", "ASSIGN_DOMAINS", length="90"),
        LedgerRow("lost", "failed", "ASSIGN_DOMAINS"),
    ]
    given = dict.fromkeys(DomainRow._fields, "na") | {"protein": "two", "clarity": "good"}
    rows = [
        DomainRow(**given | {"label": "good_domain", "probability": "0.9"}),
        DomainRow(**given | {"label": "low_confidence", "probability": "0.5"}),
    ]
    assert candidates_of(ledger, rows) == [Candidate("two", 300, 0.85), Candidate("none", 90, None)]


@pytest.mark.parametrize("buckets", [1, 3])
def test_the_choice_is_the_same_for_any_number_of_buckets(root, tmp_path, buckets):
    given = dict.fromkeys(DomainRow._fields, "na") | {"label": "good_domain", "clarity": "good"}
    for bucket in range(buckets):
        own = [one for one in [*PARSED, *EMPTY] if int(one.protein[1:]) % buckets == bucket]
        statuses = ["no_domain" if one.doubt is None else "ok" for one in own]
        ledger = [
            LedgerRow(one.protein, kind, "-", length=str(one.length)) for one, kind in zip(own, statuses, strict=True)
        ]
        doubts = {one.protein: one.doubt for one in own if one.doubt is not None}
        rows = [DomainRow(**given | {"protein": name, "probability": f"{1 - value}"}) for name, value in doubts.items()]
        write_ledger(tmp_path / f"bucket-{bucket}.assign.ledger.tsv", ledger)
        (tmp_path / f"bucket-{bucket}.domains.tsv").write_text(format_rows(rows))
    command = [sys.executable, root / "bin" / "choose_pages.py", "--in-dir", tmp_path, "--most", "20"]
    subprocess.run([*command, "--out-dir", tmp_path / "chosen"], check=True)
    texts = [path.read_text() for path in (tmp_path / "chosen").iterdir()]
    expected = [f"p{k:02d}" for k in range(39, 21, -1)] + ["e39", "e38"]
    assert sorted("".join(texts).split()) == sorted(expected)
