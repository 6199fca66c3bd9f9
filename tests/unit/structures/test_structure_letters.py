"""3Di letters depend on the fold, not on the coordinate frame."""

import numpy as np
import pytest

from domainflow.structures.structure_letters import INVALID_LETTER, structure_letters
from peptides import ALPHA, STRAND, peptide

RNG = np.random.default_rng(7)
FOLD = peptide([ALPHA] * 14 + [(-80.0, 70.0)] * 3 + [STRAND] * 8 + [(60.0, 40.0)] * 2 + [STRAND] * 8).astype(np.float32)


def test_one_letter_a_residue_and_none_for_the_ends() -> None:
    letters = structure_letters(FOLD, None)
    assert len(letters) == len(FOLD)
    assert letters[0] == letters[-1] == INVALID_LETTER
    assert set(letters) <= set("ACDEFGHIKLMNPQRSTVWY")


def test_letters_do_not_depend_on_position_and_orientation() -> None:
    rotation, _ = np.linalg.qr(RNG.normal(size=(3, 3)))
    rotation *= np.sign(np.linalg.det(rotation))
    moved = (FOLD @ rotation.T + np.array([10.0, -20.0, 30.0])).astype(np.float32)
    assert structure_letters(moved, None) == structure_letters(FOLD, None)


def test_a_lone_helix_is_letter_v() -> None:
    # V is the letter of residues whose closest partner is the next turn of a helix (van Kempen et al. 2024).
    assert structure_letters(peptide([ALPHA] * 20).astype(np.float32), None)[4:-4] == "V" * 12


def test_missing_beta_carbons_are_built() -> None:
    unknown = np.full((len(FOLD), 3), np.nan, np.float32)
    assert structure_letters(FOLD, unknown) == structure_letters(FOLD, None)


def test_a_residue_without_atoms_has_no_descriptor() -> None:
    broken = FOLD.copy()
    broken[10] = np.nan
    assert structure_letters(broken, None)[9:12] == INVALID_LETTER * 3


@pytest.mark.parametrize("length", range(5))
def test_chains_too_short_for_a_descriptor(length: int) -> None:
    assert len(structure_letters(FOLD[:length], None)) == length


def test_shapes_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="cbeta has shape"):
        structure_letters(FOLD, np.zeros((3, 3), np.float32))
    with pytest.raises(ValueError, match="backbone has shape"):
        structure_letters(FOLD[:, 1], None)
