"""Align two prepared chains: seeds, first alignments, coarse and fine refinement, gaps, choice, block ends, strays.

Every stage passes on fewer and better candidates, none of them similar to another. They are chosen by z, and for the
last places by score, because folding units may mislead. Pairs of chains without a chance of z >= 2 are given up early.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.block_ends import move_block_ends
from domainflow.alignment.native.cells import local_similarity
from domainflow.alignment.native.chain import PreparedChain
from domainflow.alignment.native.corridor import mark_near
from domainflow.alignment.native.gaps import realign_gaps
from domainflow.alignment.native.refinement import Phase, find_corridor, refine
from domainflow.alignment.native.rigid import align_rigidly
from domainflow.alignment.native.score import exact_pair_scores, pair_scores
from domainflow.alignment.native.seeds import find_transforms
from domainflow.alignment.native.strays import without_strays
from domainflow.alignment.native.trimming import chosen_pairs, chosen_scores, trim
from domainflow.alignment.native.workspace import Workspace, mark_all
from domainflow.alignment.native.z_score import NO_UNITS, largest_z
from domainflow.kernels.compile import exact_kernel, exact_stage
from domainflow.kernels.superposition import superpose, transform

__all__ = ["STANDARD", "PairAlignment", "Settings", "align_prepared"]


class Settings(NamedTuple):
    """Effort and thresholds of the search. The values were set on pairs that DaliLite aligns.

    Attributes
    ----------
    matches : int
        Number of matching fragment pairs whose transforms are ranked.
    fewest_seeds, most_seeds : int
        Limits of the number of transforms tried; the number falls with the size of the chains.
    seed_cells : float
        Product of both chains' lengths and the number of seeds, within these limits.
    relative_rank : float
        Lowest rank of a seed, divided by the best seed's rank.
    coarse_share, fewest_coarse, coarse_by_score : float, int, int
        First alignments that are refined coarsely: their number per seed, the least number, and how many of them are
        chosen by score.
    coarse_radius : float
        Å; coarse refinement may align residues this near after superposition on the first alignment.
    fine, fine_by_score : int, int
        Number of alignments that are refined finely, and how many of them are chosen by score.
    overlap : float
        Largest share of its pairs that a candidate may have in common with one already chosen.
    first_z, coarse_z, fine_z : float
        Give the pair up if no first, no coarsely refined or no finely refined alignment reaches this z.
    z_gap : float
        An alignment is not refined finely if its z is this much below the best one's.
    z_tie : float
        Of alignments whose z differs by less than this, the one with the largest S is chosen.
    score_tie : float
        Of these alignments, those with S below this share of the largest S are not finished.
    corridor : float
        Paths of at least this fraction of the best are in the corridor.
    coarse_block : int
        Fewest pairs of a gapless block before fine refinement.
    """

    matches: int = 2000
    fewest_seeds: int = 30
    most_seeds: int = 60
    seed_cells: float = 4.0e6
    relative_rank: float = 0.6
    coarse_share: float = 0.17
    coarse_radius: float = 16.0
    fewest_coarse: int = 4
    coarse_by_score: int = 2
    fine: int = 3
    fine_by_score: int = 1
    overlap: float = 0.7
    first_z: float = 1.0
    coarse_z: float = 1.5
    fine_z: float = 1.5
    z_gap: float = 1.0
    z_tie: float = 0.7
    score_tie: float = 0.9
    corridor: float = 0.93
    coarse_block: int = 1


STANDARD = Settings()

COARSE = Phase(rounds=3, stride=4, exclusion=2, local_weight=1.0, gain=0.01, patience=2)
FINE_FIRST = Phase(rounds=1, stride=3, exclusion=2, local_weight=1.0, gain=5e-4, patience=1)
FINE_UNBIASED = Phase(rounds=4, stride=1, exclusion=2, local_weight=1.0, gain=5e-4, patience=1)
FINE_CORRIDOR = Phase(rounds=1, stride=2, exclusion=2, local_weight=0.0, gain=5e-4, patience=1)
FINE_WITHOUT_LOCAL = Phase(rounds=3, stride=1, exclusion=2, local_weight=0.0, gain=5e-4, patience=1)
FINE_PLAIN = Phase(rounds=10, stride=1, exclusion=-1, local_weight=0.0, gain=5e-4, patience=1)
"""The first phases leave out the votes of sequence neighbours; the last one has them, because S itself counts there.

FINE_CORRIDOR only selects the cells worth computing.
"""

FEWEST_RIGID = 8
"""Fewest pairs of a first alignment before trimming."""
FEWEST_TRIMMED = 6
"""Fewest pairs of a first alignment after trimming."""


class PairAlignment(NamedTuple):
    """An alignment of two chains: its n pairs, shape (2, n), 0-based; DALI's S; its z."""

    pairs: NDArray[np.int32]
    score: float
    z: float


class Candidates(NamedTuple):
    """Up to C alignments of a stage.

    Attributes
    ----------
    pairs : ndarray, shape=(C, 2, N), dtype=int32
        The first ``size[c]`` pairs belong to alignment c.
    size : ndarray, shape=(C,), dtype=int64
    score, z : ndarray, shape=(C,), dtype=float64
        S and z without DaliLite's rounding.
    total : ndarray, shape=(1,), dtype=int64
        Number of alignments stored so far.
    """

    pairs: NDArray[np.int32]
    size: NDArray[np.int64]
    score: NDArray[np.float64]
    z: NDArray[np.float64]
    total: NDArray[np.int64]


@exact_stage
def align_prepared(
    query: PreparedChain, template: PreparedChain, min_block: int, settings: Settings, space: Workspace
) -> PairAlignment:
    """Align two chains in preallocated memory.

    Parameters
    ----------
    query, template : PreparedChain
    min_block : int
        Fewest pairs of a gapless block; 4 in DaliLite's alignments.
    settings : Settings
    space : Workspace

    Returns
    -------
    PairAlignment
        S and z with DaliLite's rounding; without pairs if no alignment is likely to reach z = 2.
    """
    nothing = PairAlignment(np.empty((2, 0), np.int32), 0.0, NO_UNITS)
    first = _first_alignments(query, template, settings)
    if _best_z(first) < settings.first_z:
        return nothing
    local_similarity(query.geometry, template.geometry, space.local)
    coarse = _coarse_alignments(first, query, template, settings, space)
    if _best_z(coarse) < settings.coarse_z:
        return nothing
    fine = _fine_alignments(coarse, query, template, min_block, settings, space)
    if _best_z(fine) < settings.fine_z:
        return nothing
    pairs, best = np.empty((2, 0), np.int32), 0.0
    for number in range(fine.total[0]):
        if _may_be_chosen(fine, number, settings):
            finished, score = _finish(_pairs(fine, number), query, template, min_block, settings, space)
            if score > best:
                pairs, best = finished, score
    # Strays are dropped after the choice: they add little to S.
    pairs = move_block_ends(query.ca, template.ca, pairs, min_block)
    scores, pairs = without_strays(
        exact_pair_scores(query.ca, template.ca, pairs), pairs, query.number, query.units, template.units
    )
    return PairAlignment(pairs, scores.sum(), largest_z(scores, pairs, query.units, template.units))


@exact_stage
def _first_alignments(query: PreparedChain, template: PreparedChain, settings: Settings) -> Candidates:
    """Align the residues near each other under the best transforms."""
    seeds = _seed_count(query, template, settings)
    rotations, translations = find_transforms(query, template, settings.matches, seeds, settings.relative_rank)
    found = _no_candidates(rotations.shape[0], query, template)
    for seed in range(rotations.shape[0]):
        pairs = align_rigidly(query.ca, template.ca, rotations[seed], translations[seed])
        if pairs.shape[1] < FEWEST_RIGID:
            continue
        scores = pair_scores(query.geometry, template.geometry, pairs)
        kept, _ = trim(scores, pairs, 1)
        if kept.shape[0] >= FEWEST_TRIMMED:
            _add(found, chosen_pairs(pairs, kept), chosen_scores(scores, kept), query, template)
    return found


@exact_stage
def _coarse_alignments(
    first: Candidates, query: PreparedChain, template: PreparedChain, settings: Settings, space: Workspace
) -> Candidates:
    """Refine the best first alignments with the votes of every fourth pair; most are chosen by z, the last by score."""
    limit = max(settings.fewest_coarse, int(_seed_count(query, template, settings) * settings.coarse_share))
    chosen = _choose(first, limit, settings.coarse_by_score, settings.overlap)
    found = _no_candidates(chosen.shape[0], query, template)
    for number in chosen:
        start = _pairs(first, number)
        rotation, translation, _ = superpose(query.ca[start[0]], template.ca[start[1]])
        moved = transform(template.ca, rotation, translation)
        mark_near(query.ca, moved, settings.coarse_radius, space.live, space.bands)
        pairs, _ = refine(query.geometry, template.geometry, start, COARSE, settings.coarse_block, 0.0, space)
        if pairs.shape[1] > 0:
            _add(found, pairs, pair_scores(query.geometry, template.geometry, pairs), query, template)
    return found


@exact_stage
def _fine_alignments(
    coarse: Candidates,
    query: PreparedChain,
    template: PreparedChain,
    min_block: int,
    settings: Settings,
    space: Workspace,
) -> Candidates:
    """Refine the best coarse alignments finely."""
    found = _no_candidates(settings.fine, query, template)
    for number in _choose(coarse, settings.fine, settings.fine_by_score, settings.overlap):
        if coarse.z[number] < _best_z(found) - settings.z_gap:
            continue
        pairs = _refine_finely(_pairs(coarse, number), query, template, min_block, settings, space)
        if pairs.shape[1] > 0:
            _add(found, pairs, pair_scores(query.geometry, template.geometry, pairs), query, template)
    return found


@exact_stage
def _finish(
    pairs: NDArray[np.int32],
    query: PreparedChain,
    template: PreparedChain,
    min_block: int,
    settings: Settings,
    space: Workspace,
) -> tuple[NDArray[np.int32], float]:
    """Finish an alignment that may be chosen: refine once more without the local term, then realign its gaps.

    Return its pairs and S.
    """
    one, other = query.geometry, template.geometry
    best, best_score = pairs, pair_scores(one, other, pairs).sum()
    mark_all(space.live, space.bands, other.distance.shape[0])
    find_corridor(one, other, pairs[:, :: FINE_CORRIDOR.stride].copy(), FINE_CORRIDOR, settings.corridor, space)
    shifted, score = refine(one, other, pairs, FINE_WITHOUT_LOCAL, min_block, 0.0, space)
    if score > best_score:
        best, best_score = refine(one, other, shifted, FINE_PLAIN, min_block, 0.0, space)
        if score > best_score:
            best, best_score = shifted, score
    return realign_gaps(one, other, best, best_score, min_block, space)


@exact_stage
def _refine_finely(
    pairs: NDArray[np.int32],
    query: PreparedChain,
    template: PreparedChain,
    min_block: int,
    settings: Settings,
    space: Workspace,
) -> NDArray[np.int32]:
    """Run all phases of fine refinement, each from the best alignment so far; the first also finds the corridor."""
    one, other = query.geometry, template.geometry
    mark_all(space.live, space.bands, other.distance.shape[0])
    best, best_score = refine(one, other, pairs, FINE_FIRST, min_block, settings.corridor, space)
    for phase in (FINE_UNBIASED, FINE_PLAIN):
        if best.shape[1] == 0:
            break
        refined, score = refine(one, other, best, phase, min_block, 0.0, space)
        if score > best_score:
            best, best_score = refined, score
    return best


@exact_kernel
def _seed_count(query: PreparedChain, template: PreparedChain, settings: Settings) -> int:
    """Return the number of seeds for chains of these lengths."""
    cells = query.ca.shape[0] * template.ca.shape[0]
    return int(min(settings.most_seeds, max(settings.fewest_seeds, settings.seed_cells / cells)))


@exact_kernel
def _no_candidates(limit: int, query: PreparedChain, template: PreparedChain) -> Candidates:
    """Return memory for up to `limit` alignments, all of it free."""
    longest = min(query.ca.shape[0], template.ca.shape[0])
    return Candidates(
        np.empty((limit, 2, longest), np.int32),
        np.zeros(limit, np.int64),
        np.zeros(limit, np.float64),
        np.zeros(limit, np.float64),
        np.zeros(1, np.int64),
    )


@exact_kernel
def _add(
    found: Candidates,
    pairs: NDArray[np.int32],
    scores: NDArray[np.float32],
    query: PreparedChain,
    template: PreparedChain,
) -> None:
    """Add an alignment, with its score and z from its matrix s_kl."""
    number = found.total[0]
    found.pairs[number, :, : pairs.shape[1]] = pairs
    found.size[number] = pairs.shape[1]
    found.score[number] = scores.sum()
    found.z[number] = largest_z(scores, pairs, query.units, template.units)
    found.total[0] = number + 1


@exact_kernel
def _pairs(candidates: Candidates, number: int) -> NDArray[np.int32]:
    """Return the pairs of an alignment, shape (2, n)."""
    return candidates.pairs[number, :, : candidates.size[number]].copy()


@exact_kernel
def _best_z(candidates: Candidates) -> float:
    """Return the largest z; minus infinity if there is no candidate."""
    best = -np.inf
    for number in range(candidates.total[0]):
        best = max(best, candidates.z[number])
    return best


@exact_kernel
def _may_be_chosen(candidates: Candidates, number: int, settings: Settings) -> bool:
    """Return whether an alignment has nearly the largest z, and a score not far below the largest one of all these."""
    least_z = _best_z(candidates) - settings.z_tie
    largest = 0.0
    for other in range(candidates.total[0]):
        if candidates.z[other] >= least_z:
            largest = max(largest, candidates.score[other])
    return candidates.z[number] >= least_z and candidates.score[number] >= settings.score_tie * largest


@exact_kernel
def _choose(candidates: Candidates, limit: int, by_score: int, overlap: float) -> NDArray[np.int64]:
    """Choose up to `limit` different alignments: first by z, then the last `by_score` of them by score."""
    count = candidates.total[0]
    chosen = np.empty(limit, np.int64)
    taken = 0
    for criterion, places in ((candidates.z, limit - by_score), (candidates.score, limit)):
        for number in np.argsort(-criterion[:count], kind="mergesort"):
            if taken >= places:
                break
            if _is_new(candidates, number, chosen[:taken], overlap):
                chosen[taken] = number
                taken += 1
    return chosen[:taken]


@exact_kernel
def _is_new(candidates: Candidates, number: int, chosen: NDArray[np.int64], overlap: float) -> bool:
    """Return whether no chosen alignment shares too many pairs with this one."""
    for other in chosen:
        shorter = min(candidates.size[number], candidates.size[other])
        if _shared_pairs(_pairs(candidates, number), _pairs(candidates, other)) > overlap * shorter:
            return False
    return True


@exact_kernel
def _shared_pairs(one: NDArray[np.int32], other: NDArray[np.int32]) -> int:
    """Count the pairs that both alignments have."""
    i, j, shared = 0, 0, 0
    while i < one.shape[1] and j < other.shape[1]:
        if one[0, i] < other[0, j]:
            i += 1
        elif one[0, i] > other[0, j]:
            j += 1
        else:
            shared += one[1, i] == other[1, j]
            i += 1
            j += 1
    return shared
