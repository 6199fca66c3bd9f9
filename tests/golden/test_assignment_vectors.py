"""Outputs of the v2 programs on small invented inputs: steps 15 to 24."""

from assignment_vectors import (
    COMPAT,
    T1,
    T1_DOMAINS,
    T1_FACTS,
    T1_PROBABILITIES,
    T1_ROWS,
    T2,
    T2_DOMAINS,
    T2_FACTS,
    NamelessStore,
    assign,
    t1_features,
    t1_predictions,
    t2_predictions,
    tabbed,
    with_superposition,
)
from domainflow.domains.assignment.confident_hits import confident_hits
from domainflow.domains.assignment.final_domains import assign_templates
from domainflow.domains.assignment.template_residues import map_confident_hits
from domainflow.domains.domass.features import element_counts
from domainflow.domains.dpam_files import steps_16_to_24
from domainflow.domains.dpam_files.step_15 import format_features
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.results import DomainRow, domain_rows, summary_lines


def test_t1_step_15():
    rows, notes = t1_features()
    assert format_features(rows) == tabbed(
        "domID domRange tgroup ecodid domLen Helix_num Strand_num HHprob HHcov HHrank Dzscore Dqscore Dztile Dqtile "
        "Drank Cdiff Ccov HHname Dname Drot1 Drot2 Drot3 Dtrans",
        *map(with_superposition, T1_ROWS),
    )
    assert notes == ()


def test_t1_elements_of_each_domain_are_a_choice():
    counts = [element_counts(T1.states, T1.elements, residues, DPAM_V2) for _, residues in T1_DOMAINS]
    assert counts == [(1, 2), (1, 1), (1, 1)]


def test_t1_step_16_with_the_toy_network():
    predictions = t1_predictions()
    assert [str(probability) for _, probability in predictions] == T1_PROBABILITIES
    expected = []
    for line, probability in zip(T1_ROWS, T1_PROBABILITIES, strict=True):
        fields = with_superposition(line).split()
        expected.append(" ".join([*fields[:4], probability, *(str(float(f)) for f in fields[7:17]), *fields[17:]]))
    assert steps_16_to_24.format_predictions(predictions) == tabbed(
        "Domain Range Tgroup ECOD_ref DPAM_prob HH_prob HH_cov HH_rank DALI_zscore DALI_qscore DALI_ztile DALI_qtile "
        "DALI_rank Consensus_diff Consensus_cov HH_hit DALI_hit DALI_rot1 DALI_rot2 DALI_rot3 DALI_trans",
        *expected,
    )


def test_t1_steps_17_to_24():
    found = assign(T1, T1_DOMAINS, t1_predictions(), T1_FACTS, DPAM_V2)
    files = found.files
    assert files["confident"] == tabbed(
        "D1 1-40 1.1.1 000000001 0.9321 good",
        "D1 1-40 1.1.2 000000003 0.69 ok",
        "D2 41-80 1.1.1 000000001 0.9089 good",
        "D3 90-120 3.1.1 000000004 0.8966 good",
    )
    assert files["mapped"] == tabbed(
        "D1 1-40 000000001 1.1.1 0.9321 good 3-36,39-42 1-38",
        "D1 1-40 000000003 1.1.2 0.69 ok 11-50 11-50",
        "D2 41-80 000000001 1.1.1 0.9089 good 43-78 39-78",
        "D3 90-120 000000004 3.1.1 0.8966 good 3-33 2-32",
    )
    assert files["pair_support"] == "D1,D2\t000000001\n"
    assert files["pairs"] == "D1\t1-40\tD2\t41-80\n"
    lines = T1.pdb.splitlines(keepends=True)
    assert files["domain_model/D1"] == "".join(lines[:40])
    assert files["domain_model/D2"] == "".join(lines[40:80])
    assert "domain_model/D3" not in files
    assert files["judged"] == "T1\tD1\tD2\t1\t1-40\t41-80\n"
    assert files["merged"] == "T1\tD1,D2\t1-80\n"
    assert files["assignments"] == tabbed(
        "full D1,D2 1-80 000000001 1.1.1 0.932 0.955 0.9 1.0 0.889 good",
        "full D3 90-120 000000004 3.1.1 0.897 0.98 0.62 0.886 1.033 good",
    )
    final = [
        "nD1 1-80 000000001 e1aaaA1 1.1.1 0.932 0.955 9.0 1.0 0.889 good_domain 2 3",
        "nD2 90-120 000000004 e1dddA1 3.1.1 0.897 0.98 6.2 0.886 1.033 good_domain 1 1",
    ]
    assert files["final"] == tabbed(*final)
    rows = domain_rows("T1", found.domains, NamelessStore(), dict.fromkeys(DomainRow._fields, "na"))
    assert "".join(summary_lines(rows)) == tabbed(
        "Protein Domain Range ECOD_num ECOD_key T-group DPAM_prob HH_prob DALI_zscore Hit_cov Tgroup_cov Judge Hcount "
        "Scount",
        *(f"T1 {line}" for line in final),
    )
    assert found.notes == ()


def test_t1_v2_as_shipped_has_no_weights_in_step_23():
    found = assign(T1, T1_DOMAINS, t1_predictions(), T1_FACTS, COMPAT)
    assert [domain.template_coverage for domain in found.domains] == [0.975, 0.886]


def test_t2_steps_17_to_24():
    found = assign(T2, T2_DOMAINS, t2_predictions(), T2_FACTS, DPAM_V2)
    assert found.files["confident"] == tabbed(
        "D1 1-50 4.2.1 000000007 0.97 bad",
        "D1 1-50 4.1.1 000000006 0.93 bad",
        "D2 60-100 4.1.1 000000006 0.95 ok",
        "D2 60-100 4.1.2 000000008 0.94 ok",
        "D3 110-150 4.1.1 000000006 0.9 good",
        "D4 160-195 4.1.2 000000008 0.7 good",
    )
    assert found.files["mapped"] == tabbed(
        "D1 1-50 000000007 4.2.1 0.97 bad 1-50 na",
        "D1 1-50 000000006 4.1.1 0.93 bad 1-50 na",
        "D2 60-100 000000006 4.1.1 0.95 ok 56-96 60-90",
        "D2 60-100 000000008 4.1.2 0.94 ok 10-50 na",
        "D3 110-150 000000006 4.1.1 0.9 good 1-41 na",
        "D4 160-195 000000008 4.1.2 0.7 good na 1-15",
    )
    assert found.files["pair_support"] == tabbed("D1,D2 000000006", "D2,D3 000000006", "D2,D4 000000008")
    assert found.files["pairs"] == tabbed("D2 60-100 D3 110-150", "D2 60-100 D4 160-195")
    assert found.files["judged"] == tabbed("T2 D2 D3 1 60-100 110-150", "T2 D2 D4 0 60-100 160-195")
    assert found.files["merged"] == "T2\tD2,D3\t60-100,110-150\n"
    assert found.files["assignments"] == tabbed(
        "full D1 1-50 000000007 4.2.1 0.97 0.97 0.0 1.0 1.0 bad",
        "full D2,D3 60-100,110-150 000000006 4.1.1 0.95 0.95 1.0 0.82 0.547 good",
        "miss D4 160-195 000000008 4.1.2 0.7 0.0 0.4 na na na",
        "miss D5 201-240 na na na na na na na na",
    )
    assert found.files["final"] == tabbed(
        "nD1 1-50 000000007 e1gggA1 4.2.1 0.97 0.97 0.0 1.0 1.0 good_domain 1 2",
        "nD2 60-100,110-150 000000006 e1fffA1 4.1.1 0.95 0.95 10.0 0.82 0.547 good_domain 2 4",
        "nD3 160-195 000000008 e1hhhA1 4.1.2 0.7 0.0 4.0 na na low_confidence 2 1",
        "nD4 201-240 na na na na na na na na simple_topology 1 0",
    )
    assert [domain.parts for domain in found.domains] == ["D1", "D2,D3", "D4", "D5"]


def test_t2_without_merging():
    predictions = t2_predictions()
    mapped = map_confident_hits(confident_hits(predictions, DPAM_V2))
    found = assign_templates(dict(T2_DOMAINS), [], predictions, mapped, T2_FACTS, DPAM_V2)
    assert steps_16_to_24.format_assignments(found) == tabbed(
        "full D1 1-50 000000007 4.2.1 0.97 0.97 0.0 1.0 1.0 bad",
        "full D2 60-100 000000008 4.1.2 0.94 0.94 0.0 0.683 0.683 ok",
        "part D3 110-150 000000006 4.1.1 0.9 0.93 0.0 0.41 0.273 good",
        "miss D4 160-195 000000008 4.1.2 0.7 0.0 0.4 na na na",
        "miss D5 201-240 na na na na na na na na",
    )
