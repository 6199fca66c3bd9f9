"""Superpose paired points by least squares.

The rotation is the quaternion of the largest eigenvalue λ of Horn's matrix K (*JOSA A* 1987, 4:629-642). Newton's
method on det(K - λ) finds λ from above (Theobald, *Acta Cryst. A* 2005, 61:478-480). The quaternion is the longest row
of the adjugate of K - λ. This is fast for the thousands of small superpositions in a search for seeds.
"""

import math

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["horn_matrix", "rotation_matrix", "superpose", "transform"]

NEWTON_STEPS = 50
NEWTON_TOLERANCE = 1e-11
"""Relative change of λ; it has converged if it changes by less."""


@exact_kernel
def superpose(
    fixed: NDArray[np.float32], moving: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return the rotation U and the translation t that bring U x + t of the moving points closest to the fixed ones.

    Parameters
    ----------
    fixed, moving : ndarray, shape=(n, 3), dtype=float32
        Paired points in Å.

    Returns
    -------
    rotation : ndarray, shape=(3, 3), dtype=float64
    translation : ndarray, shape=(3,), dtype=float64
    rmsd : float
        Root mean square deviation after superposition in Å.
    """
    count = fixed.shape[0]
    rotation, translation, origin = np.empty((3, 3)), np.zeros(3), np.zeros(3)
    for k in range(count):
        for a in range(3):
            translation[a] += fixed[k, a] / count
            origin[a] += moving[k, a] / count
    s = np.zeros((3, 3))
    spread = 0.0
    for k in range(count):
        for a in range(3):
            x = moving[k, a] - origin[a]
            y = fixed[k, a] - translation[a]
            spread += x * x + y * y
            for b in range(3):
                s[a, b] += x * (fixed[k, b] - translation[b])
    matrix = horn_matrix(s)
    largest = _largest_eigenvalue(matrix, s, 0.5 * spread)
    w, x, y, z = _eigenvector(matrix, largest)
    _write_rotation(w, x, y, z, rotation)
    for a in range(3):
        for b in range(3):
            translation[a] -= rotation[a, b] * origin[b]
    return rotation, translation, math.sqrt(max(0.0, (spread - 2.0 * largest) / count))


@exact_kernel
def transform(
    points: NDArray[np.float32], rotation: NDArray[np.float64], translation: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Move points of shape (n, 3) by U x + t; return float32 of shape (3, n), one row per axis, for vector loops."""
    moved = np.empty((3, points.shape[0]), np.float32)
    for a in range(3):
        for k in range(points.shape[0]):
            moved[a, k] = (
                rotation[a, 0] * points[k, 0]
                + rotation[a, 1] * points[k, 1]
                + rotation[a, 2] * points[k, 2]
                + translation[a]
            )
    return moved


@exact_kernel
def horn_matrix(s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Horn's symmetric 4 x 4 matrix of the covariance s, shape (3, 3)."""
    matrix = np.empty((4, 4))
    matrix[0, 0] = s[0, 0] + s[1, 1] + s[2, 2]
    matrix[1, 1] = s[0, 0] - s[1, 1] - s[2, 2]
    matrix[2, 2] = s[1, 1] - s[0, 0] - s[2, 2]
    matrix[3, 3] = s[2, 2] - s[0, 0] - s[1, 1]
    matrix[0, 1] = matrix[1, 0] = s[1, 2] - s[2, 1]
    matrix[0, 2] = matrix[2, 0] = s[2, 0] - s[0, 2]
    matrix[0, 3] = matrix[3, 0] = s[0, 1] - s[1, 0]
    matrix[1, 2] = matrix[2, 1] = s[0, 1] + s[1, 0]
    matrix[1, 3] = matrix[3, 1] = s[2, 0] + s[0, 2]
    matrix[2, 3] = matrix[3, 2] = s[1, 2] + s[2, 1]
    return matrix


@exact_kernel
def rotation_matrix(w: float, x: float, y: float, z: float) -> NDArray[np.float64]:
    """Return the rotation matrix, shape (3, 3), of a quaternion (w, x, y, z) of length 1."""
    rotation = np.empty((3, 3))
    _write_rotation(w, x, y, z, rotation)
    return rotation


@exact_kernel
def _write_rotation(w: float, x: float, y: float, z: float, rotation: NDArray[np.float64]) -> None:
    rotation[0, 0] = w * w + x * x - y * y - z * z
    rotation[1, 1] = w * w - x * x + y * y - z * z
    rotation[2, 2] = w * w - x * x - y * y + z * z
    rotation[0, 1] = 2.0 * (x * y - w * z)
    rotation[1, 0] = 2.0 * (x * y + w * z)
    rotation[0, 2] = 2.0 * (x * z + w * y)
    rotation[2, 0] = 2.0 * (x * z - w * y)
    rotation[1, 2] = 2.0 * (y * z - w * x)
    rotation[2, 1] = 2.0 * (y * z + w * x)


@exact_kernel
def _largest_eigenvalue(matrix: NDArray[np.float64], s: NDArray[np.float64], bound: float) -> float:
    """Return the largest root of λ⁴ + c2 λ² + c1 λ + c0, below `bound`."""
    c2 = 0.0
    for a in range(3):
        for b in range(3):
            c2 -= 2.0 * s[a, b] * s[a, b]
    c1 = -8.0 * (
        s[0, 0] * (s[1, 1] * s[2, 2] - s[1, 2] * s[2, 1])
        - s[0, 1] * (s[1, 0] * s[2, 2] - s[1, 2] * s[2, 0])
        + s[0, 2] * (s[1, 0] * s[2, 1] - s[1, 1] * s[2, 0])
    )
    c0 = 0.0
    for a in range(4):
        c0 += matrix[0, a] * _cofactor(matrix, 0, a)
    root = bound
    for _ in range(NEWTON_STEPS):
        slope = (4.0 * root * root + 2.0 * c2) * root + c1
        if slope == 0.0:
            break
        step = (((root * root + c2) * root + c1) * root + c0) / slope
        root -= step
        if abs(step) <= NEWTON_TOLERANCE * abs(root):
            break
    return root


@exact_kernel
def _eigenvector(matrix: NDArray[np.float64], eigenvalue: float) -> tuple[float, float, float, float]:
    """Return the normalised eigenvector; the identity's quaternion if the points do not fix a rotation.

    The eigenvalue is subtracted from the diagonal in place, because allocating memory takes longer than the sums.
    """
    for a in range(4):
        matrix[a, a] -= eigenvalue
    longest, row = 0.0, -1
    for a in range(4):
        square = 0.0
        for b in range(4):
            square += _cofactor(matrix, a, b) * _cofactor(matrix, a, b)
        if square > longest:
            longest, row = square, a
    if row < 0:
        return 1.0, 0.0, 0.0, 0.0
    norm = math.sqrt(longest)
    return (
        _cofactor(matrix, row, 0) / norm,
        _cofactor(matrix, row, 1) / norm,
        _cofactor(matrix, row, 2) / norm,
        _cofactor(matrix, row, 3) / norm,
    )


@exact_kernel
def _cofactor(matrix: NDArray[np.float64], row: int, column: int) -> float:
    """Return the cofactor of an element of a 4 x 4 matrix; cyclic order of rows and columns keeps the sign."""
    i, j, k = (row + 1) % 4, (row + 2) % 4, (row + 3) % 4
    x, y, z = (column + 1) % 4, (column + 2) % 4, (column + 3) % 4
    minor = (
        matrix[i, x] * (matrix[j, y] * matrix[k, z] - matrix[j, z] * matrix[k, y])
        - matrix[i, y] * (matrix[j, x] * matrix[k, z] - matrix[j, z] * matrix[k, x])
        + matrix[i, z] * (matrix[j, x] * matrix[k, y] - matrix[j, y] * matrix[k, x])
    )
    return minor if (row + column) % 2 == 0 else -minor
