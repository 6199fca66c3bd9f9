"""Secondary structure by DSSP's rules: ideal helices, chain breaks, and Debian's mkdssp on real chains."""

import gzip
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from domainflow.structures.dssp import assign_states, chain_breaks, dssp_states
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.structure_file import read_structure
from peptides import ALPHA, PI, STRAND, THREE_TEN, peptide


@pytest.mark.parametrize(("torsions", "letter"), [(ALPHA, "H"), (THREE_TEN, "G"), (PI, "I")])
def test_ideal_helices_are_called_by_their_turns(torsions, letter):
    # The first and last residue of a helix lack the second turn that Kabsch and Sander require.
    assert dssp_states(peptide([torsions] * 20), "A" * 20) == "-" + letter * 18 + "-"


def test_all_helices_are_one_state():
    for torsions in (ALPHA, THREE_TEN, PI):
        assert assign_states(peptide([torsions] * 20), "A" * 20) == "-" + "H" * 18 + "-"


def test_extended_chain_without_partner_is_no_strand():
    assert assign_states(peptide([STRAND] * 20), "A" * 20) == "-" * 20


def test_helix_needs_two_turns_in_a_row():
    # Two bonds i -> i+4 span six residues, whose two ends are outside the helix.
    assert assign_states(peptide([ALPHA] * 5), "AAAAA") == "-----"
    assert assign_states(peptide([ALPHA] * 6), "AAAAAA") == "-HHHH-"


def test_proline_gives_no_hydrogen():
    # Without the bonds of residues 11 to 14 no turn closes between residues 7 and 10.
    states = assign_states(peptide([ALPHA] * 20), "A" * 10 + "PPPP" + "A" * 6)
    assert states.count("H") < 18
    assert assign_states(peptide([ALPHA] * 20), "P" * 20) == "-" * 20


def test_chain_break_ends_a_helix():
    backbone = peptide([ALPHA] * 20)
    backbone[10:] += 50.0
    assert chain_breaks(backbone).nonzero()[0].tolist() == [9]
    # No turn spans the break: each half of 10 residues is a helix with loose ends.
    assert assign_states(backbone, "A" * 20) == "-HHHHHHHH--HHHHHHHH-"


def test_removed_residues_leave_a_break_even_if_bonds_remain():
    backbone = np.delete(peptide([ALPHA] * 24), [12, 13], axis=0)
    assert assign_states(backbone, "A" * 22)[11:13] == "--"


@pytest.mark.parametrize("length", [0, 1, 2, 3, 5])
def test_short_chains_have_no_structure(length):
    assert assign_states(peptide([ALPHA] * length).reshape(-1, 4, 3), "A" * length) == "-" * length


def test_wrong_input_is_told():
    with pytest.raises(ValueError, match="expected \\(3, 4, 3\\)"):
        assign_states(np.zeros((2, 4, 3)), "AAA")
    with pytest.raises(ValueError, match="not finite"):
        assign_states(np.full((2, 4, 3), np.nan), "AA")


def test_states_do_not_depend_on_the_frame():
    backbone = peptide([ALPHA] * 12 + [(-80.0, 150.0)] * 3 + [ALPHA] * 12)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    assert dssp_states(backbone @ turn + 17.0, "A" * 27) == dssp_states(backbone, "A" * 27)


def mkdssp_states(pdb: str, folder: Path) -> str:
    """Return eight states by Debian's mkdssp 4, polyproline helices as loop."""
    (folder / "in.pdb").write_text(f"{'HEADER    X':<50s}01-JAN-00   XXXX\n{pdb}TER\nEND\n")
    subprocess.run(["mkdssp", "--output-format", "dssp", "in.pdb", "out"], cwd=folder, check=True, capture_output=True)
    lines = (folder / "out").read_text().splitlines()
    start = next(row for row, line in enumerate(lines) if line.split()[:2] == ["#", "RESIDUE"])
    return "".join(line[16] for line in lines[start + 1 :] if line[5:10].strip()).translate(str.maketrans(" P", "--"))


def real_chains(shared: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Return all models and every fourth PDB chain, as prepared PDB text."""
    for model in sorted((shared / "data/models").iterdir()):
        yield model.name, read_structure(next(model.glob("model.*"))).pdb
    with tarfile.open(shared / "data/chains/structures.tar.gz") as archive:
        for member in sorted(archive.getnames())[::4]:
            path = folder / f"{Path(member).name}.gz"
            content = archive.extractfile(member)
            if content:
                path.write_bytes(gzip.compress(content.read(), 1))
                yield member, read_structure(path).pdb


@pytest.mark.shared
def test_states_are_those_of_mkdssp(shared, tmp_path):
    if shutil.which("mkdssp") is None:
        pytest.skip("needs mkdssp")
    residues = different = different_letters = 0
    three = str.maketrans("HGIEBTS-", "HHHEE---")
    for name, pdb in real_chains(shared, tmp_path):
        model = parse_pdb_text(pdb)
        expected = mkdssp_states(pdb, tmp_path)
        assert len(expected) == len(model.sequence), name
        found = dssp_states(model.backbone, model.sequence)
        residues += len(expected)
        different += sum(a != b for a, b in zip(expected.translate(three), found.translate(three), strict=True))
        different_letters += sum(a != b for a, b in zip(expected, found, strict=True))
    # Measured with mkdssp 4.2.2: no difference in 44,692 residues of all models and all 124 chains.
    assert residues > 10_000
    assert different <= 0.001 * residues
    assert different_letters <= 0.002 * residues
