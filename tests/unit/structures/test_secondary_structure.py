"""Secondary structure elements as DPAM's step 11 defines them."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.structures.prepare import prepare_protein
from domainflow.structures.secondary_structure import elements


def test_pieces_of_mixed_states():
    # Pieces: '', HHHHHH-EEE (mixed), EE (too short), E-EE-.
    states = "--HHHHHH-EEE--EE--E-EE-"
    found = elements(states)
    assert [(n, s) for n, s in zip(found, states, strict=True) if n] == [(1, c) for c in "HHHHHHEEE"] + [(2, "E")] * 3
    assert found[8] == 0


def test_six_helical_residues_or_three_strand_residues_make_an_element():
    assert elements("HHHHH--EE").tolist() == [0] * 9
    assert elements("HHHHHH--EEE").tolist() == [1] * 6 + [0] * 2 + [2] * 3


def test_an_odd_gap_leaves_its_last_residue_with_the_next_piece():
    # '---' is cut after its first two: the third belongs to the next piece and to no element.
    assert elements("EEE---EEE").tolist() == [1, 1, 1, 0, 0, 0, 2, 2, 2]


def test_no_residue_no_element():
    assert elements("").shape == (0,)


@given(st.text("HE-", max_size=60))
def test_elements_are_numbered_along_the_chain(states):
    found = elements(states)
    members = found[found > 0]
    assert (members[1:] >= members[:-1]).all()
    assert set(members) == set(range(1, found.max(initial=0) + 1))
    assert all(states[i] != "-" for i in found.nonzero()[0])


@pytest.mark.shared
def test_elements_of_the_published_run(shared):
    """All 341 rows of A0A0K2WPR7.sse, made by DPAM v1 with dsspcmbi."""
    model = shared / "data/models/A0A0K2WPR7"
    protein = prepare_protein("A0A0K2WPR7", model / "model.cif.gz", model / "pae.json.gz")
    rows = []
    for i, (letter, element, state) in enumerate(
        zip(protein.sequence, protein.elements, protein.states, strict=True), start=1
    ):
        rows.append(f"{i}\t{letter}\t{element}\t{state}" if element else f"{i}\t{letter}\tna\tC")
    with zipfile.ZipFile(shared / "data/golden/A0A0K2WPR7.zip") as archive:
        assert rows == archive.read("A0A0K2WPR7/A0A0K2WPR7.sse").decode().splitlines()
    assert protein.elements.max() == 13
    assert (protein.elements > 0).sum() == 149
