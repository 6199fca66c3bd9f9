"""Matching of predicted and known domains, and labels of rows as right or wrong."""

import pandas as pd
import pytest

from domainflow.domains.domass.network import INPUTS
from domainflow.domains.domass.training.labels import KnownDomain, label_rows, read_labels
from domainflow.run.errors import StoreError
from domainflow.templates.classification import h_group_of, x_group_of


def table(*rows):
    """Rows of (protein, domain, range, t_group), the network's inputs numbered."""
    return pd.DataFrame(
        [(*row, *([str(place)] * len(INPUTS))) for place, row in enumerate(rows)],
        columns=["protein", "domain", "range", "t_group", *INPUTS],
    )


def known(first, last, h_group):
    return KnownDomain(frozenset(range(first, last + 1)), h_group)


PROTEIN = {"P": [known(1, 100, "1.1"), known(101, 220, "2.1")]}


def test_groups_of_a_t_group():
    assert h_group_of("2004.1.17") == "2004.1"
    assert x_group_of("2004.1") == x_group_of("2004.1.17") == "2004"


def test_right_wrong_and_related():
    rows = label_rows(
        table(("P", "D1", "1-100", "1.1.7"), ("P", "D1", "1-100", "1.2.1"), ("P", "D1", "1-100", "3.1.1")), PROTEIN
    )
    assert rows.right.tolist() == [True, False, False]
    assert rows.related.tolist() == [False, True, False]
    assert rows.x_group.tolist() == ["1", "1", "1"]
    assert rows.features[:, 0].tolist() == [0, 1, 2]
    assert (rows.counts["right"], rows.counts["wrong"], rows.counts["related"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("residues", "name"),
    [
        ("1-40", "1"),  # a part of a known domain is called by it
        ("60-160", "2"),  # by the one it shares more with: 41 residues of the first, 60 of the second
        ("81-100,201-300", None),  # 20 of each, less than half of it
        ("101-340", "2"),  # exactly half of it
        ("101-341", None),
    ],
)
def test_a_domain_is_called_by_what_covers_half_of_it(residues, name):
    rows = [("P", "D1", "1-100", "1.1.1"), ("P", "D1", "1-100", "9.1.1"), ("P", "D2", residues, "9.1.1")]
    found = label_rows(table(*rows), PROTEIN)
    assert found.x_group.tolist()[2:] == ([] if name is None else [name])
    assert found.counts["nameless"] == (name is None)


def test_rows_for_a_second_known_domain_inside_are_not_decided():
    rows = table(
        ("P", "D1", "1-220", "2.1.1"), ("P", "D1", "1-220", "1.1.1"), ("P", "D1", "1-220", "5.1.1"),
        ("P", "D2", "90-220", "1.1.1"), ("Q", "D1", "1-50", "1.1.1"),
    )  # fmt: skip
    found = label_rows(rows, PROTEIN)
    assert found.features[:, 0].tolist() == [0, 2, 3]
    assert found.right.tolist() == [True, False, False]
    assert (found.counts["second"], found.counts["nameless"]) == (1, 1)
    assert (found.counts["domains"], found.counts["proteins"]) == (2, 1)


def test_only_fair_groups():
    rows = table(("P", "D1", "1-100", "1.1.1"), ("P", "D1", "1-100", "3.1.1"), ("P", "D1", "1-100", "4.1.1"))
    found = label_rows(rows, PROTEIN, fair={"1.1", "3.1"})
    assert len(found) == 2
    assert found.counts["unfair"] == 1


def test_labels_are_read_and_checked(tmp_path):
    path = tmp_path / "labels.tsv"
    path.write_text("protein\trange\th_group\tsource\nP\t1-3,7-8\t1.1\tx\nP\t4-6\t2.1\tx\n")
    assert read_labels([path]) == {"P": [KnownDomain(frozenset({1, 2, 3, 7, 8}), "1.1"), known(4, 6, "2.1")]}
    path.write_text("protein\trange\th_group\tpae\nP\t4-6\t2.1\tabsent\n")
    assert read_labels([path]) == {"P": [known(4, 6, "2.1")._replace(pae="absent")]}
    path.write_text("protein\trange\nP\t1-3\n")
    with pytest.raises(StoreError, match="no column h_group"):
        read_labels([path])
    path.write_text("protein\trange\th_group\nP\t9-3\t1.1\n")
    with pytest.raises(StoreError, match=r"protein P: .* ends before it begins"):
        read_labels([path])


def test_nothing_to_learn_is_told():
    with pytest.raises(StoreError, match="0 are right"):
        label_rows(table(("Q", "D1", "1-50", "1.1.1")), PROTEIN)
