"""How far the ends of found domains are from the known ones."""

from types import SimpleNamespace

import pandas as pd

from domainflow.structures.ranges import parse_range
from evaluation.ends import distances, ends_of, table_of_ends
from evaluation.known import Known


def test_ends_of_segments():
    assert ends_of(parse_range("1-20,50-80")).tolist() == [1, 20, 50, 80]


def test_known_ends_of_the_chain_are_no_choice_but_found_ones_count():
    assert distances([parse_range("6-100")], [parse_range("3-100")], 200) == [3, 0]
    assert distances([parse_range("4-197")], [parse_range("4-197")], 200) == [0, 0]
    assert distances([parse_range("3-198")], [parse_range("1-200")], 200) == []


def test_a_known_end_is_measured_at_the_best_partner_alone():
    found = [parse_range("1-47"), parse_range("60-100")]
    assert distances([parse_range("1-50"), parse_range("51-100")], found, 100) == [3, 9]
    assert distances([parse_range("1-20")], [parse_range("15-60")], 100) == []
    assert distances([parse_range("1-50")], [parse_range("1-100")], 100) == [49]


def test_both_kinds_of_ends_are_in_the_table():
    domains = pd.DataFrame({"protein": ["a", "a"], "range": ["1-50", "51-100"], "dpam_range": ["1-45", "46-100"]})
    ledger = pd.DataFrame({"protein": ["a", "b"], "length": ["100", "90"]})
    known = {"a": Known("ECOD", ["1-50", "51-100"], ["1.1.1", "1.1.1"], [])}
    rows = table_of_ends(SimpleNamespace(domains=domains, ledger=ledger), known)
    assert rows[2] == "| DPAM's chunks of five | 2 | 0.000 | 0.000 | 1.000 |"
    assert rows[3] == "| moved | 2 | 1.000 | 1.000 | 1.000 |"
