"""A user's files become a protein that every later step can use."""

import gzip
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest

from domainflow.run.errors import InputError
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.prepare import prepare_protein
from peptides import ALPHA, pdb_text, peptide

HELIX = peptide([ALPHA] * 20)


def write(path, text):
    path.write_text(text)
    return path


def assert_complete(protein):
    length, atoms = len(protein), len(protein.atoms)
    assert protein.backbone.shape == (length, 4, 3)
    assert protein.backbone.dtype == protein.cbeta.dtype == np.float32
    assert protein.atoms.dtype == np.float64
    assert np.isfinite(protein.backbone).all()
    assert protein.cbeta.shape == (length, 3)
    assert set(protein.sequence) <= set("ACDEFGHIKLMNPQRSTVWYX")
    assert len(protein.states) == length
    assert set(protein.states) <= set("HE-")
    assert protein.elements.shape == (length,)
    assert protein.elements.dtype == protein.atom_residue.dtype == np.int32
    assert (np.diff(protein.atom_residue) >= 0).all()
    assert set(protein.atom_residue) == set(range(length))
    assert len(protein.pdb.splitlines()) == atoms == len(protein.atom_residue)
    assert protein.pae is None or (protein.pae.shape == (length, length) and protein.pae.dtype == np.float64)


def test_a_helix(tmp_path):
    protein = prepare_protein("helix", write(tmp_path / "a.pdb", pdb_text(HELIX)), None)
    assert_complete(protein)
    assert protein.sequence == "A" * 20
    assert protein.states == "-" + "H" * 18 + "-"
    assert protein.elements.tolist() == [0] + [1] * 18 + [0]
    assert np.isnan(protein.cbeta).all()
    assert protein.notes == ("pae=absent",)
    np.testing.assert_allclose(protein.backbone, HELIX, atol=5.1e-4)


def test_pdb_text_holds_all_there_is(tmp_path):
    names = ["MSE", "HID", "SEC"] + ["GLY"] * 17
    protein = prepare_protein("x", write(tmp_path / "a.pdb", pdb_text(HELIX, names, first=40)), None)
    model = parse_pdb_text(protein.pdb)
    assert model.sequence == protein.sequence == "MHX" + "G" * 17
    np.testing.assert_array_equal(model.atoms, protein.atoms)
    assert protein.notes == (
        "2 residues read as the parent: MSE 40, HID 41",
        "1 residue of unknown type (X): SEC 42",
        "residues renumbered 1-20 (were 40-59)",
        "pae=absent",
    )


def test_chain_breaks_are_told(tmp_path):
    backbone = HELIX.copy()
    backbone[7:] += 30
    one = prepare_protein("x", write(tmp_path / "a.pdb", pdb_text(backbone)), None)
    assert one.notes == ("1 chain break, after residue 7", "pae=absent")
    backbone[12:] += 30
    two = prepare_protein("x", write(tmp_path / "a.pdb", pdb_text(backbone)), None)
    assert two.notes[0] == "2 chain breaks, after residues 7, 12"


def test_pae_of_residues_left_out_goes_with_them(tmp_path):
    lines = pdb_text(HELIX).splitlines(keepends=True)
    structure = write(tmp_path / "a.pdb", "".join(lines[:12] + lines[13:]))
    matrix = np.arange(400.0).reshape(20, 20)
    pae = write(tmp_path / "pae.json", json.dumps({"pae": matrix.tolist()}))
    protein = prepare_protein("x", structure, pae)
    assert_complete(protein)
    kept = np.delete(np.arange(20), 3)
    np.testing.assert_array_equal(protein.pae, matrix[np.ix_(kept, kept)])


def test_structure_and_pae_must_belong_together(tmp_path):
    pae = write(tmp_path / "pae.json", json.dumps({"pae": np.zeros((19, 19)).tolist()}))
    with pytest.raises(InputError, match="is for 19 residues, the structure has 20"):
        prepare_protein("x", write(tmp_path / "a.pdb", pdb_text(HELIX)), pae)


def test_ids_are_checked(tmp_path):
    with pytest.raises(InputError, match="holds '/'"):
        prepare_protein("../x", write(tmp_path / "a.pdb", pdb_text(HELIX)), None)


def test_models_without_real_coordinates_are_refused(tmp_path):
    with pytest.raises(InputError, match="on top of each other"):
        prepare_protein("x", write(tmp_path / "a.pdb", pdb_text(HELIX * 0)), None)


@pytest.mark.shared
def test_all_models_with_pae(shared):
    lengths = {}
    for folder in sorted((shared / "data/models").iterdir()):
        protein = prepare_protein(folder.name, next(folder.glob("model.*")), next(folder.glob("pae.*")))
        assert_complete(protein)
        assert protein.notes == ()
        lengths[folder.name] = len(protein)
    assert lengths == {
        "A0A0K2WPR7": 341, "A0A1U8FD60": 957, "O05011": 411, "O05012": 411, "O15552": 330, "O67940": 251,
        "P00698": 147, "P01308": 110, "P0CG48": 685, "P12931": 536, "P27577": 440,
    }  # fmt: skip


@pytest.mark.shared
def test_all_models_without_pae(shared):
    for path in sorted((shared / "data/models_nopae").iterdir()):
        protein = prepare_protein(path.name.split(".")[0], path, None)
        assert_complete(protein)
        assert protein.notes == ("pae=absent",)


@pytest.mark.shared
def test_all_pdb_chains(shared, tmp_path):
    """Compare their lengths with those of chains.tsv."""
    with gzip.open(shared / "data/chains/chains.tsv.gz", "rt") as table:
        lengths = {line.split("\t")[0]: int(line.split("\t")[1]) for line in list(table)[1:]}
    with tarfile.open(shared / "data/chains/structures.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    paths: list[Path] = sorted(tmp_path.rglob("*.pdb"))
    assert len(paths) == 124
    for path in paths:
        protein = prepare_protein(path.stem, path, None)
        assert_complete(protein)
        assert len(protein) == lengths[path.stem]
