"""List the template residues that confident hits cover, and compute their share of the template (DPAM step 18).

Template residues are structure indices. Steps 19 and 23 use the weighted share that they cover::

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
from domainflow.templates.position_weights import sum_in_order

__all__ = [
    "AssignmentFacts",
    "MappedHit",
    "chosen_residues",
    "map_confident_hits",
    "template_coverage",
]


@dataclass(frozen=True)
class AssignmentFacts:
    """The reference's facts on the templates and T-groups of a protein's predictions.

    Attributes
    ----------
    template_ids : mapping of UID to domain id
        For display; ``na`` is written for a missing UID.
    lengths : mapping of UID to int
        Residues of the template's sequence (``ECOD_length``); has every UID.
    weights : mapping of UID to ndarray, shape=(n,)
        Weight of every structure index 1..n. If missing or None, every residue of the sequence has weight 1.
    t_group_lengths : mapping of T-group to float
        Typical length of its domains. If missing or None, the template's own length is used.
    h_groups : mapping of T-group to homologous group
        If missing, the first two fields of the T-group's name are used.
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
    """Return step 18's rows, in the order of step 17."""
    return [
        MappedHit(
            row.domain, row.range, row.uid, row.t_group, probability, clarity, parse_range(row.hh_template),
            parse_range(row.dali_template),
        )
        for (row, probability), clarity in hits
    ]  # fmt: skip


def chosen_residues(hh_template: Residues, dali_template: Residues, parameters: DpamParameters) -> Residues:
    """Choose the template residues of the structure alignment, or of HH-suite if these are twice as many or more.

    The result is distinct residues. In the comparison, residues that occur several times (in domains of several parts)
    are counted several times, as in v2.
    """
    by_structure = len(dali_template) > parameters.structure_preference * len(hh_template)
    return np.unique(dali_template if by_structure else hh_template)


def template_coverage(uid: str, residues: Residues, facts: AssignmentFacts, uniform: bool = False) -> float:
    """Compute the share of a template's weight that some of its residues have.

    Parameters
    ----------
    uid : str
    residues : ndarray
        Distinct structure indices; those without a weight are ignored.
    facts : AssignmentFacts
    uniform : bool
        True to give all residues of the sequence the same weight even if their weights are known.

    Notes
    -----
    Without weights, structure indices are used as sequence indices, as in DPAM's programs. Residues without coordinates
    then make the share a little smaller.
    """
    weights = None if uniform else facts.weights.get(uid)
    if weights is None:
        weights = np.ones(facts.lengths[uid])
    total = sum_in_order(weights)
    inside = residues[residues <= len(weights)] - 1
    return sum_in_order(weights[inside]) / total if total else 0.0
