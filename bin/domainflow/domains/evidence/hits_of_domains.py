"""Find which hits belong to a domain, and which residues of their templates it is aligned with.

A hit belongs to a domain if they have 33 % of the domain in common and 50 % of the domain or of the hit. Of several
with one template, the most probable HH-suite hit and the structure alignment of largest z are taken. Template residues
are structure indices here. Step 15 and step 18 of DPAM use the same rule.
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

    `score` is what hits with the same template are compared by.
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
        probability, present = float(row.report.probability), template > 0
        pairs.append(TemplatePairs(row.uid, probability, row.query[inside][present], template[present]))
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
