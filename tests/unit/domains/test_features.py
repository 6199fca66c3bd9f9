"""Step 15 compared with its plain transcription, and the handling of hits whose template has incomplete facts."""

from dataclasses import replace

import numpy as np
import pytest

from domainflow.domains.domass.features import domass_features, element_counts
from domainflow.domains.evidence.hits_of_domains import QueryResidues, best_by_template, sequence_pairs
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.rows import StructureHit, TemplateMapping
from domainflow.sequences.hhr import ReportValues
from domainflow.structures.ranges import parse_range

NONE = ("na", "na", "na")


def mapping(uid, probability, query, template):
    fields = (f"h{uid}", uid, "e", ReportValues(str(probability), *["1"] * 6), 0.5, 0.5)
    return TemplateMapping(*fields, np.asarray(query, np.int64), np.asarray(template, np.int64), "na")


def structure_hit(uid, z, rank, query, template):
    query, template = np.asarray(query, np.int64), np.asarray(template, np.int64)
    return StructureHit(f"{uid}_1", uid, "e", "1.1", z, -1, -1, -1, rank, query, template, NONE, "na")


def rounded(place, value):
    """Round a value as v2 does: NumPy's means (HH-suite rank, difference) as NumPy, Python's numbers as Python."""
    digits = (3, 3, 2, 3, 3, 3, 3, 2, 2, 3)[place]
    return float(np.round(np.float64(value), digits)) if place in (2, 8) else round(value, digits)


def plain_rows(domains, mappings, hits, t_groups, index):
    """Compute step 15 with dictionaries and sets, without names and secondary structure."""
    groups_at, ranks = {}, []
    for row in mappings:
        for residue in row.query.tolist():
            groups_at.setdefault(residue, set()).add(t_groups[row.uid].rsplit(".", 1)[0])
        ranks.append(sum(len(groups_at[residue]) for residue in row.query.tolist()) / len(row.query))
    most_hh = max([100, *ranks])
    most_dali = max([100, *(hit.rank for hit in hits)])
    rows = []
    for name, residues in domains:
        domain = set(residues.tolist())

        def overlaps(query, domain=domain):
            common = len(domain & set(query.tolist()))
            return common >= 0.5 * len(domain) or common >= 0.5 * len(query)

        best_hh, best_dali = {}, {}
        for place, row in enumerate(mappings):
            if overlaps(row.query):
                held = best_hh.get(row.uid)
                if held is None or float(row.report.probability) > float(mappings[held].report.probability):
                    best_hh[row.uid] = place
        for hit in hits:
            if overlaps(hit.query) and (hit.uid not in best_dali or hit.z > best_dali[hit.uid].z):
                best_dali[hit.uid] = hit
        both = sorted(set(best_hh) & set(best_dali))
        for uid in both + sorted(set(best_hh) - set(both)) + sorted(set(best_dali) - set(both)):
            values = [0, 0, most_hh, 0, 0, 10, 10, most_dali, -1, 0]
            if uid in best_hh:
                row = mappings[best_hh[uid]]
                values[:3] = [float(row.report.probability) / 100, row.coverage, ranks[best_hh[uid]] / 10]
            if uid in best_dali:
                hit = best_dali[uid]
                values[3:8] = [hit.z / 10, hit.q_score, hit.z_tile, hit.q_tile, hit.rank / 10]
            if uid in both:
                by_hh = dict(zip(row.query.tolist(), row.template.tolist(), strict=True))
                by_dali = {
                    q: int(index[uid][t - 1])
                    for q, t in zip(hit.query.tolist(), hit.template.tolist(), strict=True)
                    if index[uid][t - 1]
                }
                common = set(by_hh) & set(by_dali)
                values[9] = len(common) / len(domain)
                if common:
                    values[8] = sum(abs(by_hh[q] - by_dali[q]) for q in common) / len(common)
            rows.append((name, uid, *(rounded(place, v) for place, v in enumerate(values))))
    return rows


@pytest.mark.parametrize("seed", range(4))
def test_fast_and_plain_step_15_agree(seed):
    rng = np.random.default_rng(seed)
    uids = [f"{number:09d}" for number in range(25)]
    t_groups = {uid: f"{rng.integers(1, 4)}.{rng.integers(1, 4)}.1" for uid in uids}
    index = {uid: np.where(rng.random(200) < 0.9, np.arange(1, 201) + rng.integers(0, 9), 0) for uid in uids}

    def pairs():
        first, size = rng.integers(1, 200), rng.integers(10, 80)
        query = np.arange(first, min(first + size, 251))
        query = query[rng.random(len(query)) < 0.9]
        return query, np.sort(rng.choice(np.arange(1, 201), len(query), replace=False))

    mappings = [mapping(rng.choice(uids), rng.integers(10, 100), *pairs()) for _ in range(60)]
    hits = [
        structure_hit(rng.choice(uids), float(rng.integers(20, 90)) / 10, float(rng.integers(100, 300)) / 100, *pairs())
        for _ in range(60)
    ]
    domains = [("D1", np.arange(1, 71)), ("D2", np.arange(75, 130)), ("D3", parse_range("135-160,200-250"))]
    rows, _ = domass_features(domains, mappings, hits, "-" * 250, np.zeros(250, np.int32), t_groups, index, DPAM_V2)
    assert len(rows) > 20
    found = [(row.domain, row.uid, *row[7:17]) for row in rows]
    assert found == plain_rows(domains, mappings, hits, t_groups, index)


def features(mappings, hits, index, t_groups=None, parameters=DPAM_V2):
    domains = [("D1", np.arange(1, 41))]
    groups = {"1": "1.1.1", "2": "1.1.2"} if t_groups is None else t_groups
    return domass_features(domains, mappings, hits, "-" * 60, np.zeros(60, int), groups, index, parameters)


HH = mapping("1", 90, range(1, 41), range(1, 41))
DALI = structure_hit("1", 5.0, 1.0, range(1, 41), range(1, 41))


def test_pairs_without_a_sequence_index_are_dropped_on_both_sides():
    index = np.arange(1, 41)
    index[9] = 0
    (row,), _ = features([HH], [DALI], {"1": index})
    assert (row.consensus_difference, row.consensus_coverage) == (0.0, 0.975)
    assert (row.hh_template, row.dali_template) == ("1-9,11-40", "1-40")


@pytest.mark.parametrize("index", [{}, {"1": None}])
def test_without_a_map_both_hits_stay_but_do_not_agree(index):
    (row,), notes = features([HH], [DALI], index)
    assert row[7:17] == (0.9, 0.5, 0.1, 0.5, -1.0, -1.0, -1.0, 0.1, -1.0, 0.0)
    assert (row.hh_template, row.dali_template) == ("na", "1-40")
    assert notes == ("no agreement with HH-suite for 1 templates: the places of their residues are unknown",)


def test_hits_without_a_t_group_are_left_out_and_counted():
    stranger = HH._replace(uid="9")
    rows, notes = features([stranger, HH], [DALI._replace(uid="8"), DALI._replace(uid="8")], {"1": np.arange(1, 41)})
    assert [row.uid for row in rows] == ["1"]
    assert rows[0].hh_rank == 0.1
    assert notes == ("3 hits dropped: no T-group is known for 2 templates",)


def test_a_hit_with_unequal_ranges_is_left_out_but_counts_for_ranks():
    longer = mapping("2", 95, range(1, 41), range(1, 42))._replace(uid="3")
    rows, notes = features([longer, HH], [], {}, {"1": "1.1.1", "3": "2.1.1"})
    assert [(row.uid, row.hh_rank) for row in rows] == [("1", 0.2)]
    assert notes == ("1 HH-suite hits dropped: their query and template ranges differ in length",)


def test_ranks_above_100_stand_for_missing_hits():
    (row,), _ = features([], [DALI._replace(rank=123.45)], {})
    assert (row.hh_rank, row.dali_rank) == (100.0, 12.35)
    (row,), _ = features([HH], [DALI._replace(uid="2", rank=123.45, query=np.arange(41, 61))], {})
    assert (row.uid, row.dali_rank) == ("1", 123.45)


def test_overlap_is_half_of_the_domain_or_half_of_the_hit():
    queries = QueryResidues(
        [np.arange(1, 51), np.arange(52, 151), np.arange(91, 111), np.arange(92, 112), np.arange(0)]
    )
    domain = np.arange(1, 101)
    assert queries.overlapping(domain, DPAM_V2) == [0, 2]
    assert queries.overlapping(domain, DPAM_V2, strict=True) == [0]
    assert QueryResidues([]).overlapping(domain, DPAM_V2) == []


def test_the_first_of_equal_hits_is_taken():
    assert best_by_template([0, 1, 2, 3], ["a", "b", "a", "a"], [1.0, 2.0, 1.5, 1.5]) == {"a": 2, "b": 1}


def test_hh_template_residues_without_coordinates_are_dropped():
    # sequence residues 1, 2 and 5 have none
    (hit,) = sequence_pairs([mapping("1", 90, range(11, 18), range(1, 8))], {"1": np.array([3, 4, 6])})
    assert (hit.query.tolist(), hit.template.tolist()) == ([13, 14, 16], [1, 2, 3])


def test_elements_are_what_their_first_residue_is():
    states, elements = "HHHHHHEEEEEE-EE", np.array([1] * 6 + [2] * 6 + [0] + [3] * 2)
    whole = np.arange(1, 16)
    assert element_counts(states, elements, whole, DPAM_V2) == (1, 1)
    assert element_counts("EEE" + states[3:], elements, whole, DPAM_V2) == (0, 2)
    assert element_counts(states, elements, np.arange(2, 10), DPAM_V2) == (0, 1)


def test_elements_of_the_domain_are_a_choice():
    states, elements = "-" * 45 + "EEE" + "-" * 12, np.array([0] * 45 + [1] * 3 + [0] * 12)
    arguments = ([("D1", np.arange(1, 41))], [], [DALI], states, elements, {"1": "1.1.1"}, {})
    assert [row.strands for row in domass_features(*arguments, DPAM_V2).rows] == [1]
    per_domain = replace(DPAM_V2, elements_per_domain=True)
    assert [row.strands for row in domass_features(*arguments, per_domain).rows] == [0]


def test_no_domain_and_no_hit_give_no_row():
    assert domass_features([], [HH], [DALI], "-", np.zeros(1, int), {"1": "1.1.1"}, {}, DPAM_V2).rows == []
    assert features([], [], {}) == ([], ())
