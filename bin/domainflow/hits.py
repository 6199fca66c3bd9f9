"""Rows of evidence, as steps 5 to 10 hand them on: one tuple a hit, residue lists as arrays.

Ranges are 1-based residue numbers of the query, and *structure* or *sequence* indices of the template (positions among
its residues with coordinates, or in its whole sequence), always ascending, query and template side by side.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Residues", "SearchHit", "SequenceHit", "StructureHit", "TemplateMapping"]

Residues = NDArray[np.int64]


class SearchHit(NamedTuple):
    """Step 4: a hit of the structure search that survived the depth filter."""

    uid: str
    evalue: float
    first: int
    last: int


class TemplateMapping(NamedTuple):
    """Step 5: an HH-suite hit mapped to one ECOD domain. Report values stay the text of the report."""

    hit_name: str
    uid: str
    ecod_id: str
    probability: str
    evalue: str
    score: str
    aligned_columns: str
    identities: str
    similarity: str
    sum_probabilities: str
    coverage: float
    ungapped_coverage: float
    query: Residues
    template: Residues
    chain_range: str


class StructureHit(NamedTuple):
    """Steps 8 and 9: a structure alignment with its statistics.

    `q_score`, `z_tile` and `q_tile` are -1 where the template has no statistics; `rotation` and `translation` are
    comma-joined triples as in the alignment file, or ``na``.
    """

    hit_name: str
    uid: str
    ecod_id: str
    h_group: str
    z: float
    q_score: float
    z_tile: float
    q_tile: float
    rank: float
    query: Residues
    template: Residues
    rotation: tuple[str, str, str]
    translation: str
    best_probability: float = 0
    best_coverage: float = 0


class SequenceHit(NamedTuple):
    """Step 9: an HH-suite hit good enough to count as evidence; `coverage` of the template, `length` its length."""

    hit_name: str
    uid: str
    ecod_id: str
    h_group: str
    probability: float
    coverage: float
    length: int
    query: Residues
    template: Residues
