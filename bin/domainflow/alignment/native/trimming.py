"""Drop the pairs that lower an alignment's score.

Let c_k = Σ_l s_kl (s_kk included), so that S = Σ_k c_k. Without pair k, S is lower by 2 c_k - s_kk. Without a block, S
is lower by 2 Σ c_k - Σ_kl s_kl over its pairs. The worst pair or block is dropped first, until no drop raises S.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.score import OWN_SCORE
from domainflow.kernels.compile import fast_kernel

__all__ = ["chosen_pairs", "chosen_scores", "trim", "trim_blocks", "trim_pairs"]

LEAST_GAIN = np.float32(1e-4)
ZERO, TWO = np.float32(0), np.float32(2)


@fast_kernel
def trim(scores: NDArray[np.float32], pairs: NDArray[np.int32], min_block: int) -> tuple[NDArray[np.int64], float]:
    """Choose the pairs of an alignment to keep, from its pairs, shape (2, n), and their scores s_kl.

    Return their ascending indices and their S. With `min_block` above 1, no block gets shorter than that.
    """
    if min_block > 1:
        return trim_blocks(scores, pairs, min_block)
    return trim_pairs(scores)


@fast_kernel
def trim_pairs(scores: NDArray[np.float32]) -> tuple[NDArray[np.int64], float]:
    """Choose the pairs to keep, whatever blocks they form.

    Parameters
    ----------
    scores : ndarray, shape=(n, n), dtype=float32
        s_kl.

    Returns
    -------
    kept : ndarray of int64
        Ascending indices of pairs.
    score : float
        S of these pairs.
    """
    share = _contributions(scores)
    kept = np.arange(scores.shape[0])
    count = scores.shape[0]
    while count > 0:
        worst = 0
        for place in range(1, count):
            if share[kept[place]] < share[kept[worst]]:
                worst = place
        if OWN_SCORE - TWO * share[kept[worst]] <= ZERO:
            break
        count = _remove(scores, share, kept, count, worst, worst + 1)
    return _result(share, kept, count)


@fast_kernel
def trim_blocks(
    scores: NDArray[np.float32], pairs: NDArray[np.int32], min_block: int
) -> tuple[NDArray[np.int64], float]:
    """Choose the pairs to keep; drop only ends of gapless blocks and whole blocks, so that no block gets too short.

    Parameters
    ----------
    scores : ndarray, shape=(n, n), dtype=float32
        s_kl.
    pairs : ndarray, shape=(2, n), dtype=int32
    min_block : int
        Fewest pairs of a block.

    Returns
    -------
    kept : ndarray of int64
        Ascending indices of pairs.
    score : float
        S of these pairs.
    """
    share = _contributions(scores)
    kept = np.arange(scores.shape[0])
    count = scores.shape[0]
    while count > 0:
        best, first, last = LEAST_GAIN, -1, -1
        begin = 0
        for end in range(1, count + 1):
            if end < count:
                one, next_one = kept[end - 1], kept[end]
                if pairs[0, next_one] == pairs[0, one] + 1 and pairs[1, next_one] == pairs[1, one] + 1:
                    continue
            length = end - begin
            if length > min_block:
                gain = OWN_SCORE - TWO * share[kept[begin]]
                if gain > best:
                    best, first, last = gain, begin, begin + 1
                gain = OWN_SCORE - TWO * share[kept[end - 1]]
                if gain > best:
                    best, first, last = gain, end - 1, end
            total = ZERO
            for place in range(begin, end):
                total += share[kept[place]]
            # The scores within a block add up to at most 0.2 n². Without this condition, no drop can raise S.
            if TWO * total < OWN_SCORE * length * length:
                gain = -TWO * total
                for place in range(begin, end):
                    for other in range(begin, end):
                        gain += scores[kept[place], kept[other]]
                if gain > best:
                    best, first, last = gain, begin, end
            begin = end
        if first < 0:
            break
        count = _remove(scores, share, kept, count, first, last)
    return _result(share, kept, count)


@fast_kernel
def chosen_pairs(pairs: NDArray[np.int32], kept: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the kept pairs, shape (2, n)."""
    result = np.empty((2, kept.shape[0]), np.int32)
    for place in range(kept.shape[0]):
        result[0, place] = pairs[0, kept[place]]
        result[1, place] = pairs[1, kept[place]]
    return result


@fast_kernel
def chosen_scores(scores: NDArray[np.float32], kept: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the rows and columns of s_kl of the kept pairs."""
    count = kept.shape[0]
    result = np.empty((count, count), np.float32)
    for k in range(count):
        row, chosen = scores[kept[k]], result[k]
        for m in range(count):
            chosen[m] = row[kept[m]]
    return result


@fast_kernel
def _contributions(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return c_k, shape (n,)."""
    share = np.zeros(scores.shape[0], np.float32)
    for k in range(scores.shape[0]):
        row = scores[k]
        total = ZERO
        for m in range(scores.shape[0]):
            total += row[m]
        share[k] = total
    return share


@fast_kernel
def _remove(
    scores: NDArray[np.float32],
    share: NDArray[np.float32],
    kept: NDArray[np.int64],
    count: int,
    first: int,
    last: int,
) -> int:
    """Remove kept[first:last] in place; return the number of remaining pairs."""
    for place in range(first, last):
        row = scores[kept[place]]
        for k in range(share.shape[0]):
            share[k] -= row[k]
    width = last - first
    for place in range(first, count - width):
        kept[place] = kept[place + width]
    return count - width


@fast_kernel
def _result(share: NDArray[np.float32], kept: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], float]:
    """Return the kept pairs and their score."""
    total = 0.0
    for place in range(count):
        total += share[kept[place]]
    return kept[:count].copy(), total
