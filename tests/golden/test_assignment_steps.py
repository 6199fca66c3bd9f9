"""Small vectors of single steps: 15, 17, 19, 21 and 23."""

import numpy as np
import pytest

from assignment_vectors import mapping, named, prediction, structure_hit
from domainflow.domains.assignment.confident_hits import confident_hits
from domainflow.domains.assignment.final_domains import assign_templates
from domainflow.domains.assignment.merge_domains import APART, TOUCHING, DomainPair, candidate_pairs, judge_pairs
from domainflow.domains.assignment.template_residues import AssignmentFacts, map_confident_hits
from domainflow.domains.domass.features import domass_features, sequence_ranks
from domainflow.domains.dpam_files.step_15 import format_features
from domainflow.domains.parameters import DPAM_V2
from domainflow.structures.ranges import format_range

# Fixtures T3 and T4


@pytest.mark.parametrize(("n", "contacts", "expected"), [(3, 8, APART), (4, 11, TOUCHING)], ids=["T3", "T4"])
def test_step_21_wants_nine_contacts(n, contacts, expected):
    residue = np.arange(1, 101)
    ca = np.stack([3.8 * residue, np.where(residue < 60, 0, 200), np.zeros(100)], axis=1)
    close = np.arange(60, 60 + n)
    ca[close - 1] = np.stack([3.8 * (40 - (close - 60)), np.full(n, 5), np.zeros(n)], axis=1)
    domains = dict(named("1-40", "60-100", "41-59"))
    distances = np.linalg.norm(ca[:40, None] - ca[None, 59:], axis=2)
    assert np.count_nonzero(distances <= 8) == contacts
    pair = DomainPair("D1", "D2", ("1",), True)
    assert judge_pairs([pair], domains, ca, residue - 1, DPAM_V2) == [("D1", "D2", expected)]


# Small vectors


def test_step_15_consensus_of_two_hits():
    domains = named("1-100")
    hh = mapping("000000001", 95, "1-80", "11-90")._replace(coverage=0.8)
    hit = structure_hit("000000001", 12.3, "21-100", "31-110", 0.7, 0.2, 0.3, 1.5)
    index = {"000000001": np.arange(1, 121) + 2}
    rows, _ = domass_features(
        domains, [hh], [hit], "-" * 100, np.zeros(100, int), {"000000001": "1.1.1"}, index, DPAM_V2
    )
    (line,) = format_features(rows).splitlines()[1:]
    assert line.replace("\t", " ").startswith(
        "D1 1-100 1.1.1 000000001 100 0 0 0.95 0.8 0.1 1.23 0.7 0.2 0.3 0.15 2.0 0.6 "
    )


def test_step_15_rank_counts_groups_seen_so_far():
    # 1.1 twice counts once; 2.1 is the second group at residues 11-20 and the first at 21-30
    rows = [mapping("1", 90, "1-20", "1-20"), mapping("2", 80, "11-20", "1-10"), mapping("3", 70, "11-30", "1-20")]
    assert sequence_ranks(rows, {"1": "1.1.1", "2": "1.1.2", "3": "2.1.1"}) == [1.0, 1.0, 1.5]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [(("1.1.1", "2.1.1"), ["good", "good", "bad"]), (("1.1.1", "1.1.2"), ["good", "good", "ok"])],
)
def test_step_17_clarity_is_relative_to_the_hit(groups, expected):
    one, two = groups
    rows = [
        prediction("D1", "1-40", one, "1", 0.95, 0.0, 0.0),
        prediction("D1", "1-40", one, "2", 0.90, 0.0, 0.0),
        prediction("D1", "1-40", two, "3", 0.80, 0.0, 0.0),
    ]
    assert [hit.clarity for hit in confident_hits(rows, DPAM_V2)] == expected


def test_step_17_orders_by_domain_then_probability_and_wants_0_6():
    rows = [
        prediction("D2", "1-40", "1.1.1", "1", 0.6, 0.0, 0.0),
        prediction("D10", "51-90", "1.1.1", "1", 0.9, 0.0, 0.0),
        prediction("D2", "1-40", "1.1.1", "2", 0.7, 0.0, 0.0),
        prediction("D2", "1-40", "1.1.1", "3", 0.5999, 0.0, 0.0),
    ]
    found = [(hit.prediction.row.domain, hit.prediction.row.uid) for hit in confident_hits(rows, DPAM_V2)]
    assert found == [("D2", "2"), ("D2", "1"), ("D10", "1")]


def one_domain(*candidates):
    """Assign a domain of 100 residues to candidates (probability, r1, r2); template n is in T-group n.1.1."""
    predictions, lengths, usual = [], {}, {}
    for number, (probability, r1, r2) in enumerate(candidates, start=1):
        uid, t_group = f"{number:09d}", f"{number}.1.1"
        lengths[uid], usual[t_group] = 100, 100 / r2
        templates = ("na", format_range(range(1, round(100 * r1) + 1)))
        predictions.append(prediction("D1", "1-100", t_group, uid, probability, 0.5, 0.5, templates))
    mapped = map_confident_hits(confident_hits(predictions, DPAM_V2))
    facts = AssignmentFacts(lengths=lengths, t_group_lengths=usual)
    (found,) = assign_templates(dict(named("1-100")), [], predictions, mapped, facts, DPAM_V2)
    return found.assignment, found.uid


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([(0.97, 0.70, 0.40)], ("full", "000000001")),
        ([(0.97, 0.70, 0.30)], ("part", "000000001")),
        ([(0.84, 0.70, 0.40)], ("miss", "000000001")),
        ([(0.99, 0.2, 0.9), (0.90, 0.7, 0.9)], ("full", "000000002")),
        ([(0.99, 0.2, 0.9), (0.84, 0.7, 0.9)], ("part", "000000001")),
        ([(0.97, 0.40, 0.70)], ("full", "000000001")),
    ],
)
def test_step_23_classes(candidates, expected):
    assert one_domain(*candidates) == expected


def test_step_19_hits_that_share_a_template_region_are_no_pair():
    # 41 shared residues are 25 % or more of either side
    rows = [
        prediction("D1", "1-50", "1.1.1", "1", 0.9, 0.0, 0.0, ("1-50", "na")),
        prediction("D2", "51-91", "1.1.1", "1", 0.9, 0.0, 0.0, ("1-41", "na")),
    ]
    mapped = map_confident_hits(confident_hits(rows, DPAM_V2))
    assert candidate_pairs(mapped, AssignmentFacts(lengths={"1": 100}), DPAM_V2) == []
