"""Position weights of a template: the share of homologues that are aligned at each position, squared.

With n_i of M homologues aligned at position i and μ = mean(n) / M, the mean share::

    w_i = ((n_i + μ/2) / (M + 1/2))²

Half a homologue is added that is aligned at all positions alike, so that a few homologues change the weights little.
The square sharpens the positions common to the family. The score of a homologue is the sum of w over the positions that
its alignment covers.

Several forms were tried on alignments inside and between groups. The share of aligned homologues separated these best
(`tools/bench.py weights` compares it with uniform weights).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["covered_positions", "family_statistics", "position_weights", "sum_in_order", "weighted_score"]

PSEUDO_COUNT = 0.5
"""Homologues added that are aligned at all positions alike."""
SHARPNESS = 2
"""Exponent of the share."""


def covered_positions(bounds: Sequence[int], length: int) -> NDArray[np.bool_]:
    """Mask of the positions inside the bounds (first, last, first, last …, 1-based), shape (L,)."""
    inside = np.zeros(length, np.bool_)
    for first, last in zip(bounds[::2], bounds[1::2], strict=True):
        inside[first - 1 : last] = True
    return inside


def position_weights(covered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Compute the weight of every position.

    Parameters
    ----------
    covered : ndarray, shape=(M, L), dtype=bool
        Positions at which each homologue is aligned; at least one homologue.

    Returns
    -------
    ndarray, shape=(L,), dtype=float64
    """
    members = len(covered)
    if not members:
        raise ValueError("there is no homologue to make weights from")
    counts = covered.sum(axis=0)
    expected = counts.mean() / members
    return ((counts + PSEUDO_COUNT * expected) / (members + PSEUDO_COUNT)) ** SHARPNESS


def sum_in_order(weights: NDArray[np.floating]) -> float:
    """Add weights one after the other, as DPAM v2's programs do.

    NumPy's sum adds in another order, and its last bit differs. Scores of hits and of homologues are compared for
    equality, so all of them must be added in the same order.
    """
    return float(np.cumsum(weights, dtype=np.float64)[-1]) if len(weights) else 0.0


def weighted_score(weights: NDArray[np.float64], covered: NDArray[np.bool_]) -> float:
    """Add the weights of the covered positions."""
    return sum_in_order(weights[covered])


def family_statistics(
    length: int, aligned: Sequence[Sequence[int]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Compute the weights of a template and the scores of its homologues; None without homologues.

    Parameters
    ----------
    length : int
        Positions of the template.
    aligned : sequence of sequences of int
        Bounds of the positions each homologue covers.
    """
    if not len(aligned):
        return None
    covered = np.array([covered_positions(bounds, length) for bounds in aligned])
    weights = position_weights(covered)
    return weights, np.array([weighted_score(weights, member) for member in covered])
