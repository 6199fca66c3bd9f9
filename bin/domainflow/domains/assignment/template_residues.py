"""List the template residues that confident hits cover (DPAM step 18), and compute their share of the template.

Template residues are structure indices. Steps 19 and 23 decide by the share they cover, by weight::

    coverage = sum of the weights of the residues / sum of all weights
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.assignment.confident_hits import ConfidentHit
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Residues
from domainflow.structures.ranges import parse_range

__all__ = [
    "AssignmentFacts",
    "MappedHit",
    "chosen_residues",
    "map_confident_hits",
    "template_coverage",
]


@dataclass(frozen=True)
class AssignmentFacts:
    """What the reference knows of the templates and T-groups that a protein's predictions name.

    Attributes
    ----------
    template_ids : mapping of UID to domain id
        For display; ``na`` is written for a UID that is not in it.
    lengths : mapping of UID to int
        Residues of the template's sequence (``ECOD_length``); every UID.
    weights : mapping of UID to ndarray, shape=(n,)
        Weight of every structure index 1..n. Without (or None) every residue of the sequence weighs 1.
    t_group_lengths : mapping of T-group to float
        Usual length of its domains. Without (or None) the template's own length stands for it.
    h_groups : mapping of T-group to homologous group
        Without, the first two fields of its name.
    """

    template_ids: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, NDArray[np.floating] | None] = field(default_factory=dict)
    t_group_lengths: Mapping[str, float | None] = field(default_factory=dict)
    h_groups: Mapping[str, str] = field(default_factory=dict)


class MappedHit(NamedTuple):
    """Step 18: a confident hit with the structure indices that the domain is aligned with, by both kinds of hit."""

    domain: str
    range: str
    uid: str
    t_group: str
    probability: float
    clarity: str
    hh_template: Residues
    dali_template: Residues


def map_confident_hits(hits: Sequence[ConfidentHit]) -> list[MappedHit]:
    """Step 18's rows, in the order of step 17."""
    return [
        MappedHit(
            row.domain, row.range, row.uid, row.t_group, probability, clarity, parse_range(row.hh_template),
            parse_range(row.dali_template),
        )
        for (row, probability), clarity in hits
    ]  # fmt: skip


def chosen_residues(hh_template: Residues, dali_template: Residues, parameters: DpamParameters) -> Residues:
    """Distinct template residues that count: the structure alignment's, unless HH-suite's are twice as many or more.

    Residues that occur several times (domains of several parts) are counted as often in the comparison, as in v2.
    """
    by_structure = len(dali_template) > parameters.structure_preference * len(hh_template)
    return np.unique(dali_template if by_structure else hh_template)


def template_coverage(uid: str, residues: Residues, facts: AssignmentFacts, uniform: bool = False) -> float:
    """Share of a template's weight on some of its residues.

    Parameters
    ----------
    uid : str
    residues : ndarray
        Distinct structure indices; those without a weight count nothing.
    facts : AssignmentFacts
    uniform : bool
        Whether to give all residues of the sequence the same weight even if others are known.

    Notes
    -----
    Without weights the structure indices are taken for those of the sequence, as in DPAM's programs: residues without
    coordinates make the share a little smaller.
    """
    weights = None if uniform else facts.weights.get(uid)
    if weights is None:
        weights = np.ones(facts.lengths[uid])
    total = float(np.sum(weights, dtype=np.float64))
    inside = residues[residues <= len(weights)] - 1
    return float(np.sum(weights[inside], dtype=np.float64)) / total if total else 0.0
