"""Evidence from coordinates: each term beside slow loops, the domains that it finds, and the ends that it moves."""

from dataclasses import replace

import numpy as np
import pytest

from assignment_vectors import make_protein
from domainflow.domains.parsing.coordinates.communities import PARTITIONS, contact_graph, partition, shared_communities
from domainflow.domains.parsing.coordinates.contiguous_cuts import EXPONENT, SHORTEST_STRETCH, cheapest_cuts
from domainflow.domains.parsing.coordinates.domain_ends import MOST_MOVED, move_ends
from domainflow.domains.parsing.coordinates.residue_contacts import cbeta_distances, contact_matrix, ideal_cbeta
from domainflow.domains.parsing.coordinates.structure_evidence import structure_evidence, uses_structure
from domainflow.domains.parsing.coordinates.structure_probability import (
    LEAST_SEPARATION,
    pair_terms,
    structure_probabilities,
    structure_terms,
)
from domainflow.domains.parsing.coordinates.structure_weights import STRUCTURE_WEIGHTS
from domainflow.domains.parsing.coordinates.uncovered_domains import (
    DOMAIN_RESIDUES,
    LINK,
    extend_domains,
    join_groups,
    kept_domains,
)
from domainflow.structures.ranges import format_range, parse_range
from structure_models import bundle, evidence_of, two_bundles


def residues(text):
    return parse_range(text)


def graph_of(size, edges):
    """Rows of neighbours of an undirected graph of equal weights."""
    rows = [sorted({b for a, b in edges if a == node} | {a for a, b in edges if b == node}) for node in range(size)]
    starts = np.cumsum([0] + [len(row) for row in rows])
    neighbours = np.array([node for row in rows for node in row])
    return starts, neighbours, np.full(len(neighbours), 1024)


def cliques(sizes):
    """Edges of cliques in a row, each joined to the next by one edge."""
    edges, first = [], 0
    for size in sizes:
        edges += [(a, b) for a in range(first, first + size) for b in range(a + 1, first + size)]
        if first:
            edges.append((first - 1, first))
        first += size
    return first, edges


def test_cbeta_lies_where_chemistry_puts_it():
    n, ca, c = np.array([1.458, 0, 0]), np.zeros(3), np.array([-0.5532, 1.4235, 0])  # bonds 1.458 and 1.527 Å, 111.2°
    cb = ideal_cbeta(np.stack([n, ca, c, c])[None])[0]
    assert np.linalg.norm(cb - ca) == pytest.approx(1.53, abs=0.02)
    for atom in (n, c):
        cosine = (cb - ca) @ (atom - ca) / np.linalg.norm(cb - ca) / np.linalg.norm(atom - ca)
        assert np.degrees(np.arccos(cosine)) == pytest.approx(110.4, abs=1.5)
    assert np.cross(n - ca, c - ca) @ (cb - ca) > 0  # an L amino acid


@pytest.mark.parametrize("order", range(4))
@pytest.mark.parametrize("sizes", [(5, 5), (4, 6, 5), (8, 3, 7, 6)], ids=str)
def test_cliques_are_communities_in_any_order(sizes, order):
    size, edges = cliques(sizes)
    found = partition(*graph_of(size, edges), 10, order)
    assert found.tolist() == [number for number, length in enumerate(sizes) for _ in range(length)]


def test_a_lower_resolution_finds_larger_communities():
    backbone, _ = two_bundles()
    graph = contact_graph(cbeta_distances(ideal_cbeta(backbone)))
    numbers = [partition(*graph, resolution, 0).max() + 1 for resolution in (1, 5, 20, 60)]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[-1]


def test_neighbours_are_joined_even_across_a_gap():
    far = np.full((3, 3), 50, np.float32)
    starts, neighbours, weights = contact_graph(far)
    assert starts.tolist() == [0, 1, 3, 4]
    assert neighbours.tolist() == [1, 0, 2, 1]
    assert set(weights) == {1024}


def test_communities_are_counted_for_both_residues_alike():
    counts = shared_communities(cbeta_distances(ideal_cbeta(bundle(4))))
    np.testing.assert_array_equal(counts, counts.T)
    assert (np.diag(counts) == PARTITIONS).all()


def cheapest_cut_in_loops(contacts, i, j):
    length, best = len(contacts), np.inf
    for first in range(length):
        for last in range(first + SHORTEST_STRETCH - 1, length):
            inside = np.zeros(length, bool)
            inside[first : last + 1] = True
            if length - inside.sum() >= SHORTEST_STRETCH and inside[i] != inside[j]:
                sizes = inside.sum() * (length - inside.sum())
                best = min(best, contacts[np.ix_(inside, ~inside)].sum() / sizes**EXPONENT)
    return best


def test_the_cheapest_cut_is_that_of_all_stretches():
    draw = np.random.default_rng(1)
    contacts = np.triu(draw.random((48, 48)) < 0.1, 4)
    contacts |= contacts.T
    found = cheapest_cuts(contacts)
    np.testing.assert_array_equal(found, found.T)
    for i, j in [(0, 47), (3, 30), (10, 12), (22, 24), (40, 5), (19, 20)]:
        assert found[i, j] == pytest.approx(cheapest_cut_in_loops(contacts, i, j), rel=1e-6)


def test_a_short_chain_has_no_cut():
    assert np.isinf(cheapest_cuts(np.ones((2 * SHORTEST_STRETCH - 1,) * 2, bool))).all()


def test_the_probability_is_the_formula_of_its_terms():
    backbone, _ = two_bundles(4)
    terms = structure_terms(backbone)
    first, second = np.triu_indices(len(backbone), LEAST_SEPARATION)
    expected = 1 / (1 + np.exp(-pair_terms(terms, first, second) @ np.array(STRUCTURE_WEIGHTS)))
    probabilities = structure_probabilities(terms)
    np.testing.assert_allclose(probabilities[first, second], expected, rtol=1e-5)
    np.testing.assert_array_equal(probabilities, probabilities.T)


def test_turning_and_shifting_a_chain_changes_no_domain():
    backbone, _ = two_bundles()
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    ordered = np.ones(len(backbone), bool)
    found = [
        [format_range(domain) for domain in extend_domains([], ordered, evidence_of(moved))]
        for moved in (backbone, backbone @ turn.T + 300)
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_domains_without_any_hit_are_found():
    backbone, second = two_bundles()
    found = extend_domains([], np.ones(len(backbone), bool), evidence_of(backbone))
    assert len(found) == 2
    assert np.isin(second, found[1]).mean() > 0.95
    assert not np.isin(second, found[0]).any()


def test_one_domain_stays_whole():
    backbone = bundle(8)
    (found,) = extend_domains([], np.ones(len(backbone), bool), evidence_of(backbone))
    assert len(found) == len(backbone)


def test_a_domain_of_hits_is_extended_and_never_joined_with_another():
    backbone = bundle(8)
    length = len(backbone)
    half = np.arange(1, length // 2)
    other = np.arange(length // 2 + 5, length - 20)
    found = extend_domains([half, other], np.ones(length, bool), evidence_of(backbone))
    assert len(found) == 2
    assert np.isin(half, found[0]).all()
    assert np.isin(other, found[1]).all()
    assert len(found[0]) + len(found[1]) == length


def test_disordered_residues_stay_out():
    backbone, second = two_bundles()
    usable = np.ones(len(backbone), bool)
    usable[second - 1] = False
    (found,) = extend_domains([], usable, evidence_of(backbone))
    assert not np.isin(second, found).any()


def test_a_loose_piece_of_hits_is_given_up_and_a_packed_one_is_kept():
    backbone, second = two_bundles()
    straight = np.stack([np.arange(30) * 3.4 - 200, np.zeros(30), np.zeros(30)], axis=1)
    loose = straight[:, None] + np.array([[-1.2, 0.3, 0], [0, 0, 0], [1.2, 0.3, 0], [1.5, 1.2, 0]])
    evidence = evidence_of(np.concatenate([loose, backbone]))
    tail = np.arange(1, 31)
    packed = second[:38] + 30
    kept = kept_domains([tail, packed], evidence)
    assert [len(domain) for domain in kept] == [len(packed)]
    found = extend_domains(kept, np.ones(30 + len(backbone), bool), evidence)
    assert not any(np.array_equal(domain, tail) for domain in found)
    assert any(np.isin(packed, domain).all() for domain in found)


def test_a_small_group_is_no_domain():
    backbone = bundle(2)[: DOMAIN_RESIDUES - 1]
    assert extend_domains([], np.ones(len(backbone), bool), evidence_of(backbone)) == []


def test_groups_join_by_the_mean_of_all_pairs():
    probabilities = np.full((30, 30), 0.1)
    probabilities[:20, :20] = LINK + 0.1
    groups = np.repeat([0, 1, 2], 10)
    assert join_groups(groups, 3, 0, probabilities, LINK).tolist() == [0, 0, 2]
    assert join_groups(groups, 3, 2, probabilities, LINK).tolist() == [0, 1, 2]


ELEMENTS = np.zeros(100, np.int32)
ELEMENTS[45:53] = 1  # residues 46 to 53


def moved(*ranges, elements=ELEMENTS, ordered=None, breaks=()):
    masks = np.isin(np.arange(1, 101), breaks), np.ones(100, bool) if ordered is None else ordered
    return [format_range(domain) for domain in move_ends([residues(text) for text in ranges], elements, *masks)]


def test_an_end_between_two_domains_leaves_the_helix():
    assert moved("1-50", "51-100") == ["1-53", "54-100"]
    assert moved("1-47", "48-100") == ["1-45", "46-100"]


def test_an_end_at_a_break_wins():
    assert moved("1-50", "51-100", breaks=[48]) == ["1-47", "48-100"]


def test_an_end_moves_by_a_chunk_at_most():
    long_helix = np.zeros(100, np.int32)
    long_helix[30:70] = 1
    assert moved("1-50", "51-100", elements=long_helix) == ["1-50", "51-100"]


def test_domains_reach_to_where_their_structure_ends():
    assert moved("6-95") == ["1-100"]
    assert moved("16-80") == [f"{16 - MOST_MOVED}-{80 + MOST_MOVED}"]
    ordered = np.ones(100, bool)
    ordered[:3] = ordered[90:] = False
    assert moved("6-88", ordered=ordered) == ["4-90"]


def test_no_end_moves_across_a_break():
    assert moved("11-50", breaks=[53, 9]) == ["9-52"]
    assert moved("11-50", breaks=[51, 11]) == ["11-50"]


def test_a_short_gap_between_two_domains_is_divided():
    assert moved("1-40", "45-100") == ["1-42", "43-100"]
    assert moved("1-40", "60-100") == ["1-45", "55-100"]


def test_a_short_gap_within_a_domain_is_closed():
    assert moved("1-40,47-100") == ["1-100"]


def test_domains_share_no_residue():
    assert moved("1-60", "58-100") == ["1-60", "61-100"]


def test_a_domain_keeps_what_it_had_rather_than_nothing():
    assert moved("1-100", "50-60") == ["1-100", "50-60"]


def test_no_domain_has_no_ends():
    assert moved() == []


@pytest.mark.parametrize(
    ("choice", "without_pae", "with_pae"), [("auto", True, False), ("always", True, True), ("never", False, False)]
)
def test_auto_means_proteins_without_pae(choice, without_pae, with_pae):
    assert (uses_structure(choice, False), uses_structure(choice, True)) == (without_pae, with_pae)


@pytest.mark.parametrize(("kind", "scale"), [("pLDDT", 1), ("pLDDT/100", 0.01)])
def test_a_model_is_disordered_where_its_confidence_is_low(kind, scale):
    protein = make_protein("a", 60, [])
    values = [30.0] * 20 + [90.0] * 40
    lines = [
        f"{line[:60]}{value * scale:6.2f}{line[66:]}\n"
        for line, value in zip(protein.pdb.splitlines(), values, strict=True)
    ]
    model = replace(protein, pdb="".join(lines), confidence=kind)
    ordered = structure_evidence(model).ordered
    assert not ordered[:15].any()
    assert ordered[25:].all()
    assert structure_evidence(replace(model, confidence="B factor")).ordered.all()


def test_contacts_are_symmetric_and_not_of_neighbours():
    contacts = contact_matrix(cbeta_distances(ideal_cbeta(bundle(4))))
    np.testing.assert_array_equal(contacts, contacts.T)
    assert not any(np.diagonal(contacts, offset).any() for offset in range(4))
