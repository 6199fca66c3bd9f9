"""Names of hits and positions in them, for our own databases and for databases of PDB chains."""

from dataclasses import replace

import numpy as np

from domainflow.domains.candidates.sequence_hits import map_sequence_hits
from domainflow.domains.candidates.template_chains import chain_domains
from domainflow.domains.parameters import DPAM_V2
from domainflow.sequences.hhr import ProfileHit, ReportValues
from domainflow.templates.store import TemplateRow, TemplateStore, write_store
from peptides import ALPHA, peptide


def template(number, place, length=30, index=None):
    """An invented template of 30 residues with coordinates on the chain of `place`."""
    return TemplateRow(
        uid=f"{number:09d}", id=f"e6c14{number}", pdb="6c14", chain=place[0], range=place, t_group="1.1.1",
        t_group_name="Invented fold", h_group="1.1", length=length, sequence="A" * 30, states="H" * 30,
        letters="V" * 30, backbone=peptide([ALPHA] * 30), nodes=[np.arange(30)], sequence_index=index,
    )  # fmt: skip


def hit(name, first, columns):
    row = "A" * columns
    return ProfileHit(name, ReportValues("99.0", "1e-9", "80", str(columns), "20%", "0.2", "30"), 1, row, first, row)


def mapped(tmp_path, hits, *rows):
    write_store(tmp_path / "store", rows)
    return map_sequence_hits(hits, chain_domains(TemplateStore.open(tmp_path / "store")), DPAM_V2)


def test_columns_of_our_own_profiles_are_residues_with_coordinates(tmp_path):
    index = np.r_[3:13, 18:38].astype(np.int32)  # residues 1-2 and 13-17 of 40 lack coordinates
    known = template(2, "B:101-120,B:201-220", 40, index)
    (row,) = mapped(tmp_path, [hit("000000002", 6, 20)], known)
    assert row.query.tolist() == list(range(1, 21))
    assert row.template.tolist() == index[5:25].tolist()
    assert row.coverage == 0.5
    assert row.chain_range == "B:108-112,B:118-120,B:201-212"
    assert row.hit_name == "000000002_1"


def test_columns_without_a_sequence_index_are_sequence_indices(tmp_path):
    (row,) = mapped(tmp_path, [hit("000000001", 1, 12)], template(1, "A:5-34"))
    assert row.template.tolist() == list(range(1, 13))
    assert row.chain_range == "A:5-16"


def test_a_hit_on_a_pdb_chain_reaches_every_domain_of_it(tmp_path):
    first = template(1, "C:11-40")
    second = replace(first, uid="000000002", range="C:1-10,C:41-60")
    rows = mapped(tmp_path, [hit("6C14_C", 1, 60), hit("6C14_c", 1, 60), hit("1ZZZ_A", 1, 60)], first, second)
    assert [(row.uid, row.hit_name, row.coverage) for row in rows] == [
        ("000000001", "6C14_C_1", 1.0),
        ("000000002", "6C14_C_1", 1.0),
    ]
    assert rows[0].query.tolist() == list(range(11, 41))
    assert rows[1].query.tolist() == [*range(1, 11), *range(41, 61)]
    assert rows[1].template.tolist() == list(range(1, 31))


def test_a_domain_of_two_chains_is_found_by_its_uid_only(tmp_path):
    both = template(1, "A:1-20,B:1-10")
    (row,) = mapped(tmp_path, [hit("6C14_A", 1, 20), hit("000000001", 1, 30)], both)
    assert row.hit_name == "000000001_1"
    assert row.chain_range == "na"


def test_one_odd_template_spoils_no_other(tmp_path):
    author_numbers = template(1, "A:-3-26")
    beyond = template(2, "A:27A-56", 20, np.r_[0, 1:30].astype(np.int32))  # no place, and places beyond its sequence
    rows = mapped(tmp_path, [hit("000000001", 1, 30), hit("000000002", 1, 30)], author_numbers, beyond)
    assert [row.uid for row in rows] == ["000000001", "000000002"]
    assert rows[1].query.tolist() == list(range(2, 22))
    assert rows[1].template.tolist() == list(range(1, 21))
