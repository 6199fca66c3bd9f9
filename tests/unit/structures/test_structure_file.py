"""Reading one protein chain of users' PDB and mmCIF files."""

import bz2
import gzip
import lzma
import zipfile

import foldcomp
import msgpack
import numpy as np
import pytest
import zstandard

from binary_cif import binary_cif
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.structure_file import read_structure
from peptides import ALPHA, mmcif_text, pdb_text, peptide
from structure_texts import HELIX, HELIX_PDB, mmcif_rows, read, rejection

# Copied text


def test_layout_of_a_line_is_that_of_step_1(tmp_path):
    chain = read(tmp_path, HELIX_PDB)
    line = chain.pdb.splitlines()[1]
    assert line == "ATOM      2  CA  ALA A   1       1.458   0.000   0.000  1.00 50.00           C"
    assert chain.notes == []
    assert chain.file_length == 12


def test_format_is_told_by_content_not_by_name(tmp_path):
    expected = read(tmp_path, HELIX_PDB).pdb
    assert read(tmp_path, HELIX_PDB, "model.cif").pdb == expected
    assert read(tmp_path, gzip.compress(HELIX_PDB.encode()), "model.pdb").pdb == expected
    assert read(tmp_path, HELIX_PDB.replace("\n", "\r\n")).pdb == expected
    cif = parse_pdb_text(read(tmp_path, mmcif_text(mmcif_rows()), "model.pdb").pdb)
    np.testing.assert_array_equal(cif.atoms, parse_pdb_text(expected).atoms)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.23456", "1.234"),
        ("-0.0009", "-0.000"),
        ("-1.9999", "-1.999"),
        ("7", "7.000"),
        ("7.5", "7.500"),
        (".5", "0.500"),
        ("+3.25", "3.250"),
        ("1.5e1", "15.000"),
        ("12.345(6)", "12.345"),
        ("999.9999", "999.999"),
    ],
)
def test_coordinates_are_cut_not_rounded(tmp_path, text, written):
    rows = mmcif_rows()
    rows[0] = f"ATOM N . ALA A 1 {text} 0.0 0.0 1"
    line = read(tmp_path, mmcif_text(rows)).pdb.splitlines()[0]
    assert line[30:38].strip() == written


def test_occupancy_and_b_factor_are_copied(tmp_path):
    text = HELIX_PDB.replace("  1.00 50.00", "  0.50 87.25", 1)
    assert read(tmp_path, text).pdb.splitlines()[0][54:66] == "  0.50 87.25"


def test_hydrogens_stay_and_names_keep_their_columns(tmp_path):
    hydrogen = "ATOM     99 HD11 ALA A  12       1.000   2.000   3.000  1.00  0.00           H\n"
    line = read(tmp_path, HELIX_PDB + hydrogen).pdb.splitlines()[-1]
    assert line[11:17] == " HD11 "
    assert line[77:] == "H"


def test_coordinates_of_the_published_run(shared):
    """DPAM v1's A0A0K2WPR7.pdb differs in occupancy and B factor only, which v1 writes as constants."""
    with zipfile.ZipFile(shared / "data/golden/A0A0K2WPR7.zip") as archive:
        expected = archive.read("A0A0K2WPR7/A0A0K2WPR7.pdb").decode().splitlines()
    found = read_structure(shared / "data/models/A0A0K2WPR7/model.cif.gz").pdb.splitlines()
    assert [line[:54] + line[66:] for line in found] == [line[:54] + line[66:] for line in expected]


# Choice of chain, residues and atoms


def test_residues_are_renumbered_with_a_note(tmp_path):
    chain = read(tmp_path, pdb_text(HELIX, first=5))
    assert chain.notes == ["residues renumbered 1-12 (were 5-16)"]
    assert chain.labels == [str(number) for number in range(5, 17)]
    assert chain.pdb.splitlines()[-1][22:26] == "  12"


def test_insertion_codes_are_residues_of_their_own(tmp_path):
    text = HELIX_PDB.replace(" ALA A   8    ", " ALA A   7A   ")
    chain = read(tmp_path, text)
    assert chain.file_length == 12
    assert chain.labels[6:8] == ["7", "7A"]


def test_mmcif_residues_are_in_the_order_of_label_seq_id(tmp_path):
    rows = mmcif_rows()
    shuffled = rows[24:] + rows[:24]
    assert read(tmp_path, mmcif_text(shuffled)).labels == [str(number) for number in range(1, 13)]


def test_mmcif_without_sequence_numbers_goes_by_author_numbers(tmp_path):
    text = mmcif_text(mmcif_rows()).replace("label_seq_id", "auth_seq_id").replace("label_asym_id", "auth_asym_id")
    assert read(tmp_path, text).file_length == 12


def test_first_model_only(tmp_path):
    moved = pdb_text(HELIX + 5)
    chain = read(tmp_path, f"MODEL        1\n{HELIX_PDB}ENDMDL\nMODEL        2\n{moved}ENDMDL\n")
    assert chain.pdb == read(tmp_path, HELIX_PDB).pdb
    assert chain.notes == ["first of 2 models"]
    cif = read(tmp_path, mmcif_text(mmcif_rows(model=2) + mmcif_rows(model=1)))
    assert cif.file_length == 12
    assert cif.notes == ["first of 2 models"]


def test_first_alternate_location_of_a_residue(tmp_path):
    rows = mmcif_rows()
    rows[8:12] = [row.replace(" . ALA", " B ALA") for row in rows[8:12]] + [
        row.replace(" . ALA", " A SER") for row in rows[8:12]
    ]
    assert parse_pdb_text(read(tmp_path, mmcif_text(rows)).pdb).sequence == "A" * 12
    question_mark = mmcif_text([row.replace(" . ALA", " ? ALA") for row in mmcif_rows()])
    assert read(tmp_path, question_mark).file_length == 12


def test_waters_and_ligands_are_dropped(tmp_path):
    extra = (
        "TER\n"
        "HETATM   60  O   HOH A 101       1.000   2.000   3.000  1.00  0.00           O\n"
        "HETATM   61 CA    CA A 102       1.000   2.000   3.000  1.00  0.00          CA\n"
        "HETATM   62  CA  GLY A 103       1.000   2.000   3.000  1.00  0.00           C\n"
        "HETATM   63  C1  NAG B   1       1.000   2.000   3.000  1.00  0.00           C\n"
    )
    assert read(tmp_path, HELIX_PDB + extra).pdb == read(tmp_path, HELIX_PDB).pdb


def test_nucleic_acid_beside_the_protein_is_dropped_with_a_note(tmp_path):
    dna = "ATOM     99  P    DA B   1       1.000   2.000   3.000  1.00  0.00           P\n"
    assert read(tmp_path, HELIX_PDB + dna).notes == ["nucleic acid dropped"]


def test_selenomethionine_is_kept_as_methionine(tmp_path):
    names = ["ALA"] * 4 + ["MSE"] + ["ALA"] * 7
    chain = read(tmp_path, pdb_text(HELIX, names, hetero=(4,)))
    assert parse_pdb_text(chain.pdb).sequence == "AAAAMAAAAAAA"
    assert chain.notes == ["1 residue read as the parent: MSE 5"]
    assert all(line.startswith("ATOM  ") for line in chain.pdb.splitlines())


@pytest.mark.parametrize(("name", "letter"), [("SEP", "S"), ("HID", "H"), ("HSD", "H"), ("CYX", "C"), ("DAL", "A")])
def test_modified_residues_are_their_parent(tmp_path, name, letter):
    chain = read(tmp_path, pdb_text(HELIX, [name] + ["GLY"] * 11))
    assert parse_pdb_text(chain.pdb).sequence == letter + "G" * 11


def test_parents_the_file_declares_are_believed(tmp_path):
    modres = "MODRES 1ABC QQ9 A    1  LYS  SOMETHING\n"
    chain = read(tmp_path, modres + pdb_text(HELIX, ["QQ9"] + ["ALA"] * 11))
    assert parse_pdb_text(chain.pdb).sequence == "K" + "A" * 11
    declared = "loop_\n_pdbx_struct_mod_residue.label_comp_id\n_pdbx_struct_mod_residue.parent_comp_id\nQQ9 TRP\n"
    rows = [row.replace("ALA A 1 ", "QQ9 A 1 ") for row in mmcif_rows()]
    assert parse_pdb_text(read(tmp_path, mmcif_text(rows, declared)).pdb).sequence == "W" + "A" * 11
    component = "loop_\n_chem_comp.id\n_chem_comp.type\nQQ9 'L-peptide linking'\n"
    assert parse_pdb_text(read(tmp_path, mmcif_text(rows, component)).pdb).sequence == "X" + "A" * 11


@pytest.mark.parametrize("name", ["UNK", "SEC", "GLX"])
def test_unknown_residues_are_x_with_a_note(tmp_path, name):
    chain = read(tmp_path, pdb_text(HELIX, ["ALA"] * 2 + [name] + ["ALA"] * 9))
    assert parse_pdb_text(chain.pdb).sequence == "AAX" + "A" * 9
    assert chain.notes == [f"1 residue of unknown type (X): {name} 3"]


def test_a_few_residues_without_backbone_are_left_out(tmp_path):
    lines = HELIX_PDB.splitlines(keepends=True)
    chain = read(tmp_path, "".join(lines[:12] + lines[13:]))
    assert chain.notes == [
        "left out 1 residue without complete backbone: 4",
        "residues renumbered 1-11 (were 1-12)",
    ]
    assert chain.kept == [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11]
    assert chain.file_length == 12


def test_modified_residues_after_ter_belong_to_the_chain_if_bonded(tmp_path):
    names = ["ALA"] * 4 + ["MSE"] + ["ALA"] * 7
    lines = pdb_text(HELIX, names, hetero=(4,)).splitlines(keepends=True)
    last = "".join(lines[:16] + lines[20:]) + "TER\n" + "".join(lines[16:20])
    chain = read(tmp_path, last)
    assert parse_pdb_text(chain.pdb).sequence == "AAAAMAAAAAAA"
    assert chain.labels == [str(number) for number in range(1, 13)]


@pytest.mark.parametrize("ter", ["", "TER\n"])
def test_an_amino_acid_as_ligand_is_left_out_with_a_note(tmp_path, ter):
    ligand = pdb_text(HELIX[:1] + 40, ["GLU"], first=401, hetero=(0,))
    chain = read(tmp_path, HELIX_PDB + ter + ligand)
    assert chain.file_length == 12
    assert chain.notes == ["left out 1 amino acid not bonded to the chain: GLU 401"]


def test_frames_that_end_with_end_are_models(tmp_path):
    chain = read(tmp_path, HELIX_PDB + "END\n" + pdb_text(HELIX + 5) + "END\n")
    assert chain.pdb == read(tmp_path, HELIX_PDB).pdb
    assert chain.notes == ["first of 2 models"]


def test_another_protein_after_end_is_said(tmp_path):
    joined = HELIX_PDB + "END\n" + pdb_text(HELIX + 40, chain="B") + "END\n"
    assert "holds 2 structures one after another" in rejection(tmp_path, joined)


def test_several_data_blocks_are_said(tmp_path):
    block = mmcif_text(mmcif_rows())
    message = rejection(tmp_path, block + block.replace("data_test", "data_other"), "model.cif")
    assert "holds 2 data blocks with atoms (test, other); give one file per block" in message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_texts_of_windows_programs(tmp_path, encoding):
    assert read(tmp_path, HELIX_PDB.encode(encoding)).pdb == read(tmp_path, HELIX_PDB).pdb
    cif = mmcif_text(mmcif_rows())
    assert read(tmp_path, cif.encode(encoding)).pdb == read(tmp_path, cif).pdb


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
def test_every_compression(tmp_path, pack):
    assert read(tmp_path, pack(HELIX_PDB.encode())).pdb == read(tmp_path, HELIX_PDB).pdb


def test_pqr_and_tabs_are_read_by_word(tmp_path):
    rows = [line.split() for line in HELIX_PDB.splitlines()]
    pqr = "".join(" ".join([*row[:4], *row[5:9], "-0.4157", "1.8240"]) + "\n" for row in rows)
    chain = read(tmp_path, pqr, "model.pqr")
    assert parse_pdb_text(chain.pdb).sequence == "A" * 12
    assert chain.notes == ["PQR: charges and radii left out"]
    assert read(tmp_path, "".join("\t".join(row) + "\n" for row in rows)).pdb == read(tmp_path, HELIX_PDB).pdb


def test_shifted_columns_are_said(tmp_path):
    text = HELIX_PDB.replace(" ALA A", " ALA ABL")
    assert "the columns of model.pdb are shifted (chain name 'ABL')" in rejection(tmp_path, text)


def test_author_numbers_and_chain_are_kept(tmp_path):
    text = pdb_text(HELIX, chain="Q", first=-2).replace(" ALA Q   4    ", " ALA Q   3A   ")
    chain = read(tmp_path, text)
    assert chain.chain == "Q"
    assert chain.author_labels == ["-2", "-1", "0", "1", "2", "3", "3A", "5", "6", "7", "8", "9"]


def test_binary_cif(tmp_path):
    cif = mmcif_text(mmcif_rows())
    packed = binary_cif(cif)
    assert read(tmp_path, packed, "model.bcif").pdb == read(tmp_path, cif).pdb
    assert read(tmp_path, gzip.compress(packed), "model.bcif.gz").pdb == read(tmp_path, cif).pdb
    assert "damaged BinaryCIF" in rejection(tmp_path, packed[:-50])


def test_binary_cif_that_claims_a_huge_table_is_not_read(tmp_path):
    document = msgpack.unpackb(binary_cif(mmcif_text(mmcif_rows())))
    document["dataBlocks"][0]["categories"][0]["columns"][0]["data"]["encoding"].append(
        {"kind": "RunLength", "srcType": 3, "srcSize": 10**12}
    )
    assert "damaged BinaryCIF" in rejection(tmp_path, msgpack.packb(document))


def test_foldcomp(tmp_path):
    names = ["ALA", "GLY", "LEU", "SER"] * 6
    packed = foldcomp.compress("helix", pdb_text(peptide([ALPHA] * 24), names))
    chain = read(tmp_path, packed, "model.fcz")
    assert parse_pdb_text(chain.pdb).sequence == "AGLS" * 6
    assert "damaged FoldComp" in rejection(tmp_path, packed[:40])
