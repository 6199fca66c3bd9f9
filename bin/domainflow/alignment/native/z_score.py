"""Compute DALI's z-score: the height of a score above those of unrelated chains of the same sizes.

    z = (S - m) / (m / 2),   m = 7.9494 + 0.70852 x + 2.5895e-4 x² - 1.9156e-6 x³,   x = min(√(n1 n2), 400)

If √(n1 n2) is above 400, m grows by the excess (Holm & Sander, *Proteins* 1998, 33:88-96; constants of DaliLite v5).
n1 and n2 are the sizes in residues of a folding unit of the query and one of the template. S is summed over the pairs
inside both units. The z of an alignment is the largest one over all pairs of units.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["UnitClasses", "best_units", "largest_z", "sorted_residues", "unit_classes", "z_score"]

MEAN_COEFFICIENTS = (7.9494, 0.70852, 2.5895e-4, -1.9156e-6)
"""Coefficients of the mean score of unrelated chains, a polynomial in √(n1 n2)."""
LARGEST_FITTED = 400.0
"""Residues; the polynomial was fitted up to this size, and beyond it the mean grows by 1 per residue."""
RELATIVE_DEVIATION = 0.5
"""Standard deviation of the scores of unrelated chains, divided by their mean."""
NO_UNITS = -99.0
"""z if no pair of units contains an aligned pair."""


class UnitClasses(NamedTuple):
    """U folding units of a chain of L residues, as K classes of residues that belong to the same units.

    Attributes
    ----------
    label : ndarray, shape=(L,), dtype=int32
        Class of each residue.
    member : ndarray, shape=(U, K), dtype=bool
        True if a unit contains a class.
    size : ndarray, shape=(U,), dtype=float64
        Number of residues of each unit.
    """

    label: NDArray[np.int32]
    member: NDArray[np.bool_]
    size: NDArray[np.float64]


def unit_classes(units: Sequence[NDArray[np.integer]], length: int) -> UnitClasses:
    """Sort the residues of a chain into classes, from the 0-based residues of each folding unit."""
    inside = np.zeros((len(units), length), np.bool_)
    for row, unit in zip(inside, units, strict=True):
        row[unit] = True
    return sorted_residues(inside)


@exact_kernel
def sorted_residues(inside: NDArray[np.bool_]) -> UnitClasses:
    """Sort residues into classes, from a mask of each unit, shape (U, L); classes are numbered by first residue."""
    units, length = inside.shape
    label = np.zeros(length, np.int32)
    classes = 1
    # Each unit splits the classes so far: the old class, and being inside or outside the unit, give the new class.
    number = np.empty((length, 2), np.int32)
    for unit in range(units):
        number[:classes] = -1
        found = 0
        for residue in range(length):
            old, side = label[residue], np.int64(inside[unit, residue])
            if number[old, side] < 0:
                number[old, side] = found
                found += 1
            label[residue] = number[old, side]
        classes = found
    member = np.zeros((units, classes), np.bool_)
    size = np.zeros(units, np.float64)
    for unit in range(units):
        for residue in range(length):
            if inside[unit, residue]:
                member[unit, label[residue]] = True
                size[unit] += 1.0
    return UnitClasses(label, member, size)


@exact_kernel
def z_score(score: float, query_size: float, template_size: float) -> float:
    """Return z of a score between units of the given sizes in residues."""
    size = math.sqrt(query_size * template_size)
    x = min(size, LARGEST_FITTED)
    c0, c1, c2, c3 = MEAN_COEFFICIENTS
    mean = c0 + x * (c1 + x * (c2 + x * c3)) + (size - x)
    return (score - mean) / max(RELATIVE_DEVIATION * mean, 1.0)


@exact_kernel
def largest_z(
    scores: NDArray[np.floating], pairs: NDArray[np.int32], query: UnitClasses, template: UnitClasses
) -> float:
    """Return the largest z of an alignment over all pairs of folding units; -99 if nothing is aligned.

    `scores` are s_kl of the n aligned pairs, shape (n, n). `pairs` has the shape (2, n).
    """
    z, _, _ = best_units(scores, pairs, query, template)
    return z


@exact_kernel
def best_units(
    scores: NDArray[np.floating], pairs: NDArray[np.int32], query: UnitClasses, template: UnitClasses
) -> tuple[float, int, int]:
    """Return the pair of folding units with the largest z.

    Parameters
    ----------
    scores : ndarray, shape=(n, n)
        s_kl of the n aligned pairs.
    pairs : ndarray, shape=(2, n), dtype=int32
    query, template : UnitClasses

    Returns
    -------
    z : float
        -99 if nothing is aligned.
    query_unit, template_unit : int
    """
    # Sum the scores once per pair of classes. S of a pair of units is then a sum over few of these.
    count = pairs.shape[1]
    number = np.full((query.member.shape[1], template.member.shape[1]), -1, np.int64)
    query_class, template_class = np.empty(count, np.int64), np.empty(count, np.int64)
    of_pair = np.empty(count, np.int64)
    classes = 0
    for k in range(count):
        a, b = query.label[pairs[0, k]], template.label[pairs[1, k]]
        if number[a, b] < 0:
            number[a, b] = classes
            query_class[classes], template_class[classes] = a, b
            classes += 1
        of_pair[k] = number[a, b]
    # Sum rows first, because adding whole rows is fast.
    rows = np.zeros((classes, count), np.float64)
    for k in range(count):
        total, row = rows[of_pair[k]], scores[k]
        for m in range(count):
            total[m] += row[m]
    sums = np.zeros((classes, classes), np.float64)
    for c in range(classes):
        for m in range(count):
            sums[c, of_pair[m]] += rows[c, m]
    best, best_query, best_template = NO_UNITS, 0, 0
    inside = np.empty(classes, np.int64)
    for u in range(query.member.shape[0]):
        for v in range(template.member.shape[0]):
            held = 0
            for c in range(classes):
                if query.member[u, query_class[c]] and template.member[v, template_class[c]]:
                    inside[held] = c
                    held += 1
            if held == 0:
                continue
            total = 0.0
            for c in range(held):
                for d in range(held):
                    total += sums[inside[c], inside[d]]
            z = z_score(total, query.size[u], template.size[v])
            if z > best:
                best, best_query, best_template = z, u, v
    return best, best_query, best_template
