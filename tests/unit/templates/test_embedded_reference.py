"""From domains to templates, and the contents of the embedded reference."""

import os
import signal
import tarfile

import numpy as np
import pandas as pd
import pytest

from domainflow.alignment.folding_units.contacts import backbone_contacts
from domainflow.alignment.folding_units.division import folding_units
from domainflow.reference.derive_templates import build_templates, derived
from domainflow.reference.domain_table import read_domain_table
from domainflow.run.errors import StoreError
from domainflow.run.task import Task
from domainflow.structures.dssp import assign_states
from domainflow.structures.ranges import parse_range
from domainflow.structures.structure_letters import structure_letters
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore, write_store
from domainflow.templates.store_format import ReferenceDomain, stored_backbone
from peptides import ALPHA, STRAND, peptide


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


# Deriving


def test_states_letters_and_units_are_those_of_the_backbone():
    row = derived(domain(4, 90))
    backbone = stored_backbone(row.backbone)
    assert row.states == assign_states(backbone, row.sequence)
    assert "H" * 80 in row.states
    assert row.letters == structure_letters(backbone, None)
    assert row.nodes[0].tolist() == list(range(90))


def test_a_template_that_cannot_be_used_is_left_out_and_named():
    problems = []
    rows = list(build_templates([f"{number:09d}" for number in range(1, 6)], load, problems))
    assert [row.uid for row in rows] == ["000000001", "000000002", "000000004"]
    assert problems[:2] == [("000000002", "odd but usable"), ("000000003", "left out: it has no structure")]
    assert problems[2][0] == "000000005"
    assert "reaches more than 327 Å" in problems[2][1]
    assert len(problems) == 3


def test_how_the_task_works_does_not_matter(tmp_path):
    uids = [f"{number:09d}" for number in range(1, 20)]
    for number, task in enumerate([Task(), Task(2), Task(isolate=True)]):
        problems = []
        write_store(tmp_path / f"{number}.arrow", build_templates(uids, load, problems, task))
        assert len(problems) == 3
    one, two, three = ((tmp_path / f"{number}.arrow").read_bytes() for number in range(3))
    assert one == two == three


def killing(uid):
    if uid == "000000004":
        os.kill(os.getpid(), signal.SIGKILL)
    return load(uid)


def test_a_template_that_kills_its_process_is_left_out():
    problems = []
    uids = [f"{number:09d}" for number in range(3, 8)]
    rows = list(build_templates(uids, killing, problems, Task(2, isolate=True)))
    assert [row.uid for row in rows] == ["000000006", "000000007"]
    assert problems[1] == (
        "000000004", "left out: its process was killed by signal 9 (SIGKILL, as when memory runs out)",
    )  # fmt: skip


def test_without_isolation_it_ends_the_task_and_does_not_hang():
    with pytest.raises(MemoryError, match="a process that derives templates died"):
        list(build_templates([f"{number:09d}" for number in range(3, 8)], killing, [], Task(2)))


# The embedded reference


@pytest.fixture(scope="module")
def mini_ecod(root):
    return TemplateStore.open(root / "assets" / "mini-ecod")


def test_mini_ecod_holds_what_its_table_says(root, mini_ecod):
    table = read_domain_table(root / "assets" / "mini-ecod" / "domains.tsv")
    assert mini_ecod.uids == [entry.uid for entry in table] == [f"{number:09d}" for number in range(1, 2575)]
    assert len({mini_ecod.t_group(row) for row in range(len(mini_ecod))}) == 1265
    for row, entry in enumerate(table):
        assert mini_ecod.row(entry.uid) == row
        assert (mini_ecod.template_id(row), mini_ecod.pdb(row)) == (entry.id, entry.pdb)
        assert (mini_ecod.t_group(row), mini_ecod.t_group_name(row)) == (entry.t_group, entry.t_group_name)
        assert mini_ecod.range(row) == entry.range
        assert mini_ecod.length(row) == mini_ecod.lengths[row] == len(parse_range(entry.range))
        assert mini_ecod.sequence_index(row).tolist() == list(range(1, mini_ecod.length(row) + 1))


def test_mini_ecod_is_small(root):
    assert (root / "assets" / "mini-ecod" / "templates.arrow").stat().st_size < 10_000_000


def test_a_stored_template_gives_its_columns_again(mini_ecod):
    """Properties are derived from stored coordinates and therefore the same; every 200th template is tested."""
    for row in range(0, len(mini_ecod), 200):
        backbone = mini_ecod.backbone(row)
        np.testing.assert_array_equal(stored_backbone(backbone), backbone)
        assert assign_states(backbone, mini_ecod.sequences[row]) == mini_ecod.states[row]
        assert structure_letters(backbone, None) == mini_ecod.letters[row]
        units = folding_units(backbone_contacts(backbone, mini_ecod.sequences[row]))
        assert [unit.tolist() for unit in units] == [unit.tolist() for unit in mini_ecod.nodes(row)]


@pytest.mark.shared
def test_mini_ecod_has_exactly_the_published_coordinates(shared, mini_ecod):
    """All 2,574 templates, in 0.01 Å relative to the template's first CA, and their sequences."""
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


def test_as_many_templates_have_homologues_as_the_documents_say(root):
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    statistics = ReferenceStatistics.open(root / "assets" / "mini-ecod" / "statistics.arrow", store)
    with_homologues = sum(statistics.family(uid) is not None for uid in store.uids)
    assert with_homologues == 1978
    assert f"{with_homologues:,} of the templates have homologues" in (root / "docs" / "usage.md").read_text()
