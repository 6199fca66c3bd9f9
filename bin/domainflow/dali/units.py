"""The z-score of an alignment: the largest over pairs of folding units, each with the part of S inside both.

Units overlap, so residues fall into classes (the same units hold them); sums over pairs of classes are made once and
added up for every pair of units (Holm & Sander, *Proteins* 1998, 33:88-96).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.dali.score import Geometry, exact_row, fast_row, z_score

__all__ = ["Units", "unit_classes", "unit_z"]

f32 = np.float32
NO_Z = -99.0
NO_CLASS = -1


class Units(NamedTuple):
    """Folding units of a chain of L residues as K units of C classes of residues.

    Attributes
    ----------
    label : ndarray, shape=(L,), dtype=int32
        Class of each residue.
    holds : ndarray, shape=(K, C), dtype=bool
        Whether a unit holds a class.
    size : ndarray, shape=(K,), dtype=float64
        Residues of each unit.
    """

    label: NDArray[np.int32]
    holds: NDArray[np.bool_]
    size: NDArray[np.float64]


def unit_classes(length: int, units: Sequence[NDArray[np.integer]]) -> Units:
    """`Units` of a chain of `length` residues from the 0-based residues of each unit, whole chain first."""
    inside = np.zeros((len(units), length), bool)
    for unit, residues in enumerate(units):
        inside[unit, residues] = True
    holds, label = np.unique(inside, axis=1, return_inverse=True)
    return Units(label.reshape(-1).astype(np.int32), np.ascontiguousarray(holds), inside.sum(axis=1).astype(np.float64))


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def unit_z(
    query: Geometry,
    template: Geometry,
    query_units: Units,
    template_units: Units,
    p: NDArray[np.int32],
    q: NDArray[np.int32],
    n: int,
    exact: bool,
    gathered: Any,
    row: Any,
) -> tuple[float, float]:
    """Largest z over pairs of units, and S over all n pairs.

    Parameters
    ----------
    query, template : Geometry
    query_units, template_units : Units
    p, q : ndarray, shape=(>= n,), dtype=int32
        Aligned residues.
    exact : bool
        Round distances as DaliLite does; the fast score agrees within 0.5 %.
    gathered, row : ndarray, shape=(4, >= n) and (>= n,), dtype=float32
        Scratch.
    """
    query_holds, template_holds = query_units.holds, template_units.holds
    class_of = np.empty(n, np.int32)
    number = np.full((query_holds.shape[1], template_holds.shape[1]), NO_CLASS, np.int32)
    query_class, template_class = np.empty(n, np.int32), np.empty(n, np.int32)
    classes = 0
    for k in range(n):
        a, b = query_units.label[p[k]], template_units.label[q[k]]
        if number[a, b] == NO_CLASS:
            number[a, b] = classes
            query_class[classes], template_class[classes] = a, b
            classes += 1
        class_of[k] = number[a, b]

    sums = np.zeros((classes, classes))
    for k in range(n):
        if exact:
            exact_row(query, template, p, q, k, n, row)
        else:
            fast_row(query, template, p, q, k, n, gathered, row)
        for m in range(n):
            sums[class_of[k], class_of[m]] += row[m]

    best = NO_Z
    chosen = np.empty(classes, np.int32)
    for a in range(query_holds.shape[0]):
        for b in range(template_holds.shape[0]):
            count = 0
            for c in range(classes):
                if query_holds[a, query_class[c]] and template_holds[b, template_class[c]]:
                    chosen[count] = c
                    count += 1
            total = 0.0
            for c in range(count):
                for d in range(count):
                    total += sums[chosen[c], chosen[d]]
            if count > 0:
                best = max(best, z_score(total, query_units.size[a], template_units.size[b]))
    return best, sums.sum()
