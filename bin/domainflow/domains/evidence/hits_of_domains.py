"""Find the hits that belong to a domain, and the template residues it is aligned with (DPAM steps 15 and 18).

A hit belongs to a domain if they have 33 % of the domain in common, and 50 % of the domain or of the hit. Among several
hits with one template, the most probable HH-suite hit and the structure alignment of largest z are chosen. Template
residues are structure indices here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Residues, StructureHit, TemplateMapping
from domainflow.structures.ranges import format_range

__all__ = [
    "QueryResidues",
    "TemplatePairs",
    "best_by_template",
    "sequence_pairs",
    "structure_pairs",
    "template_ranges",
]


class TemplatePairs(NamedTuple):
    """Aligned pairs of a hit: query residues and structure indices of the template, side by side.

    `score` compares hits with the same template.
    """

    uid: str
    score: float
    query: Residues
    template: Residues


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
        """Return the indices of the hits that share half of the domain or half of the hit with it, ascending.

        Parameters
        ----------
        domain : ndarray
            Distinct 1-based residues.
        parameters : DpamParameters
        strict : bool
            True if they must also cover a third of the domain.
        """
        inside = np.isin(self._residues, domain)
        common = np.bincount(self._hit[inside], minlength=len(self._sizes))
        half = parameters.hit_overlap
        belongs = (common > 0) & ((common >= half * len(domain)) | (common >= half * self._sizes))
        if strict:
            belongs &= common >= parameters.template_overlap * len(domain)
        return np.flatnonzero(belongs).tolist()


def best_by_template(places: Sequence[int], uids: Sequence[str], scores: Sequence[float]) -> dict[str, int]:
    """Return the place of the largest score for each template, the first of equals.

    `places` are indices into `uids` and `scores`.
    """
    best: dict[str, int] = {}
    for place in places:
        held = best.setdefault(uids[place], place)
        if scores[place] > scores[held]:
            best[uids[place]] = place
    return best


def sequence_pairs(
    mappings: Sequence[TemplateMapping], sequence_index: Mapping[str, NDArray[np.integer] | None]
) -> list[TemplatePairs]:
    """Return HH-suite hits as pairs, with their sequence indices converted to structure indices.

    Parameters
    ----------
    mappings : sequence of TemplateMapping
    sequence_index : mapping of UID to ndarray, shape=(n,), or None
        Sequence index of every structure index 1..n; 0 if there is none.

    Returns
    -------
    list of TemplatePairs
        Without pairs whose template residue has no coordinates. Hits of templates that are not in `sequence_index` are
        dropped: step 18 does not use them.
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
        probability, present = float(row.report.probability), template > 0
        pairs.append(TemplatePairs(row.uid, probability, row.query[inside][present], template[present]))
    return pairs


def _inverse(sequence_index: NDArray[np.integer]) -> NDArray[np.int64]:
    """Structure index of every sequence index from 0 on; 0 if there is none."""
    index = np.asarray(sequence_index, np.int64)
    inverse = np.zeros(int(index.max(initial=0)) + 1, np.int64)
    inverse[index] = np.arange(1, len(index) + 1)
    inverse[0] = 0
    return inverse


def structure_pairs(hits: Sequence[StructureHit]) -> list[TemplatePairs]:
    """Return structure alignments as pairs."""
    return [TemplatePairs(hit.uid, float(hit.z), hit.query, hit.template) for hit in hits]


def template_ranges(
    domains: Sequence[Residues], pairs: Sequence[TemplatePairs], parameters: DpamParameters
) -> list[dict[str, str]]:
    """For each domain, return by UID the range of the structure indices that the best hit aligns it with."""
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
