"""Align two prepared chains: seeds, first alignments, coarse and fine refinement, choice.

Every stage passes on fewer and better candidates, chosen by z (by score for the last places, since units may mislead),
none like another one already chosen. Pairs of chains without a chance of z >= 2 are given up early.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.cells import Workspace, live_blocks, local_similarity, workspace
from domainflow.dali.chain import PreparedChain
from domainflow.dali.kernels import exact_kernel
from domainflow.dali.refinement import Phase, refine, trimmed
from domainflow.dali.rigid import align_rigidly
from domainflow.dali.score import exact_pair_scores, pair_scores
from domainflow.dali.seeds import find_transforms
from domainflow.dali.z_score import largest_z

__all__ = ["FAST", "PairAlignment", "Settings", "align_pair"]


@dataclass(frozen=True)
class Settings:
    """How hard to search. Values were set on pairs that DaliLite aligns.

    Attributes
    ----------
    matches : int
        Matching fragment pairs whose transforms are ranked.
    seeds : (int, int)
        Fewest and most transforms tried; the number between them falls with the size of the chains.
    seed_cells : float
        Product of the chains' lengths and the number of seeds.
    relative_rank : float
        Least rank of a seed relative to the best one's.
    coarse_share, fewest_coarse, coarse_by_score : float, int, int
        First alignments that are refined coarsely per seed, at least, and how many of them for their score.
    fine, fine_by_score : int, int
        Alignments refined to the end, and how many of them for their score.
    overlap : float
        Share of its pairs that a candidate may have in common with one already chosen.
    first_z, coarse_z : float
        Give up where no first alignment, no coarsely refined one reaches this z.
    z_gap : float
        An alignment whose z is this much below the best one's is not refined further.
    z_tie : float
        Of alignments whose z differs less than this the one with the largest S is taken.
    corridor : float
        Paths of at least this fraction of the best are followed up.
    coarse_block : int
        Fewest pairs of a gapless block before the last stage.
    """

    matches: int = 1500
    seeds: tuple[int, int] = (20, 50)
    seed_cells: float = 1.6e6
    relative_rank: float = 0.6
    coarse_share: float = 0.34
    fewest_coarse: int = 4
    coarse_by_score: int = 2
    fine: int = 3
    fine_by_score: int = 1
    overlap: float = 0.7
    first_z: float = 0.5
    coarse_z: float = 1.5
    z_gap: float = 0.7
    z_tie: float = 0.3
    corridor: float = 0.93
    coarse_block: int = 1


FAST = Settings()

COARSE = Phase(rounds=3, stride=4, exclusion=2, local_weight=1.0, gain=0.01, patience=2)
FINE_FIRST = Phase(rounds=1, stride=3, exclusion=2, local_weight=1.0, gain=5e-4, patience=1)
FINE = (
    Phase(rounds=4, stride=1, exclusion=2, local_weight=1.0, gain=5e-4, patience=1),
    Phase(rounds=3, stride=1, exclusion=2, local_weight=0.0, gain=5e-4, patience=1),
    Phase(rounds=10, stride=1, exclusion=-1, local_weight=0.0, gain=5e-4, patience=1),
)
"""Votes without the neighbours first, with them at the end, where S itself is what counts."""

FEWEST_RIGID = 8
"""Pairs of a first alignment before trimming."""
FEWEST_TRIMMED = 6
"""Pairs of a first alignment after trimming."""


class PairAlignment(NamedTuple):
    """An alignment of two chains: its n pairs, shape (2, n), int32, 0-based; DALI's S; its z."""

    pairs: NDArray[np.int32]
    score: float
    z: float


def align_pair(
    query: PreparedChain, template: PreparedChain, min_block: int = 4, settings: Settings = FAST
) -> PairAlignment | None:
    """Align two chains.

    Parameters
    ----------
    query, template : PreparedChain
    min_block : int
        Fewest pairs of a gapless block; DaliLite's alignments keep to 4.
    settings : Settings

    Returns
    -------
    PairAlignment or None
        S and z with DaliLite's rounding; None where nothing is likely to reach z = 2.
    """
    space = workspace(query.length, template.length)
    first = _first_alignments(query, template, space, settings)
    if _best_z(first) < settings.first_z:
        return None
    local = local_similarity(query.geometry, template.geometry)
    live = live_blocks(query.length, template.length)
    coarse = []
    for candidate in _choose_coarse(first, query, template, settings):
        pairs, _ = refine(
            query.geometry,
            template.geometry,
            candidate.pairs,
            COARSE,
            settings.coarse_block,
            local,
            settings.corridor,
            live,
            space,
        )
        if pairs.shape[1] > 0:
            coarse.append(_measured(query, template, pairs))
    if _best_z(coarse) < settings.coarse_z:
        return None
    fine = _fine_alignments(coarse, query, template, min_block, local, live, space, settings)
    if not fine:
        return None
    least_z = _best_z(fine) - settings.z_tie
    best = max((candidate for candidate in fine if candidate.z >= least_z), key=lambda candidate: candidate.score)
    scores = exact_pair_scores(query.ca, template.ca, best.pairs)
    return PairAlignment(
        best.pairs, float(scores.sum()), float(largest_z(scores, best.pairs, query.units, template.units))
    )


def _first_alignments(
    query: PreparedChain, template: PreparedChain, space: Workspace, settings: Settings
) -> list[PairAlignment]:
    """Alignments of residues near each other under the best transforms."""
    seeds = _seed_count(query.length * template.length, settings)
    rotations, translations = find_transforms(query, template, settings.matches, seeds, settings.relative_rank)
    found = []
    for rotation, translation in zip(rotations, translations, strict=True):
        pairs = align_rigidly(query.ca, template.ca, rotation, translation, space.cells, space.forward)
        if pairs.shape[1] < FEWEST_RIGID:
            continue
        pairs, _ = trimmed(query.geometry, template.geometry, pairs, 1)
        if pairs.shape[1] >= FEWEST_TRIMMED:
            found.append(_measured(query, template, pairs))
    return found


def _choose_coarse(
    first: Sequence[PairAlignment], query: PreparedChain, template: PreparedChain, settings: Settings
) -> list[PairAlignment]:
    """First alignments worth a coarse refinement, most by z, the last by score."""
    seeds = _seed_count(query.length * template.length, settings)
    limit = max(settings.fewest_coarse, int(seeds * settings.coarse_share))
    chosen: list[PairAlignment] = []
    for ranked, places in ((_by_z(first), limit - settings.coarse_by_score), (_by_score(first), limit)):
        for candidate in ranked:
            if len(chosen) >= places:
                break
            if _is_new(candidate, chosen, settings):
                chosen.append(candidate)
    return chosen


def _fine_alignments(
    coarse: Sequence[PairAlignment],
    query: PreparedChain,
    template: PreparedChain,
    min_block: int,
    local: NDArray[np.float32],
    live: NDArray[np.uint8],
    space: Workspace,
    settings: Settings,
) -> list[PairAlignment]:
    """The best coarse alignments, refined to the end."""
    taken: list[PairAlignment] = []
    found: list[PairAlignment] = []
    ranked_places = ((_by_z(coarse), settings.fine - settings.fine_by_score), (_by_score(coarse), settings.fine))
    for ranked, places in ranked_places:
        for candidate in ranked:
            if len(taken) >= places:
                break
            if candidate.z < _best_z(found) - settings.z_gap or not _is_new(candidate, taken, settings):
                continue
            taken.append(candidate)
            pairs = _refine_finely(candidate.pairs, query, template, min_block, local, live, space, settings)
            if pairs.shape[1] > 0:
                found.append(_measured(query, template, pairs))
    return found


def _refine_finely(
    pairs: NDArray[np.int32],
    query: PreparedChain,
    template: PreparedChain,
    min_block: int,
    local: NDArray[np.float32],
    live: NDArray[np.uint8],
    space: Workspace,
    settings: Settings,
) -> NDArray[np.int32]:
    """All phases of the last stage, each from the best alignment so far; the first also finds the corridor."""
    chains = query.geometry, template.geometry
    best, best_score = refine(*chains, pairs, FINE_FIRST, min_block, local, settings.corridor, live, space)
    for phase in FINE:
        if best.shape[1] == 0:
            break
        pairs, score = refine(*chains, best, phase, min_block, local, 0.0, live, space)
        if score > best_score:
            best, best_score = pairs, score
    return best


def _seed_count(cells: int, settings: Settings) -> int:
    """Seeds for chains with that product of lengths."""
    fewest, most = settings.seeds
    return int(min(most, max(fewest, settings.seed_cells / cells)))


def _measured(query: PreparedChain, template: PreparedChain, pairs: NDArray[np.int32]) -> PairAlignment:
    """An alignment with its score and z, without DaliLite's rounding."""
    scores = pair_scores(query.geometry, template.geometry, pairs)
    return PairAlignment(pairs, float(scores.sum()), float(largest_z(scores, pairs, query.units, template.units)))


def _best_z(candidates: Iterable[PairAlignment]) -> float:
    """Largest z; minus infinity if there is none."""
    return max((candidate.z for candidate in candidates), default=-np.inf)


def _by_z(candidates: Sequence[PairAlignment]) -> list[PairAlignment]:
    """Largest z first; ties as they came."""
    return sorted(candidates, key=lambda candidate: -candidate.z)


def _by_score(candidates: Sequence[PairAlignment]) -> list[PairAlignment]:
    """Largest score first; ties as they came."""
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _is_new(candidate: PairAlignment, chosen: Sequence[PairAlignment], settings: Settings) -> bool:
    """Whether no chosen alignment shares too many pairs with this one."""
    size = candidate.pairs.shape[1]
    return all(
        _shared_pairs(candidate.pairs, other.pairs) <= settings.overlap * min(size, other.pairs.shape[1])
        for other in chosen
    )


@exact_kernel
def _shared_pairs(one: NDArray[np.int32], other: NDArray[np.int32]) -> int:
    """Number of pairs in both alignments."""
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
