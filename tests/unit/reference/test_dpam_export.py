"""A reference written as DPAM's data folder and read again is the same, to the bit."""

import numpy as np
import pytest

from domainflow.reference.derive_templates import build_templates, derived
from domainflow.reference.dpam_data import imported_statistics, read_dpam_data
from domainflow.reference.dpam_export import published_groups, write_dpam_data
from domainflow.templates.statistics import ReferenceStatistics, StatisticsRow, write_statistics
from domainflow.templates.store import TemplateStore, write_store
from domainflow.templates.store_format import ReferenceDomain
from peptides import ALPHA, STRAND, peptide

NUMBERS = (1, 2, 13)


def domain(number, t_group="11.1.1", h_group="11.1"):
    length = 30 + number
    turned = peptide([(ALPHA, STRAND)[place // (6 + number) % 2] for place in range(length)])
    return ReferenceDomain(
        uid=f"{number:09d}", id=f"e{number}abcA1", pdb=f"{number}abc", chain="A", range=f"A:5-20,B:1-{length - 11}",
        t_group=t_group, t_group_name='The "odd" fold', h_group=h_group, length=length + 5,
        sequence=("ACDEFGHIKLMNPQRSTVWYX" * 3)[:length], backbone=turned + np.pi,
        sequence_index=np.arange(3, length + 3),
    )  # fmt: skip


def statistics(number):
    rng = np.random.default_rng(number)
    others = [f"{other:09d}" for other in NUMBERS if other != number]
    return StatisticsRow(
        uid=f"{number:09d}", self_z=rng.uniform(5, 30), weights=rng.random(30 + number), family_uid=others,
        family_z=rng.uniform(2, 20, 2), family_score=rng.random(2) * 100,
        t_group_length=1e2 / 3 if number < 13 else 0.1 + 0.2,
    )  # fmt: skip


@pytest.fixture
def reference(tmp_path):
    """Two templates of a group and one of another, which has no statistics but the group's length."""
    rows = [derived(domain(1)), derived(domain(2)), derived(domain(13, "7.1", "7.1"))]
    write_store(tmp_path / "templates.arrow", rows)
    store = TemplateStore.open(tmp_path)
    lonely = StatisticsRow(uid="000000013", t_group_length=0.1 + 0.2)
    write_statistics(tmp_path / "statistics.arrow", [statistics(1), statistics(2), lonely], store)
    return tmp_path


def export(reference, folder):
    store = TemplateStore.open(reference)
    write_dpam_data(store, ReferenceStatistics.open(reference / "statistics.arrow", store), folder)
    return read_dpam_data(folder)


def test_export_and_import_give_the_same_bytes(reference, tmp_path):
    data = export(reference, tmp_path / "dpam")
    assert data.problems == []
    problems = []
    rows = list(build_templates(data.uids, data.domain, problems))
    assert problems == []
    write_store(tmp_path / "again.arrow", rows)
    assert (tmp_path / "again.arrow").read_bytes() == (reference / "templates.arrow").read_bytes()
    store = TemplateStore.open(tmp_path / "again.arrow")
    write_statistics(tmp_path / "again", [imported_statistics(row) for row in rows], store)
    assert (tmp_path / "again").read_bytes() == (reference / "statistics.arrow").read_bytes()


def test_the_layout_is_the_published_one(reference, tmp_path):
    """Files and columns are those of docs/dpam-versions.md."""
    export(reference, tmp_path / "dpam")
    folder = tmp_path / "dpam"
    assert (folder / "ECOD_length").read_text().splitlines()[0].split() == ["000000001", "e1abcA1", "36"]
    assert (folder / "ECOD_pdbmap").read_text().splitlines()[0].split() == ["000000001", "1abc", "A:5-20,B:1-20"]
    assert (folder / "ECOD_norms").read_text().splitlines()[1] == f"000000002\t{statistics(2).self_z!r}"
    assert (folder / "tgroup_length").read_text() == f"11.1.1\t{1e2 / 3!r}\n7.1\t{0.1 + 0.2!r}\n"
    heading, first, _, last = (folder / "ecod.latest.domains").read_text().splitlines()
    assert heading.startswith("#uid\tecod_domain_id\tmanual_rep\tf_id\tpdb\tchain\tpdb_range")
    assert first.split("\t")[:7] == ["000000001", "e1abcA1", "MANUAL_REP", "11.1.1.0", "1abc", ".", "A:5-20,B:1-20"]
    assert last.split("\t")[3] == "7.1"
    assert (folder / "ECOD_maps" / "000000001.map").read_text().splitlines()[0].split() == ["1", "3"]
    weight = (folder / "posi_weights" / "000000002.weight").read_text().splitlines()[4].split()
    assert weight == ["5", "F", "5", repr(float(statistics(2).weights[4]))]
    assert (folder / "ecod_internal" / "000000002.info").read_text().split()[0] == "000000001"
    assert not (folder / "ecod_internal" / "000000013.info").exists()
    assert len((folder / "ECOD_pdbs" / "000000001.pdb").read_text().splitlines()) == 31 * 4 + 1


def test_groups_of_another_classification_get_numbers_of_ecods_form(tmp_path):
    """DPAM reads H- and T-groups from the F-id."""
    groups = [("3.40.50.720", "3.40.50.720"), ("c.2.1.1", "c.2.1"), ("c.2.1.2", "c.2.1")]
    assert list(published_groups(groups).values()) == ["1.1.1", "2.1.1", "2.1.2"]
    write_store(tmp_path / "templates.arrow", [derived(domain(1, *groups[2])), derived(domain(2, *groups[1]))])
    write_statistics(tmp_path / "statistics.arrow", [], TemplateStore.open(tmp_path))
    data = export(tmp_path, tmp_path / "dpam")
    assert [data.domain(uid).t_group for uid in data.uids] == ["1.1.2", "1.1.1"]
    rows = (tmp_path / "dpam" / "groups.tsv").read_text().splitlines()
    assert rows == ["published\tt_group\th_group", "1.1.1\tc.2.1.1\tc.2.1", "1.1.2\tc.2.1.2\tc.2.1"]
