"""Rows of evidence passed between the steps (DPAM steps 4 to 16): one tuple per hit, residue lists as arrays.

Residues of the query are 1-based residue numbers. Residues of the template are *structure* indices (positions among its
residues with coordinates) or *sequence* indices (positions in its whole sequence). All ascend, and query and template
are side by side.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.sequences.hhr import ReportValues

__all__ = [
    "EVIDENCE", "DomassRow", "ParsedDomain", "Prediction", "Residues", "SearchHit", "SequenceHit", "StructureHit",
    "TemplateMapping",
]  # fmt: skip

Residues = NDArray[np.int64]
EVIDENCE = ("templates", "pae", "coordinates")
"""Kinds of evidence for a domain: accepted hits, predicted aligned error, its own coordinates alone."""


class SearchHit(NamedTuple):
    """Step 4: a hit of the structure search that passed the depth filter."""

    uid: str
    evalue: float
    first: int
    last: int


class TemplateMapping(NamedTuple):
    """Step 5: an HH-suite hit mapped to one template."""

    hit_name: str
    uid: str
    template_id: str
    report: ReportValues
    coverage: float
    ungapped_coverage: float
    query: Residues
    template: Residues
    chain_range: str


class StructureHit(NamedTuple):
    """Steps 8 and 9: a structure alignment with its scores.

    `q_score`, `z_tile` and `q_tile` are -1 if the template has no statistics. `rotation` and `translation` are triples
    joined by commas, as in the alignment file, or ``na``.
    """

    hit_name: str
    uid: str
    template_id: str
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
    """Step 9: an HH-suite hit good enough to be evidence; `coverage` and `length` are of its template."""

    hit_name: str
    uid: str
    template_id: str
    h_group: str
    probability: float
    coverage: float
    length: int
    query: Residues
    template: Residues


class ParsedDomain(NamedTuple):
    """Step 13: a domain ``D<k>`` with its 1-based residues.

    `evidence` lists what it rests on, joined by commas: ``templates`` (accepted hits), ``pae``, ``coordinates``. The
    last means that some of its residues, or all, are there for their coordinates alone.
    """

    domain: str
    range: Residues
    evidence: str


class DomassRow(NamedTuple):
    """Step 15: evidence of HH-suite and of structure alignments for one domain and one template.

    `length` to `consensus_coverage` are the inputs of the network, in this order and rounded as in DPAM's file. The
    HH-suite probability is a share; z and ranks are divided by 10. `domainflow.domains.domass.features` defines the
    values of missing hits. `hh_template` and `dali_template` are range texts: the *structure* indices of the template
    that the domain is aligned with by step 18's rule. Empty text fields are ``na``.
    """

    domain: str
    range: str
    t_group: str
    uid: str
    length: int
    helices: int
    strands: int
    hh_probability: float
    hh_coverage: float
    hh_rank: float
    dali_z: float
    q_score: float
    z_tile: float
    q_tile: float
    dali_rank: float
    consensus_difference: float
    consensus_coverage: float
    hh_name: str
    dali_name: str
    rotation1: str
    rotation2: str
    rotation3: str
    translation: str
    hh_template: str
    dali_template: str


class Prediction(NamedTuple):
    """Step 16: a row and the probability, rounded to four decimals, that domain and template are homologous."""

    row: DomassRow
    probability: float
