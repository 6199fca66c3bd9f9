"""How much each position of a template counts: how often homologues are aligned there.

With n_i of M homologues aligned at position i and μ = mean(n) / M, the mean share::

    w_i = ((n_i + μ/2) / (M + 1/2))²

Half a homologue is added that is aligned everywhere alike, so that few homologues change the weights little; the square
sharpens what is common to the family. A homologue's score is the sum of w over the positions its alignment covers. Of
the forms tried on same-group and other-group alignments, how often a position is aligned is what counts
(`tools/bench.py weights` measures it against uniform weights).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["covered_positions", "family_statistics", "position_weights", "weighted_score"]

PSEUDO_COUNT = 0.5
"""Homologues added, aligned everywhere alike."""
SHARPNESS = 2
"""Power."""


def covered_positions(bounds: Sequence[int], length: int) -> NDArray[np.bool_]:
    """Positions inside the bounds (first, last, first, last …, 1-based), shape (L,)."""
    inside = np.zeros(length, np.bool_)
    for first, last in zip(bounds[::2], bounds[1::2], strict=True):
        inside[first - 1 : last] = True
    return inside


def position_weights(covered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weight of every position.

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


def weighted_score(weights: NDArray[np.float64], covered: NDArray[np.bool_]) -> float:
    """Sum of the weights of the covered positions.

    `domainflow.domains.evidence.alignment_scores` sums in the same order, so that ties stay ties.
    """
    return float(weights[covered].sum())


def family_statistics(
    length: int, aligned: Sequence[Sequence[int]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Weights of a template and scores of its homologues; None without homologues.

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
