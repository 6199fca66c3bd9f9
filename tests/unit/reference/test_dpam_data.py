"""A small invented copy of DPAM's data folder: existing files are read, missing ones are reported."""

import numpy as np
import pytest

from domainflow.reference.dpam_data import read_dpam_data
from domainflow.run.errors import StoreError
from peptides import ALPHA, pdb_text, peptide

WHOLE, PLAIN, NO_FILE, UNNAMED = "000000003", "000000113", "000000025", "000000044"
LENGTH = 12


def write_pdb(path, incomplete=()):
    """An alanine helix; residues named incomplete lack their O."""
    lines = pdb_text(peptide([ALPHA] * LENGTH)).splitlines()
    write(path, *(line for line in lines if line[13] != "O" or int(line[22:26]) not in incomplete))


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines))


@pytest.fixture
def folder(tmp_path):
    """Write four domains: one complete (sharded), one with required files, one without PDB file, one without class."""
    data = tmp_path / "data folder"
    write(
        data / "ECOD_length",
        f"{WHOLE} e2rspA1 14", f"{PLAIN} e1abcB2 12", f"{NO_FILE} e1xyzA1 90", f"{UNNAMED} e9zzzA1 12",
    )  # fmt: skip
    write(
        data / "ecod.latest.domains",
        "# ECOD version develop",
        "#uid\tecod_domain_id\tmanual_rep\tf_id\tpdb\tchain\tpdb_range\tt_name",
        f'{WHOLE}\te2rspA1\tMANUAL_REP\t1.1.1.7\t2rsp\tA\tA:1-14\t"acid protease"',
        f"{PLAIN}\te1abcB2\tAUTO_NONREP\t11.1\t1abc\tB\tB:5-16\t",
        f"{NO_FILE}\te1xyzA1\tAUTO_NONREP\t11.1.1.2\t1xyz\tA\tA:1-90\tx",
        "999999999\tother\tAUTO_NONREP\t11.1.1.2\t1xyz\tA\tA:1-90\tx",
    )
    write(data / "ECOD_pdbmap", f"{WHOLE} 2RSP A:1-4,A:7,A:20-28")
    write(data / "ECOD_norms", f"{WHOLE} 27.3")
    write(data / "tgroup_length", "1.1.1 101.5")
    write_pdb(data / "ECOD_pdbs" / f"{WHOLE}.pdb")
    write_pdb(data / "ECOD_pdbs" / f"{PLAIN}.pdb", incomplete=[3])
    write_pdb(data / "ECOD_pdbs" / f"{UNNAMED}.pdb")
    weights = (f"{index} A {index} {index / 10}" for index in range(1, LENGTH + 1) if index != 5)
    write(data / "posi_weights" / "03" / f"{WHOLE}.weight", *weights)
    write(data / "ecod_internal" / f"{WHOLE}.info", "000000007 27.1 310.25", "000000009 9.3 101.5")
    write(data / "ECOD_maps" / f"{WHOLE}.map", *(f"{index} {index + 2}" for index in range(1, LENGTH + 1)))
    return data


def test_all_facts_of_a_domain_are_read(folder):
    domain = read_dpam_data(folder).domain(WHOLE)
    assert (domain.id, domain.pdb, domain.chain, domain.range) == ("e2rspA1", "2rsp", "A", "A:1-4,A:7-7,A:20-28")
    assert (domain.t_group, domain.t_group_name, domain.h_group) == ("1.1.1", "acid protease", "1.1")
    assert (domain.length, domain.sequence) == (14, "A" * LENGTH)
    np.testing.assert_allclose(domain.backbone, peptide([ALPHA] * LENGTH), atol=0.00051)
    assert domain.self_z == 27.3
    assert domain.t_group_length == 101.5
    assert domain.family is not None
    assert domain.family[0].tolist() == [27.1, 9.3]
    assert domain.family[1].tolist() == [310.25, 101.5]
    assert domain.notes == ()


def test_weights_go_by_structure_index_and_are_0_where_the_file_has_none(folder):
    weights = read_dpam_data(folder).domain(WHOLE).weights
    assert weights is not None
    assert weights.tolist() == [0 if index == 5 else index / 10 for index in range(1, LENGTH + 1)]


def test_maps_lead_from_structure_to_sequence(folder):
    """Column 0 is the structure index, column 1 the sequence index (docs/dpam-versions.md)."""
    index = read_dpam_data(folder).domain(WHOLE).sequence_index
    assert index is not None
    assert index.tolist() == list(range(3, LENGTH + 3))


def test_optional_facts_may_be_missing(folder):
    domain = read_dpam_data(folder).domain(PLAIN)
    assert domain.weights is None
    assert domain.family is None
    assert domain.sequence_index is None
    assert domain.self_z is None
    assert domain.t_group_length is None
    assert (domain.pdb, domain.chain, domain.range, domain.t_group_name) == ("1abc", "B", "B:5-16", "na")


def test_short_class_is_its_own_t_group(folder):
    """DPAM v2 takes the fields of an F-id that are there (docs/dpam-versions.md)."""
    assert read_dpam_data(folder).domain(PLAIN).t_group == "11.1"


def test_residues_without_complete_backbone_are_left_out(folder):
    assert len(read_dpam_data(folder).domain(PLAIN).backbone) == LENGTH - 1


def test_every_domain_is_named_and_unusable_ones_say_why(folder):
    data = read_dpam_data(folder)
    assert data.uids == [WHOLE, NO_FILE, UNNAMED, PLAIN]
    with pytest.raises(StoreError, match=f"no file {NO_FILE}.pdb in ECOD_pdbs"):
        data.domain(NO_FILE)
    with pytest.raises(StoreError, match=r"not in ecod\.latest\.domains"):
        data.domain(UNNAMED)
    for stray, said in (("000000999", "not in ECOD_length"), ("copy of 3", "nine digits")):
        write_pdb(folder / "ECOD_pdbs" / f"{stray}.pdb")
        data = read_dpam_data(folder)
        assert stray in data.uids
        with pytest.raises(StoreError, match=said):
            data.domain(stray)
    (folder / "ECOD_pdbs" / f"{PLAIN}.pdb").write_text("nothing\n")
    with pytest.raises(StoreError, match=f"{PLAIN}.pdb is neither"):
        data.domain(PLAIN)


def test_lines_for_residues_that_are_not_there_are_noted(folder):
    write(folder / "posi_weights" / f"{PLAIN}.weight", *(f"{index} A x 1" for index in range(1, 14)))
    domain = read_dpam_data(folder).domain(PLAIN)
    assert domain.weights is not None
    assert domain.weights.sum() == LENGTH - 1
    assert domain.notes == (f"{PLAIN}.weight has 2 of 13 lines for residues outside 1-11; they are ignored",)


def test_folder_of_version_1_has_its_structures_in_ecod70(folder):
    (folder / "ECOD_pdbs").rename(folder / "ECOD70")
    assert read_dpam_data(folder).domain(WHOLE).length == 14


def test_what_the_folder_lacks_as_a_whole_is_said(folder):
    assert read_dpam_data(folder).problems == []
    (folder / "ECOD_norms").unlink()
    data = read_dpam_data(folder)
    assert data.problems == [("ECOD_norms", "it is not in data folder, so z-scores cannot be normalised")]
    assert data.domain(WHOLE).self_z is None


def test_refuses_folders_that_are_not_dpams(folder, tmp_path):
    with pytest.raises(StoreError, match="neither ECOD_pdbs nor ECOD70"):
        read_dpam_data(tmp_path)
    write(folder / "ECOD_norms", f"{WHOLE} 27.3", f"{PLAIN} high")
    with pytest.raises(StoreError, match=f"line 2 of ECOD_norms is '{PLAIN} high', expected text, a number"):
        read_dpam_data(folder)
    (folder / "ECOD_length").unlink()
    with pytest.raises(StoreError, match="ECOD_length cannot be read"):
        read_dpam_data(folder)
