"""Realigning gaps and moving the ends of blocks never lowers S."""

import numpy as np
import pytest

from domainflow.alignment.native.block_ends import move_block_ends
from domainflow.alignment.native.cells import local_similarity
from domainflow.alignment.native.gaps import realign_gaps
from domainflow.alignment.native.score import distance_matrices, exact_pair_scores, pair_scores
from domainflow.alignment.native.workspace import workspace
from domainflow.templates.store import TemplateStore


@pytest.fixture(scope="module")
def ca(root):
    """Return CA atoms of reference domains by name."""
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    rows = {store.template_id(row): row for row in range(len(store))}
    return lambda name: np.ascontiguousarray(store.backbone(rows[name])[:, 1])


def realigned(one, other, pairs, min_block=4):
    query, template = distance_matrices(one), distance_matrices(other)
    space = workspace(len(one), len(other))
    local_similarity(query, template, space.local)
    before = float(pair_scores(query, template, pairs).sum())
    found, score = realign_gaps(query, template, pairs, before, min_block, space)
    return before, found, score, float(pair_scores(query, template, found).sum())


def identity(length: int, left_out: range = range(0)):
    kept = np.setdiff1d(np.arange(length), np.array(left_out))
    return np.stack((kept, kept)).astype(np.int32)


def test_a_block_that_is_missing_is_filled_in(ca):
    chain = ca("d1b9oa_")
    before, found, score, _ = realigned(chain, chain, identity(123, range(40, 60)))
    assert score > before
    assert found.tolist() == identity(123).tolist()


def test_a_block_in_the_wrong_register_is_put_right(ca):
    chain = ca("d1b9oa_")
    pairs = identity(123)
    wrong = np.concatenate((pairs[:, :40], pairs[:, 42:58] + np.array([[1], [-1]], np.int32), pairs[:, 60:]), axis=1)
    _, found, _, _ = realigned(chain, chain, wrong)
    assert found.tolist() == pairs.tolist()


@pytest.mark.parametrize("min_block", [1, 4])
def test_the_score_never_falls_and_is_that_of_the_pairs(ca, min_block):
    one, other = ca("d1x0pa1"), ca("d1ygya3")
    for shift in range(0, 20, 4):
        length = min(len(one), len(other)) - shift
        pairs = np.stack((np.arange(length), np.arange(length) + shift)).astype(np.int32)
        # in rows one behind the other, as in a run: for another layout numba compiles all of it again
        pairs = np.ascontiguousarray(pairs[:, pairs[1] < len(other)])
        before, found, score, plain = realigned(one, other, pairs, min_block)
        assert score >= before
        assert score == pytest.approx(plain, rel=1e-4)
        assert (np.diff(found, axis=1) > 0).all()


def test_ends_of_blocks_move_until_no_pair_gains(ca):
    chain = ca("d1b9oa_")
    trimmed = identity(123, range(0, 5))
    moved = move_block_ends(chain, chain, trimmed, 4)
    assert moved.tolist() == identity(123).tolist()


def test_moved_ends_keep_blocks_long_enough_and_raise_the_rounded_score(ca):
    one, other = ca("d1x0pa1"), ca("d1ygya3")
    length = min(len(one), len(other))
    pairs = identity(length, range(20, 30))
    moved = move_block_ends(one, other, pairs, 4)
    assert exact_pair_scores(one, other, moved).sum() >= exact_pair_scores(one, other, pairs).sum()
    assert (np.diff(moved, axis=1) > 0).all()
    ends = np.flatnonzero((np.diff(moved, axis=1) != 1).any(axis=0)) + 1
    assert np.diff([0, *ends, moved.shape[1]]).min() >= 4


@pytest.mark.parametrize("boundary", [60, 63, 65, 71])
@pytest.mark.parametrize("inserted_in", [0, 1])
def test_the_boundary_of_two_blocks_slides_to_its_place(boundary, inserted_in):
    """Align a chain with itself plus three residues before residue 64, as if they were before another residue."""
    steps = np.random.default_rng(3).normal(size=(123, 3))
    chain = (np.cumsum(3.8 * steps / np.linalg.norm(steps, axis=1, keepdims=True), axis=0) * 0.6).astype(np.float32)
    longer = np.concatenate((chain[:64], chain[64:67] + 25, chain[64:]))
    chains = (longer, chain) if inserted_in == 0 else (chain, longer)

    def aligned(before: int) -> np.ndarray:
        residue = np.arange(123, dtype=np.int32)
        both = [residue, residue + 3 * (residue >= before)]
        return np.stack(both[::-1] if inserted_in == 0 else both).astype(np.int32)

    assert move_block_ends(*chains, aligned(boundary), 4).tolist() == aligned(64).tolist()
