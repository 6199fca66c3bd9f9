"""Last of all, move the ends of gapless blocks pair by pair, by the score with DaliLite's rounding.

With c = Σ_l s_kl over the other pairs l, S loses 2 c + 0.2 if pair k goes from the end of a block, and gains as much if
it comes there. The best move is made, until none gains anything.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.kernels import exact_kernel
from domainflow.dali.score import exact_pair_score

__all__ = ["move_block_ends"]

OWN_SCORE = 0.2
LEAST_GAIN = 1e-6


@exact_kernel
def move_block_ends(
    query: NDArray[np.float32], template: NDArray[np.float32], pairs: NDArray[np.int32], min_block: int
) -> NDArray[np.int32]:
    """Lengthen and shorten blocks.

    Parameters
    ----------
    query, template : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å.
    pairs : ndarray, shape=(2, n), dtype=int32
    min_block : int
        Fewest pairs of a block.

    Returns
    -------
    ndarray, shape=(2, m), dtype=int32
        An alignment with no smaller S.
    """
    while pairs.shape[1] > 0:
        best, place, i, j = LEAST_GAIN, -1, 0, 0
        added = False
        begin, count = 0, pairs.shape[1]
        for end in range(1, count + 1):
            if end < count and pairs[0, end] == pairs[0, end - 1] + 1 and pairs[1, end] == pairs[1, end - 1] + 1:
                continue
            for side in range(2):
                last = (begin, end - 1)[side]
                step = (-1, 1)[side]
                if end - begin > min_block:
                    gain = -_worth(query, template, pairs, pairs[0, last], pairs[1, last])
                    if gain > best:
                        best, place, added = gain, last, False
                one, other = pairs[0, last] + step, pairs[1, last] + step
                if _is_free(query.shape[0], pairs[0], last, step) and _is_free(template.shape[0], pairs[1], last, step):
                    gain = _worth(query, template, pairs, one, other)
                    if gain > best:
                        best, place, added, i, j = gain, last + side, True, one, other
            begin = end
        if place < 0:
            break
        rest = pairs[:, place:] if added else pairs[:, place + 1 :]
        between = np.array([[i], [j]], np.int32) if added else np.empty((2, 0), np.int32)
        pairs = np.concatenate((pairs[:, :place], between, rest), axis=1)
    return pairs


@exact_kernel
def _worth(
    query: NDArray[np.float32], template: NDArray[np.float32], pairs: NDArray[np.int32], i: int, j: int
) -> float:
    """What the pair (i, j) adds to S beside all other pairs."""
    total = OWN_SCORE
    for k in range(pairs.shape[1]):
        if pairs[0, k] != i:
            total += 2.0 * exact_pair_score(query, template, i, j, pairs[0, k], pairs[1, k])
    return total


@exact_kernel
def _is_free(length: int, aligned: NDArray[np.int32], place: int, step: int) -> bool:
    """Whether the residue before (step -1) or after (1) that of pair `place` is there and not aligned."""
    residue, neighbour = aligned[place] + step, place + step
    if residue < 0 or residue >= length:
        return False
    return neighbour < 0 or neighbour >= aligned.shape[0] or aligned[neighbour] != residue
