"""Doubt and reasons of domains: rules of spec/report.md, in numbers and words."""

import pytest

from domainflow.report.doubt import doubt
from domainflow.report.words import note_in_words, reason, short_reason

LIMITS = {
    "probability": [0.85], "dali_z": [3, 6], "template_coverage": [0.33, 0.66], "length_ratio": [0.33, 0.66],
    "elements": [3],
}  # fmt: skip
BEST = {"template_id": "d1abc_", "t_group": "4.1.1", "t_group_name": "SH3", "probability": 0.19, "dali_z": 2.5}
ASSIGNED = {
    "label": "good_domain", "assignment": "full", "probability": 0.9, "clarity": "good", "t_group": "4.1.1",
    "t_group_name": "SH3", "template_id": "d1abc_", "dali_z": 7.0, "template_coverage": 0.8, "length_ratio": 1.1,
    "helices": 1, "strands": 5,
}  # fmt: skip
FITS = (
    "Assigned: p 0.90 (0.85 is needed), 80 % of its template covered, 1.10 of the usual length: one of both must reach "
    "0.66, the other 0.33."
)
UNRELATED = {"t_group": None, "probability": None}
MISSED = ASSIGNED | {"label": "low_confidence", "assignment": "miss", "alternatives": [BEST]}


@pytest.mark.parametrize(
    ("label", "probability", "clarity", "expected"),
    [
        ("good_domain", 1.0, "good", 0.0),
        ("good_domain", 0.9, "ok", 0.22),
        ("good_domain", 0.9, "bad", 0.4),
        ("partial_domain", 0.9, "good", 0.4),
        ("partial_domain", 0.5, "bad", 0.69),
        ("simple_topology", 0.1, "bad", 0.55),
        ("low_confidence", 0.5, None, 0.85),
        ("low_confidence", None, None, 1.0),
    ],
)
def test_doubt(label, probability, clarity, expected):
    assert doubt(label, probability, clarity) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, FITS),
        ({"clarity": "bad"}, f"Another homologous group is as probable. {FITS}"),
        ({"clarity": "ok"}, f"Another T-group is as probable. {FITS}"),
        (
            {"label": "partial_domain", "template_coverage": 0.4, "length_ratio": 0.5},
            "Assigned in part, since it fits in part: p 0.90 (0.85 is needed), 40 % of its template covered, 0.50 of "
            "the usual length: one of both must reach 0.66, the other 0.33.",
        ),
        ({"label": "simple_topology", "strands": 1}, "It has 2 helices and strands; a fold needs 3."),
        (
            {"label": "low_confidence", "probability": 0.31},
            "Not assigned: the best template has p 0.31, and 0.85 is needed.",
        ),
        (
            {"label": "low_confidence"},
            "Not assigned: a part of it reaches p 0.90, but no template fits the whole domain.",
        ),
        ({"label": "low_confidence", "probability": None}, "Not assigned: no template fits the whole domain."),
        ({"label": "low_confidence"} | UNRELATED, "Not assigned: it is without a relative in the reference."),
        ({"label": "low_confidence", "parts": "D1,D2"} | UNRELATED, "Not assigned: no template fits the whole domain."),
        (
            {"label": "simple_topology", "strands": 0} | UNRELATED,
            "It has 1 helix or strand; a fold needs 3. It is without a relative in the reference.",
        ),
    ],
)
def test_short_reason(changes, expected):
    assert short_reason(ASSIGNED | changes, LIMITS) == expected


def test_a_domain_of_which_little_is_known_has_a_short_reason():
    known = {name: ASSIGNED[name] for name in ("label", "t_group", "probability", "clarity")}
    assert short_reason(known, LIMITS) == "Assigned: p 0.90 (0.85 is needed)."


def test_reason_of_an_assigned_domain():
    assert reason(ASSIGNED, LIMITS) == (
        "Assigned to 4.1.1 SH3: probability 0.900 (0.85 is needed), DALI z 7.0 (above 6 is usually the same fold). "
        "80 % of template d1abc_ is covered. The length is 1.10 of what is usual in the T-group. One of these shares "
        "must reach 0.66, the other 0.33. No other T-group is about as probable. It has 1 helix and 5 strands; a fold "
        "needs 3 in all."
    )
    part = reason(ASSIGNED | {"assignment": "part", "dali_z": 4.0}, LIMITS)
    assert part.startswith("Assigned in part to 4.1.1 SH3: probability 0.900")
    assert "DALI z 4.0 (between 3, chance, and 6, a fold)" in part
    assert "must reach 0.66, the other 0.33; if that is not so, a domain fits in part." in part


def test_reason_of_a_missed_domain():
    assert reason(MISSED, LIMITS) == (
        "No T-group is assigned. The most probable template is d1abc_ (4.1.1 SH3). Its probability is 0.19; 0.85 is "
        "needed. Its DALI z is 2.5; below 3 is hardly above chance. It has 1 helix and 5 strands; a fold needs 3 in "
        "all."
    )
    sure = MISSED | {"alternatives": [BEST | {"probability": 0.9}]}
    assert "A part of this domain reaches p 0.90 with it, but the whole domain meets no rule." in reason(sure, LIMITS)


def test_reason_of_a_domain_without_a_relative():
    alone = MISSED | UNRELATED | {"alternatives": [], "evidence": "coordinates"}
    assert reason(alone, LIMITS) == (
        "No T-group is assigned: this is a domain without a relative in the reference. It was found from its "
        "coordinates alone: no template and no PAE speaks for it. It has 1 helix and 5 strands; a fold needs 3 in all."
    )
    assert "coordinates" not in reason(alone | {"evidence": "pae,coordinates"}, LIMITS)


def test_notes_are_words():
    assert note_in_words("dropped: HOH; pae=absent: F1 without PAE") == "dropped: HOH; no PAE: F1 without PAE"
    assert note_in_words(None) is None


def test_reason_names_what_was_passed_over():
    passed = [{"template_id": "d2xyz_", "why": "it covers too little"}]
    assert "d2xyz_ was passed over: it covers too little." in reason(ASSIGNED | {"passed_over": passed}, LIMITS)
