"""z of a template against itself, all residues aligned with themselves; other z-scores are compared with it.

It is computed like that of any alignment (`domainflow.alignment.native.z_score`): the best over pairs of folding units,
with S over the pairs of residues inside both.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.chain import SMALLEST_CHAIN
from domainflow.alignment.native.score import exact_pair_scores
from domainflow.alignment.native.z_score import largest_z, unit_classes
from domainflow.templates.store import TemplateStore

__all__ = ["identity_z", "self_z_scores"]


def identity_z(ca: NDArray[np.float32], units: Sequence[NDArray[np.integer]]) -> float | None:
    """Compute z of a chain aligned with itself; None for chains of less than 30 residues, which DALI does not compare.

    Parameters
    ----------
    ca : ndarray, shape=(L, 3), dtype=float32
        Å.
    units : sequence of ndarray of int
        0-based residues of each folding unit, the whole chain first.
    """
    if len(ca) < SMALLEST_CHAIN:
        return None
    ca = np.ascontiguousarray(ca, np.float32)
    residues = np.arange(len(ca), dtype=np.int32)
    pairs = np.stack([residues, residues])
    classes = unit_classes(units, len(ca))
    return float(largest_z(exact_pair_scores(ca, ca, pairs), pairs, classes, classes))


def self_z_scores(store: TemplateStore) -> list[float | None]:
    """Compute z of every template of a store against itself, by row."""
    return [
        identity_z(store.ca[store.offsets[row] : store.offsets[row + 1]], store.nodes(row)) for row in range(len(store))
    ]
