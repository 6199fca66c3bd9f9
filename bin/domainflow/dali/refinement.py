"""Refine an alignment: score all cells against its pairs, take the best path, trim, again; the best S is kept.

Rounds without the votes of sequence neighbours come first, to leave a wrong register; ordinary rounds polish. After the
first round only the corridor of good paths is looked at.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.dali.cells import EVERY_PAIR, NEIGHBOURS, all_cells, corridor_cells
from domainflow.dali.dynamic_programming import backward, block_path, corridor, forward, free_path
from domainflow.dali.score import Geometry
from domainflow.dali.trimming import trim_alignment
from domainflow.dali.workspace import Workspace

__all__ = ["FEWEST_PAIRS", "knock_out_blocks", "refine"]

f32 = np.float32
FEWEST_PAIRS = 4
"""Alignments with fewer pairs lead nowhere."""
FEWEST_PAIRS_LEFT = 8
"""Pairs that must stay when a block is knocked out."""
KNOCKOUT_GAIN = f32(1.0001)
KNOCKOUT_HOPE = f32(0.93)
"""A realignment with a smaller share of the best S is given up."""
KNOCKOUT_ROUNDS = 4
ZERO, ONE, NOTHING = f32(0), f32(1), f32(-1)

Indices = NDArray[np.int32]


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def refine(
    query: Geometry,
    template: Geometry,
    p: Indices,
    q: Indices,
    n: int,
    phases: NDArray[np.void],
    tolerance: float,
    min_block: int,
    corridor_share: float,
    work: Workspace,
) -> tuple[int, Any]:
    """Improve the n pairs of `p` and `q` in place; returns the number of pairs of the best alignment and its S.

    Parameters
    ----------
    query, template : Geometry
    p, q : ndarray, shape=(min(L1, L2) + 2,), dtype=int32
    n : int
    phases : ndarray, dtype=settings.PHASE
        The first round builds the corridor for all that follow.
    tolerance : float
        Relative gain of S below which a phase ends.
    min_block : int
        Shortest gapless block.
    corridor_share : float
        Share of the best path's score that keeps a tile in the corridor.
    work : Workspace
        `work.local` filled; p and q must not be its rows 0 … 3 of `indices`.
    """
    voter_p, voter_q, best_p, best_q = work.indices[0], work.indices[1], work.indices[2], work.indices[3]
    best, best_n = NOTHING, 0
    open_corridor = False
    for x in range(len(phases)):
        phase = phases[x]
        if phase.from_best:
            n = best_n
            p[:n], q[:n] = best_p[:n], best_q[:n]
        latest = NOTHING
        for turn in range(phase.rounds):
            voters = 0
            for k in range(turn % phase.stride, n, phase.stride):
                voter_p[voters], voter_q[voters] = p[k], q[k]
                voters += 1
            if voters == 0:
                break
            weight, local_weight = f32(phase.stride), f32(phase.local_weight)
            if phase.whole or not open_corridor:
                all_cells(query, template, voter_p, voter_q, voters, weight, phase.exclude, local_weight, work)
            else:
                corridor_cells(query, template, voter_p, voter_q, voters, weight, phase.exclude, local_weight, work)
            if not open_corridor:
                forward(work.score, work.best)
                backward(work.score, work.after)
                corridor(work.score, work.best, work.after, f32(corridor_share), work.live)
                open_corridor = True
            n, s = _best_path(query, template, p, q, min_block, work)
            if n < FEWEST_PAIRS:
                break
            if s > best:
                best, best_n = s, n
                best_p[:n], best_q[:n] = p[:n], q[:n]
            if phase.stride == 1 and n == voters and _same(p, q, voter_p, voter_q, n):
                break
            if s <= latest * (ONE + f32(tolerance)):
                break
            latest = s
    p[:best_n], q[:best_n] = best_p[:best_n], best_q[:best_n]
    return best_n, best


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _best_path(
    query: Geometry, template: Geometry, p: Indices, q: Indices, min_block: int, work: Workspace
) -> tuple[int, Any]:
    """Trimmed best path through `work.score` into `p` and `q`; number of pairs and S."""
    if min_block > 1:
        n = block_path(work.score, work.best, work.ending, min_block, p, q)
    else:
        forward(work.score, work.best)
        n = free_path(work.best, p, q)
    return trim_alignment(query, template, p, q, n, min_block, work)


@njit(cache=True, nogil=True)
def _same(p: Indices, q: Indices, other_p: Indices, other_q: Indices, n: int) -> bool:
    for k in range(n):  # noqa: SIM110 - numba compiles no generator
        if p[k] != other_p[k] or q[k] != other_q[k]:
            return False
    return True


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def knock_out_blocks(
    query: Geometry,
    template: Geometry,
    p: Indices,
    q: Indices,
    n: int,
    score: np.float32,
    sweeps: int,
    min_block: int,
    work: Workspace,
) -> tuple[int, Any]:
    """Try the alignment without each of its blocks in turn, realign in the corridor, and keep what raises S.

    A block in a wrong place is kept there by its own pairs; without it the rest decides where it belongs. Parameters
    and result as of `refine`, which must have been called just before for its corridor; `score` is S of the n pairs.
    """
    voter_p, voter_q, best_p, best_q = work.indices[0], work.indices[1], work.indices[2], work.indices[3]
    best, best_n = score, n
    best_p[:n], best_q[:n] = p[:n], q[:n]
    for _ in range(sweeps):
        improved = False
        first, k = 0, 1
        while k <= best_n:
            if k < best_n and best_p[k] == best_p[k - 1] + 1 and best_q[k] == best_q[k - 1] + 1:
                k += 1
                continue
            voters = 0
            for m in range(best_n):
                if m < first or m >= k:
                    voter_p[voters], voter_q[voters] = best_p[m], best_q[m]
                    voters += 1
            first = k
            k += 1
            if voters < FEWEST_PAIRS_LEFT:
                continue
            s, n = _realign(query, template, p, q, voters, best, min_block, work)
            if s > best * KNOCKOUT_GAIN:
                best, best_n = s, n
                best_p[:n], best_q[:n] = work.indices[4][:n], work.indices[5][:n]
                improved = True
                break
        if not improved:
            break
    p[:best_n], q[:best_n] = best_p[:best_n], best_q[:best_n]
    return best_n, best


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _realign(
    query: Geometry,
    template: Geometry,
    p: Indices,
    q: Indices,
    voters: int,
    best: np.float32,
    min_block: int,
    work: Workspace,
) -> tuple[Any, int]:
    """One unbiased round from the voters in `work.indices`, then ordinary ones; the best goes to its rows 4 and 5."""
    voter_p, voter_q, found_p, found_q = work.indices[0], work.indices[1], work.indices[4], work.indices[5]
    found, found_n = NOTHING, 0
    exclude, local_weight = NEIGHBOURS, ONE
    for _ in range(KNOCKOUT_ROUNDS):
        corridor_cells(query, template, voter_p, voter_q, voters, ONE, exclude, local_weight, work)
        n, s = _best_path(query, template, p, q, min_block, work)
        if n < FEWEST_PAIRS or s <= found * KNOCKOUT_GAIN:
            break
        found, found_n = s, n
        found_p[:n], found_q[:n] = p[:n], q[:n]
        if s < best * KNOCKOUT_HOPE:
            break
        voters = n
        voter_p[:n], voter_q[:n] = p[:n], q[:n]
        exclude, local_weight = EVERY_PAIR, ZERO
    return found, found_n
