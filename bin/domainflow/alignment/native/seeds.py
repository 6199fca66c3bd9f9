"""Find rigid transforms that may bring two chains together, from matching pairs of helices and strands.

A pair of fragments of the query matches a pair of the template if kinds and order agree, both pairs have a similar
distance, and E is large enough:

    E = Σ_ij s(a_ij, b_ij),   i, j over residues 0, 2, 4, 6 of the first and of the second fragment

E uses s without the division (`score`). Each match gives a transform, by superposing residues 0, 3, 6 of both
fragments. The rank of a transform measures the other fragments that it brings together in the same order. It is the
value of the best monotone path over fragment pairs (i, j), which score

    max(0, 1 - d_ij² / (6 Å)²) max(0, cos(direction_i, direction_j)),   only for the same kind.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.chain import PreparedChain
from domainflow.alignment.native.fragments import KINDS, Fragments
from domainflow.alignment.native.grid import Grid, cube_at, sort_into_grid
from domainflow.alignment.native.score import DistanceMatrices
from domainflow.kernels.compile import exact_kernel, fast_kernel
from domainflow.kernels.superposition import superpose, transform

__all__ = ["find_transforms"]

PAIR_TOLERANCE = np.float32(3.0)
"""Å; largest difference between the distances of two matching fragment pairs."""
LEAST_MATCH = np.float32(0.4)
"""Smallest E of a match."""
COMPARED, COMPARED_STRIDE = 4, 2
"""Number of residues of a fragment that are compared, and the step from one to the next."""
SUPERPOSED = (0, 3, 6)
"""Residues of a fragment that are superposed."""
LARGEST_RMSD = 3.0
"""Å; a match with a larger RMSD gets the rank 0."""
NEAR = np.float32(6.0)
"""Å; fragment centres farther apart do not count."""
LEAST_RANK = 0.5
"""Smallest rank of a seed; two fragments that coincide exactly count as 1."""
DISTINCT = 3.0
"""Å rms over the probes; transforms closer than this lead to the same alignment."""
BLOCK = 16
"""Fragments of the query that share one value of the best path before them."""
ZERO, TENTH, ONE, TWO = np.float32(0), np.float32(0.1), np.float32(1), np.float32(2)


@exact_kernel
def find_transforms(
    query: PreparedChain, template: PreparedChain, matches: int, seeds: int, relative_rank: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the most promising rigid transforms of the template onto the query, best first.

    Parameters
    ----------
    query, template : PreparedChain
    matches : int
        Most matching fragment pairs whose transforms are ranked.
    seeds : int
        Most transforms to return.
    relative_rank : float
        Smallest rank of a seed, divided by the best seed's rank.

    Returns
    -------
    rotations : ndarray, shape=(n, 3, 3), dtype=float64
    translations : ndarray, shape=(n, 3), dtype=float64
        x' = U x + t, in Å.
    """
    matched = match_fragment_pairs(query.geometry, template.geometry, query.fragments, template.fragments, matches)
    rotations, translations, ranks = rank_transforms(
        query.ca, template.ca, query.fragments, template.fragments, matched
    )
    order = np.argsort(-ranks, kind="mergesort")
    least = LEAST_RANK
    if ranks.shape[0] > 0:
        least = max(least, relative_rank * ranks[order[0]])
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
    """Return the `limit` matches with the largest E: fragment pairs of query and template, shape (n, 2), unsorted."""
    matched = np.empty((limit, 2), np.int32)
    energies = np.empty(limit, np.float32)
    count = 0
    # Template pairs first, …, last - 1 have a similar distance. Pairs are sorted, so both limits only rise.
    first, last = 0, 0
    query_logarithm, query_envelope = _pair_logarithms(query, query_fragments)
    template_logarithm, template_envelope = _pair_logarithms(template, template_fragments)
    query_kind, template_kind = _pair_kinds(query_fragments), _pair_kinds(template_fragments)
    pair_distance = template_fragments.pair_distance
    sums = np.empty(pair_distance.shape[0], np.float32)
    for one in range(query_kind.shape[0]):
        distance = query_fragments.pair_distance[one]
        while first < pair_distance.shape[0] and pair_distance[first] < distance - PAIR_TOLERANCE:
            first += 1
        while last < pair_distance.shape[0] and pair_distance[last] <= distance + PAIR_TOLERANCE:
            last += 1
        sums[: last - first] = ZERO
        for k in range(COMPARED * COMPARED):
            a, g = query_logarithm[k, one], query_envelope[k, one]
            b, h = template_logarithm[k, first:], template_envelope[k, first:]
            for j in range(last - first):
                sums[j] += (g * h[j]) * (TENTH - abs(a - b[j]))
        for other in range(first, last):
            energy = TWO * sums[other - first]
            if energy < LEAST_MATCH or template_kind[other] != query_kind[one]:
                continue
            if count == limit and energy <= energies[0]:
                continue
            if count < limit:
                place = _rise(energies, matched, count, energy)
                count += 1
            else:
                place = _sink(energies, matched, energy)
            energies[place] = energy
            matched[place, 0], matched[place, 1] = one, other
    return matched[:count]


@fast_kernel
def _pair_logarithms(chain: DistanceMatrices, fragments: Fragments) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return logarithms of distances, and envelopes, between residues 0, 2, 4, 6 of each pair's fragments.

    Both have the shape (16, P).
    """
    count = fragments.pairs.shape[0]
    logarithm = np.empty((COMPARED * COMPARED, count), np.float32)
    envelope = np.empty((COMPARED * COMPARED, count), np.float32)
    for pair in range(count):
        first, second = fragments.start[fragments.pairs[pair, 0]], fragments.start[fragments.pairs[pair, 1]]
        for i in range(COMPARED):
            for j in range(COMPARED):
                one, other = first + COMPARED_STRIDE * i, second + COMPARED_STRIDE * j
                logarithm[i * COMPARED + j, pair] = chain.logarithm[one, other]
                envelope[i * COMPARED + j, pair] = chain.envelope[one, other]
    return logarithm, envelope


@fast_kernel
def _pair_kinds(fragments: Fragments) -> NDArray[np.int32]:
    """Return one number for the kinds of both fragments of each pair, shape (P,)."""
    kinds = np.empty(fragments.pairs.shape[0], np.int32)
    for pair in range(kinds.shape[0]):
        kinds[pair] = fragments.kind[fragments.pairs[pair, 0]] * KINDS + fragments.kind[fragments.pairs[pair, 1]]
    return kinds


@exact_kernel
def _rise(energies: NDArray[np.float32], matched: NDArray[np.int32], place: int, energy: np.float32) -> int:
    """Return the place of an entry added to the end of the heap (smallest first); move larger ancestors down."""
    while place > 0 and energies[(place - 1) // 2] > energy:
        parent = (place - 1) // 2
        _move(energies, matched, parent, place)
        place = parent
    return place


@exact_kernel
def _sink(energies: NDArray[np.float32], matched: NDArray[np.int32], energy: np.float32) -> int:
    """Return the place of an entry that replaces the smallest one of the heap; move smaller descendants up."""
    size = energies.shape[0]
    place = 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and energies[child + 1] < energies[child]:
            child += 1
        if energies[child] >= energy:
            break
        _move(energies, matched, child, place)
        place = child
    return place


@exact_kernel
def _move(energies: NDArray[np.float32], matched: NDArray[np.int32], origin: int, to: int) -> None:
    """Copy an entry of the heap."""
    energies[to] = energies[origin]
    matched[to, 0], matched[to, 1] = matched[origin, 0], matched[origin, 1]


@fast_kernel
def rank_transforms(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    query_fragments: Fragments,
    template_fragments: Fragments,
    matched: NDArray[np.int32],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
    """Return rotation, translation and rank of each match, shapes (n, 3, 3), (n, 3), (n,).

    The rank is 0 if the match superposes with too large an RMSD. `query` and `template` are CA atoms of shape (L, 3) in
    Å; `matched` is the result of `match_fragment_pairs`.
    """
    count = matched.shape[0]
    rotations, translations = np.empty((count, 3, 3), np.float64), np.empty((count, 3), np.float64)
    ranks = np.zeros(count, np.float32)
    points = len(SUPERPOSED)
    fixed, moving = np.empty((2 * points, 3), np.float32), np.empty((2 * points, 3), np.float32)
    grid = sort_into_grid(query_fragments.centre, NEAR)
    centre, direction = template_fragments.centre.T.copy(), template_fragments.direction.T.copy()
    moved, turned, nowhere = np.empty_like(centre), np.empty_like(direction), np.zeros(3)
    path = np.empty(query_fragments.start.shape[0] + BLOCK, np.float32)
    for k in range(count):
        for half in range(2):
            to = query_fragments.start[query_fragments.pairs[matched[k, 0], half]]
            origin = template_fragments.start[template_fragments.pairs[matched[k, 1], half]]
            for point in range(points):
                for axis in range(3):
                    fixed[half * points + point, axis] = query[to + SUPERPOSED[point], axis]
                    moving[half * points + point, axis] = template[origin + SUPERPOSED[point], axis]
        rotation, translation, rmsd = superpose(fixed, moving)
        rotations[k] = rotation
        translations[k] = translation
        if rmsd <= LARGEST_RMSD:
            _write_moved(centre, rotation, translation, moved)
            _write_moved(direction, rotation, nowhere, turned)
            ranks[k] = _fragment_path(query_fragments, grid, template_fragments.kind, moved, turned, path)
    return rotations, translations, ranks


@fast_kernel
def _write_moved(
    points: NDArray[np.float32],
    rotation: NDArray[np.float64],
    translation: NDArray[np.float64],
    moved: NDArray[np.float32],
) -> None:
    """Write U x + t of points x, both of shape (3, n), to preallocated memory.

    `domainflow.kernels.superposition.transform` would allocate memory for each of thousands of transforms.
    """
    for axis in range(3):
        a, b, c, shift = rotation[axis, 0], rotation[axis, 1], rotation[axis, 2], translation[axis]
        for k in range(points.shape[1]):
            moved[axis, k] = np.float32(a * points[0, k] + b * points[1, k] + c * points[2, k] + shift)


@fast_kernel
def _fragment_path(
    query: Fragments,
    grid: Grid,
    kind: NDArray[np.int32],
    centre: NDArray[np.float32],
    direction: NDArray[np.float32],
    path: NDArray[np.float32],
) -> float:
    """Return the value of the best order-keeping match of the query's fragments with the template's.

    `kind`, `centre` and `direction` are those of the template's fragments after the transform; the latter two have the
    shape (3, n). `path` is work space for all fragments of the query and 16 more.
    """
    scale = ONE / (NEAR * NEAR)
    count = query.start.shape[0]
    blocks = (count + BLOCK - 1) // BLOCK
    # The best path up to a fragment is stored in two parts: within the fragment's block, and before the block.
    path[:] = ZERO
    before = np.zeros(blocks + 1, np.float32)
    for j in range(kind.shape[0]):
        x, y, z = centre[0, j], centre[1, j], centre[2, j]
        cube = cube_at(grid, x, y, z)
        if cube < 0 or grid.start[cube] == grid.start[cube + 1]:
            continue
        u, v, w = direction[0, j], direction[1, j], direction[2, j]
        # Going from the last fragment of the query keeps the cells of one row from extending each other.
        for entry in range(grid.start[cube], grid.start[cube + 1]):
            i = grid.points[entry]
            dx, dy, dz = query.centre[i, 0] - x, query.centre[i, 1] - y, query.centre[i, 2] - z
            near = ONE - (dx * dx + dy * dy + dz * dz) * scale
            parallel = query.direction[i, 0] * u + query.direction[i, 1] * v + query.direction[i, 2] * w
            if near <= ZERO or parallel <= ZERO or query.kind[i] != kind[j]:
                continue
            block = i // BLOCK
            longer = before[block]
            if i > block * BLOCK:
                longer = max(longer, path[i - 1])
            longer += near * parallel
            place = i
            while place < (block + 1) * BLOCK and path[place] < longer:
                path[place] = longer
                place += 1
            if place == (block + 1) * BLOCK:
                place = block + 1
                while place <= blocks and before[place] < longer:
                    before[place] = longer
                    place += 1
    return float(before[blocks])


@exact_kernel
def choose_distinct(
    order: NDArray[np.int64],
    rotations: NDArray[np.float64],
    translations: NDArray[np.float64],
    probes: NDArray[np.float32],
    limit: int,
) -> NDArray[np.int64]:
    """Choose up to `limit` transforms, in the given order, at least 3 Å (rms over the probes) from each other."""
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
