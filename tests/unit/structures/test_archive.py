"""Archives return what was written to them, and equal content gives equal bytes."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from domainflow.domains.rows import SearchHit
from domainflow.domains.tables import read_filtered, read_hits, write_filtered, write_hits
from domainflow.structures.archive import read_proteins, read_text, read_texts, write_proteins, write_texts
from domainflow.structures.prepare import prepare_protein
from peptides import ALPHA, pdb_text, peptide


@pytest.fixture
def proteins(tmp_path):
    """Two helices: one with PAE in hundredths, one without."""
    path = tmp_path / "helix.pdb"
    path.write_text(pdb_text(peptide([ALPHA] * 40)))
    bare = prepare_protein("bare", path, None)
    pae = np.round(np.random.default_rng(1).uniform(0, 30, (40, 40)), 2)
    return [dataclasses.replace(bare, id="measured", pae=pae, notes=("a note",)), bare]


def test_proteins_come_back_as_they_were(tmp_path, proteins):
    write_proteins(tmp_path / "a.zip", proteins)
    for protein, back in zip(proteins, read_proteins(tmp_path / "a.zip"), strict=True):
        for field in dataclasses.fields(protein):
            before, after = getattr(protein, field.name), getattr(back, field.name)
            if isinstance(before, np.ndarray):
                np.testing.assert_array_equal(after, before)
                assert after.dtype == before.dtype
            else:
                assert after == before


def test_pae_can_be_left_out(tmp_path, proteins):
    write_proteins(tmp_path / "a.zip", proteins)
    assert all(protein.pae is None for protein in read_proteins(tmp_path / "a.zip", with_pae=False))


def test_equal_content_is_equal_bytes(tmp_path, proteins):
    for name in ("a.zip", "b.zip"):
        write_proteins(tmp_path / name, proteins)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_texts_keep_their_order(tmp_path):
    texts = [("z", "last letter"), ("a/b.txt", "é\n")]
    write_texts(tmp_path / "t.zip", texts)
    assert list(read_texts(tmp_path / "t.zip")) == texts
    assert read_text(tmp_path / "t.zip", "z") == "last letter"
    assert read_text(tmp_path / "t.zip", "nothing") is None


def test_hits_keep_names_that_look_like_numbers(tmp_path):
    table = pd.DataFrame({"target": ["000000012.pdb"], "evalue": [4.592e-3], "qstart": [1], "qend": [30]})
    write_hits(tmp_path / "h.tsv", [("007", table), ("NA", table), ("none", table.iloc[:0])])
    hits = read_hits(tmp_path / "h.tsv")
    assert list(hits) == ["007", "NA"]
    assert hits["007"]["target"].tolist() == ["000000012.pdb"]
    assert hits["007"]["evalue"].tolist() == [0.004592]
    kept = {"007": [SearchHit("000000012", 0.004592, 1, 30)], "NA": []}
    write_filtered(tmp_path / "c.tsv", kept)
    assert read_filtered(tmp_path / "c.tsv") == {"007": kept["007"]}


def test_a_batch_without_any_hit_is_an_empty_table(tmp_path):
    write_hits(tmp_path / "h.tsv", [])
    assert read_hits(tmp_path / "h.tsv") == {}
