"""A clear error message for every file that holds no usable protein chain."""

import gzip

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domainflow.run.errors import InputError
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.structure_file import read_structure
from peptides import mmcif_text, pdb_text
from structure_texts import HELIX, HELIX_PDB, mmcif_rows, read, rejection


def test_files_that_are_no_structure(tmp_path):
    with pytest.raises(InputError, match=r"^absent.pdb does not exist"):
        read_structure(tmp_path / "absent.pdb")
    with pytest.raises(InputError, match="is a folder"):
        read_structure(tmp_path)
    assert "is empty" in rejection(tmp_path, "")
    assert "is empty" in rejection(tmp_path, gzip.compress(b""))
    assert "neither PDB nor mmCIF" in rejection(tmp_path, "ACDEFGHIKL\n" * 20)
    assert "web page" in rejection(tmp_path, "<!DOCTYPE html><html>Not found</html>")
    assert "zip archive" in rejection(tmp_path, b"PK\x03\x04" + bytes(50))
    assert "neither PDB nor mmCIF" in rejection(tmp_path, bytes(range(256)) * 8)
    assert "neither PDB nor mmCIF" in rejection(tmp_path, "data_x\nloop_\n_atom_site.id\n_atom_site.type_symbol\n1 N\n")


def test_cut_files_are_told_from_others(tmp_path):
    packed = gzip.compress(HELIX_PDB.encode())
    assert "damaged or incomplete gzip" in rejection(tmp_path, packed[:-20])
    assert "damaged or incomplete gzip" in rejection(tmp_path, b"\x1f\x8bnothing")
    assert "damaged mmCIF" in rejection(tmp_path, mmcif_text(mmcif_rows())[:-40])
    assert "lacks a coordinate" in rejection(tmp_path, HELIX_PDB[: HELIX_PDB.rindex("ATOM") + 45])


def test_ca_only_models(tmp_path):
    text = "".join(line for line in HELIX_PDB.splitlines(keepends=True) if line[13:15] == "CA")
    assert "only the CA atom in 12 of 12 residues; give a model with N, CA, C and O" in rejection(tmp_path, text)


def test_models_with_few_complete_residues(tmp_path):
    text = "".join(line for line in HELIX_PDB.splitlines(keepends=True) if line[13] != "O" or int(line[22:26]) < 5)
    assert "no complete backbone in 8 of 12 residues" in rejection(tmp_path, text)


def test_several_chains(tmp_path):
    text = HELIX_PDB + "TER\n" + pdb_text(HELIX + 20, chain="B")
    assert "holds 2 protein chains (A, B); give one file per chain" in rejection(tmp_path, text)
    cif = mmcif_text(mmcif_rows() + mmcif_rows(chain="C"))
    assert "2 protein chains (A, C)" in rejection(tmp_path, cif, "model.cif")


def test_the_same_residue_twice(tmp_path):
    assert "residue 1 twice" in rejection(tmp_path, HELIX_PDB + "TER\n" + pdb_text(HELIX + 20))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("     nan", "'nan', which is not a finite number"),
        ("     inf", "'inf', which is not a finite number"),
        ("        ", "lacks a coordinate"),
        ("  abc.de", "'abc.de'"),
    ],
)
def test_coordinates_must_be_numbers_that_fit(tmp_path, text, part):
    line = HELIX_PDB.splitlines(keepends=True)[21]
    message = rejection(tmp_path, HELIX_PDB.replace(line, line[:30] + text + line[38:]))
    assert part in message
    assert message.startswith("atom CA of residue 6 in model.pdb")


def test_models_far_from_the_origin_are_moved_by_whole_angstroms(tmp_path):
    rows = [
        f"ATOM {row.split()[1]} . ALA A {row.split()[5]} {x:.3f} {y:.3f} {z:.3f} 1"
        for row, (x, y, z) in zip(mmcif_rows(), (HELIX + np.array([1650, -1200, 0])).reshape(-1, 3), strict=True)
    ]
    chain = read(tmp_path, mmcif_text(rows))
    assert len(chain.notes) == 1
    assert "moved by" in chain.notes[0]
    here, there = (parse_pdb_text(text).atoms for text in (chain.pdb, read(tmp_path, HELIX_PDB).pdb))
    difference = here - there
    np.testing.assert_allclose(difference, np.round(difference[:1]).repeat(48, 0), atol=1.1e-3)
    assert np.abs(here).max() < 100


def test_a_model_wider_than_the_format_is_refused(tmp_path):
    line = HELIX_PDB.splitlines(keepends=True)[21]
    message = rejection(tmp_path, HELIX_PDB.replace(line, line[:30] + "99999.00" + line[38:]))
    assert "is 99999 Å wide" in message


def test_number_of_residues(tmp_path):
    assert "has 9 residues; a protein needs at least 10" in rejection(tmp_path, pdb_text(HELIX[:9]))
    assert read(tmp_path, pdb_text(HELIX[:10])).file_length == 10
    rows = [f"ATOM {atom} . ALA A {i} 0 0 0 1" for i in range(1, 10_001) for atom in ("N", "CA", "C", "O")]
    assert "has 10000 residues" in rejection(tmp_path, mmcif_text(rows))


def test_names_that_are_no_amino_acid(tmp_path):
    message = rejection(tmp_path, pdb_text(HELIX, ["ALA"] * 6 + ["FOO"] + ["ALA"] * 5))
    assert message == ("residue 7 of model.pdb is called 'FOO', which is not an amino acid; rename it (UNK if unknown)")
    assert "'FOO'" in rejection(tmp_path, pdb_text(HELIX, ["FOO"] * 12))
    rows = [row.replace("ALA", "FOO") for row in mmcif_rows()]
    assert "'FOO'" in rejection(tmp_path, mmcif_text(rows))


def test_nucleic_acid_only(tmp_path):
    lines = [
        f"ATOM  {i:5d}  P    DA B{i:4d}       1.000   2.000   3.000  1.00  0.00           P\n" for i in range(1, 30)
    ]
    assert "nucleic acid only" in rejection(tmp_path, "".join(lines))


def test_no_amino_acid_at_all(tmp_path):
    water = "HETATM   60  O   HOH A 101       1.000   2.000   3.000  1.00  0.00           O\n"
    assert "holds no amino acid" in rejection(tmp_path, water)


# Any bytes give a chain or an error message

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILES = [HELIX_PDB.encode(), mmcif_text(mmcif_rows()).encode(), gzip.compress(HELIX_PDB.encode(), mtime=0)]


@FUZZ
@given(
    file=st.sampled_from(FILES),
    cut=st.integers(0, 4000),
    place=st.integers(0, 4000),
    insert=st.binary(max_size=12) | st.sampled_from([b"'", b";\n", b"loop_\n", b"data_x\n", b"\n", b"?", b"TER\n"]),
    length=st.integers(0, 12),
)
def test_damaged_files_never_raise_anything_else(tmp_path, file, cut, place, insert, length):
    damaged = file[:cut]
    damaged = damaged[:place] + insert + damaged[place + length :]
    check(tmp_path, damaged)


@FUZZ
@given(content=st.binary(max_size=300), start=st.sampled_from([b"", b"\x1f\x8b", b"data_\n_atom_site.", b"ATOM  "]))
def test_random_bytes_never_raise_anything_else(tmp_path, content, start):
    check(tmp_path, start + content)


def check(folder, content):
    message = ""
    try:
        chain = read(folder, content)
        assert len(parse_pdb_text(chain.pdb).sequence) == len(chain.kept)
    except InputError as error:
        message = str(error)
    assert len(message) < 250
