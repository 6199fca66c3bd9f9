"""Weights of the evidence from coordinates, as `tools/fit_structure_evidence.py` wrote them.

Fitted on pairs of residues with known domains in 500 PDB chains of ProMod3's structure database. Of these, 250 hold two
or more templates of mini-ECOD side by side, and one template covers each other. None is a chain of docs/results.md.
"""

from typing import NamedTuple

__all__ = ["STRUCTURE_WEIGHTS", "StructureWeights"]


class StructureWeights(NamedTuple):
    """Weights of the terms of `structure_probability`, in the order of its formula."""

    intercept: float
    distance: float
    community: float
    cut: float
    log_separation: float


STRUCTURE_WEIGHTS = StructureWeights(3.8284, -0.0084, 3.2552, 5.4879, -1.0656)
