"""Chains of structure files, laid out along their sequence: missing residues, insertion codes, modified residues."""

import foldcomp
import gemmi
import numpy as np
import pytest
import zstandard

from binary_cif import binary_cif
from domainflow.reference.entry import read_entry
from domainflow.run.errors import InputError
from peptides import ALPHA, STRAND, pdb_text, peptide

SEQUENCE = ["GLY", "SER", *["ALA"] * 12, "MSE", *["LEU"] * 5]
"""Sequence of twenty residues."""
UNSEEN = (0, 1, 9, 10)


def numbered(text, numbers):
    """Return PDB lines with other residue numbers (``27A``)."""
    lines = []
    for line in text.splitlines():
        number = numbers[int(line[22:26]) - 1]
        digits, code = (number[:-1], number[-1]) if number[-1].isalpha() else (number, " ")
        lines.append(f"{line[:22]}{digits:>4s}{code}{line[27:]}")
    return "\n".join(lines) + "\n"


def pdb_file(path, seqres=True, remark=True, numbers=None):
    """A helix of chain A with residues that were not observed; numbers from 5 unless given."""
    numbers = numbers or [str(number) for number in range(5, 25)]
    seen = [place for place in range(20) if place not in UNSEEN]
    backbone = peptide([ALPHA] * 20)[seen]
    text = pdb_text(backbone, [SEQUENCE[place] for place in seen], hetero=(seen.index(14),))
    lines = []
    if remark:
        lines += ["REMARK 465", "REMARK 465   M RES C SSSEQI"]
        for place in UNSEEN:
            number = numbers[place]
            digits, code = (number[:-1], number[-1]) if number[-1].isalpha() else (number, " ")
            lines.append(f"REMARK 465     {SEQUENCE[place]} A {digits:>5s}{code}")
    if seqres:
        lines += [f"SEQRES {i // 13 + 1:3d} A {20:4d}  {' '.join(SEQUENCE[i : i + 13])}" for i in (0, 13)]
    body = numbered(text, [numbers[place] for place in seen])
    path.write_text("\n".join(lines) + ("\n" if lines else "") + body + "TER\nEND\n")
    return path


def mmcif_file(path, schemes=True):
    """Write the same as mmCIF: author's chain X, label A."""
    structure = gemmi.read_pdb(str(pdb_file(path.with_suffix(".pdb"))))
    structure[0][0].name = "X"
    structure.setup_entities()
    structure.assign_label_seq_id()
    block = structure.make_mmcif_document().sole_block()
    if schemes:
        loop = block.init_loop("_pdbx_poly_seq_scheme.", ["asym_id", "seq_id", "mon_id", "pdb_seq_num", "pdb_ins_code"])
        label = structure[0][0].get_polymer().subchain_id()
        for place, name in enumerate(SEQUENCE):
            loop.add_row([label, str(place + 1), name, str(place + 5), "."])
    block.write_file(str(path))
    return path


@pytest.mark.parametrize("kind", ["pdb", "cif"])
def test_unobserved_residues_keep_their_place(tmp_path, kind):
    if kind == "pdb":
        chain = read_entry(pdb_file(tmp_path / "1abc.pdb"))["A"]
    else:
        chain = read_entry(mmcif_file(tmp_path / "1abc.cif"))["X"]
    assert len(chain) == 20
    assert chain.numbers == [str(number) for number in range(5, 25)]
    assert chain.sequence == "GS" + "A" * 12 + "M" + "L" * 5
    assert np.flatnonzero(np.isnan(chain.backbone[:, 0, 0])).tolist() == list(UNSEEN)
    np.testing.assert_allclose(chain.backbone[2:9], peptide([ALPHA] * 20)[2:9], atol=0.0006)
    assert chain.complete
    assert chain.labelled == (kind == "cif")


def as_binary_cif(path):
    path.write_bytes(binary_cif(path.read_text()))


def as_utf16(path):
    path.write_text(path.read_text(), encoding="utf-16")


def as_zstd(path):
    path.write_bytes(zstandard.compress(path.read_bytes()))


@pytest.mark.parametrize(
    ("written", "change"),
    [(mmcif_file, as_binary_cif), (mmcif_file, as_utf16), (pdb_file, as_utf16), (mmcif_file, as_zstd)],
)
def test_an_entry_may_have_any_format_and_packing(tmp_path, written, change):
    path = written(tmp_path / "1abc")
    expected = read_entry(path)
    change(path)
    found = read_entry(path)
    assert found.keys() == expected.keys()
    for name, chain in found.items():
        assert (chain.numbers, chain.sequence) == (expected[name].numbers, expected[name].sequence)
        assert (chain.complete, chain.labelled) == (expected[name].complete, expected[name].labelled)
        np.testing.assert_array_equal(chain.backbone, expected[name].backbone)


def test_foldcomp(tmp_path):
    text = pdb_text(peptide([ALPHA] * 20), ["LEU"] * 20)
    (tmp_path / "1abc.fcz").write_bytes(foldcomp.compress("1abc", text))
    (chain,) = read_entry(tmp_path / "1abc.fcz").values()
    assert chain.sequence == "L" * 20
    np.testing.assert_allclose(chain.backbone, peptide([ALPHA] * 20), atol=0.5)


def test_a_chain_is_found_by_its_label_too(tmp_path):
    chains = read_entry(mmcif_file(tmp_path / "1abc.cif"))
    assert {chain.name for chain in chains.values()} == {"X"}
    assert len(chains) == 2


def test_numbers_of_unobserved_residues_are_counted_where_the_file_is_silent(tmp_path):
    chain = read_entry(pdb_file(tmp_path / "1abc.pdb", remark=False))["A"]
    assert chain.numbers == [str(number) for number in range(5, 25)]
    chain = read_entry(mmcif_file(tmp_path / "1abc.cif", schemes=False))["X"]
    assert chain.numbers == [str(number) for number in range(5, 25)]


def test_insertion_codes_are_part_of_the_number(tmp_path):
    numbers = ["1", "2", "3", *(f"3{code}" for code in "ABCDEFGHIJ"), *(str(number) for number in range(4, 11))]
    chain = read_entry(pdb_file(tmp_path / "1abc.pdb", numbers=numbers))["A"]
    assert chain.numbers == numbers


def test_without_a_sequence_gaps_are_told_by_numbers_and_broken_chains(tmp_path):
    chain = read_entry(pdb_file(tmp_path / "model.pdb", seqres=False, remark=False))["A"]
    assert chain.numbers == [str(number) for number in range(7, 25)]
    assert chain.sequence == "A" * 7 + "XX" + "A" * 3 + "M" + "L" * 5
    assert not chain.complete
    jumping = [str(number + 100 * (number > 10)) for number in range(1, 21)]
    (tmp_path / "jump.pdb").write_text(numbered(pdb_text(peptide([ALPHA] * 20)), jumping))
    assert read_entry(tmp_path / "jump.pdb")["A"].numbers == jumping


def test_residues_without_complete_backbone_have_no_coordinates(tmp_path):
    lines = pdb_text(peptide([STRAND] * 20)).splitlines()
    kept = [line for line in lines if not (line[22:26].strip() == "4" and line[12:16].strip() == "O")]
    (tmp_path / "a.pdb").write_text("\n".join(kept) + "\n")
    chain = read_entry(tmp_path / "a.pdb")["A"]
    assert np.flatnonzero(np.isnan(chain.backbone).any(axis=(1, 2))).tolist() == [3]


def test_files_without_protein_are_named(tmp_path):
    (tmp_path / "a.pdb").write_text("nothing\n")
    with pytest.raises(InputError, match=r"a\.pdb holds no protein chain"):
        read_entry(tmp_path / "a.pdb")
    (tmp_path / "b.cif").write_text("data_x\nloop_\n_atom_site.id\n1 2 'x\n")
    with pytest.raises(InputError, match=r"b\.cif"):
        read_entry(tmp_path / "b.cif")
