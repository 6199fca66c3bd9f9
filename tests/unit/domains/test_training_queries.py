"""Templates as proteins with a known assignment."""

import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from domainflow.domains.domass.training.queries import choose_queries, fair_h_groups, training_query
from domainflow.structures.prepare import prepare_protein
from domainflow.templates.leave_out import pdb_entry
from domainflow.templates.store import TemplateStore


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod" / "templates.arrow")


def test_groups_are_taken_in_turn(store):
    fair = fair_h_groups(store)
    rows = choose_queries(store, len(fair) + 20, seed=1)
    assert len(set(rows)) == len(rows)
    counts = Counter(store.h_group(row) for row in rows)
    assert set(counts) <= fair
    assert max(counts.values()) <= 2
    assert choose_queries(store, 30, seed=1) == rows[:30]
    assert choose_queries(store, 30, seed=2) != rows[:30]


def test_every_query_has_a_relative_of_another_entry(store):
    for row in choose_queries(store, 50, seed=3):
        others = [other for other in range(len(store)) if store.h_group(other) == store.h_group(row)]
        assert len({store.pdb(other) for other in others}) >= 2


def test_files_are_read_back_as_the_templates(root, store, tmp_path):
    command = [
        root / "bin" / "make_training_queries.py",
        "--reference",
        store.path,
        "--count",
        5,
        "--out-dir",
        tmp_path,
    ]
    subprocess.run([sys.executable, *map(str, command)], check=True)
    samples = [line.split(",") for line in (tmp_path / "samplesheet.csv").read_text().splitlines()]
    labels = [line.split("\t") for line in (tmp_path / "labels.tsv").read_text().splitlines()]
    assert samples[0] == ["id", "structure", "pae"]
    assert labels[0] == ["protein", "range", "h_group", "t_group", "pae"]
    assert [row[0] for row in samples[1:]] == [row[0] for row in labels[1:]]
    for (name, structure, pae), (_, residues, h_group, t_group, _) in zip(samples[1:], labels[1:], strict=True):
        row = store.row(name.rpartition("_")[2])
        assert (structure, pae) == (f"{name}.pdb", "")
        assert pdb_entry(name) == store.pdb(row).lower()
        assert (h_group, t_group) == (store.h_group(row), store.t_group(row))
        protein = prepare_protein(name, tmp_path / structure, None)
        assert protein.sequence == store.sequences[row]
        assert residues == f"1-{len(protein.sequence)}"
        assert np.abs(protein.backbone - store.backbone(row)).max() < 0.001


def test_query_of_a_store_that_has_no_more(store):
    rows = choose_queries(store, 10**6, seed=1)
    fair = fair_h_groups(store)
    assert len(rows) == sum(store.h_group(row) in fair and store.lengths[row] >= 30 for row in range(len(store)))
    assert training_query(store, rows[0]).pdb.endswith("END\n")
