"""Trimming drops the pairs that lower S, and no others."""

import numpy as np
import pytest

from domainflow.alignment.native.trimming import trim_blocks, trim_pairs


def similarities(seed: int, count: int = 40):
    """Return symmetric scores with 0.2 on the diagonal; every fifth pair does not fit the others."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0.05, 0.03, (count, count))
    scores[::5] = rng.normal(-0.05, 0.03, scores[::5].shape)
    scores[:, ::5] = scores[::5].T
    scores = (scores + scores.T) / 2
    np.fill_diagonal(scores, 0.2)
    return scores.astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
def test_the_score_is_that_of_the_kept_pairs_and_rises(seed):
    scores = similarities(seed)
    kept, score = trim_pairs(scores)
    assert score == pytest.approx(scores[np.ix_(kept, kept)].sum(), rel=1e-4)
    assert score > scores.sum()


@pytest.mark.parametrize("seed", range(5))
def test_no_single_pair_is_left_that_lowers_the_score(seed):
    scores = similarities(seed)
    kept, _ = trim_pairs(scores)
    within = scores[np.ix_(kept, kept)]
    assert (2 * within.sum(axis=1) - 0.2 > -1e-4).all()


def test_an_alignment_of_likes_stays_whole():
    scores = np.full((20, 20), 0.1, np.float32)
    assert trim_pairs(scores)[0].tolist() == list(range(20))


def test_an_alignment_of_unlikes_comes_down_to_a_pair_or_none():
    scores = np.full((20, 20), -0.5, np.float32)
    np.fill_diagonal(scores, 0.2)
    assert len(trim_pairs(scores)[0]) <= 1


@pytest.mark.parametrize("shortest", [2, 4])
@pytest.mark.parametrize("seed", range(5))
def test_blocks_keep_their_least_length(seed, shortest):
    scores = similarities(seed)
    gaps = np.repeat([0, 3, 5, 9], 10)
    pairs = np.stack((np.arange(40) + gaps, np.arange(40))).astype(np.int32)
    kept, score = trim_blocks(scores, pairs, shortest)
    ends = np.flatnonzero((np.diff(pairs[:, kept], axis=1) != 1).any(axis=0)) + 1
    assert np.diff([0, *ends, len(kept)]).min() >= shortest
    assert score == pytest.approx(scores[np.ix_(kept, kept)].sum(), rel=1e-3)
    assert score >= scores.sum() - 1e-3


def test_a_block_that_lowers_the_score_goes_as_a_whole():
    scores = np.full((20, 20), 0.1, np.float32)
    scores[8:12] = scores[:, 8:12] = -0.2
    scores[8:12, 8:12] = 0.2
    pairs = np.stack((np.arange(20) + np.repeat([0, 2, 4], [8, 4, 8]), np.arange(20))).astype(np.int32)
    kept, _ = trim_blocks(scores, pairs, 4)
    assert kept.tolist() == [*range(8), *range(12, 20)]
