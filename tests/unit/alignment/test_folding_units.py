"""Folding units: the rule of cuts, and the agreement with DaliLite's units."""

import gzip
import json

import numpy as np
import pytest

from domainflow.alignment.folding_units import division
from domainflow.alignment.folding_units.contacts import ContactGraph, all_atom_contacts, backbone_contacts
from domainflow.alignment.folding_units.division import PartCuts, folding_units
from domainflow.alignment.folding_units.slowest_mode import by_distance, slowest_mode
from domainflow.templates.store import TemplateStore


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod")


@pytest.fixture(scope="module")
def rows(store):
    return {store.template_id(row): row for row in range(len(store))}


def contacts_of(backbone: np.ndarray) -> ContactGraph:
    return backbone_contacts(backbone, len(backbone) * "A")


def test_the_first_unit_is_the_whole_chain(store, rows):
    row = rows["d12asa_"]
    units = folding_units(contacts_of(store.backbone(row)))
    assert len(units) > 1
    assert units[0].tolist() == list(range(store.length(row)))


def test_smaller_units_have_41_residues_or_more_in_pieces_of_10_or_more(store, rows):
    row = rows["d12asa_"]
    for unit in folding_units(contacts_of(store.backbone(row)))[1:]:
        assert len(unit) >= 41
        assert (np.diff(unit) > 0).all()
        pieces = np.split(unit, np.flatnonzero(np.diff(unit) > 1) + 1)
        assert min(len(piece) for piece in pieces) >= 10


def test_chains_under_80_residues_are_one_unit(store, rows):
    row = rows["d12asa_"]
    (unit,) = folding_units(contacts_of(store.backbone(row)[:79]))
    assert unit.tolist() == list(range(79))


def test_two_domains_that_do_not_touch_are_two_units(store, rows):
    one, other = (store.backbone(rows[name]) for name in ("d12asa_", "d1b9oa_"))
    both = np.concatenate((one, other + np.float32(100)))
    units = [unit.tolist() for unit in folding_units(contacts_of(both))]
    assert list(range(len(one))) in units
    assert list(range(len(one), len(both))) in units


def test_two_copies_of_a_domain_are_cut_alike_together(store, rows):
    """Cut as DaliLite v5, which found these units of this chain: both copies have equal modes, none is slower."""
    domain = store.backbone(rows["d1b9oa_"])
    units = folding_units(contacts_of(np.concatenate((domain, domain + np.float32(100)))))
    found = [unit.tolist() for unit in units]
    assert [*range(82), *range(123, 205)] in found
    assert [*range(82, 123), *range(205, 246)] in found


def test_units_do_not_depend_on_where_the_chain_is(store, rows):
    row = rows["d12asa_"]
    chain = store.backbone(row)
    turned = chain[:, :, [1, 2, 0]] + np.array([5, -7, 11], np.float32)
    units, again = (folding_units(contacts_of(backbone)) for backbone in (chain, turned))
    assert [unit.tolist() for unit in units] == [unit.tolist() for unit in again]


def test_a_long_chain_comes_apart_into_its_domains(store, rows):
    """Cut a chain of which DaliLite v5 finds the same first three units, and cuts the fourth another way."""
    domains = [rows[name] for name in ("d12asa_", "d1b9oa_", "d1k8wa5", "d1r5aa1")]
    backbone = np.concatenate([store.backbone(row) + np.float32(100 * place) for place, row in enumerate(domains)])
    units = [set(unit.tolist()) for unit in folding_units(contacts_of(backbone))]
    begin = 0
    for row in domains[:3]:
        domain = set(range(begin, begin + store.length(row)))
        assert domain in units
        begin += store.length(row)


def test_the_units_of_what_is_left_do_not_depend_on_what_is_gone(store, rows):
    """Remove whole domains, because bridges may have hydrogen bonds with removed residues."""
    first, second = (store.backbone(rows[name]) for name in ("d1b9oa_", "d12asa_"))
    before = contacts_of(np.concatenate((first, second + np.float32(100))))
    after = contacts_of(np.concatenate((second, first + np.float32(100), first + np.float32(200))))
    units = folding_units(before, np.arange(len(first), len(before)))
    assert len(units) > 1
    again = folding_units(after, np.arange(len(second)))
    assert [unit.tolist() for unit in units] == [unit.tolist() for unit in again]


def test_two_copies_that_are_left_of_a_chain_come_apart(store, rows):
    """Cut along the slowest mode, on which rounding errors have no effect; DaliLite's way may cut both copies alike."""
    domain, gone = (store.backbone(rows[name]) for name in ("d1b9oa_", "d12asa_"))
    length = len(domain)
    contacts = contacts_of(np.concatenate((domain, domain + np.float32(100), gone + np.float32(200))))
    units = [unit.tolist() for unit in folding_units(contacts, np.arange(2 * length))]
    assert list(range(length)) in units
    assert list(range(length, 2 * length)) in units


def test_all_residues_left_is_the_whole_chain(store, rows):
    contacts = contacts_of(store.backbone(rows["d12asa_"]))
    units = [unit.tolist() for unit in folding_units(contacts)]
    assert [unit.tolist() for unit in folding_units(contacts, np.arange(len(contacts)))] == units


def test_contacts_are_atom_pairs_below_4_angstrom_and_a_bridge_is_worth_15_more(store, rows):
    backbone = store.backbone(rows["d12asa_"])
    contacts = contacts_of(backbone)
    atoms = backbone.reshape(-1, 3).astype(np.float64)
    near = np.linalg.norm(atoms[:, None] - atoms[None], axis=2) <= 4
    expected = near.reshape(len(contacts), 4, len(contacts), 4).sum(axis=(1, 3))
    residue = np.repeat(np.arange(len(contacts)), np.diff(contacts.start))
    found = np.zeros_like(expected)
    found[residue, contacts.neighbour] = contacts.bound
    bridges = found - expected
    assert set(np.unique(bridges).tolist()) == {0, 15}
    strands = np.frombuffer(store.states[rows["d12asa_"]].encode(), "S1") == b"E"
    assert strands[bridges.any(axis=1)].all()


def bridges(backbone: np.ndarray, prolines: list[int]) -> int:
    """Count the bridged pairs of residues in a chain of alanine and some prolines."""
    sequence = "".join("P" if residue in prolines else "A" for residue in range(len(backbone)))
    residue, contacts = rows_of(backbone_contacts(backbone, sequence))
    return int(((contacts.bound >= 15) & (residue != contacts.neighbour)).sum()) // 2


def rows_of(contacts: ContactGraph) -> tuple[np.ndarray, ContactGraph]:
    """Return the residue of each entry's row, and the contacts."""
    return np.repeat(np.arange(len(contacts)), np.diff(contacts.start)), contacts


def test_rows_hold_touching_residues_first_and_those_that_only_bridge_last(store, rows):
    backbone = store.backbone(rows["d12asa_"])
    contacts = contacts_of(backbone)
    atoms = backbone.astype(np.float64)
    late = 0
    for one in range(len(contacts)):
        row = contacts.neighbour[contacts.start[one] : contacts.start[one + 1]]
        touches = [np.linalg.norm(atoms[one][:, None] - atoms[other], axis=2).min() <= 4 for other in row]
        assert one in row
        assert touches == sorted(touches, reverse=True)
        for group in (row[touches], row[~np.array(touches)]):
            assert (np.diff(group) > 0).all()
        late += len(row) - sum(touches)
    assert late > 0


def test_prolines_and_residues_after_a_break_donate_no_hydrogen_bond(store, rows):
    backbone = store.backbone(rows["d1b9oa_"])
    length = len(backbone)
    assert bridges(backbone, list(range(length))) == 0
    all_bridges = bridges(backbone, [])
    donors = [residue for residue in range(1, length) if bridges(backbone, [residue]) < all_bridges]
    assert donors
    for donor in donors:
        broken = np.delete(backbone, donor - 1, axis=0)
        assert bridges(broken, []) == bridges(broken, [donor - 1])


def test_side_chains_count_as_atoms_and_as_contacts(store, rows):
    """Add atoms far from all others: halves get heavier without more contacts, tau² grows, and more units separate."""
    backbone = store.backbone(rows["d1k8wa5"])
    residue = np.repeat(np.arange(len(backbone)), 4)
    bare = all_atom_contacts(backbone, len(backbone) * "A", backbone.reshape(-1, 3), residue)
    assert [u.tolist() for u in folding_units(bare)] == [u.tolist() for u in folding_units(contacts_of(backbone))]
    side_chains = np.arange(len(backbone))[:, None] * np.array([50.0, 0, 0]) + 1000
    heavy = all_atom_contacts(
        backbone,
        len(backbone) * "A",
        np.concatenate([backbone.reshape(-1, 3), *4 * [side_chains]]),
        np.concatenate([residue, *4 * [np.arange(len(backbone))]]),
    )
    between = [contacts.bound[residue != contacts.neighbour] for residue, contacts in map(rows_of, (heavy, bare))]
    np.testing.assert_array_equal(*between)
    assert len(folding_units(heavy)) > len(folding_units(bare))


def test_the_slowest_mode_of_a_walk_is_that_of_dense_algebra(store, rows):
    residue, contacts = rows_of(contacts_of(store.backbone(rows["d12asa_"])))
    walked, piece = by_distance(contacts.start, contacts.neighbour)
    assert not piece.any()
    mode = slowest_mode(walked, contacts.start, contacts.neighbour, contacts.bound)
    weight = np.zeros((len(contacts), len(contacts)))
    weight[residue, contacts.neighbour] = contacts.bound
    np.fill_diagonal(weight, 0)
    scale = 1 / np.sqrt(weight.sum(axis=1))
    expected = np.linalg.eigh(weight * scale[:, None] * scale)[1][:, -2] * scale
    assert abs(mode @ expected) / np.linalg.norm(mode) / np.linalg.norm(expected) > 1 - 1e-9


def test_an_empty_chain_is_one_empty_unit():
    assert [unit.tolist() for unit in folding_units(contacts_of(np.zeros((0, 4, 3), np.float32)))] == [[]]


def test_coordinates_must_be_finite():
    with pytest.raises(ValueError, match="not finite"):
        contacts_of(np.full((90, 4, 3), np.nan, np.float32))


def test_units_are_those_of_dalilite(shared, store, rows):
    """Expect all recorded units of DaliLite v5, to the residue, in three of four chains (0.81 of 446 chains)."""
    with gzip.open(shared / "data" / "oracle" / "dalilite_trees.jsonl.gz", "rt") as lines:
        trees = [tree for tree in map(json.loads, lines) if tree["name"] in rows][::10]
    same = 0
    for tree in trees:
        row = rows[tree["name"]]
        found = folding_units(backbone_contacts(store.backbone(row), store.sequences[row]))
        expected = []
        for place, (kind, _, _, _, ranges) in enumerate(tree["nodes"]):
            if place == 0 or kind in "+*":
                segments = zip(ranges[::2], ranges[1::2], strict=True)
                expected.append([residue - 1 for first, last in segments for residue in range(first, last + 1)])
        same += sorted(expected) == sorted(unit.tolist() for unit in found)
    assert len(trees) > 100
    assert same / len(trees) > 0.7


@pytest.mark.parametrize("most_bytes", [division.MOST_BYTES, 0])
def test_remembered_cuts_change_no_unit(store, rows, monkeypatch, most_bytes):
    """Parts of one chain share units; with no memory each cut is forgotten before the next."""
    monkeypatch.setattr(division, "MOST_BYTES", most_bytes)
    contacts = contacts_of(store.backbone(rows["d12asa_"]))
    cuts, rng = PartCuts(), np.random.default_rng(1)
    for _ in range(12):
        kept = np.ones(len(contacts), bool)
        first = rng.integers(0, 3) * 60  # often the same residues
        kept[first : first + 40 * rng.integers(1, 3)] = False
        part = np.flatnonzero(kept)
        with_memory, without = folding_units(contacts, part, cuts), folding_units(contacts, part)
        assert [unit.tolist() for unit in with_memory] == [unit.tolist() for unit in without]
