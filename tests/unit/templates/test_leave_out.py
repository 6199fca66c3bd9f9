"""Templates to leave out because they (nearly) are the query."""

import pandas as pd
import pytest

from domainflow.templates.leave_out import pdb_entry, related_templates

ENTRIES = {"000000001": "1gvh", "000000002": "1gvh", "000000003": "2abc", "000000004": "3xyz"}


def hits(*rows):
    return pd.DataFrame(rows, columns=["target", "fident", "alnlen"])


@pytest.mark.parametrize(
    ("protein", "entry"),
    [
        ("1GVH_A", "1gvh"),
        ("12AS_A_000000001", "12as"),
        ("1gvh", "1gvh"),
        ("pdb1gvh", "1gvh"),
        ("1gvh-A", "1gvh"),
        ("P12345", None),
        ("AF-1ABC_X", None),
        ("1GVHA", None),
    ],
)
def test_entry_of_an_id(protein, entry):
    assert pdb_entry(protein) == entry


def test_templates_of_the_own_entry_are_related_hit_or_not():
    assert related_templates("1GVH_A", hits(("000000003", 0.2, 100)), ENTRIES) == ["000000001", "000000002"]


def test_a_reference_may_name_its_entries_with_the_chain():
    assert related_templates("1GVH_B", hits(), {"000000001": "1gvh_a"}) == ["000000001"]


def test_nearly_identical_templates_are_related():
    found = hits(("000000003", 0.71, 100), ("000000004.pdb", 0.95, 60))
    assert related_templates("P12345", found, ENTRIES) == ["000000003", "000000004"]


def test_seventy_per_cent_or_a_short_match_are_not_enough():
    found = hits(("000000003", 0.70, 100), ("000000004", 1.0, 29))
    assert related_templates("P12345", found, ENTRIES) == []
