"""A long protein cut into fragments as AlphaFold DB does has the same domains as whole."""

import numpy as np
import pytest

from domainflow.domains.evidence.alignment_scores import AlignmentBlock
from domainflow.domains.parameters import parameter_set
from domainflow.domains.parse_protein import parse_protein, template_facts
from domainflow.domains.results import domain_rows
from domainflow.inputs.folder import listed_folder
from domainflow.inputs.fragments import with_joined_fragments
from domainflow.inputs.proteins import groups
from domainflow.inputs.rows import InputRow, rows_of_groups
from domainflow.run.errors import InputError
from domainflow.structures.fragments import STEP, WINDOW, first_position
from domainflow.structures.prepare import ProteinFiles, prepare_input, prepare_protein
from domainflow.templates.statistics import ReferenceStatistics
from domainflow.templates.store import TemplateStore
from long_protein import LENGTH, long_protein, write_fragments, write_whole
from peptides import pdb_text

LEAST_JACCARD = 0.95


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod")


@pytest.fixture(scope="module")
def invented(store):
    return long_protein(store)


@pytest.fixture(scope="module")
def evidence(store, invented):
    """An alignment of each domain with its own template, and the facts on these templates."""
    blocks = []
    for copy, row in np.unique(invented.domain, axis=0):
        query = np.flatnonzero(invented.domain[:, 0] == copy) + 1
        template = np.arange(1, len(query) + 1)
        blocks.append(AlignmentBlock(f"{store.uids[row]}_{copy % 2 + 1}", 20.0, query, template, LENGTH, len(query)))
    blocks.sort(key=lambda block: block.hit_name)
    statistics = ReferenceStatistics.open(None, store)
    return blocks, template_facts(store, statistics, {block.uid for block in blocks})


def joined(folder):
    rows, _ = rows_of_groups(groups(listed_folder(folder), "in"))
    (row,) = with_joined_fragments(rows)
    assert row.id == "AF-X"
    more = tuple((folder / structure, folder / pae) for structure, pae in row.more)
    return prepare_input(ProteinFiles(row.id, folder / row.structure, folder / row.pae, False, more))


def domains_of(protein, evidence, store):
    blocks, facts = evidence
    parsed = parse_protein(protein, [], blocks, facts, parameter_set("v2"), store)
    return [domain.range for domain in parsed.domains]


def jaccard(one, two):
    return len(set(one) & set(two)) / len(set(one) | set(two))


@pytest.fixture(scope="module")
def whole(tmp_path_factory, invented, evidence, store):
    folder = write_whole(tmp_path_factory.mktemp("whole"), invented)
    protein = prepare_protein("whole", folder / "whole.pdb", folder / "whole.json")
    return protein, domains_of(protein, evidence, store)


@pytest.mark.parametrize("moved", [False, True])
def test_the_domains_are_those_of_the_whole_protein(tmp_path, invented, whole, evidence, store, moved):
    protein = joined(write_fragments(tmp_path, invented, moved))
    expected, domains = whole
    assert len(protein) == LENGTH
    assert protein.sequence == expected.sequence
    assert protein.notes[0] == "joined from 9 fragments (F1-F9)"
    assert len(domains) >= 10
    found = domains_of(protein, evidence, store)
    best = [max(jaccard(domain, other) for other in found) for domain in domains]
    assert np.mean(best) >= LEAST_JACCARD
    assert len(found) == len(domains)


def test_coordinates_and_pae_are_those_of_the_fragments(tmp_path, invented, whole):
    protein = joined(write_fragments(tmp_path, invented))
    expected, _ = whole
    np.testing.assert_array_equal(protein.atoms, expected.atoms)
    near = np.abs(np.subtract.outer(np.arange(LENGTH), np.arange(LENGTH))) < STEP
    np.testing.assert_array_equal(protein.pae[near], expected.pae[near])
    assert protein.pae[0, -1] == 31.75
    assert protein.author.labels[0] == "1"
    assert protein.author.labels[-1] == str(LENGTH)
    assert protein.author.fragments_of([1]) == "F1"
    assert protein.author.fragments_of([LENGTH]) == "F9"
    assert protein.author.fragments_of(range(750, 1050)) == "F1,F2,F3"
    assert domain_rows("x", [], None, {}, protein.author) == []


def test_a_gap_between_fragments_is_said(tmp_path, invented):
    protein = joined(write_fragments(tmp_path, invented, numbers=[1, 9]))
    assert protein.notes[0] == "joined from 2 fragments (F1-F9)"
    assert "without the fragments F2, F3, F4, F5, F6, F7, F8" in protein.notes
    assert "residues in no fragment: 1401-1600" in protein.notes
    assert len(protein) == LENGTH - 200
    assert protein.author.range_of(range(1390, 1411)) == "1390-1400,1601-1610"


def test_fragments_that_differ_are_refused(tmp_path, invented):
    write_fragments(tmp_path, invented, numbers=[1, 2])
    start = pdb_text(invented.backbone[:WINDOW], invented.names[:WINDOW])
    (tmp_path / "AF-X-F2-model_v4.pdb").write_text(start)
    with pytest.raises(InputError, match="fragments 1 and 2 of AF-X differ where they should overlap"):
        joined(tmp_path)


def test_a_fragment_alone_says_its_place(tmp_path, invented):
    write_fragments(tmp_path, invented, numbers=[3])
    protein = prepare_protein("AF-X-F3", tmp_path / "AF-X-F3-model_v4.pdb", None)
    assert protein.notes[0] == "fragment 3 of X: its residues 401-1800"


def test_files_may_have_full_length_numbers():
    assert first_position(3, ["1", "2"]) == 401
    assert first_position(3, ["401", "402"]) == 1
    assert first_position(1, ["1"]) == 1


def test_very_long_proteins_stay_in_fragments():
    rows = [InputRow(f"AF-X-F{n}", f"{n}.pdb", None, None, True) for n in range(1, 45)]
    assert len(with_joined_fragments(rows)) == 44
    assert [row.id for row in with_joined_fragments(rows[:43])] == ["AF-X"]
    assert [row.id for row in with_joined_fragments(rows[:1])] == ["AF-X-F1"]
