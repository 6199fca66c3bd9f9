"""The picture of known and found domains, drawn of an invented protein."""

import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest

import draw_domains
from domainflow.domains.results import DomainRow
from domainflow.run.ledger import LedgerRow

KNOWN = pd.DataFrame(
    {"range": ["1-100", "101-150,181-200", "160-180"], "t_group": ["1.1.1", "2.1.1", "3.1.1"], "source": ["ECOD"] * 3}
)
NAMES = {"3.1.1": "Knot & loop"}


def domain(residues, t_group, name, label="good_domain"):
    texts = dict.fromkeys(DomainRow._fields, "na")
    return DomainRow(
        **{
            **texts, "protein": "1ABC_A", "range": residues, "t_group": t_group, "t_group_name": name,
            "probability": "0.912", "label": label, "pae": "absent",
        }
    )  # fmt: skip


@pytest.fixture
def protein():
    """One domain as known, one with another T-group and hardly believed, one known alone, one found alone."""
    found = [
        domain("1-98", "1.1.1", "Barrel"),
        domain("101-150,181-198", "2.1.2", "Sandwich/Roll", "low_confidence"),
        domain("205-240", "4.1.1", "Propeller"),
    ]
    return draw_domains.drawn_protein(LedgerRow("1ABC_A", "ok", "ASSIGN_DOMAINS", "-", "240", "3"), KNOWN, found, NAMES)


def test_partners_have_one_colour_and_strangers_another(protein):
    first, second, third = (bar.colour for bar in protein.known)
    assert [bar.colour for bar in protein.found] == [first, second, draw_domains.OTHER]
    assert len({first, second, third, draw_domains.OTHER}) == 4
    assert protein.known[1].segments == [(101, 150), (181, 200)]
    assert [bar.uncertain for bar in protein.found] == [False, True, False]


def test_captions_name_groups_and_what_differs(protein):
    assert [(name, small) for _, name, small in protein.captions] == [
        ("Barrel", "T-group 1.1.1, probability 0.912"),
        ("Sandwich/Roll", "T-group 2.1.2, known: 2.1.1, probability 0.912, low_confidence"),
        ("Knot & loop", "T-group 3.1.1, not found"),
        ("Propeller", "T-group 4.1.1, known: none, probability 0.912"),
    ]


def test_the_picture_is_whole_and_to_scale(protein):
    root = ElementTree.fromstring(draw_domains.drawing([protein]))
    tag = "{http://www.w3.org/2000/svg}"
    texts = ["".join(element.itertext()) for element in root.iter(f"{tag}text")]
    assert {"1–100", "1–98", "101–150", "205–240", "1", "100", "200", "240", "Knot & loop"} <= set(texts)
    assert "1ABC_APDB chain, 240 residues, known domains: ECOD" in texts
    bars = [element for element in root.iter(f"{tag}rect") if element.get("fill") == protein.known[0].colour]
    scale = (draw_domains.BARS_END - draw_domains.LEFT) / 240
    assert [float(bar.get("width")) for bar in bars[:2]] == pytest.approx([100 * scale, 98 * scale], abs=0.06)
    assert [float(bar.get("x")) for bar in bars[:2]] == [draw_domains.LEFT] * 2
    assert all(0 <= float(element.get("x")) <= draw_domains.WIDTH for element in root.iter(f"{tag}text"))
    assert len([element for element in root.iter(f"{tag}rect") if element.get("fill") == "url(#hatch)"]) == 2


def test_it_brings_its_own_background_and_needs_nothing_from_elsewhere(protein):
    picture = draw_domains.drawing([protein])
    root = ElementTree.fromstring(picture)
    assert len(root.findall(".//*[@href]")) == 0
    assert "url(http" not in picture
    frame = next(element for element in root if element.tag.endswith("rect"))
    assert frame.get("fill") == "#ffffff"
    assert float(frame.get("width")) == draw_domains.WIDTH - 1


@pytest.mark.parametrize(
    ("length", "numbers"), [(440, [1, 100, 200, 300, 400, 440]), (205, [1, 100, 205]), (80, [1, 80])]
)
def test_numbers_below_the_bars_do_not_meet(length, numbers):
    assert draw_domains.ticks(length) == numbers


def test_long_names_take_two_lines_and_break_after_a_slash():
    name = "Nucleoside phosphorylase/phosphoribosyltransferase catalytic domain"
    assert draw_domains.folded(name) == ["Nucleoside phosphorylase/", "phosphoribosyltransferase catalytic domain"]
    assert draw_domains.folded("a/b") == ["a/b"]
    assert len(draw_domains.folded("word " * 40)) == 2
