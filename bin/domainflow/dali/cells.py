"""Scores of all cells (i, j) of the dynamic programming: how well i and j fit the pairs aligned so far.

M(i, j) = w sum_k s(i p_k; j q_k) over aligned pairs k. An iteration on M alone hardly ever changes register, because
pairs that are sequence neighbours of i or j vote for the one they have. Leaving out pairs with |p_k - i| <= 2 or
|q_k - j| <= 2 and adding what a gapless stretch around (i, j) would score takes that bias away.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.dali.dynamic_programming import BLOCK_COLUMNS
from domainflow.dali.score import THETA, Geometry
from domainflow.dali.workspace import Workspace

__all__ = ["EVERY_PAIR", "NEIGHBOURS", "all_cells", "corridor_cells", "local_similarity", "rigid_cells"]

f32 = np.float32
NEIGHBOURS = 2
"""Residues on either side whose pairs do not vote, and that make up the gapless stretch."""
EVERY_PAIR = -1
"""In place of `NEIGHBOURS`: all pairs vote."""
OUTSIDE = f32(-1.0)
"""Score of cells outside the corridor."""
ZERO, ONE, TWO = f32(0), f32(1), f32(2)
HALF_THETA = f32(0.1)
"""The score's 0.2 when its factor 2 has gone into the weight."""

Indices = NDArray[np.int32]
Matrix = NDArray[np.float32]


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def rigid_cells(query: Matrix, moved: Matrix, reach: np.float32, score: Matrix) -> None:
    """1 - d²/reach² between CA of the query, shape (L1, 3), and of the moved template, shape (3, L2)."""
    x, y, z = moved[0], moved[1], moved[2]
    scale = ONE / (reach * reach)
    for i in range(len(query)):
        a, b, c, cell = query[i, 0], query[i, 1], query[i, 2], score[i]
        for j in range(len(x)):
            dx, dy, dz = x[j] - a, y[j] - b, z[j] - c
            cell[j] = ONE - (dx * dx + dy * dy + dz * dz) * scale


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def local_similarity(query: Geometry, template: Geometry, local: Matrix) -> None:
    """0.2 + sum of s(i i+m; j j+m) over 0 < |m| <= 2 into `local`, shape (>= L1, L2)."""
    rows, columns = len(query.ca), len(template.ca)
    local[:] = THETA
    distance, weight = np.empty(columns, np.float32), np.empty(columns, np.float32)
    for m in range(1, NEIGHBOURS + 1):
        for j in range(columns - m):
            distance[j], weight[j] = template.distance[j, j + m], template.weight[j, j + m] * TWO
        for i in range(rows - m):
            a, u = query.distance[i, i + m], query.weight[i, i + m]
            first, last = local[i], local[i + m]
            for j in range(columns - m):
                s = _doubled(a, u, distance[j], weight[j])
                first[j] += s
                last[j + m] += s


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _doubled(a: Any, u: Any, b: Any, v: Any) -> Any:
    """Pair score to first order in x, with 2 v for v: (1 + x) (0.1 - |a - b| / (a + b)) u v."""
    difference = a - b
    return (u * v) * (difference * difference + ONE) * (HALF_THETA - abs(difference) / (a + b))


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def _gather_query(query: Geometry, p: Indices, n: int, exclude: int, work: Workspace) -> int:
    """Distances of each query residue to the aligned ones; returns n made even, with a pair of no weight if need be."""
    even = n + n % 2
    rows = len(query.ca)
    for i in range(rows + 1):
        # the extra row lets kernels take two rows at once; its scores are never read
        residue = min(i, rows - 1)
        from_distance, from_weight = query.distance[residue], query.weight[residue]
        distance, weight = work.query_distance[i], work.query_weight[i]
        for k in range(n):
            distance[k], weight[k] = from_distance[p[k]], from_weight[p[k]]
        for k in range(n):
            if abs(p[k] - i) <= exclude:
                weight[k] = ZERO
        if even > n:
            distance[n], weight[n] = ONE, ZERO
    return even


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def all_cells(
    query: Geometry,
    template: Geometry,
    p: Indices,
    q: Indices,
    n: int,
    pair_weight: np.float32,
    exclude: int,
    local_weight: np.float32,
    work: Workspace,
) -> None:
    """Score of every cell into `work.score`.

    Parameters
    ----------
    query, template : Geometry
    p, q : ndarray, shape=(>= n,), dtype=int32
        Pairs that vote.
    pair_weight : float32
        Weight of a vote: where every s-th pair votes, s.
    exclude : int
        `NEIGHBOURS` or `EVERY_PAIR`.
    local_weight : float32
        Weight of `work.local`.
    work : Workspace
    """
    rows, columns = len(query.ca), len(template.ca)
    even = _gather_query(query, p, n, exclude, work)
    scale = pair_weight * TWO
    for k in range(n):
        weight, own = work.template_weight[k], template.weight[q[k]]
        for j in range(columns):
            weight[j] = own[j] * scale
        for j in range(max(0, q[k] - exclude), min(columns, q[k] + exclude + 1)):
            weight[j] = ZERO
    if even > n:
        work.template_weight[n] = ZERO

    for i in range(0, rows, 2):
        cell, below = work.score[i], work.score[i + 1]
        local, local_below = work.local[i], work.local[i + 1]
        for j in range(columns):
            cell[j] = local_weight * local[j]
            below[j] = local_weight * local_below[j]
        a, u = work.query_distance[i], work.query_weight[i]
        c, w = work.query_distance[i + 1], work.query_weight[i + 1]
        # two rows and two pairs a pass: each template distance is loaded once for two rows
        for k in range(0, even, 2):
            b0, b1 = template.distance[q[k]], template.distance[q[min(k + 1, n - 1)]]
            v0, v1 = work.template_weight[k], work.template_weight[k + 1]
            a0, a1, u0, u1 = a[k], a[k + 1], u[k], u[k + 1]
            c0, c1, w0, w1 = c[k], c[k + 1], w[k], w[k + 1]
            for j in range(columns):
                cell[j] += _doubled(a0, u0, b0[j], v0[j]) + _doubled(a1, u1, b1[j], v1[j])
                below[j] += _doubled(c0, w0, b0[j], v0[j]) + _doubled(c1, w1, b1[j], v1[j])


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def corridor_cells(
    query: Geometry,
    template: Geometry,
    p: Indices,
    q: Indices,
    n: int,
    pair_weight: np.float32,
    exclude: int,
    local_weight: np.float32,
    work: Workspace,
) -> None:
    """As `all_cells`, but only in live tiles; all other cells score -1."""
    rows, columns = len(query.ca), len(template.ca)
    _gather_query(query, p, n, exclude, work)
    scale = pair_weight * TWO
    work.score[:] = OUTSIDE
    upper, lower = np.empty(BLOCK_COLUMNS, np.float32), np.empty(BLOCK_COLUMNS, np.float32)
    for tile in range(work.live.shape[1]):
        if not work.live[:, tile].any():
            continue
        begin = tile * BLOCK_COLUMNS
        width = min(BLOCK_COLUMNS, columns - begin)
        for k in range(n):
            distance, weight = work.tile_distance[k], work.tile_weight[k]
            own_distance, own_weight = template.distance[q[k]], template.weight[q[k]]
            for j in range(width):
                distance[j], weight[j] = own_distance[begin + j], own_weight[begin + j] * scale
            for j in range(width, BLOCK_COLUMNS):
                distance[j], weight[j] = ONE, ZERO
            for j in range(max(0, q[k] - exclude - begin), min(width, q[k] + exclude + 1 - begin)):
                weight[j] = ZERO
        for pair in range(work.live.shape[0]):
            if not work.live[pair, tile]:
                continue
            i = 2 * pair
            a, u = work.query_distance[i], work.query_weight[i]
            c, w = work.query_distance[i + 1], work.query_weight[i + 1]
            for j in range(BLOCK_COLUMNS):
                upper[j] = lower[j] = ZERO
            for k in range(n):
                a0, u0, c0, w0 = a[k], u[k], c[k], w[k]
                b, v = work.tile_distance[k], work.tile_weight[k]
                for j in range(BLOCK_COLUMNS):
                    upper[j] += _doubled(a0, u0, b[j], v[j])
                    lower[j] += _doubled(c0, w0, b[j], v[j])
            cell, below = work.score[i], work.score[i + 1]
            local, local_below = work.local[i], work.local[i + 1]
            for j in range(width):
                cell[begin + j] = upper[j] + local_weight * local[begin + j]
                below[begin + j] = lower[j] + local_weight * local_below[begin + j]
