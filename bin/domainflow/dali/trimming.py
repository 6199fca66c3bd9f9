"""Take pairs out of an alignment for as long as S rises.

Pair k adds 2 c_k - 0.2 to S, c_k the sum of its similarities with all pairs (itself included). A free alignment loses
single pairs; one in blocks of a least length loses ends of longer blocks or whole blocks.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.dali.score import THETA, Geometry, contributions, pair_score
from domainflow.dali.workspace import Workspace

__all__ = ["trim_alignment"]

f32 = np.float32
LEAST_GAIN = f32(1e-4)
"""Gains of S below this are rounding."""
ZERO, TWO = f32(0), f32(2)

Indices = NDArray[np.int32]


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def trim_alignment(
    query: Geometry, template: Geometry, p: Indices, q: Indices, n: int, min_block: int, work: Workspace
) -> tuple[int, Any]:
    """Remove the worst pairs, or ends of blocks and blocks if `min_block` > 1, from `p` and `q`; returns n and S."""
    contribution = work.contribution
    score = contributions(query, template, p, q, n, work.gathered, work.row, contribution)
    while n > 0:
        if min_block > 1:
            begin, end, gain = _worst_block(query, template, p, q, n, min_block, contribution)
        else:
            begin, end, gain = _worst_pair(n, contribution)
        if begin == end:
            break
        score += gain
        for k in range(n):
            if begin <= k < end:
                continue
            for m in range(begin, end):
                contribution[k] -= pair_score(query, template, p[m], q[m], p[k], q[k])
        width = end - begin
        n -= width
        for k in range(begin, n):
            p[k], q[k], contribution[k] = p[k + width], q[k + width], contribution[k + width]
    return n, score


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _worst_pair(n: int, contribution: NDArray[np.float32]) -> tuple[int, int, Any]:
    """The pair whose removal raises S most, as (begin, end, gain); (0, 0, 0) if none does."""
    worst = 0
    for k in range(1, n):
        if contribution[k] < contribution[worst]:
            worst = k
    gain = THETA - TWO * contribution[worst]
    return (worst, worst + 1, gain) if gain > ZERO else (0, 0, ZERO)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _worst_block(
    query: Geometry,
    template: Geometry,
    p: Indices,
    q: Indices,
    n: int,
    min_block: int,
    contribution: NDArray[np.float32],
) -> tuple[int, int, Any]:
    """As `_worst_pair`, over ends of blocks longer than `min_block` and whole blocks."""
    best, begin, end = LEAST_GAIN, 0, 0
    first = 0
    for k in range(1, n + 1):
        if k < n and p[k] == p[k - 1] + 1 and q[k] == q[k - 1] + 1:
            continue
        length = k - first
        if length > min_block:
            for pair in (first, k - 1):
                gain = THETA - TWO * contribution[pair]
                if gain > best:
                    best, begin, end = gain, pair, pair + 1
        total = ZERO
        for pair in range(first, k):
            total += contribution[pair]
        # what a block scores within itself is at most 0.2 a pair of pairs
        if TWO * total < THETA * f32(length * length):
            gain = _inner_score(query, template, p, q, first, k) - TWO * total
            if gain > best:
                best, begin, end = gain, first, k
        first = k
    return (begin, end, best) if end > begin else (0, 0, ZERO)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _inner_score(query: Geometry, template: Geometry, p: Indices, q: Indices, begin: int, end: int) -> Any:
    """S of pairs begin … end - 1 alone."""
    score = ZERO
    for k in range(begin, end):
        score += THETA
        for m in range(begin, k):
            score += TWO * pair_score(query, template, p[k], q[k], p[m], q[m])
    return score
