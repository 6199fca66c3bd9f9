"""Rigid transforms that may bring two chains together, from matching pairs of helices and strands.

A pair of fragments of the query matches one of the template if kinds and order agree, the distance of the two fragments
is alike, and

    E = Σ_ij s(a_ij, b_ij),   i, j over residues 0, 2, 4, 6 of the first and of the second fragment

is large enough (s: `score`). Each match gives a transform by superposing residues 0, 3, 6 of both fragments. It ranks
by the other fragments it brings together in the same order: the best monotone path over fragment pairs (i, j) of

    max(0, 1 - d_ij² / (6 Å)²) max(0, cos(direction_i, direction_j)),   only for the same kind.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.chain import PreparedChain
from domainflow.dali.fragments import WINDOW, Fragments
from domainflow.dali.kernels import exact_kernel, fast_kernel
from domainflow.dali.score import DistanceMatrices, pair_score
from domainflow.dali.superposition import superpose, transform

__all__ = ["find_transforms"]

PAIR_TOLERANCE = np.float32(3.0)
"""Å; largest difference of the distances of two fragment pairs."""
LEAST_MATCH = np.float32(0.4)
"""Smallest E of a match."""
MATCH_STRIDE = 2
SUPERPOSED = (0, 3, 6)
"""Residues of a fragment that are superposed."""
LARGEST_RMSD = 3.0
"""Å; of a match whose transform is of use."""
NEAR = np.float32(6.0)
"""Å; fragment centres farther apart do not count."""
LEAST_RANK = 0.5
"""Smallest rank of a seed, in fragments brought together exactly."""
DISTINCT = 3.0
"""Å rms over the probes; transforms closer than this lead to the same alignment."""
ZERO, ONE = np.float32(0), np.float32(1)


def find_transforms(
    query: PreparedChain, template: PreparedChain, matches: int, seeds: int, relative_rank: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The most promising rigid transforms of the template onto the query, best first.

    Parameters
    ----------
    query, template : PreparedChain
    matches : int
        Matching fragment pairs looked at.
    seeds : int
        Transforms returned at most.
    relative_rank : float
        Smallest rank of a seed relative to the best one's.

    Returns
    -------
    rotations : ndarray, shape=(n, 3, 3), dtype=float64
    translations : ndarray, shape=(n, 3), dtype=float64
        x' = U x + t, Å.
    """
    matched = match_fragment_pairs(query.geometry, template.geometry, query.fragments, template.fragments, matches)
    rotations, translations, ranks = rank_transforms(
        query.ca, template.ca, query.fragments, template.fragments, matched
    )
    order = np.argsort(-ranks, kind="stable")
    least = max(LEAST_RANK, relative_rank * float(ranks.max(initial=0.0)))
    order = order[ranks[order] >= least]
    chosen = choose_distinct(order, rotations, translations, template.probes, seeds)
    return rotations[chosen], translations[chosen]


@fast_kernel
def match_fragment_pairs(
    query: DistanceMatrices,
    template: DistanceMatrices,
    query_fragments: Fragments,
    template_fragments: Fragments,
    limit: int,
) -> NDArray[np.int32]:
    """The `limit` matches with the largest E, as fragments of query, query, template, template; shape (n, 4), int32."""
    matched = np.empty((limit, 4), np.int32)
    energies = np.empty(limit, np.float32)
    count = 0
    nearest = 0
    total = template_fragments.pairs.shape[0]
    for one in range(query_fragments.pairs.shape[0]):
        distance = query_fragments.pair_distance[one]
        a, b = query_fragments.pairs[one, 0], query_fragments.pairs[one, 1]
        while nearest < total and template_fragments.pair_distance[nearest] < distance - PAIR_TOLERANCE:
            nearest += 1
        for other in range(nearest, total):
            if template_fragments.pair_distance[other] > distance + PAIR_TOLERANCE:
                break
            c, d = template_fragments.pairs[other, 0], template_fragments.pairs[other, 1]
            if (
                query_fragments.kind[a] != template_fragments.kind[c]
                or query_fragments.kind[b] != template_fragments.kind[d]
            ):
                continue
            energy = _match_energy(
                query,
                template,
                query_fragments.start[a],
                query_fragments.start[b],
                template_fragments.start[c],
                template_fragments.start[d],
            )
            if energy < LEAST_MATCH or (count == limit and energy <= energies[0]):
                continue
            if count < limit:
                count += 1
                place = _rise(energies, matched, count - 1, energy)
            else:
                place = _sink(energies, matched, energy)
            energies[place] = energy
            matched[place, 0], matched[place, 1], matched[place, 2], matched[place, 3] = a, b, c, d
    return matched[:count]


@fast_kernel
def _match_energy(query: DistanceMatrices, template: DistanceMatrices, a: int, b: int, c: int, d: int) -> np.float32:
    """E of the fragments that start at a, b in the query and at c, d in the template."""
    energy = ZERO
    for i in range(0, WINDOW, MATCH_STRIDE):
        query_distance, query_envelope = query.distance[a + i], query.envelope[a + i]
        template_distance, template_envelope = template.distance[c + i], template.envelope[c + i]
        for j in range(0, WINDOW, MATCH_STRIDE):
            energy += pair_score(
                query_distance[b + j], template_distance[d + j], query_envelope[b + j] * template_envelope[d + j]
            )
    return energy


@exact_kernel
def _rise(energies: NDArray[np.float32], matched: NDArray[np.int32], place: int, energy: np.float32) -> int:
    """Where a new entry at the end of the heap (smallest first) belongs; larger ancestors move down."""
    while place > 0 and energies[(place - 1) // 2] > energy:
        parent = (place - 1) // 2
        energies[place] = energies[parent]
        matched[place] = matched[parent]
        place = parent
    return place


@exact_kernel
def _sink(energies: NDArray[np.float32], matched: NDArray[np.int32], energy: np.float32) -> int:
    """Where an entry that takes the place of the heap's smallest belongs; smaller descendants move up."""
    size = energies.shape[0]
    place = 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and energies[child + 1] < energies[child]:
            child += 1
        if energies[child] >= energy:
            break
        energies[place] = energies[child]
        matched[place] = matched[child]
        place = child
    return place


@fast_kernel
def rank_transforms(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    query_fragments: Fragments,
    template_fragments: Fragments,
    matched: NDArray[np.int32],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
    """Transform and rank of each match; matches that do not superpose rank 0.

    `query`, `template` are CA atoms of shape (L, 3) in Å. Returns arrays of shape (n, 3, 3), (n, 3) and (n,).
    """
    count = matched.shape[0]
    rotations, translations = np.empty((count, 3, 3), np.float64), np.empty((count, 3), np.float64)
    ranks = np.zeros(count, np.float32)
    points = len(SUPERPOSED)
    fixed, moving = np.empty((2 * points, 3), np.float32), np.empty((2 * points, 3), np.float32)
    resting = np.zeros(3)
    path = np.empty(template_fragments.start.shape[0] + 1, np.float32)
    extended = np.empty_like(path)
    for k in range(count):
        for half in range(2):
            to = query_fragments.start[matched[k, half]]
            origin = template_fragments.start[matched[k, 2 + half]]
            for point in range(points):
                for axis in range(3):
                    fixed[half * points + point, axis] = query[to + SUPERPOSED[point], axis]
                    moving[half * points + point, axis] = template[origin + SUPERPOSED[point], axis]
        rotation, translation, rmsd = superpose(fixed, moving)
        rotations[k] = rotation
        translations[k] = translation
        if rmsd <= LARGEST_RMSD:
            centre = transform(template_fragments.centre, rotation, translation)
            direction = transform(template_fragments.direction, rotation, resting)
            ranks[k] = _fragment_path(query_fragments, template_fragments.kind, centre, direction, path, extended)
    return rotations, translations, ranks


@fast_kernel
def _fragment_path(
    query: Fragments,
    kind: NDArray[np.int32],
    centre: NDArray[np.float32],
    direction: NDArray[np.float32],
    path: NDArray[np.float32],
    extended: NDArray[np.float32],
) -> np.float32:
    """Value of the best order-keeping matching of the query's fragments with moved ones of shape (3, F)."""
    count = kind.shape[0]
    scale = ONE / (NEAR * NEAR)
    path[:] = ZERO
    extended[0] = ZERO
    for i in range(query.start.shape[0]):
        x, y, z = query.centre[i, 0], query.centre[i, 1], query.centre[i, 2]
        u, v, w = query.direction[i, 0], query.direction[i, 1], query.direction[i, 2]
        own = query.kind[i]
        for j in range(count):
            dx, dy, dz = centre[0, j] - x, centre[1, j] - y, centre[2, j] - z
            near = max(ZERO, ONE - (dx * dx + dy * dy + dz * dz) * scale)
            cosine = max(ZERO, direction[0, j] * u + direction[1, j] * v + direction[2, j] * w)
            same = ONE if kind[j] == own else ZERO
            extended[j + 1] = max(path[j + 1], path[j] + near * cosine * same)
        best = ZERO
        for j in range(1, count + 1):
            best = max(best, extended[j])
            path[j] = best
    return path[count]


@exact_kernel
def choose_distinct(
    order: NDArray[np.int64],
    rotations: NDArray[np.float64],
    translations: NDArray[np.float64],
    probes: NDArray[np.float32],
    limit: int,
) -> NDArray[np.int64]:
    """Up to `limit` transforms in the given order, each more than 3 Å (rms over the probes) from those before it."""
    chosen = np.empty(limit, np.int64)
    count = 0
    moved = np.empty((limit, 3, probes.shape[0]), np.float32)
    for candidate in order:
        if count == limit:
            break
        moved[count] = transform(probes, rotations[candidate], translations[candidate])
        distinct = True
        for other in range(count):
            square = 0.0
            for axis in range(3):
                for probe in range(probes.shape[0]):
                    square += (moved[count, axis, probe] - moved[other, axis, probe]) ** 2
            if square < probes.shape[0] * DISTINCT * DISTINCT:
                distinct = False
                break
        if distinct:
            chosen[count] = candidate
            count += 1
    return chosen[:count]
