"""Which residues of a template a domain is aligned with, and what share of the template they are.

A hit belongs to a domain if they have 33 % of the domain in common and 50 % of the domain or of the hit; of several
with one template the most probable HH-suite hit and the structure alignment of largest z are taken. Template residues
are structure indices here (DPAM step 18). The share they cover, by weight, is what steps 19 and 23 decide by::

    coverage = sum of the weights of the residues / sum of all weights
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.assignment.confident_hits import ConfidentHit
from domainflow.hits import Residues, StructureHit, TemplateMapping
from domainflow.parameters import DpamParameters
from domainflow.ranges import format_range, parse_range

__all__ = [
    "AssignmentFacts",
    "MappedHit",
    "QueryResidues",
    "TemplatePairs",
    "best_by_template",
    "chosen_residues",
    "map_confident_hits",
    "sequence_pairs",
    "structure_pairs",
    "template_coverage",
    "template_ranges",
]


@dataclass(frozen=True)
class AssignmentFacts:
    """What the reference knows of the templates and T-groups that a protein's predictions name.

    Attributes
    ----------
    ecod_ids : mapping of UID to domain id
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

    ecod_ids: Mapping[str, str] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, NDArray[np.floating] | None] = field(default_factory=dict)
    t_group_lengths: Mapping[str, float | None] = field(default_factory=dict)
    h_groups: Mapping[str, str] = field(default_factory=dict)


class TemplatePairs(NamedTuple):
    """Aligned pairs of a hit: query residues and structure indices of the template, side by side.

    `score` is what hits with the same template are compared by.
    """

    uid: str
    score: float
    query: Residues
    template: Residues


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


class QueryResidues:
    """The query residues of many hits, so that a domain is compared with all of them at once.

    Parameters
    ----------
    queries : sequence of ndarray
        Distinct 1-based residues of each hit.
    """

    def __init__(self, queries: Sequence[Residues]) -> None:
        self._sizes = np.array([len(query) for query in queries], np.int64)
        self._residues = np.concatenate([np.empty(0, np.int64), *queries])
        self._hit = np.repeat(np.arange(len(queries)), self._sizes)

    def overlapping(self, domain: Residues, parameters: DpamParameters, strict: bool = False) -> list[int]:
        """Places of the hits that have half of the domain or half of themselves in common with it, ascending.

        Parameters
        ----------
        domain : ndarray
            Distinct 1-based residues.
        parameters : DpamParameters
        strict : bool
            Whether they must cover a third of the domain as well.
        """
        inside = np.isin(self._residues, domain)
        common = np.bincount(self._hit[inside], minlength=len(self._sizes))
        half = parameters.hit_overlap
        belongs = (common > 0) & ((common >= half * len(domain)) | (common >= half * self._sizes))
        if strict:
            belongs &= common >= parameters.template_overlap * len(domain)
        return np.flatnonzero(belongs).tolist()


def best_by_template(places: Sequence[int], uids: Sequence[str], scores: Sequence[float]) -> dict[str, int]:
    """The place of the largest score for each template, the first of equals; `places` index the other two."""
    best: dict[str, int] = {}
    for place in places:
        held = best.setdefault(uids[place], place)
        if scores[place] > scores[held]:
            best[uids[place]] = place
    return best


def sequence_pairs(
    mappings: Sequence[TemplateMapping], sequence_index: Mapping[str, NDArray[np.integer] | None]
) -> list[TemplatePairs]:
    """HH-suite hits with structure indices for sequence indices.

    Parameters
    ----------
    mappings : sequence of TemplateMapping
    sequence_index : mapping of UID to ndarray, shape=(n,), or None
        Sequence index of every structure index 1..n, 0 where there is none.

    Returns
    -------
    list of TemplatePairs
        Without the pairs whose template residue has no coordinates, and without the hits of templates that
        `sequence_index` does not know: they have no part in step 18.
    """
    structure_index: dict[str, NDArray[np.int64]] = {}
    pairs = []
    for row in mappings:
        known = sequence_index.get(row.uid)
        if known is None or len(row.query) != len(row.template):
            continue
        if row.uid not in structure_index:
            structure_index[row.uid] = _inverse(known)
        inverse = structure_index[row.uid]
        inside = row.template < len(inverse)
        template = inverse[row.template[inside]]
        pairs.append(
            TemplatePairs(row.uid, float(row.probability), row.query[inside][template > 0], template[template > 0])
        )
    return pairs


def _inverse(sequence_index: NDArray[np.integer]) -> NDArray[np.int64]:
    """Structure index of every sequence index from 0 on, 0 where there is none."""
    index = np.asarray(sequence_index, np.int64)
    inverse = np.zeros(int(index.max(initial=0)) + 1, np.int64)
    inverse[index] = np.arange(1, len(index) + 1)
    inverse[0] = 0
    return inverse


def structure_pairs(hits: Sequence[StructureHit]) -> list[TemplatePairs]:
    """Structure alignments as pairs."""
    return [TemplatePairs(hit.uid, float(hit.z), hit.query, hit.template) for hit in hits]


def template_ranges(
    domains: Sequence[Residues], pairs: Sequence[TemplatePairs], parameters: DpamParameters
) -> list[dict[str, str]]:
    """For each domain, the range text of the template's structure indices that its best hit aligns it with, by UID."""
    queries = QueryResidues([hit.query for hit in pairs])
    uids, scores = [hit.uid for hit in pairs], [hit.score for hit in pairs]
    ranges = []
    for domain in domains:
        best = best_by_template(queries.overlapping(domain, parameters, strict=True), uids, scores)
        ranges.append(
            {
                uid: format_range(pairs[place].template[np.isin(pairs[place].query, domain)])
                for uid, place in best.items()
            }
        )
    return ranges


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
