"""Make the invented inputs of the golden tests of steps 15 to 24.

Fixture T1 is a query of 120 residues with three domains, two of which are halves of one. T2 takes the other branches of
steps 17 to 24. T3 and T4 are below and above step 21's number of contacts.
"""

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from domainflow.domains.assign_protein import assign_protein
from domainflow.domains.assignment.template_residues import AssignmentFacts
from domainflow.domains.domass.features import domass_features
from domainflow.domains.dpam_files import steps_1_to_13
from domainflow.domains.dpam_files.protein_files import assigned_texts
from domainflow.domains.evidence.hits_of_domains import sequence_pairs, structure_pairs, template_ranges
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.rows import DomassRow, ParsedDomain, Prediction, StructureHit, TemplateMapping
from domainflow.sequences.hhr import ReportValues
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import format_range, parse_range

COMPAT = replace(DPAM_V2, compat_v2=True)
SUPERPOSITION = (
    "1.000000,0.000000,0.000000 0.000000,1.000000,0.000000 0.000000,0.000000,1.000000 1.000000,2.000000,3.000000"
)


def tabbed(*lines):
    """Return the text of a file whose columns are given with blanks between them."""
    return "".join("\t".join(line.split()) + "\n" for line in lines)


def make_protein(name, length, segments, ca=None):
    """Make a protein of CA atoms with elements given as ``3-12 H``; by default on a line, 3.8 Å apart."""
    states, elements = ["-"] * length, np.zeros(length, np.int32)
    for number, segment in enumerate(segments, start=1):
        text, letter = segment.split()
        for residue in parse_range(text):
            states[residue - 1], elements[residue - 1] = letter, number
    if ca is None:
        ca = np.zeros((length, 3))
        ca[:, 0] = 3.8 * np.arange(length)
    pdb = "".join(
        f"ATOM  {i:5d}  CA  ALA A{i:4d}    {x:8.3f}{y:8.3f}{z:8.3f}  1.00 50.00           C  \n"
        for i, (x, y, z) in enumerate(ca, start=1)
    )
    return Protein(
        name, "A" * length, np.repeat(ca[:, None], 4, axis=1).astype(np.float32), ca.astype(np.float32),
        ca, np.arange(length, dtype=np.int32), "".join(states), elements, None, (), pdb,
    )  # fmt: skip


class Assigned(NamedTuple):
    """Results of steps 17 to 24 for a protein, and the texts of its DPAM files, by kind."""

    domains: list
    notes: tuple
    files: dict


def assign(protein, domains, predictions, facts, parameters):
    """Run steps 17 to 24 for a protein."""
    parsed = [ParsedDomain(name, residues, "templates") for name, residues in domains]
    found = assign_protein(protein, parsed, predictions, facts, parameters)
    return Assigned(found.domains, found.notes, assigned_texts(protein, parsed, predictions, found))


def named(*ranges):
    return [(f"D{number}", parse_range(text)) for number, text in enumerate(ranges, start=1)]


# Fixture T1

T1_DOMAINS = named("1-40", "41-80", "90-120")
T1 = make_protein("T1", 120, ["3-12 H", "16-20 E", "24-28 E", "45-56 H", "60-63 E", "70-71 E", "92-99 H", "103-106 E"])
T1_T_GROUPS = {
    "000000001": "1.1.1", "000000002": "2.1.1", "000000003": "1.1.2", "000000004": "3.1.1", "000000005": "2.1.2",
}  # fmt: skip
T1_LENGTHS = {"000000001": 80, "000000002": 40, "000000003": 60, "000000004": 35, "000000005": 30}
T1_SEQUENCE_INDEX = {uid: np.arange(1, length + 1) for uid, length in T1_LENGTHS.items()}
T1_SEQUENCE_INDEX["000000001"] = np.arange(1, 79) + 2
T1_FACTS = AssignmentFacts(
    template_ids={
        "000000001": "e1aaaA1", "000000002": "e1bbbA1", "000000003": "e1cccA1", "000000004": "e1dddA1",
        "000000005": "e1aaaA2",
    },
    lengths=T1_LENGTHS,
    weights={"000000001": np.array([2.0] * 20 + [1.0] * 58)},
    t_group_lengths={"1.1.1": 90.0, "2.1.1": 45.0, "1.1.2": 60.0, "3.1.1": 30.0, "2.1.2": 30.0},
)  # fmt: skip
T1_MAPPINGS = steps_1_to_13.parse_mappings(
    tabbed(
        "header",
        "1AAA_A_1 000000001 e1aaaA1 95.5 1E-05 50.00 40 20% 0.2 30.0 0.475 0.5 3-40 5-38,41-44 A:5-38,A:41-44",
        "1AAA_A_2 000000001 e1aaaA1 90.0 1E-05 50.00 40 20% 0.2 30.0 0.45 0.45 41-76 45-80 A:45-80",
        "1AAA_A_3 000000005 e1aaaA2 60.0 1E-05 50.00 35 20% 0.2 30.0 1.0 1.0 46-75 1-30 A:81-110",
        "1DDD_A_1 000000004 e1dddA1 98.0 1E-05 50.00 31 20% 0.2 30.0 0.886 0.886 90-120 3-33 A:3-33",
        "1CCC_A_1 000000003 e1cccA1 70.0 1E-05 50.00 40 20% 0.2 30.0 0.667 0.667 1-40 11-50 A:21-60",
    ),
    "v2",
)
T1_HITS = steps_1_to_13.parse_scored_alignments(
    tabbed(
        "header",
        f"000000001_1 000000001 e1aaaA1 1.1 9.0 0.59 0.5 0.5 1.0 3-40 1-38 {SUPERPOSITION}",
        f"000000001_2 000000001 e1aaaA1 1.1 8.5 0.41 0.5 0.75 1.0 41-80 39-78 {SUPERPOSITION}",
        f"000000004_1 000000004 e1dddA1 3.1 6.2 -1 -1 -1 1.0 90-120 2-32 {SUPERPOSITION}",
        f"000000002_1 000000002 e1bbbA1 2.1 5.0 -1 -1 -1 2.0 45-80 1-36 {SUPERPOSITION}",
        f"000000003_1 000000003 e1cccA1 1.1 5.0 -1 -1 -1 1.0 1-40 11-50 {SUPERPOSITION}",
    )
)


def t1_features():
    return domass_features(
        T1_DOMAINS, T1_MAPPINGS, T1_HITS, T1.states, T1.elements, T1_T_GROUPS, T1_SEQUENCE_INDEX, DPAM_V2
    )


def toy_network(row):
    """Return the probability of the fixture's network, which reads only HH-suite probability and z."""
    kernel, last = np.zeros((13, 64), np.float32), np.zeros((64, 2), np.float32)
    kernel[3, 0] = kernel[6, 1] = 1
    last[0, 1], last[1, 1] = 4, 2
    hidden = np.maximum(0, np.array(row[4:17], np.float32) @ kernel)
    scores = hidden @ last + np.array([0, -3], np.float32)
    return round(float(math.exp(scores[1]) / (math.exp(scores[0]) + math.exp(scores[1]))), 4)


def t1_predictions():
    return [Prediction(row, toy_network(row)) for row in t1_features().rows]


T1_ROWS = [
    "D1 1-40 1.1.1 000000001 40 3 4 0.955 0.475 0.1 0.9 0.59 0.5 0.5 0.1 2.21 0.95 1AAA_A_1 000000001_1",
    "D1 1-40 1.1.2 000000003 40 3 4 0.7 0.667 0.1 0.5 -1.0 -1.0 -1.0 0.1 0.0 1.0 1CCC_A_1 000000003_1",
    "D2 41-80 1.1.1 000000001 40 3 4 0.9 0.45 0.1 0.85 0.41 0.5 0.75 0.1 4.0 0.9 1AAA_A_2 000000001_2",
    "D2 41-80 2.1.2 000000005 40 3 4 0.6 1.0 0.2 0 0 10 10 100 -1 0 1AAA_A_3 na",
    "D2 41-80 2.1.1 000000002 40 3 4 0 0 100 0.5 -1.0 -1.0 -1.0 0.2 -1 0 na 000000002_1",
    "D3 90-120 3.1.1 000000004 31 3 4 0.98 0.886 0.1 0.62 -1.0 -1.0 -1.0 0.1 1.0 1.0 1DDD_A_1 000000004_1",
]
T1_PROBABILITIES = ["0.9321", "0.69", "0.9089", "0.3543", "0.1192", "0.8966"]


def with_superposition(line):
    return f"{line} {'na na na na' if line.endswith(' na') else SUPERPOSITION}"


class NamelessStore:
    """A reference whose T-groups have no names."""

    def row(self, uid):
        return int(uid)

    def t_group_name(self, _row):
        return "na"


# Fixture T2

T2_DOMAINS = named("1-50", "60-100", "110-150", "160-195", "201-240")
T2 = make_protein(
    "T2", 240,
    [
        "5-14 H", "20-24 E", "30-34 E", "62-75 H", "80-84 E", "90-94 E", "112-125 H", "130-135 E", "140-143 E",
        "162-170 H", "172-180 H", "184-188 E", "210-215 H",
    ],
)  # fmt: skip
T2_FACTS = AssignmentFacts(
    template_ids={"000000006": "e1fffA1", "000000007": "e1gggA1", "000000008": "e1hhhA1"},
    lengths={"000000006": 100, "000000007": 50, "000000008": 60},
    t_group_lengths={"4.1.1": 150.0, "4.2.1": 50.0, "4.1.2": 60.0},
)
IDENTITY = {uid: np.arange(1, length + 1) for uid, length in T2_FACTS.lengths.items()}


def mapping(uid, probability, query, template):
    fields = (f"h{uid}", uid, "e", ReportValues(str(probability), *["1"] * 6), 0.5, 0.5)
    return TemplateMapping(*fields, parse_range(query), parse_range(template), "na")


def structure_hit(uid, z, query, template, q_score=-1.0, z_tile=-1.0, q_tile=-1.0, rank=1.0):
    aligned = (parse_range(query), parse_range(template))
    return StructureHit(f"{uid}_1", uid, "e", "1.1", z, q_score, z_tile, q_tile, rank, *aligned, ("na",) * 3, "na")


def prediction(domain, text, t_group, uid, probability, hh_probability, z, templates=("na", "na")):
    """Make a row of step 16; fields that steps 17 to 24 do not read are empty."""
    features = (len(parse_range(text)), 0, 0, hh_probability, 0.0, 0.0, z, *[0.0] * 6)
    return Prediction(DomassRow(domain, text, t_group, uid, *features, *["na"] * 6, *templates), probability)


def t2_predictions():
    mappings = [
        mapping("000000007", 97.0, "1-50", "1-50"),
        mapping("000000006", 96.0, "1-50", "1-50"),
        mapping("000000006", 95.0, "60-100", "56-96"),
        mapping("000000008", 94.0, "60-100", "10-50"),
        mapping("000000006", 93.0, "110-150", "1-41"),
        mapping("000000006", 92.0, "150-159", "1-10"),
    ]
    hits = [structure_hit("000000006", 10.0, "64-94", "60-90"), structure_hit("000000008", 4.0, "160-174", "1-15")]
    members = [residues for _, residues in T2_DOMAINS]
    by_sequence = template_ranges(members, sequence_pairs(mappings, IDENTITY), DPAM_V2)
    by_structure = template_ranges(members, structure_pairs(hits), DPAM_V2)
    rows = [
        ("D1", "4.1.1", "000000006", 0.93, 0.96, 0.0),
        ("D1", "4.2.1", "000000007", 0.97, 0.97, 0.0),
        ("D2", "4.1.1", "000000006", 0.95, 0.95, 1.0),
        ("D2", "4.1.2", "000000008", 0.94, 0.94, 0.0),
        ("D3", "4.1.1", "000000006", 0.9, 0.93, 0.0),
        ("D4", "4.1.2", "000000008", 0.7, 0.0, 0.4),
    ]
    predictions = []
    for domain, t_group, uid, *values in rows:
        place = int(domain[1:]) - 1
        templates = tuple(ranges[place].get(uid, "na") for ranges in (by_sequence, by_structure))
        predictions.append(prediction(domain, format_range(members[place]), t_group, uid, *values, templates))
    return predictions
