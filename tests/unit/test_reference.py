"""From domains to templates, and what the embedded reference holds."""

import gzip
import tarfile
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from domainflow.contacts import backbone_contacts
from domainflow.dssp import assign_states
from domainflow.errors import StoreError
from domainflow.folding_units import folding_units
from domainflow.io.store import TemplateStore, write_store
from domainflow.io.store_format import ReferenceDomain
from domainflow.ranges import parse_range
from domainflow.reference import build_templates, cut_domain, derived, read_template_facts
from domainflow.structure_letters import structure_letters
from peptides import ALPHA, STRAND, peptide

HEADER = "uid\tid\tpdb\tchain\tsegments\tecod_t\tecod_tname\n"
FACTS = {
    "uid": "000000007", "id": "d1abca1", "pdb": "1ABC", "chain": "B", "segments": "2-4,8-20", "ecod_t": "11.1.1",
    "ecod_tname": "Invented fold",
}  # fmt: skip


class Chain(NamedTuple):
    sequence: str
    backbone: np.ndarray


class Database:
    """One chain of twenty residues, B of 1ABC."""

    def chain(self, pdb, name):
        return {("1ABC", "B"): Chain("ACDEFGHIKLMNPQRSTVWY", peptide([ALPHA] * 20))}[pdb, name]


def domain(number, length=30):
    backbone = peptide([(ALPHA, STRAND)[number % 2]] * length)
    return ReferenceDomain(
        uid=f"{number:09d}", id="d1abca_", pdb="1abc", chain="A", range=f"A:1-{length}", t_group="1.1.1",
        t_group_name="na", h_group="1.1", length=length, sequence="A" * length, backbone=backbone,
        notes=("odd but usable",) if number == 2 else (),
    )  # fmt: skip


def load(uid):
    """Invented domains; one has no structure, one is a strand 500 nm long."""
    if uid == "000000003":
        raise StoreError("it has no structure")
    return domain(int(uid), length=1500 if uid == "000000005" else 30)


# Cutting


def test_segments_are_joined_in_their_order():
    cut = cut_domain(FACTS, Database())
    assert cut.sequence == "CDE" + "IKLMNPQRSTVWY"
    assert cut.length == 16
    assert cut.range == "B:2-4,B:8-20"
    np.testing.assert_array_equal(cut.backbone, peptide([ALPHA] * 20)[np.r_[1:4, 7:20]])


def test_h_group_is_the_first_two_fields_of_the_t_group():
    cut = cut_domain(FACTS, Database())
    assert (cut.t_group, cut.h_group, cut.t_group_name, cut.pdb) == ("11.1.1", "11.1", "Invented fold", "1abc")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pdb": "9XYZ"}, "lacks chain B of 9XYZ"),
        ({"segments": "2-21"}, "chain B of 1ABC has 20 residues, not all of 2-21"),
        ({"segments": "0-5"}, "not all of 0-5"),
        ({"segments": "a-b"}, "not of the form first-last"),
    ],
)
def test_residues_that_are_not_there_are_named(changes, said):
    with pytest.raises(StoreError, match=said):
        cut_domain(FACTS | changes, Database())


def test_facts_are_read_plain_and_gzipped(tmp_path):
    text = HEADER + "\t".join(FACTS.values()) + "\n"
    (tmp_path / "facts.tsv").write_text(text)
    (tmp_path / "facts.tsv.gz").write_bytes(gzip.compress(text.encode()))
    for name in ("facts.tsv", "facts.tsv.gz"):
        assert read_template_facts(tmp_path / name) == {"000000007": FACTS}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("uid\tid\n", "lacks the columns pdb, chain, segments"),
        (HEADER + "000000001\td1abca_\n", r"line 2 of facts\.tsv has an empty cell"),
        (HEADER + 2 * ("\t".join(FACTS.values()) + "\n"), "000000007 twice"),
    ],
)
def test_a_broken_table_of_facts_is_named(tmp_path, text, said):
    (tmp_path / "facts.tsv").write_text(text)
    with pytest.raises(StoreError, match=said):
        read_template_facts(tmp_path / "facts.tsv")
    with pytest.raises(StoreError, match="cannot be read"):
        read_template_facts(tmp_path / "missing.tsv")


# Deriving


def test_states_letters_and_units_are_those_of_the_backbone():
    row = derived(domain(4, 90))
    assert row.states == assign_states(row.backbone, row.sequence)
    assert "H" * 80 in row.states
    assert row.letters == structure_letters(row.backbone.astype(np.float32), None)
    assert row.nodes[0].tolist() == list(range(90))


def test_a_template_that_cannot_be_used_is_left_out_and_named():
    problems = []
    rows = list(build_templates([f"{number:09d}" for number in range(1, 6)], load, problems))
    assert [row.uid for row in rows] == ["000000001", "000000002", "000000004"]
    assert problems[:2] == [("000000002", "odd but usable"), ("000000003", "left out: it has no structure")]
    assert problems[2][0] == "000000005"
    assert "reaches more than 327 Å" in problems[2][1]
    assert len(problems) == 3


def test_the_number_of_processes_does_not_matter(tmp_path):
    uids = [f"{number:09d}" for number in range(1, 20)]
    for processes in (1, 2):
        problems = []
        write_store(tmp_path / f"{processes}.arrow", build_templates(uids, load, problems, processes))
        assert len(problems) == 3
    assert (tmp_path / "1.arrow").read_bytes() == (tmp_path / "2.arrow").read_bytes()


# The embedded reference


@pytest.fixture(scope="module")
def mini_ecod(root):
    return TemplateStore.open(root / "assets" / "mini-ecod.arrow")


def test_mini_ecod_holds_what_its_table_says(root, mini_ecod):
    facts = read_template_facts(root / "assets" / "template_facts.tsv")
    assert mini_ecod.uids == list(facts) == [f"{number:09d}" for number in range(1, 2575)]
    assert len({mini_ecod.t_group(row) for row in range(len(mini_ecod))}) == 1265
    for row, (uid, fact) in enumerate(facts.items()):
        assert mini_ecod.row(uid) == row
        assert (mini_ecod.template_id(row), mini_ecod.t_group(row)) == (fact["id"], fact["ecod_t"])
        assert parse_range(mini_ecod.range(row)).tolist() == parse_range(fact["segments"]).tolist()
        assert mini_ecod.length(row) == mini_ecod.lengths[row] == len(parse_range(fact["segments"]))


def test_mini_ecod_is_small(root):
    assert (root / "assets" / "mini-ecod.arrow").stat().st_size < 10_000_000


def test_mini_ecod_has_no_statistics(mini_ecod):
    rows = range(len(mini_ecod))
    assert all(mini_ecod.weights(row) is None and mini_ecod.family(row) is None for row in rows)
    assert all(mini_ecod.self_z(row) is None for row in rows)


def test_a_stored_template_gives_its_columns_again(mini_ecod):
    """It was made from coordinates on the store's own grid, so that rounding changes nothing; every 200th is tried.

    A state may differ where a hydrogen bond's energy lies at its limit, as centring moves single-precision numbers.
    """
    for row in range(0, len(mini_ecod), 200):
        backbone = mini_ecod.backbone(row)
        states = assign_states(backbone, mini_ecod.sequences[row])
        assert sum(a != b for a, b in zip(states, mini_ecod.states[row], strict=True)) <= 1
        units = folding_units(backbone_contacts(backbone))
        assert sorted(unit.tolist() for unit in units) == sorted(unit.tolist() for unit in mini_ecod.nodes(row))


@pytest.mark.shared
def test_mini_ecod_has_exactly_the_published_coordinates(shared, mini_ecod):
    """All 2,574, in units of 0.01 Å, relative to the template's first CA; and their sequences."""
    sequences = pd.read_csv(shared / "data" / "reference" / "domains.tsv.gz", sep="\t").set_index("id")["seq"]
    rows = {mini_ecod.template_id(row): row for row in range(len(mini_ecod))}
    with tarfile.open(shared / "data" / "reference" / "structures.tar.gz") as archive:
        for member in archive:
            if not member.isfile():
                continue
            name = member.name.rpartition("/")[2].removesuffix(".pdb")
            row = rows.pop(name)
            lines = archive.extractfile(member).read().decode().splitlines()
            atoms = [line for line in lines if line.startswith("ATOM")]
            assert [line[12:16].strip() for line in atoms] == ["N", "CA", "C", "O"] * int(mini_ecod.lengths[row])
            published = [[float(line[i : i + 8]) for i in (30, 38, 46)] for line in atoms]
            published = np.rint(np.array(published) * 100).astype(int).reshape(-1, 4, 3)
            stored = np.rint(mini_ecod.backbone(row).astype(float) * 100).astype(int)
            np.testing.assert_array_equal(stored - stored[0, 1], published - published[0, 1], err_msg=name)
            assert mini_ecod.sequences[row] == sequences[name]
    assert not rows
