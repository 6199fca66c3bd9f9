"""How well two partitions of a chain into domains agree.

The Jaccard index of two domains is the number of residues in both over the number in either; a domain's partner is the
one of the other partition with the largest.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Partner", "best_partners", "jaccard"]


class Partner(NamedTuple):
    """Place of a domain's best partner (None if nothing overlaps) and their Jaccard index."""

    place: int | None
    jaccard: float


def jaccard(one: NDArray[np.integer], other: NDArray[np.integer]) -> float:
    """Jaccard index of two sets of residues; 0 when both are empty."""
    union = len(np.union1d(one, other))
    return len(np.intersect1d(one, other)) / union if union else 0.0


def best_partners(known: Sequence[NDArray[np.integer]], found: Sequence[NDArray[np.integer]]) -> list[Partner]:
    """For each known domain the found one that matches it best; the first of equals."""
    partners = []
    for domain in known:
        values = [jaccard(domain, candidate) for candidate in found]
        best = int(np.argmax(values)) if values else 0
        partners.append(Partner(best, values[best]) if values and values[best] > 0 else Partner(None, 0.0))
    return partners
