"""The counts of `bench.py search`."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import bars
from benchmarks import search as bench_search
from benchmarks.oracle import KnownDomain
from benchmarks.search import Templates

DOMAINS = [KnownDomain(np.arange(0, 100), "1.1.1"), KnownDomain(np.arange(100, 160), "2.1.1")]
GROUPS = {"a": "1.1.1", "b": "1.1.1", "c": "1.1.1", "d": "1.1.2", "e": "7.1.1", "f": "2.1.1", "own": "1.1.1"}
TEMPLATES = Templates({uid: uid for uid in GROUPS}, GROUPS, {uid: "9xyz" if uid == "own" else "1abc" for uid in GROUPS})


def hits(*rows: tuple[str, int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["uid", "qstart", "qend", "evalue_calibrated"])


LISTED = hits(
    ("own", 1, 100, 1e-9),
    ("a", 1, 90, 0.01),
    ("d", 1, 90, 0.02),  # same X-group, other T-group: neither right nor false
    ("f", 60, 150, 0.03),  # 41 of its 91 residues in the first domain, 50 in the second
    ("a", 10, 100, 0.04),  # the same template again
    ("e", 20, 95, 0.05),  # false: closes the first domain
    ("b", 1, 100, 0.5),
    ("e", 5, 95, 5.0),
)


def test_sensitivity_counts_templates_before_the_first_false_hit() -> None:
    # Of a, b and c (own is of the query's entry) only a comes before e; f is the only template of the second domain.
    assert list(bench_search._sensitivities("9XYZ_A", LISTED, DOMAINS, TEMPLATES)) == [pytest.approx(1 / 3), 1.0]


def test_a_hit_belongs_to_the_domain_with_half_of_its_range() -> None:
    table = hits(("f", 60, 150, 0), ("f", 1, 200, 0), ("f", 150, 400, 0))
    places = [place for place, _, _ in bench_search._judged("9XYZ_A", table, DOMAINS, TEMPLATES)]
    assert places == [1, 0, bench_search.NO_DOMAIN]


def test_false_hits_are_pairs_of_domain_and_template_up_to_each_evalue() -> None:
    assert bench_search._false_hits("9XYZ_A", LISTED, DOMAINS, TEMPLATES) == [1, 1, 1]
    table = hits(("e", 1, 50, 0.05), ("a", 110, 150, 0.5), ("e", 110, 150, 3.0))
    assert bench_search._false_hits("9XYZ_A", table, DOMAINS, TEMPLATES) == [1, 2, 3]


def test_only_the_first_hundred_hits_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(bench_search._found_among_first("9XYZ_A", LISTED, DOMAINS, TEMPLATES)) == [True, True]
    monkeypatch.setattr(bench_search, "FIRST", 2)
    # The query's own entry does not count as a hit: a and d are the first two.
    assert list(bench_search._found_among_first("9XYZ_A", LISTED, DOMAINS, TEMPLATES)) == [True, False]


def test_recall_of_foldseeks_hits() -> None:
    ours = pd.DataFrame({"uid": ["a", "b"], "evalue": [0.005, 0.5]})
    theirs = pd.DataFrame({"uid": ["a", "b", "c"], "evalue": [1e-4, 1e-3, 1.0]})
    assert bench_search._recall([(ours, theirs)], 1e-3, 1e-2) == 0.5
    assert np.isnan(bench_search._recall([(ours, theirs)], 1e-9, 1e-2))


def test_a_bar_missed_on_all_queries_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    good = {bar.figure: max(bar.least, 1.0) if bar.most == np.inf else bar.most for bar in bench_search.BARS}
    assert bars.print_figures({"all": good}, bench_search.BARS) == []
    bad = good | {"sensitivity, all chains": 0.5}
    assert bars.print_figures({"all": bad}, bench_search.BARS) == ["sensitivity, all chains"]
    assert "MISSED" in capsys.readouterr().out
