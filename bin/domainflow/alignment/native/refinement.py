"""Improve an alignment in rounds: let it vote, take the best path, trim it, and repeat as long as S rises.

A phase is a number of rounds with the same way of voting (`cells`). The best alignment of a phase is kept, so a later
phase can only improve on it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.cells import cell_scores
from domainflow.alignment.native.corridor import mark_corridor
from domainflow.alignment.native.dynamic_programming import block_path, fill_backward, fill_forward, free_path
from domainflow.alignment.native.score import DistanceMatrices, pair_scores
from domainflow.alignment.native.trimming import chosen_pairs, trim
from domainflow.alignment.native.workspace import Workspace
from domainflow.kernels.compile import fast_kernel

__all__ = ["Phase", "find_corridor", "is_same", "refine"]

FEWEST_PAIRS = 4
"""An alignment with fewer pairs is given up."""


class Phase(NamedTuple):
    """Way of voting in the rounds of a phase.

    Attributes
    ----------
    rounds : int
        Most rounds.
    stride : int
        Every `stride`-th pair votes, with the weight `stride`.
    exclusion : int
        Pairs this close in sequence to a cell do not vote for it; -1: all pairs vote.
    local_weight : float
        Weight of the gapless local similarity.
    gain : float
        A round with a smaller relative rise of S is idle.
    patience : int
        Number of idle rounds in a row that ends the phase.
    """

    rounds: int
    stride: int
    exclusion: int
    local_weight: float
    gain: float
    patience: int


@fast_kernel
def refine(
    query: DistanceMatrices,
    template: DistanceMatrices,
    pairs: NDArray[np.int32],
    phase: Phase,
    min_block: int,
    corridor: float,
    space: Workspace,
) -> tuple[NDArray[np.int32], float]:
    """Run one phase.

    Parameters
    ----------
    query, template : DistanceMatrices
    pairs : ndarray, shape=(2, n), dtype=int32
        The alignment to start from.
    phase : Phase
    min_block : int
        Fewest pairs of a gapless block; 1 allows any path.
    corridor : float
        The votes of the first round restrict `space.live` to paths of at least this fraction of the best path. 0 leaves
        it as it is.
    space : Workspace
        Holds the local similarity, and the mask of live blocks.

    Returns
    -------
    pairs : ndarray, shape=(2, m), dtype=int32
        The best alignment of the phase; empty if no alignment had at least four pairs.
    score : float
        S of this alignment; 0 if it is empty.
    """
    best = np.empty((2, 0), np.int32)
    best_score, last_score = 0.0, 0.0
    idle = 0
    for number in range(phase.rounds):
        voting = pairs[:, number % phase.stride :: phase.stride].copy()
        if voting.shape[1] == 0:
            break
        if corridor > 0.0 and number == 0:
            find_corridor(query, template, voting, phase, corridor, space)
        else:
            _vote(query, template, voting, phase, space)
        path = _best_path(space, min_block)
        if path.shape[1] < FEWEST_PAIRS:
            break
        kept, score = trim(pair_scores(query, template, path), path, min_block)
        pairs = chosen_pairs(path, kept)
        if pairs.shape[1] < FEWEST_PAIRS:
            break
        idle = 0 if score > last_score * (1.0 + phase.gain) else idle + 1
        last_score = max(last_score, score)
        if score > best_score:
            best, best_score = pairs, score
        if idle >= phase.patience or (phase.stride == 1 and is_same(pairs, voting)):
            break
    return best, best_score


@fast_kernel
def find_corridor(
    query: DistanceMatrices,
    template: DistanceMatrices,
    voting: NDArray[np.int32],
    phase: Phase,
    fraction: float,
    space: Workspace,
) -> None:
    """Let pairs vote; then restrict `space.live` to paths of at least this fraction of the best path."""
    _vote(query, template, voting, phase, space)
    fill_forward(space.cells, space.forward, space.bands)
    fill_backward(space.cells, space.backward)
    mark_corridor(space.cells, space.forward, space.backward, fraction, space.live, space.bands)


@fast_kernel
def _vote(
    query: DistanceMatrices, template: DistanceMatrices, voting: NDArray[np.int32], phase: Phase, space: Workspace
) -> None:
    """Fill the live blocks of `space.cells` with the votes of pairs."""
    rows, columns = space.cells.shape
    weight = float(phase.stride)
    cell_scores(query, template, voting, weight, phase.exclusion, phase.local_weight, space, (0, rows), (0, columns))


@fast_kernel
def _best_path(space: Workspace, min_block: int) -> NDArray[np.int32]:
    """Return the best path through `space.cells`, shape (2, n)."""
    if min_block > 1:
        return block_path(space.cells, space.forward, space.block, space.bands, min_block)
    return free_path(space.cells, space.forward, space.bands)


@fast_kernel
def is_same(one: NDArray[np.int32], other: NDArray[np.int32]) -> bool:
    """Return whether two alignments are the same."""
    return one.shape[1] == other.shape[1] and bool((one == other).all())
