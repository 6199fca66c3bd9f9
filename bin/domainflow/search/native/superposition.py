"""Measure how well the paired CA atoms of a local alignment superpose: TM-score and lDDT.

    TM = max over superpositions of sum_k 1 / (1 + (d_k / d0)^2) / N,  d0 = 1.24 * (N - 15)^(1/3) - 1.8 Å

N is the length that the TM-score is normalised by (Zhang & Skolnick, *Proteins* 2004, 57:702-710). A superposition is a
weighted least-squares fit by quaternions (Horn, *JOSA A* 1987, 4:629-642). It is repeated with the weights
1 / (1 + (d/d0)^2)^2 of the last one. The starts are all pairs, each half and each quarter of them. lDDT is that of
Mariani et al., *Bioinformatics* 2013, 29:2722-2728.
"""

import math

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel
from domainflow.kernels.superposition import horn_matrix, rotation_matrix

__all__ = [
    "aligned_lddt",
    "aligned_tm",
    "best_superposition",
    "distance_scale",
    "measure_alignments",
    "neighbours",
    "superpose",
]

SHORTEST_SCALE = 19.0
"""Residues; shorter chains get the d0 of this length."""
SMALLEST_D0 = 0.5
"""Å."""
ROUNDS = 6
"""Reweighted superpositions per start."""
LEAST_GAIN = 0.05
"""In the sum over pairs; a round that gains less is the last."""
MOST_PARTS = 4
SMALLEST_PART = 8
"""Pairs; smaller halves and quarters are not used as a start."""
LDDT_RADIUS = 15.0
"""Å."""
SQUARINGS = 24
"""Most squarings of Horn's matrix to separate its largest eigenvalue."""
RANK_ONE = 1.0 - 1e-14
"""Sum of the squares of eigenvalues that add up to 1; above it, only one of them is taken to remain."""


@exact_kernel
def measure_alignments(
    query: NDArray[np.float32],
    templates: NDArray[np.float32],
    pairs: NDArray[np.int64],
    bounds: NDArray[np.int64],
    norms: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Measure many alignments of one query.

    Parameters
    ----------
    query : ndarray, shape=(L, 3), dtype=float32
        CA atoms in Å.
    templates : ndarray, shape=(R, 3), dtype=float32
        CA atoms in Å of all templates.
    pairs : ndarray, shape=(2, p), dtype=int64
        Rows of `query` and `templates`, one alignment after another.
    bounds : ndarray, shape=(K+1,), dtype=int64
        Index of the first pair of each alignment, and p at the end.
    norms : ndarray, shape=(K,), dtype=float64
        Length that each TM-score is normalised by.

    Returns
    -------
    tm, local_tm, lddt : ndarray, shape=(K,), dtype=float64
        TM-score, TM-score on the length of the aligned stretch, and lDDT.
    """
    count = norms.shape[0]
    around = neighbours(query)
    tm = np.zeros(count)
    local_tm = np.zeros(count)
    lddt = np.zeros(count)
    for number in range(count):
        inside = slice(bounds[number], bounds[number + 1])
        moving = query[pairs[0, inside]]
        fixed = templates[pairs[1, inside]]
        ends = pairs[:, bounds[number + 1] - 1] - pairs[:, bounds[number]]
        stretch = float(min(ends[0], ends[1]) + 1)
        tm[number], local_tm[number] = aligned_tm(moving, fixed, norms[number], stretch)
        lddt[number] = aligned_lddt(moving, fixed, around[pairs[0, inside]])
    return tm, local_tm, lddt


@exact_kernel
def neighbours(ca: NDArray[np.float32]) -> NDArray[np.int64]:
    """Count the other CA atoms within 15 Å of each, shape (L,); `ca` has shape (L, 3) in Å."""
    counts = np.zeros(ca.shape[0], np.int64)
    for i in range(ca.shape[0]):
        for j in range(i + 1, ca.shape[0]):
            square = (ca[i, 0] - ca[j, 0]) ** 2 + (ca[i, 1] - ca[j, 1]) ** 2 + (ca[i, 2] - ca[j, 2]) ** 2
            if square < LDDT_RADIUS * LDDT_RADIUS:
                counts[i] += 1
                counts[j] += 1
    return counts


@exact_kernel
def aligned_tm(
    query: NDArray[np.float32], template: NDArray[np.float32], norm: float, local_norm: float
) -> tuple[float, float]:
    """Return TM-scores of paired CA atoms for two lengths.

    Parameters
    ----------
    query, template : ndarray, shape=(n, 3), dtype=float32
        CA atoms in Å; each row is a pair.
    norm : float
        Length in residues for `tm`: it sets d0, and the sum is divided by it.
    local_norm : float
        The same for `local_tm`.

    Returns
    -------
    tm : float
        Between 0 and n / norm.
    local_tm : float
        TM-score of the same superposition with the other length.
    """
    rotation = np.empty((3, 3))
    shift = np.empty(3)
    total = best_superposition(query, template, norm, MOST_PARTS, rotation, shift)
    local_scale = distance_scale(local_norm)
    local = _reweight(query, template, rotation, shift, local_scale, np.empty(query.shape[0]))
    return total / norm, local / local_norm


@exact_kernel
def best_superposition(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    norm: float,
    most_parts: int,
    best_rotation: NDArray[np.float64],
    best_shift: NDArray[np.float64],
) -> float:
    """Return the largest sum of 1 / (1 + (d/d0)^2) over paired CA atoms; its rotation and shift are written in place.

    `query` and `template` have shape (n, 3). The starts are all pairs, then halves, quarters, … up to `most_parts`
    parts.
    """
    n = query.shape[0]
    weights = np.empty(n)
    rotation = np.empty((3, 3))
    shift = np.empty(3)
    best = 0.0
    scale = distance_scale(norm)
    parts = 1
    while parts <= most_parts and (parts == 1 or n // parts >= SMALLEST_PART):
        for part in range(parts):
            weights[:] = 0.0
            weights[part * n // parts : (part + 1) * n // parts] = 1.0
            last = -1.0
            for _ in range(ROUNDS):
                superpose(query, template, weights, rotation, shift)
                total = _reweight(query, template, rotation, shift, scale, weights)
                if total > best:
                    best = total
                    best_rotation[:] = rotation
                    best_shift[:] = shift
                if total < last + LEAST_GAIN:
                    break
                last = total
        parts *= 2
    return best


@exact_kernel
def aligned_lddt(query: NDArray[np.float32], template: NDArray[np.float32], around: NDArray[np.int64]) -> float:
    """Return the mean lDDT of paired CA atoms, shape (n, 3) in Å.

    The lDDT of a pair is the share of its distances below 15 Å in the query that the template keeps within 0.5, 1, 2
    and 4 Å, on average. `around`, shape (n,), is the number of such distances to all residues of the query. So
    distances to residues that are not aligned count as lost, as in Foldseek.
    """
    n = query.shape[0]
    kept = np.zeros(n)
    for i in range(n):
        for j in range(i + 1, n):
            square = 0.0
            for k in range(3):
                square += (query[i, k] - query[j, k]) ** 2
            if square >= LDDT_RADIUS * LDDT_RADIUS:
                continue
            other = 0.0
            for k in range(3):
                other += (template[i, k] - template[j, k]) ** 2
            change = abs(math.sqrt(square) - math.sqrt(other))
            share = 0.25 * ((change < 0.5) + (change < 1.0) + (change < 2.0) + (change < 4.0))
            kept[i] += share
            kept[j] += share
    mean = 0.0
    for i in range(n):
        if around[i] > 0:
            mean += kept[i] / around[i]
    return mean / n if n > 0 else 0.0


@exact_kernel
def superpose(
    moving: NDArray[np.float32],
    fixed: NDArray[np.float32],
    weights: NDArray[np.float64],
    rotation: NDArray[np.float64],
    shift: NDArray[np.float64],
) -> None:
    """Write the rotation U, shape (3, 3), and the shift t that bring U x + t of `moving` closest to `fixed`.

    `moving` and `fixed` have shape (n, 3). `weights` has shape (n,) and a positive sum.
    """
    total = ax = ay = az = bx = by = bz = 0.0
    for i in range(moving.shape[0]):
        w = weights[i]
        total += w
        ax += w * moving[i, 0]
        ay += w * moving[i, 1]
        az += w * moving[i, 2]
        bx += w * fixed[i, 0]
        by += w * fixed[i, 1]
        bz += w * fixed[i, 2]
    from_centre = (ax / total, ay / total, az / total)
    to_centre = (bx / total, by / total, bz / total)
    # Nine scalars instead of a matrix stay in registers.
    xx = xy = xz = yx = yy = yz = zx = zy = zz = 0.0
    for i in range(moving.shape[0]):
        px = weights[i] * (moving[i, 0] - from_centre[0])
        py = weights[i] * (moving[i, 1] - from_centre[1])
        pz = weights[i] * (moving[i, 2] - from_centre[2])
        qx = fixed[i, 0] - to_centre[0]
        qy = fixed[i, 1] - to_centre[1]
        qz = fixed[i, 2] - to_centre[2]
        xx += px * qx
        xy += px * qy
        xz += px * qz
        yx += py * qx
        yy += py * qy
        yz += py * qz
        zx += pz * qx
        zy += pz * qy
        zz += pz * qz
    s = np.array(((xx, xy, xz), (yx, yy, yz), (zx, zy, zz)))
    w, x, y, z = _largest_eigenvector(horn_matrix(s))
    rotation[:] = rotation_matrix(w, x, y, z)
    for a in range(3):
        shift[a] = to_centre[a]
        for b in range(3):
            shift[a] -= rotation[a, b] * from_centre[b]


@exact_kernel
def _reweight(
    query: NDArray[np.float32],
    template: NDArray[np.float32],
    rotation: NDArray[np.float64],
    shift: NDArray[np.float64],
    scale: float,
    weights: NDArray[np.float64],
) -> float:
    """Return the sum of 1 / (1 + d^2 / scale) over the pairs, scale in Å^2; the squared terms become the weights."""
    a, b, c = rotation[0, 0], rotation[0, 1], rotation[0, 2]
    d, e, f = rotation[1, 0], rotation[1, 1], rotation[1, 2]
    g, h, k = rotation[2, 0], rotation[2, 1], rotation[2, 2]
    tx, ty, tz = shift[0], shift[1], shift[2]
    # Distances and their sum are computed in two loops: the first one then is a vector loop.
    for i in range(query.shape[0]):
        x, y, z = query[i, 0], query[i, 1], query[i, 2]
        dx = a * x + b * y + c * z + tx - template[i, 0]
        dy = d * x + e * y + f * z + ty - template[i, 1]
        dz = g * x + h * y + k * z + tz - template[i, 2]
        weights[i] = 1.0 / (1.0 + (dx * dx + dy * dy + dz * dz) / scale)
    total = 0.0
    for i in range(query.shape[0]):
        total += weights[i]
        weights[i] *= weights[i]
    return total


@exact_kernel
def distance_scale(norm: float) -> float:
    """Return d0^2 in Å^2 for a length in residues."""
    d0 = max(1.24 * (max(norm, SHORTEST_SCALE) - 15.0) ** (1.0 / 3.0) - 1.8, SMALLEST_D0)
    return d0 * d0


@exact_kernel
def _largest_eigenvector(n: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return the normalised eigenvector of the largest eigenvalue of a symmetric matrix, shape (4, 4), overwritten.

    The matrix is shifted, so that no eigenvalue is negative, and squared. After a few rounds only the largest
    eigenvalue remains. This needs none of the square roots of Jacobi's method. If the largest eigenvalue is not single,
    any vector of its space will do.
    """
    norm = 0.0
    for i in range(4):
        for j in range(4):
            norm += n[i, j] * n[i, j]
    norm = math.sqrt(norm)
    if norm == 0.0:
        return 1.0, 0.0, 0.0, 0.0
    for i in range(4):
        n[i, i] += norm
        for j in range(4):
            n[i, j] /= 4.0 * norm
    square = np.empty((4, 4))
    for _ in range(SQUARINGS):
        for i in range(4):
            for j in range(i, 4):
                square[i, j] = n[i, 0] * n[0, j] + n[i, 1] * n[1, j] + n[i, 2] * n[2, j] + n[i, 3] * n[3, j]
                square[j, i] = square[i, j]
        trace = square[0, 0] + square[1, 1] + square[2, 2] + square[3, 3]
        for i in range(4):
            for j in range(4):
                n[i, j] = square[i, j] / trace
        if trace > RANK_ONE:
            break
    largest = 0
    for k in range(1, 4):
        if n[k, k] > n[largest, largest]:
            largest = k
    w, x, y, z = n[0, largest], n[1, largest], n[2, largest], n[3, largest]
    size = math.sqrt(w * w + x * x + y * y + z * z)
    return w / size, x / size, y / size, z / size
