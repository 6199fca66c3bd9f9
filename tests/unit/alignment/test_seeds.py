"""Seeds: fragment pairs that match, and the transforms they give."""

import numpy as np
import pytest

from domainflow.alignment.native.chain import PreparedChain, prepare_chain
from domainflow.alignment.native.seeds import LEAST_MATCH, choose_distinct, find_transforms, match_fragment_pairs
from domainflow.kernels.superposition import transform
from domainflow.templates.store import TemplateStore


@pytest.fixture(scope="module")
def lactalbumin(root) -> np.ndarray:
    """Return CA atoms of alpha-lactalbumin, d1b9oa_."""
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    row = next(row for row in range(len(store)) if store.template_id(row) == "d1b9oa_")
    return store.ca[store.offsets[row] : store.offsets[row + 1]]


def prepared(ca: np.ndarray) -> PreparedChain:
    return prepare_chain(ca, [np.arange(len(ca), dtype=np.int32)])


def plain_energies(chain: PreparedChain) -> np.ndarray:
    """Return E of all fragment pairs of a chain with each other, from distances in Å; shape (P, P)."""
    distance = np.linalg.norm(chain.ca[:, None].astype(float) - chain.ca[None], axis=2)
    distance = np.maximum(distance, 0.8)  # fragments that overlap share residues
    offsets = np.arange(0, 7, 2)
    starts = chain.fragments.start[chain.fragments.pairs]
    inner = np.stack([distance[np.ix_(a + offsets, b + offsets)] for a, b in starts])
    a, b = inner[:, None], inner[None]
    return (2 * np.exp(-(a * a + b * b) / 800) * (0.1 - abs(np.log(a / b)) / 2)).sum(axis=(2, 3))


def test_the_matches_kept_are_those_of_the_largest_energy(lactalbumin):
    chain = prepared(lactalbumin)
    arguments = (chain.geometry, chain.geometry, chain.fragments, chain.fragments)
    every = match_fragment_pairs(*arguments, 1_000_000)
    few = match_fragment_pairs(*arguments, 100)
    energies = plain_energies(chain)
    assert len(few) == 100
    assert len(every) > 100
    assert energies[tuple(every.T)].min() >= LEAST_MATCH - 1e-3
    np.testing.assert_allclose(np.sort(energies[tuple(few.T)]), np.sort(energies[tuple(every.T)])[-100:], rtol=1e-3)


def test_the_best_transform_undoes_a_movement(lactalbumin):
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    moved = (lactalbumin @ turn.T + [10.0, 20.0, -5.0]).astype(np.float32)
    rotations, translations = find_transforms(prepared(lactalbumin), prepared(moved), 1500, 20, 0.6)
    back = transform(moved, rotations[0], translations[0]).T
    np.testing.assert_allclose(back, lactalbumin, atol=0.1)


def test_seeds_are_distinct(lactalbumin):
    probes = lactalbumin[:8]
    rotations = np.repeat(np.eye(3)[None], 4, axis=0)
    translations = np.array([[0.0, 0, 0], [2.9, 0, 0], [3.1, 0, 0], [5.0, 0, 0]])
    assert choose_distinct(np.arange(4), rotations, translations, probes, 4).tolist() == [0, 2]
    assert choose_distinct(np.array([3, 2, 1, 0]), rotations, translations, probes, 4).tolist() == [3, 0]
    assert choose_distinct(np.arange(4), rotations, translations, probes, 1).tolist() == [0]
