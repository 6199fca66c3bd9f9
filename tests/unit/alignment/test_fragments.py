"""Fragments of ideal helices and strands."""

import numpy as np

from domainflow.alignment.native.fragments import HELIX, OTHER, STRAND, find_fragments


def helix(length: int):
    """Return CA atoms of an ideal alpha helix: 100° and 1.5 Å per residue, 2.3 Å from the axis."""
    angle = np.radians(100) * np.arange(length)
    return np.stack((2.3 * np.cos(angle), 2.3 * np.sin(angle), 1.5 * np.arange(length)), axis=1).astype(np.float32)


def strand(length: int):
    """Return CA atoms of an extended strand: 3.3 Å per residue, 0.9 Å to either side."""
    side = 0.9 * (-1.0) ** np.arange(length)
    return np.stack((side, 0 * side, 3.3 * np.arange(length)), axis=1).astype(np.float32)


def test_a_helix_gives_helical_fragments():
    fragments = find_fragments(helix(60))
    assert set(fragments.kind.tolist()) == {HELIX}
    assert (fragments.start[0], fragments.start[-1]) == (0, 53)
    np.testing.assert_allclose(fragments.direction[:, 2], 1, atol=0.15)


def test_a_strand_gives_extended_fragments_closer_together():
    fragments = find_fragments(strand(60))
    assert set(fragments.kind.tolist()) == {STRAND}
    assert len(fragments.start) > len(find_fragments(helix(60)).start)


def test_centres_are_mean_positions():
    ca = helix(60)
    fragments = find_fragments(ca)
    for start, centre in zip(fragments.start, fragments.centre, strict=True):
        np.testing.assert_allclose(centre, ca[start : start + 7].mean(axis=0), atol=1e-4)


def test_a_chain_without_secondary_structure_has_fragments_all_the_same():
    """Use a random walk, which has hardly any fragments."""
    steps = np.random.default_rng(1).normal(size=(60, 3))
    walk = np.cumsum(3.8 * steps / np.linalg.norm(steps, axis=1, keepdims=True), axis=0)
    fragments = find_fragments(walk.astype(np.float32))
    assert len(fragments.start) >= 6
    assert OTHER in fragments.kind


def test_pairs_are_five_residues_apart_within_18_angstrom_nearest_first():
    ca = np.concatenate((helix(30), helix(30) + np.array([10, 0, 0], np.float32)))
    fragments = find_fragments(ca)
    first, second = fragments.pairs.T
    assert (fragments.start[second] - fragments.start[first] >= 5).all()
    middle = ca[fragments.start + 3]
    distance = np.linalg.norm(middle[first] - middle[second], axis=1)
    np.testing.assert_allclose(fragments.pair_distance, distance, atol=1e-4)
    assert (np.diff(fragments.pair_distance) >= 0).all()
    assert distance.max() < 18
