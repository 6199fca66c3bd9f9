"""Compute DALI's score S, the similarity of the distances between aligned residues within both chains.

    S = Σ_kl s(a_kl, b_kl),   s(a, b) = (0.2 - |a - b| / y) exp(-(y / 20 Å)²),   y = (a + b) / 2,   s_kk = 0.2

a_kl and b_kl are the CA distances of pairs k and l in query and template (Holm & Sander, *J. Mol. Biol.* 1993,
233:123-138). Since y² = (a² + b²)/2 - (a - b)²/4, the envelope is a product with one factor per chain:

    exp(-(y / 20 Å)²) = g(a) g(b) exp(x),   g(d) = exp(-d² / 800 Å²),   x = ((a - b) / 40 Å)²

So the inner loops need no exponential: exp(x) ≈ 1 + x + x²/2. If a sum only has to find the right residues, the loops
need no division either. With |a - b| / (a + b) = tanh u ≈ u and u = |ln a - ln b| / 2,

    s(a, b) ≈ 2 g(a) g(b) (0.1 - u)

DaliLite rounds distances to 0.1 Å. In the envelope it also rounds y to 1 Å, half an Ångström upwards.
`exact_pair_scores` does the same; the reported z-scores are computed from it.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.blocks import block_bounds
from domainflow.kernels.compile import exact_kernel, fast_kernel

__all__ = [
    "OWN_SCORE",
    "DistanceMatrices",
    "distance_matrices",
    "exact_pair_score",
    "exact_pair_scores",
    "fill_distance_matrices",
    "fill_pair_scores",
    "pair_score",
    "pair_scores",
    "part_of_matrices",
]

LENGTH_UNIT = np.float32(40.0)
"""Å; stored distances are divided by it, so that x above is the square of a difference."""
SMALLEST_DISTANCE = np.float32(1e-4)
"""Smallest stored distance, also for 0 on the diagonal, so that |a - b| / (a + b) is defined."""
SIMILARITY_THRESHOLD = np.float32(0.2)
"""Relative difference of two distances at which their score changes sign."""
OWN_SCORE = SIMILARITY_THRESHOLD
"""s_kk, the score of a pair with itself."""
ENVELOPE_RADIUS = 20.0
"""Å."""
LARGEST_DISTANCE = 100
"""Å; DaliLite gives longer mean distances the score 0."""
CLOSEST_SQUARE = np.float32((0.8 / 40.0) ** 2)
"""Squared stored distances are clamped to this before taking the logarithm: 0.8 Å, closer than any two CA atoms."""
ROUNDED_ENVELOPE = np.array([math.exp(-((y / ENVELOPE_RADIUS) ** 2)) for y in range(LARGEST_DISTANCE + 1)])
"""exp(-(y / 20 Å)²) of y = 0, 1, …, 100 Å, computed one by one: numpy's vector results differ between processors."""
LONG_BLOCK = 8
"""Pairs per block; if there are fewer, reading pair by pair is faster than copying block by block."""
ZERO, QUARTER, HALF, ONE, TWO = np.float32(0), np.float32(0.25), np.float32(0.5), np.float32(1), np.float32(2)


class DistanceMatrices(NamedTuple):
    """Internal geometry of a chain of L residues as the kernels read it.

    Attributes
    ----------
    distance : ndarray, shape=(L, L), dtype=float32
        CA distances divided by 40 Å, at least 1e-4.
    envelope : ndarray, shape=(L, L), dtype=float32
        g = exp(-d² / 800 Å²).
    logarithm : ndarray, shape=(L, L), dtype=float32
        ln(d) / 2 of the stored distances d, which are clamped to at least 0.8 Å / 40 Å here.
    """

    distance: NDArray[np.float32]
    envelope: NDArray[np.float32]
    logarithm: NDArray[np.float32]


def distance_matrices(ca: NDArray[np.float32]) -> DistanceMatrices:
    """Return the geometry of CA atoms, shape (L, 3), in Å."""
    shape = (len(ca), len(ca))
    matrices = DistanceMatrices(*(np.empty(shape, np.float32) for _ in range(3)))
    fill_distance_matrices(np.ascontiguousarray(ca, np.float32), matrices)
    return matrices


@fast_kernel
def fill_distance_matrices(ca: NDArray[np.float32], matrices: DistanceMatrices) -> None:
    """Write the geometry of CA atoms, shape (L, 3), in Å, to preallocated memory."""
    length = ca.shape[0]
    distance, envelope, logarithm = matrices.distance, matrices.envelope, matrices.logarithm
    x, y, z = ca[:, 0].copy(), ca[:, 1].copy(), ca[:, 2].copy()
    for i in range(length):
        for j in range(i):
            square = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 + (z[i] - z[j]) ** 2
            distance[i, j] = max(np.float32(math.sqrt(square)) / LENGTH_UNIT, SMALLEST_DISTANCE)
            envelope[i, j] = np.float32(math.exp(square * np.float32(-0.5 / ENVELOPE_RADIUS**2)))
            scaled = max(square / (LENGTH_UNIT * LENGTH_UNIT), CLOSEST_SQUARE)
            logarithm[i, j] = QUARTER * np.float32(math.log(scaled))
        for j in range(i):
            distance[j, i], envelope[j, i], logarithm[j, i] = distance[i, j], envelope[i, j], logarithm[i, j]
        distance[i, i], envelope[i, i] = SMALLEST_DISTANCE, ONE
        logarithm[i, i] = QUARTER * np.float32(math.log(CLOSEST_SQUARE))


@exact_kernel
def part_of_matrices(
    matrices: DistanceMatrices, residues: NDArray[np.int64], memory: DistanceMatrices
) -> DistanceMatrices:
    """Return the geometry of some residues, ascending, copied stretch by stretch.

    `memory` has three flat arrays, each with room for all of the chain; the result lies in them.
    """
    count = residues.shape[0]
    cells, shape = count * count, (count, count)
    part = DistanceMatrices(
        memory.distance[:cells].reshape(shape),
        memory.envelope[:cells].reshape(shape),
        memory.logarithm[:cells].reshape(shape),
    )
    begin = 0
    while begin < count:
        end = begin + 1
        while end < count and residues[end] == residues[end - 1] + 1:
            end += 1
        first, last = residues[begin], residues[end - 1] + 1
        for row in range(count):
            part.distance[row, begin:end] = matrices.distance[residues[row], first:last]
            part.envelope[row, begin:end] = matrices.envelope[residues[row], first:last]
            part.logarithm[row, begin:end] = matrices.logarithm[residues[row], first:last]
        begin = end
    return part


@fast_kernel
def pair_score(a: np.float32, b: np.float32, envelope: np.float32) -> np.float32:
    """Return s of two distances, divided by 40 Å; `envelope` is the product of both chains' factors."""
    difference = a - b
    x = difference * difference
    return envelope * (x * (HALF * x + ONE) + ONE) * (SIMILARITY_THRESHOLD - TWO * abs(difference) / (a + b))


@fast_kernel
def pair_scores(query: DistanceMatrices, template: DistanceMatrices, pairs: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the matrix s_kl of n aligned pairs; its sum is S.

    Parameters
    ----------
    query, template : DistanceMatrices
    pairs : ndarray, shape=(2, n), dtype=int32
        0-based residues of query and template, both ascending.

    Returns
    -------
    ndarray, shape=(n, n), dtype=float32
    """
    count = pairs.shape[1]
    scores = np.empty((count, count), np.float32)
    bounds, room = block_bounds(pairs), np.empty((3, count), np.float32)
    for k in range(count):
        fill_pair_scores(query, template, pairs, bounds, k, room, scores[k])
    return scores


@fast_kernel
def fill_pair_scores(
    query: DistanceMatrices,
    template: DistanceMatrices,
    pairs: NDArray[np.int32],
    bounds: NDArray[np.int64],
    k: int,
    room: NDArray[np.float32],
    row: NDArray[np.float32],
) -> None:
    """Write s_kl of pair k with all n pairs to `row`.

    `bounds` are the pairs' `block_bounds`; `room`, shape (3, n), is work space.
    """
    a, b, envelope = room[0], room[1], room[2]
    query_distance, query_envelope = query.distance[pairs[0, k]], query.envelope[pairs[0, k]]
    template_distance, template_envelope = template.distance[pairs[1, k]], template.envelope[pairs[1, k]]
    if row.shape[0] < LONG_BLOCK * (bounds.shape[0] - 1):
        for m in range(row.shape[0]):
            i, j = np.uint64(pairs[0, m]), np.uint64(pairs[1, m])
            a[m], b[m] = query_distance[i], template_distance[j]
            envelope[m] = query_envelope[i] * template_envelope[j]
    else:
        for block in range(bounds.shape[0] - 1):
            begin = bounds[block]
            first, length = np.uint64(begin), np.uint64(bounds[block + 1] - begin)
            i, j = np.uint64(pairs[0, begin]), np.uint64(pairs[1, begin])
            for m in range(length):
                a[first + m], b[first + m] = query_distance[i + m], template_distance[j + m]
                envelope[first + m] = query_envelope[i + m] * template_envelope[j + m]
    for m in range(row.shape[0]):
        row[m] = pair_score(a[m], b[m], envelope[m])
    row[k] = OWN_SCORE


@exact_kernel
def exact_pair_scores(
    query: NDArray[np.float32], template: NDArray[np.float32], pairs: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return the matrix s_kl with DaliLite's rounding.

    Parameters
    ----------
    query, template : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å.
    pairs : ndarray, shape=(2, n), dtype=int32

    Returns
    -------
    ndarray, shape=(n, n), dtype=float64
    """
    count = pairs.shape[1]
    scores = np.empty((count, count), np.float64)
    for k in range(count):
        scores[k, k] = 0.2
        for m in range(k):
            score = exact_pair_score(query, template, pairs[0, k], pairs[1, k], pairs[0, m], pairs[1, m])
            scores[k, m] = scores[m, k] = score
    return scores


@exact_kernel
def exact_pair_score(
    query: NDArray[np.float32], template: NDArray[np.float32], i: int, j: int, p: int, q: int
) -> float:
    """Return s of the pairs (i, j) and (p, q) of different residues, with DaliLite's rounding."""
    a, b = _tenths(query, i, p), _tenths(template, j, q)
    # y counts in twentieths of an Ångström, as whole numbers: half an Ångström is common, and must always round up.
    twentieths = a + b
    if not 0 < twentieths <= 20 * LARGEST_DISTANCE:
        return 0.0
    return ROUNDED_ENVELOPE[(twentieths + 10) // 20] * (0.2 - 2.0 * abs(a - b) / twentieths)


@exact_kernel
def _tenths(ca: NDArray[np.float32], i: int, j: int) -> int:
    """Return the distance of two residues in tenths of an Ångström, rounded to the nearest."""
    square = 0.0
    for axis in range(3):
        difference = np.float64(ca[i, axis]) - np.float64(ca[j, axis])
        square += difference * difference
    return int(np.round(math.sqrt(square) * 10.0))
