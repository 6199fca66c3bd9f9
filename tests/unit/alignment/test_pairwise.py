"""Alignments of two chains: properties that hold for any chains."""

import numpy as np
import pytest

from alignment_pairs import align_pair
from domainflow.alignment.native.chain import prepare_chain
from peptides import ALPHA, peptide

WHOLE = [np.arange(60)]
"""The only folding unit of a chain of 60 residues."""


@pytest.fixture
def walk():
    """CA atoms of a random walk."""
    return np.cumsum(np.random.default_rng(5).normal(scale=2.2, size=(60, 3)), axis=0).astype(np.float32)


def test_a_chain_without_secondary_structure_is_no_error(walk):
    pairs, _ = align_pair((walk, WHOLE), (walk, WHOLE))
    assert pairs.shape[1] == 0 or pairs.shape[1] >= 4


def test_atoms_at_the_same_place_are_no_error(walk):
    walk[30:33] = walk[30]
    assert np.isfinite(prepare_chain(walk, WHOLE).geometry.distance).all()
    _, z = align_pair((walk, WHOLE), (walk, WHOLE))
    assert np.isfinite(z)


def test_a_helix_aligns_with_itself():
    helix = peptide([ALPHA] * 60)[:, 1].astype(np.float32)
    pairs, _ = align_pair((helix, WHOLE), (helix, WHOLE))
    assert pairs.tolist() == [list(range(60))] * 2


def test_shorter_chains_are_refused():
    with pytest.raises(ValueError, match="29 residues"):
        prepare_chain(np.zeros((29, 3), np.float32), [np.arange(29)])
