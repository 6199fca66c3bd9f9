"""Move the ends of gapless blocks pair by pair, by the score with DaliLite's rounding.

With c = Σ_l s_kl over the other pairs l, S loses 2 c + 0.2 if pair k is removed, and gains as much if it is added. An
end may lose a pair, or grow by some pairs. Pairs of the next block that are in the way are then removed, so that the
boundary of two blocks can slide. The best move is made, again and again, until no move raises S.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.blocks import block_end
from domainflow.alignment.native.score import exact_pair_score
from domainflow.kernels.compile import exact_kernel

__all__ = ["move_block_ends"]

OWN_SCORE = 0.2
LEAST_GAIN = 1e-6
MOST_ADDED = 8
"""Most pairs that a move adds at an end."""
LARGEST_LOSS = 3.0
"""In S; growth that has lost more is not continued."""


class Move(NamedTuple):
    """Move that removes pairs first, …, last - 1 and adds `added` pairs in their place.

    The new pairs belong to the block before them (step 1) or after them (step -1). `gain` is the rise of S.
    """

    gain: float
    first: int
    last: int
    added: int
    step: int


@exact_kernel
def move_block_ends(
    query: NDArray[np.float32], template: NDArray[np.float32], pairs: NDArray[np.int32], min_block: int
) -> NDArray[np.int32]:
    """Lengthen and shorten blocks as long as S rises.

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
    while True:
        best = Move(LEAST_GAIN, 0, 0, 0, 0)
        begin = 0
        while begin < pairs.shape[1]:
            end = block_end(pairs, begin)
            for step, tip in ((-1, begin), (1, end - 1)):
                if end - begin > min_block:
                    loss = Move(0.0, tip, tip + 1, 0, step)
                    gain = -_worth(query, template, pairs, loss, pairs[0, tip], pairs[1, tip])
                    if gain > best.gain:
                        best = Move(gain, tip, tip + 1, 0, step)
                growth = _best_growth(query, template, pairs, tip, step, min_block)
                if growth.gain > best.gain:
                    best = growth
            begin = end
        if best.step == 0:
            return pairs
        pairs = _moved(pairs, best)


@exact_kernel
def _best_growth(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    pairs: NDArray[np.int32],
    tip: int,
    step: int,
    min_block: int,
) -> Move:
    """Return the best move that lets a block grow beyond pair `tip`, its last pair (step 1) or its first (step -1)."""
    place = tip + 1 if step > 0 else tip
    best = Move(0.0, place, place, 0, step)
    move = best
    for added in range(1, MOST_ADDED + 1):
        i, j = pairs[0, tip] + step * added, pairs[1, tip] + step * added
        if i < 0 or j < 0 or i >= query.shape[0] or j >= template.shape[0]:
            break
        # First remove the pairs in the way, one after another; then add the new pair.
        beside = move.last if step > 0 else move.first - 1
        while 0 <= beside < pairs.shape[1] and min(step * (pairs[0, beside] - i), step * (pairs[1, beside] - j)) <= 0:
            move = Move(move.gain, min(move.first, beside), max(move.last, beside + 1), move.added, step)
            loss = _worth(query, template, pairs, move, pairs[0, beside], pairs[1, beside])
            move = Move(move.gain - loss, move.first, move.last, move.added, step)
            beside += step
        gain = move.gain + _worth(query, template, pairs, move, i, j)
        move = Move(gain, move.first, move.last, added, step)
        if gain < -LARGEST_LOSS:
            break
        if gain > best.gain and _leaves_whole_blocks(pairs, move, min_block):
            best = move
    return best


@exact_kernel
def _leaves_whole_blocks(pairs: NDArray[np.int32], move: Move, min_block: int) -> bool:
    """Return whether the block that a move shortens keeps enough pairs, or is removed as a whole."""
    if move.first == move.last:
        return True
    place = move.last if move.step > 0 else move.first - 1
    length = 0
    while 0 <= place < pairs.shape[1] and length < min_block:
        gone = place - move.step
        if pairs[0, place] != pairs[0, gone] + move.step or pairs[1, place] != pairs[1, gone] + move.step:
            break
        length += 1
        place += move.step
    return length == 0 or length >= min_block


@exact_kernel
def _moved(pairs: NDArray[np.int32], move: Move) -> NDArray[np.int32]:
    """Return the pairs after a move."""
    between = np.empty((2, move.added), np.int32)
    for chain in range(2):
        for number in range(move.added):
            if move.step > 0:
                between[chain, number] = pairs[chain, move.first - 1] + 1 + number
            else:
                between[chain, number] = pairs[chain, move.last] - move.added + number
    return np.concatenate((pairs[:, : move.first], between, pairs[:, move.last :]), axis=1)


@exact_kernel
def _worth(
    query: NDArray[np.float32], template: NDArray[np.float32], pairs: NDArray[np.int32], move: Move, i: int, j: int
) -> float:
    """Return the rise of S by the pair (i, j), added to all pairs that are there after a move."""
    total = OWN_SCORE
    for k in range(pairs.shape[1]):
        if k < move.first or k >= move.last:
            total += 2.0 * exact_pair_score(query, template, i, j, pairs[0, k], pairs[1, k])
    tip = move.first - 1 if move.step > 0 else move.last
    for number in range(1, move.added + 1):
        p, q = pairs[0, tip] + move.step * number, pairs[1, tip] + move.step * number
        total += 2.0 * exact_pair_score(query, template, i, j, p, q)
    return total
