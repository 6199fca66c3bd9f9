"""Measure the agreement of two partitions of a chain into domains.

The Jaccard index of two domains is the number of residues in both divided by the number in either. A domain's partner
is the domain of the other partition with the largest Jaccard index.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Partner", "best_partners", "jaccard"]


class Partner(NamedTuple):
    """Index of a domain's best partner (None if nothing overlaps) and their Jaccard index."""

    place: int | None
    jaccard: float


def jaccard(one: NDArray[np.integer], other: NDArray[np.integer]) -> float:
    """Compute the Jaccard index of two sets of residues; 0 if both are empty."""
    union = len(np.union1d(one, other))
    return len(np.intersect1d(one, other)) / union if union else 0.0


def best_partners(known: Sequence[NDArray[np.integer]], found: Sequence[NDArray[np.integer]]) -> list[Partner]:
    """Find, for each known domain, the found domain that matches it best; the first of equals."""
    partners = []
    for domain in known:
        values = [jaccard(domain, candidate) for candidate in found]
        best = int(np.argmax(values)) if values else 0
        partners.append(Partner(best, values[best]) if values and values[best] > 0 else Partner(None, 0.0))
    return partners
