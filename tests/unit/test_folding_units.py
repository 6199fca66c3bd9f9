"""Folding units: what a cut is, and how far the units are those of DaliLite."""

import gzip
import json

import numpy as np
import pytest

from domainflow.folding_units import folding_units
from domainflow.io.store import TemplateStore


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod.arrow")


@pytest.fixture(scope="module")
def rows(store):
    return {store.template_id(row): row for row in range(len(store))}


def test_the_first_unit_is_the_whole_chain(store, rows):
    row = rows["d12asa_"]
    units = folding_units(store.backbone(row), store.states[row])
    assert len(units) > 1
    assert units[0].tolist() == list(range(store.length(row)))


def test_smaller_units_have_41_residues_or_more_in_pieces_of_10_or_more(store, rows):
    row = rows["d12asa_"]
    for unit in folding_units(store.backbone(row), store.states[row])[1:]:
        assert len(unit) >= 41
        assert (np.diff(unit) > 0).all()
        pieces = np.split(unit, np.flatnonzero(np.diff(unit) > 1) + 1)
        assert min(len(piece) for piece in pieces) >= 10


def test_chains_under_80_residues_are_one_unit(store, rows):
    row = rows["d12asa_"]
    (unit,) = folding_units(store.backbone(row)[:79], store.states[row][:79])
    assert unit.tolist() == list(range(79))


def test_two_domains_that_do_not_touch_are_two_units(store, rows):
    row = rows["d1b9oa_"]
    domain, states = store.backbone(row), store.states[row]
    length = len(states)
    both = np.concatenate((domain, domain + np.float32(100)))
    units = [unit.tolist() for unit in folding_units(both, states * 2)]
    assert list(range(length)) in units
    assert list(range(length, 2 * length)) in units


def test_units_do_not_depend_on_where_the_chain_is(store, rows):
    row = rows["d12asa_"]
    chain, states = store.backbone(row), store.states[row]
    turned = chain[:, :, [1, 2, 0]] + np.array([5, -7, 11], np.float32)
    units, again = folding_units(chain, states), folding_units(turned, states)
    assert [unit.tolist() for unit in units] == [unit.tolist() for unit in again]


def test_a_long_chain_comes_apart_into_its_domains(store, rows):
    """Above 400 residues the eigenvector comes from a sparse factorisation."""
    domains = [rows[name] for name in ("d12asa_", "d1b9oa_", "d1k8wa5", "d1r5aa1")]
    backbone = np.concatenate([store.backbone(row) + np.float32(100 * place) for place, row in enumerate(domains)])
    units = [set(unit.tolist()) for unit in folding_units(backbone, "".join(store.states[row] for row in domains))]
    begin = 0
    for row in domains:
        domain = set(range(begin, begin + store.length(row)))
        assert domain in units
        begin += store.length(row)


def test_an_empty_chain_is_one_empty_unit():
    assert [unit.tolist() for unit in folding_units(np.zeros((0, 4, 3), np.float32), "")] == [[]]


def test_states_must_fit_the_chain(store, rows):
    with pytest.raises(ValueError, match=r"expected \(3, 4, 3\)"):
        folding_units(store.backbone(rows["d1b9oa_"]), "HHH")


def test_coordinates_must_be_finite():
    with pytest.raises(ValueError, match="not finite"):
        folding_units(np.full((90, 4, 3), np.nan, np.float32), "-" * 90)


def test_units_are_mostly_those_of_dalilite(shared, store, rows):
    """Two thirds of DaliLite v5's recorded units are met, 0.8 of their residues in common (0.69 on 604 chains)."""
    met = total = 0
    with gzip.open(shared / "data" / "oracle" / "dalilite_trees.jsonl.gz", "rt") as lines:
        trees = [tree for tree in map(json.loads, lines) if tree["name"] in rows][::10]
    for tree in trees:
        states = tree["dssp"].replace("L", "-")
        found = [set(unit.tolist()) for unit in folding_units(store.backbone(rows[tree["name"]]), states)]
        for place, (kind, _, _, size, ranges) in enumerate(tree["nodes"]):
            if (place == 0 or kind in "+*") and size >= 30:
                segments = zip(ranges[::2], ranges[1::2], strict=True)
                unit = {residue - 1 for first, last in segments for residue in range(first, last + 1)}
                met += max(len(unit & other) / len(unit | other) for other in found) >= 0.8
                total += 1
    assert total > 150
    assert met / total > 0.6
