"""Smallest cases in which sums, roundings, ties and texts once differed from DPAM v2's programs, with v2's values."""

from dataclasses import replace

import numpy as np
import pytest

from assignment_vectors import assign, make_protein, mapping, named, prediction, structure_hit
from domainflow.domains.assignment.confident_hits import confident_hits
from domainflow.domains.assignment.merge_domains import NEIGHBOURS, DomainPair, candidate_pairs, judge_pairs
from domainflow.domains.assignment.template_residues import AssignmentFacts, map_confident_hits, template_coverage
from domainflow.domains.candidates.template_chains import chain_domains
from domainflow.domains.domass.features import domass_features
from domainflow.domains.dpam_files.step_15 import format_features
from domainflow.domains.dpam_files.steps_1_to_13 import format_structure_support
from domainflow.domains.dpam_files.steps_16_to_24 import format_predictions
from domainflow.domains.evidence.alignment_scores import AlignmentBlock, TemplateFacts, score_alignments
from domainflow.domains.evidence.support import structure_support
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.rounding import probability_text, round_mean
from domainflow.structures.ranges import parse_range
from domainflow.templates.position_weights import sum_in_order
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore

COMPAT = replace(DPAM_V2, compat_v2=True)
UID = "000000001"


@pytest.fixture(scope="module")
def mini_ecod(root):
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    return store, ReferenceStatistics.open(root / "assets" / "mini-ecod" / "statistics.arrow", store)


def scored(template, weights, family, uid=UID):
    """Step 8 of one alignment on these template residues."""
    query = np.arange(1, len(template) + 1)
    block = AlignmentBlock(f"{uid}_1", 5.0, query, template, len(query), len(weights))
    facts = {uid: TemplateFacts("e1", "1.1", len(weights), 10.0, weights, family)}
    (hit,) = score_alignments([block], facts)
    return hit


# Sums of position weights


def test_step_8_compares_sums_in_v2s_order_real(mini_ecod):
    _, statistics = mini_ecod
    weights = statistics.weights("000000408")
    template = parse_range("1-8,19-40,43-60")
    assert sum_in_order(weights[template - 1]) == 44.82285714285711
    # family scores that NumPy's order of addition gives
    family = (np.full(3, 9.0), np.array([44.822857142857146, 44.822857142857146, 44.51]))
    assert scored(template, weights, family).q_tile == 0.67


def test_step_8_compares_sums_in_v2s_order_made():
    weights, template = np.full(60, 0.07), np.arange(1, 41)
    assert sum_in_order(weights[:40]) == 2.7999999999999994
    assert scored(template, weights, (np.array([9.0]), np.array([2.8000000000000003]))).q_tile == 1.0
    # a homologue on the same residues ties
    assert scored(template, weights, (np.array([9.0]), np.array([2.7999999999999994]))).q_tile == 0.0


def test_step_19_half_of_a_template_is_no_opposition():
    facts = AssignmentFacts(lengths={"1": 80, "2": 40}, weights={"2": np.full(40, 0.01)})
    assert template_coverage("2", np.arange(1, 21), facts) == 0.4999999999999999
    rows = [
        prediction("D1", "1-40", "1.1.1", "1", 0.9, 0.0, 0.0, ("na", "1-40")),
        prediction("D1", "1-40", "1.1.1", "2", 0.9, 0.0, 0.0, ("na", "1-20")),
        prediction("D2", "41-80", "1.1.1", "1", 0.9, 0.0, 0.0, ("na", "41-80")),
        prediction("D2", "41-80", "1.1.1", "2", 0.9, 0.0, 0.0, ("na", "1-20")),
    ]
    (pair,) = candidate_pairs(map_confident_hits(confident_hits(rows, DPAM_V2)), facts, DPAM_V2)
    assert pair == DomainPair("D1", "D2", ("1",), True)


def test_step_23_two_thirds_of_a_template_are_a_part():
    facts = AssignmentFacts(
        lengths={"1": 50}, weights={"1": np.full(50, 0.01)}, t_group_lengths={"1.1.1": 66.0}, template_ids={"1": "e1"}
    )
    assert template_coverage("1", np.arange(1, 34), facts) == 0.6599999999999999
    rows = [prediction("D1", "1-33", "1.1.1", "1", 0.95, 0.0, 0.0, ("na", "1-33"))]
    (domain,) = assign(make_protein("P", 33, []), named("1-33"), rows, facts, DPAM_V2).domains
    assert (domain.assignment, domain.template_coverage, domain.t_group_coverage) == ("part", 0.66, 0.5)


# Rounding


@pytest.mark.parametrize(("second", "expected"), [("1-27", 2.68), ("1-33", 2.82)])
def test_step_8_rank_is_rounded_as_numpy_does(second, expected):
    spans = (("000000001", 9.0, "1-40"), ("000000002", 8.0, second), ("000000003", 7.0, "1-40"))
    blocks = [AlignmentBlock(f"{uid}_1", z, *[parse_range(text)] * 2, 40, 40) for uid, z, text in spans]
    facts = {uid: TemplateFacts("e1", f"{number}.1", 40) for number, (uid, _, _) in enumerate(spans)}
    assert score_alignments(blocks, facts)[-1].rank == expected


def test_step_15_hh_rank_is_rounded_as_numpy_does():
    rows = [mapping("1", 90, "1-40", "1-40"), mapping("2", 80, "1-10", "1-10"), mapping("3", 70, "1-40", "1-40")]
    t_groups = {"1": "1.1.1", "2": "2.1.1", "3": "3.1.1"}
    found, _ = domass_features(named("1-40"), rows, [], "-" * 40, np.zeros(40, int), t_groups, {}, DPAM_V2)
    assert {row.uid: row.hh_rank for row in found}["3"] == 0.22


def features_of(hh_template, dali_query, dali_template, domain):
    """Step 15 of one HH-suite hit on residues 1 to 40 and one structure alignment, same template."""
    hh, dali = mapping("1", 90, "1-40", hh_template), structure_hit("1", 12.0, dali_query, dali_template)
    length = len(parse_range(domain))
    index = {"1": np.arange(1, 101)}
    return domass_features(
        named(domain), [hh], [dali], "-" * length, np.zeros(length, int), {"1": "1.1.1"}, index, DPAM_V2
    ).rows


def test_step_15_mean_difference_is_rounded_as_numpy_does():
    (row,) = features_of("3-15,17-43", "1-40", "1-40", "1-40")
    assert row.consensus_difference == 2.68


@pytest.mark.parametrize(("probability", "text"), [(0.66285002, "0.6628"), (0.849949956, "0.85"), (0.0001, "1e-04")])
def test_step_16_probabilities_are_rounded_in_single_precision(probability, text):
    assert probability_text(np.float32(probability)) == text
    row = prediction("D1", "1-40", "1.1.1", "1", float(text), 0.0, 0.0)
    assert format_predictions([row]).splitlines()[1].split("\t")[4] == text


def test_few_means_depend_on_the_rounding():
    means = [(total, count) for count in range(20, 201) for total in range(count, 5 * count + 1)]
    differ = sum(round_mean(total, count, 2) != round(total / count, 2) for total, count in means)
    assert (differ, len(means)) == (258, 79640 + 181)


# Ties, texts and order


def test_step_21_compat_tries_both_places_of_a_shared_residue():
    domains = dict(named("1-30", "35-60", "31-35,80-110"))
    atoms = np.zeros((110, 3))
    atoms[:, 0] = 100.0 * np.arange(110)
    for parameters in (DPAM_V2, COMPAT):
        (judged,) = judge_pairs([DomainPair("D1", "D2", ("1",), True)], domains, atoms, np.arange(110), parameters)
        assert judged.contact == NEIGHBOURS


def test_step_15_hits_without_a_common_residue():
    rows = features_of("1-40", "41-60", "41-60", "1-60")
    (line,) = format_features(rows).splitlines()[1:]
    assert line.split("\t")[15:17] == ["-1", "0.0"]


def test_step_9_writes_no_decimal_point_if_all_probabilities_are_0():
    facts = {UID: TemplateFacts("e1", "1.1", 40)}
    row = mapping(UID, "0.00", "1-40", "1-40")
    hits = structure_support([structure_hit(UID, 9.0, "1-40", "1-40")], [row], facts, DPAM_V2)
    assert format_structure_support(hits).split("\t")[8] == "0"


def test_step_24_of_domains_with_one_mean_residue_the_miss_comes_first():
    facts = AssignmentFacts(lengths={"1": 80}, t_group_lengths={"1.1.1": 80.0}, template_ids={"1": "e1"})
    rows = [prediction("D1", "1-40,81-120", "1.1.1", "1", 0.95, 0.0, 0.0, ("na", "1-80"))]
    found = assign(make_protein("P", 120, []), named("1-40,81-120", "41-80"), rows, facts, DPAM_V2).domains
    assert [(domain.name, domain.parts, domain.assignment) for domain in found] == [
        ("nD1", "D2", "miss"),
        ("nD2", "D1", "full"),
    ]


def test_step_5_templates_on_the_same_residues_are_both_kept(mini_ecod):
    store, _ = mini_ecod
    chains = {name: found for name, found in chain_domains(store).items() if name not in store}
    assert len(chains) == 2204
    assert [domain.uid for domain in chains["1V4E_B"]] == ["000001631", "000001632"]
    sharing = [
        (name, one.uid, two.uid)
        for name, found in chains.items()
        for place, one in enumerate(found)
        for two in found[place + 1 :]
        if np.intersect1d(one.positions, two.positions).size
    ]
    assert (len(sharing), len({name for name, _, _ in sharing})) == (78, 77)


# Joined domains


def test_a_joined_domain_is_assigned_by_its_best_probability_and_whole_length():
    """A template that the longer first part has with a lower probability does not stand before the best one."""
    facts = AssignmentFacts(
        lengths=dict.fromkeys("123", 100), t_group_lengths={"1.1.1": 110.0, "2.1.1": 110.0}, template_ids={"1": "e1"}
    )
    rows = [
        prediction("D1", "1-60", "2.1.1", "2", 0.84, 0.0, 0.0, ("na", "1-60")),
        prediction("D1", "1-60", "1.1.1", "1", 0.82, 0.0, 0.0, ("na", "1-50")),
        prediction("D2", "61-110", "1.1.1", "1", 0.998, 0.0, 0.0, ("na", "51-100")),
        prediction("D2", "61-110", "2.1.1", "2", 0.70, 0.0, 0.0, ("na", "61-100")),
    ]
    protein, domains = make_protein("P", 110, []), named("1-60", "61-110")
    (found,) = assign(protein, domains, rows, facts, DPAM_V2).domains
    assert (found.parts, found.assignment, found.uid, found.probability) == ("D1,D2", "full", "1", 0.998)
    (as_v2,) = assign(protein, domains, rows, facts, COMPAT).domains
    assert (as_v2.assignment, as_v2.uid) == ("miss", None)


def test_a_miss_of_a_joined_domain_keeps_its_best_row():
    facts = AssignmentFacts(lengths={"1": 100}, t_group_lengths={"1.1.1": 110.0}, template_ids={"1": "e1"})
    rows = [
        prediction("D1", "1-60", "1.1.1", "1", 0.7, 0.0, 0.0, ("na", "1-50")),
        prediction("D2", "61-110", "1.1.1", "1", 0.8, 0.0, 0.0, ("na", "51-100")),
    ]
    protein, domains = make_protein("P", 110, []), named("1-60", "61-110")
    (found,) = assign(protein, domains, rows, facts, DPAM_V2).domains
    assert (found.parts, found.assignment, found.uid, found.probability) == ("D1,D2", "miss", "1", 0.8)
    (as_v2,) = assign(protein, domains, rows, facts, COMPAT).domains
    assert (as_v2.assignment, as_v2.uid) == ("miss", None)
