"""Alignments of two chains: properties that hold for any chains."""

import numpy as np
import pytest

from domainflow.alignment.native.chain import prepare_chain
from domainflow.alignment.native.pairwise import align_pair
from peptides import ALPHA, peptide


def test_a_chain_without_secondary_structure_is_no_error():
    walk = np.cumsum(np.random.default_rng(5).normal(scale=2.2, size=(60, 3)), axis=0).astype(np.float32)
    chain = prepare_chain(walk, [np.arange(60)])
    found = align_pair(chain, chain)
    assert found is None or found.pairs.shape[1] >= 4


def test_atoms_at_the_same_place_are_no_error():
    walk = np.cumsum(np.random.default_rng(5).normal(scale=2.2, size=(60, 3)), axis=0).astype(np.float32)
    walk[30:33] = walk[30]
    chain = prepare_chain(walk, [np.arange(60)])
    assert np.isfinite(chain.geometry.distance).all()
    found = align_pair(chain, chain)
    assert found is None or np.isfinite(found.z)


def test_a_helix_aligns_with_itself():
    helix = peptide([ALPHA] * 60)[:, 1].astype(np.float32)
    chain = prepare_chain(helix, [np.arange(60)])
    found = align_pair(chain, chain)
    assert found.pairs.tolist() == [list(range(60))] * 2


def test_shorter_chains_are_refused():
    with pytest.raises(ValueError, match="29 residues"):
        prepare_chain(np.zeros((29, 3), np.float32), [np.arange(29)])
