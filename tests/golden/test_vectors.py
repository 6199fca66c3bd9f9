"""Outputs of the v2 programs on small invented inputs: steps 5 and 8 to 13.

Fixture T1 is a query of 120 residues with six HH-suite hits and five alignments; fixture T5 is two facing blocks of 40
residues with a loop between them.
"""

import numpy as np
import pandas as pd
import pytest

from domainflow.domains.alignment_rounds import remaining_residues
from domainflow.domains.candidates import sequence_hits
from domainflow.domains.candidates.depth_filter import filter_by_depth
from domainflow.domains.candidates.sequence_hits import ChainDomain
from domainflow.domains.dpam_files import steps_1_to_13
from domainflow.domains.evidence import accepted as evidence
from domainflow.domains.evidence import support
from domainflow.domains.evidence.alignment_scores import AlignmentBlock, TemplateFacts, score_alignments
from domainflow.domains.parameters import DPAM_V1, DPAM_V2
from domainflow.domains.parsing import clustering, disorder, pair_probability
from domainflow.domains.rows import SequenceHit, StructureHit
from domainflow.sequences.hhr import read_hhsuite_report
from domainflow.structures.ranges import format_range, parse_range

QUERY = (
    "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKAL"
    "PDAQFEVVHSLAKWKRQTLGQHDFSAGEGLYTHMKALRPDEDRLSPLHSVYVDQWDWE"
)
assert len(QUERY) == 120

WEIGHTS = np.array([2.0] * 20 + [1.0] * 58)
FACTS = {
    "000000001": TemplateFacts(
        "e1aaaA1", "1.1", 80, 20.0, WEIGHTS, (np.array([15.0, 12, 8, 4]), np.array([90.0, 70, 50, 30]))
    ),
    "000000002": TemplateFacts("e1bbbA1", "2.1", 40, 10.0),
    "000000003": TemplateFacts("e1cccA1", "1.1", 60, 15.0),
    "000000004": TemplateFacts("e1dddA1", "3.1", 35, 8.0),
    "000000005": TemplateFacts("e1aaaA2", "2.1", 30),
}
CHAIN_DOMAINS = {
    "1AAA_A": [
        ChainDomain("000000001", "e1aaaA1", 80, "A", np.arange(1, 81)),
        ChainDomain("000000005", "e1aaaA2", 30, "A", np.arange(81, 111)),
    ],
    "1BBB_A": [ChainDomain("000000002", "e1bbbA1", 40, "A", np.arange(1, 41))],
    "1CCC_A": [ChainDomain("000000003", "e1cccA1", 60, "A", np.arange(11, 71))],
    "1DDD_A": [ChainDomain("000000004", "e1dddA1", 35, "A", np.arange(1, 36))],
}
BLOCKS = [
    ("000000001_1", 9.0, (3, 40), (1, 38)),
    ("000000001_2", 8.5, (41, 80), (39, 78)),
    ("000000002_1", 5.0, (45, 80), (1, 36)),
    ("000000003_1", 5.0, (1, 40), (11, 50)),
    ("000000004_1", 6.2, (90, 120), (2, 32)),
]


def alignment_row(query_start, query_row, template_name, template_start, template_row):
    """Write one alignment block of a report, with the extra rows that must be skipped."""
    query_end = query_start + len(query_row.replace("-", "")) - 1
    template_end = template_start + len(template_row.replace("-", "")) - 1
    blank = "h" * len(query_row)
    return (
        f"\nQ ss_pred             {blank}\n"
        f"Q T1              {query_start:5d} {query_row} {query_end:4d} (120)\n"
        f"Q Consensus       {query_start:5d} {'~' * len(query_row)} {query_end:4d} (120)\n"
        f"                        {'|' * len(query_row)}\n"
        f"T Consensus       {template_start:5d} {'~' * len(query_row)} {template_end:4d} (200)\n"
        f"T {template_name:15s} {template_start:5d} {template_row} {template_end:4d} (200)\n"
        f"T ss_dssp             {blank}\n"
        f"Confidence            {'9' * len(query_row)}\n\n"
    )


@pytest.fixture
def report(tmp_path):
    hits = [
        ("1AAA_A", "95.5", 3, QUERY[2:36] + "--" + QUERY[36:40], 5, "A" * 40),
        ("1AAA_A", "90.0", 41, QUERY[40:80], 45, "A" * 40),
        ("1AAA_A", "60.0", 41, QUERY[40:75], 76, "A" * 35),
        ("1DDD_A", "98.0", 90, QUERY[89:120], 3, "A" * 31),
        ("1CCC_A", "70.0", 1, QUERY[:40], 21, "A" * 40),
        ("1ZZZ_A", "50.0", 1, QUERY[:40], 21, "A" * 40),
    ]
    text = "Query         T1\nMatch_columns 120\n\n No Hit                             Prob\n"
    text += "".join(f"{n:3d} {hit[0]} invented\n" for n, hit in enumerate(hits, start=1)) + "\n"
    for number, (chain, probability, query_start, query_row, template_start, template_row) in enumerate(hits, start=1):
        columns = len(query_row)
        text += (
            f"No {number}\n>{chain} invented\nProbab={probability}  E-value=1E-05  Score=50.00  "
            f"Aligned_cols={columns}  Identities=20%  Similarity=0.2  Sum_probs=30.0\n"
        )
        text += alignment_row(query_start, query_row, chain, template_start, template_row)
    path = tmp_path / "T1.hhsearch"
    path.write_text(text + "\n")
    return path


@pytest.fixture
def mappings(report):
    return sequence_hits.map_sequence_hits(read_hhsuite_report(report), CHAIN_DOMAINS, DPAM_V2)


@pytest.fixture
def scored():
    blocks = []
    for name, z, (q1, q2), (t1, t2) in BLOCKS:
        rotation = ("1.000000,0.000000,0.000000", "0.000000,1.000000,0.000000", "0.000000,0.000000,1.000000")
        query, template = np.arange(q1, q2 + 1), np.arange(t1, t2 + 1)
        blocks.append(AlignmentBlock(name, z, query, template, 120, 80, rotation, "1.000000,2.000000,3.000000"))
    return score_alignments(blocks, FACTS)


def test_step_5_maps_every_domain_of_a_chain(mappings):
    written = steps_1_to_13.format_mappings(mappings, "v2").splitlines()
    assert written[0].replace("\t", " ") == (
        "hitname ecodnum ecodkey hh_prob hh_eval hh_score aligned_cols idents similarities sum_probs coverage "
        "ungapped_coverage query_range template_range template_seqid_range"
    )
    constant = "1E-05 50.00 {} 20% 0.2 30.0"
    expected = [
        ("1AAA_A_1 000000001 e1aaaA1 95.5", 40, "0.475 0.5 3-40 5-38,41-44 A:5-38,A:41-44"),
        ("1AAA_A_2 000000001 e1aaaA1 90.0", 40, "0.45 0.45 41-76 45-80 A:45-80"),
        ("1AAA_A_3 000000005 e1aaaA2 60.0", 35, "1.0 1.0 46-75 1-30 A:81-110"),
        ("1DDD_A_1 000000004 e1dddA1 98.0", 31, "0.886 0.886 90-120 3-33 A:3-33"),
        ("1CCC_A_1 000000003 e1cccA1 70.0", 40, "0.667 0.667 1-40 11-50 A:21-60"),
    ]
    assert [line.split("\t") for line in written[1:]] == [
        f"{start} {constant.format(columns)} {end}".split() for start, columns, end in expected
    ]


def test_step_8_statistics_rank_and_ties(scored):
    rows = [
        f"{h.hit_name} {h.h_group} {h.z} {h.q_score} {h.z_tile} {h.q_tile} {h.rank} "
        f"{format_range(h.query)} {format_range(h.template)}"
        for h in scored
    ]
    assert rows == [
        "000000001_1 1.1 9.0 0.59 0.5 0.5 1.0 3-40 1-38",
        "000000001_2 1.1 8.5 0.41 0.5 0.75 1.0 41-80 39-78",
        "000000004_1 3.1 6.2 -1 -1 -1 1.0 90-120 2-32",
        "000000002_1 2.1 5.0 -1 -1 -1 2.0 45-80 1-36",
        "000000003_1 1.1 5.0 -1 -1 -1 1.0 1-40 11-50",
    ]
    last_columns = steps_1_to_13.format_scored_alignments(scored, "v2").splitlines()[1].split("\t")[11:]
    assert last_columns == [
        "1.000000,0.000000,0.000000", "0.000000,1.000000,0.000000", "0.000000,0.000000,1.000000",
        "1.000000,2.000000,3.000000",
    ]  # fmt: skip


def test_step_8_z_percentile_counts_only_better_relatives():
    family = (np.array([5.0, 6, 4, 7]), np.array([1.0, 1, 1, 1]))
    facts = {"1": TemplateFacts("e1", "1.1", 3, 0.0, np.ones(3), family)}
    block = AlignmentBlock("1_1", 5.0, np.array([10, 11, 12]), np.array([1, 2, 3]), 20, 3)
    assert score_alignments([block], facts)[0].z_tile == 0.5


def test_step_8_rank_is_the_mean_number_of_groups():
    facts = {"1": TemplateFacts("a", "1.1", 3), "2": TemplateFacts("b", "2.1", 3)}
    first = AlignmentBlock("1_1", 9.0, np.array([10, 11, 12]), np.array([1, 2, 3]), 20, 3)
    second = AlignmentBlock("2_1", 8.0, np.array([11, 12, 13]), np.array([1, 2, 3]), 20, 3)
    assert [hit.rank for hit in score_alignments([first, second], facts)] == [1.0, 1.67]


def test_step_9_sequence_table(mappings):
    written = steps_1_to_13.format_sequence_support(support.sequence_support(mappings, FACTS, DPAM_V2))
    assert [line.replace("\t", " ") for line in written.splitlines()] == [
        "1AAA_A_1 e1aaaA1 1.1 95.5 0.47 80 3-40 5-38,41-44",
        "1AAA_A_2 e1aaaA1 1.1 90.0 0.45 80 41-76 45-80",
        "1AAA_A_3 e1aaaA2 2.1 60.0 1.0 30 46-75 1-30",
        "1DDD_A_1 e1dddA1 3.1 98.0 0.89 35 90-120 3-33",
        "1CCC_A_1 e1cccA1 1.1 70.0 0.67 60 1-40 11-50",
    ]


def test_step_9_structure_support(mappings, scored):
    hits = support.structure_support(scored, mappings, FACTS, DPAM_V2)
    assert [(h.hit_name, h.best_probability, h.best_coverage) for h in hits] == [
        ("000000001_1", 95.5, 0.47),
        ("000000001_2", 95.5, 0.0),
        ("000000004_1", 98.0, 0.89),
        ("000000002_1", 60.0, 1.0),
        ("000000003_1", 95.5, 0.47),
    ]


def test_step_10_levels_and_normalised_z(mappings, scored):
    sequence = support.sequence_support(mappings, FACTS, DPAM_V2)
    accepted = evidence.accept_sequence_hits(sequence, DPAM_V2)
    assert [row.filtered for row in accepted] == [format_range(hit.query) for hit in sequence]
    structure = support.structure_support(scored, mappings, FACTS, DPAM_V2)
    rows = evidence.accept_structure_hits(structure, FACTS, DPAM_V2)
    assert [(row.hit.hit_name, row.level, row.normalised_z) for row in rows] == [
        ("000000001_1", "high", 0.45),
        ("000000001_2", "no", 0.42),
        ("000000004_1", "superb", 0.78),
        ("000000002_1", "medium", 0.5),
        ("000000003_1", "high", 0.33),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-4,20-45", "20-45"),
        ("1-4,14-37", "1-37"),
        ("1-10,30-43", None),
        ("162-165,181-241,243-258", "181-258"),
    ],
)
def test_step_10_segment_filter(text, expected):
    assert evidence.filter_segments(parse_range(text), DPAM_V2) == expected


@pytest.mark.parametrize(
    ("aligned", "n_left"),
    [
        ("10-40,45-113", 9 + 17),  # 45 <= 40 + 5: one segment, 10-113 removed of 130
        ("10-40,46-114", 9 + 5 + 16),  # two segments
    ],
)
def test_step_7_masking_bridges_small_gaps(aligned, n_left):
    residues = parse_range(aligned) - 1
    assert len(residues) == 100
    assert len(remaining_residues(np.arange(130), residues, DPAM_V2)) == n_left


def test_step_4_drops_the_101st_identical_hit():
    table = pd.DataFrame({"target": [f"{n:09d}.pdb" for n in range(101)], "evalue": 1.0, "qstart": 1, "qend": 10})
    hits = filter_by_depth(table, 50, DPAM_V2)
    assert [hit.uid for hit in hits] == [f"{n:09d}" for n in range(100)]


def facing_blocks():
    """Fixture T5: CA positions, PAE and secondary structure elements."""
    points = np.zeros((90, 3))
    for i in range(1, 91):
        k = i - 1 if i <= 40 else i - 51
        loop = 41 <= i <= 50
        points[i - 1] = (100 + 10 * (i - 40), 0, 0) if loop else (3 * (k % 5), 3 * (k // 5), 0 if i <= 40 else 8)
    residue = np.arange(1, 91)
    block = np.where(residue <= 40, 1, np.where(residue > 50, 2, 0))
    pae = np.full((90, 90), 25.0)
    same = (block[:, None] == block[None, :]) & (block[:, None] > 0)
    across = (block[:, None] != block[None, :]) & (block[:, None] > 0) & (block[None, :] > 0)
    pae[same] = 2
    pae[across & (residue[:, None] < residue[None, :])] = 2
    pae[across & (residue[:, None] > residue[None, :])] = 28
    np.fill_diagonal(pae, 0)
    elements = np.zeros(90, np.int32)
    for number, text in enumerate(("3-12", "18-22", "28-37", "53-62", "68-72", "78-88"), start=1):
        elements[parse_range(text) - 1] = number
    return points, pae, elements


def parse_facing_blocks(accepted, pae_for_domains=None):
    points, pae, elements = facing_blocks()
    covered = evidence.covered_residues(accepted, 90)
    loose = disorder.disordered_residues(disorder.pae_contacts(pae, DPAM_V2), elements, covered, DPAM_V2)
    probabilities = pair_probability.pair_probabilities(
        points, np.arange(90), pae if pae_for_domains is None else pae_for_domains, accepted, DPAM_V2
    )
    members = clustering.chunks(loose)
    counts, sums = clustering.chunk_pairs(probabilities, members)
    upper = np.triu(counts > 0, 1)
    n_pairs = int((sums[upper] / counts[upper] > DPAM_V2.pair_threshold).sum())
    found = clustering.domains_by_clustering(probabilities, loose, DPAM_V2)
    return format_range(np.flatnonzero(loose) + 1), [format_range(d) for d in found], len(members), n_pairs


def test_t5_without_evidence():
    assert parse_facing_blocks([]) == ("38-52", ["1-35", "53-90"], 15, 49)


def test_t5_pae_is_the_mean_of_both_directions():
    _, pae, _ = facing_blocks()
    one_direction = np.triu(pae) + np.triu(pae).T
    assert parse_facing_blocks([], one_direction)[1] == ["1-90"]


def test_t5_with_evidence():
    none = np.empty(0, np.int64)
    sequence = SequenceHit("a", "1", "e1", "1.1", 90.0, 1.0, 30, parse_range("31-60"), none)
    structure = StructureHit(
        "b", "1", "e1", "1.1", 8.0, -1, -1, -1, 1.0, parse_range("1-90"), none, ("na", "na", "na"), "na"
    )
    accepted = [
        evidence.AcceptedHit(sequence, sequence.query, 90.0, "31-60"),
        evidence.AcceptedHit(structure, structure.query, 8.0, "1-90"),
    ]
    assert parse_facing_blocks(accepted) == ("na", ["1-40", "51-90"], 18, 59)


@pytest.mark.parametrize(("length", "expected"), [(10, "na"), (11, "1-10")])
def test_step_12_residue_l_is_never_disordered(length, expected):
    far = np.zeros((length, length), bool)
    loose = disorder.disordered_residues(far, np.zeros(length, np.int32), np.zeros(length, bool), DPAM_V2)
    assert format_range(np.flatnonzero(loose) + 1) == expected


def rows_of(kind, scores):
    none = np.empty(0, np.int64)
    both = np.array([1, 20])
    rows = []
    for score in scores:
        if kind == "sequence":
            hit = SequenceHit("a", "1", "e1", "1.1", score, 1.0, 30, both, none)
        else:
            hit = StructureHit("b", "1", "e1", "1.1", score, -1, -1, -1, 1.0, both, none, ("na",) * 3, "na")
        rows.append(evidence.AcceptedHit(hit, both, score, "na"))
    return rows


@pytest.mark.parametrize(
    ("kind", "scores", "v2", "v1"),
    [
        ("sequence", [95.0, 60.0], 0.81, 0.81),
        ("sequence", [97.0] * 11, 0.98, 0.98),
        ("structure", [8.2, 5.0, 3.1], 0.74, 0.66),
        ("structure", [4.0] * 6, 0.71, 0.63),
        ("structure", [], 0.5, 0.5),
    ],
)
def test_step_13_evidence_is_aggregated(kind, scores, v2, v1):
    # the other factors of residues 1 and 20: distance 20 (0.81), PAE 12 (0.45), no other evidence (0.5)
    atoms = np.zeros((20, 3))
    atoms[:, 0] = np.linspace(0, 20, 20)
    pae = np.full((20, 20), 12.0)
    for parameters, expected in ((DPAM_V2, v2), (DPAM_V1, v1)):
        p = pair_probability.pair_probabilities(atoms, np.arange(20), pae, rows_of(kind, scores), parameters)[0, 19]
        a, b, c, d = parameters.exponents
        factors = (0.81**a) * (0.45**b) * (0.5 ** (d if kind == "sequence" else c))
        assert p == pytest.approx(factors * expected ** (c if kind == "sequence" else d))


@pytest.mark.parametrize(("distance", "pae", "expected"), [(5.0, 2.0, 0.6763), (20.0, 12.0, 0.5494)])
def test_step_13_combined_probability(distance, pae, expected):
    atoms = np.array([[0.0, 0, 0], [distance, 0, 0]])
    matrix = np.full((2, 2), pae)
    p = pair_probability.pair_probabilities(atoms, np.arange(2), matrix, [], DPAM_V2)[0, 1]
    assert p == pytest.approx(expected, abs=5e-5)


def test_step_13_bin_edges():
    v2 = DPAM_V2
    assert pair_probability.look_up(v2.distance_table, np.array([3.0, 3.0001])).tolist() == [0.95, 0.94]
    assert pair_probability.look_up(v2.pae_table, np.array([28.0, 28.5])).tolist() == [0.16, 0.11]
    assert pair_probability.look_up(v2.sequence_table, np.array([50.0, 49.9])).tolist() == [0.76, 0.5]
    assert pair_probability.look_up(v2.structure_table, np.array([2.0, 1.9])).tolist() == [0.52, 0.5]


def test_step_13_without_pae_the_other_evidence_decides():
    atoms = np.array([[0.0, 0, 0], [5.0, 0, 0]])
    p = pair_probability.pair_probabilities(atoms, np.arange(2), None, [], DPAM_V2)[0, 1]
    assert p == pytest.approx((0.94 * 0.5 * 0.5) ** (1 / 3))
    p = pair_probability.pair_probabilities(atoms, np.arange(2), None, [], DPAM_V1)[0, 1]
    assert p == pytest.approx((0.94**0.1 * 0.5**0.4 * 0.5**0.4) ** (1 / 0.9))


def test_step_13_uniform_probability_gives_one_domain():
    p = np.full((60, 60), 0.7)
    assert [format_range(d) for d in clustering.domains_by_clustering(p, np.zeros(60, bool), DPAM_V2)] == ["1-60"]


def test_step_13_two_blocks_give_two_domains():
    p = np.full((60, 60), 0.4)
    p[:30, :30] = p[30:, 30:] = 0.7
    found = clustering.domains_by_clustering(p, np.zeros(60, bool), DPAM_V2)
    assert [format_range(d) for d in found] == ["1-30", "31-60"]
