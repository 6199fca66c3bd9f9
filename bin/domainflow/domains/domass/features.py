"""Compute the network's inputs: a row for every domain and every template with a hit on it (DPAM step 15).

A hit belongs to a domain if they have half of the domain or half of the hit in common. Among several hits with one
template, the most probable HH-suite hit and the structure alignment of largest z are chosen. If both exist, their
agreement over the query residues that both align is measured by two numbers. One is the mean difference of the
template's sequence indices. The other is the number of such residues divided by the length of the domain.

A missing HH-suite hit has probability and coverage 0. A missing alignment has z and weighted score 0 and percentiles
10. The rank of a missing hit is the largest rank in the protein, at least 100. It is *not* divided by 10 as ranks of
hits are: the published network was used in this way. Without agreement the difference is -1 and the coverage 0. All
numbers are those of v2.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.evidence.hits_of_domains import (
    QueryResidues,
    best_by_template,
    sequence_pairs,
    structure_pairs,
    template_ranges,
)
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rounding import round_as_numpy, round_mean
from domainflow.domains.rows import DomassRow, Residues, StructureHit, TemplateMapping
from domainflow.structures.ranges import NO_RESIDUES, format_range
from domainflow.templates.classification import BY_NAME, h_group_of

__all__ = ["DomassFeatures", "domass_features", "element_counts", "sequence_ranks"]

NONE = "na"
SCALE = 10.0
"""Divisor of z-scores and ranks."""
PERCENT = 100.0
NO_DIFFERENCE = -1.0
NO_SUPERPOSITION = (NONE, NONE, NONE, NONE)


class DomassFeatures(NamedTuple):
    """Rows of one protein, and remarks on dropped hits, one clause each, for the ledger."""

    rows: list[DomassRow]
    notes: tuple[str, ...]


class _Side(NamedTuple):
    """One kind of evidence: hits, the scores that rank them, their ranks, and pairs (query, sequence index).

    `pairs` is None for a hit whose template residues have no known sequence index.
    """

    uids: list[str]
    scores: list[float]
    ranks: list[float]
    queries: QueryResidues
    pairs: list[tuple[Residues, Residues] | None]


def domass_features(
    domains: Sequence[tuple[str, Residues]],
    mappings: Sequence[TemplateMapping],
    hits: Sequence[StructureHit],
    states: str,
    elements: NDArray[np.integer],
    t_groups: Mapping[str, str],
    sequence_index: Mapping[str, NDArray[np.integer] | None],
    parameters: DpamParameters,
    h_groups: Mapping[str, str] = BY_NAME,
) -> DomassFeatures:
    """Compute the rows of a protein, domain by domain.

    In a domain the templates with both kinds of hit come first, then those with HH-suite hits, then those with
    alignments, each sorted by UID.

    Parameters
    ----------
    domains : sequence of (str, ndarray)
        Step 13's domains: name and 1-based residues.
    mappings : sequence of TemplateMapping
        All of step 5's rows, in their order.
    hits : sequence of StructureHit
        Step 8's rows, in their order.
    states : str
        L secondary structure states ``H``, ``E`` or ``-``.
    elements : ndarray, shape=(L,)
        Element of each residue, 0 = none.
    t_groups : mapping of UID to T-group
        Hits with other templates are dropped and counted.
    sequence_index : mapping of UID to ndarray, shape=(n,), or None
        Sequence index of every structure index 1..n; 0 if there is none. If it is missing or None for a template,
        alignments have no agreement with HH-suite hits, and HH-suite hits have no structure indices.
    parameters : DpamParameters
    h_groups : mapping of T-group to homologous group

    Returns
    -------
    DomassFeatures
        Values rounded as in DPAM's file.
    """
    known_mappings = [row for row in mappings if row.uid in t_groups]
    ranks = sequence_ranks(known_mappings, t_groups, h_groups)
    missing_hh_rank = max(parameters.missing_rank, *ranks, 0.0)
    paired = [place for place, row in enumerate(known_mappings) if len(row.query) == len(row.template)]
    rows_hh = [known_mappings[place] for place in paired]
    rows_dali = [hit for hit in hits if hit.uid in t_groups]
    missing_dali_rank = max(parameters.missing_rank, *(hit.rank for hit in rows_dali), 0.0)
    hh = _Side(
        [row.uid for row in rows_hh],
        [float(row.report.probability) for row in rows_hh],
        [ranks[place] for place in paired],
        QueryResidues([row.query for row in rows_hh]),
        [(row.query, row.template) for row in rows_hh],
    )
    dali = _Side(
        [hit.uid for hit in rows_dali],
        [float(hit.z) for hit in rows_dali],
        [float(hit.rank) for hit in rows_dali],
        QueryResidues([hit.query for hit in rows_dali]),
        [_sequence_positions(hit, sequence_index.get(hit.uid)) for hit in rows_dali],
    )
    members = [residues for _, residues in domains]
    hh_templates = template_ranges(members, sequence_pairs(rows_hh, sequence_index), parameters)
    dali_templates = template_ranges(members, structure_pairs(rows_dali), parameters)

    rows = []
    for number, (name, residues) in enumerate(domains):
        best_hh = best_by_template(hh.queries.overlapping(residues, parameters), hh.uids, hh.scores)
        best_dali = best_by_template(dali.queries.overlapping(residues, parameters), dali.uids, dali.scores)
        both = best_hh.keys() & best_dali.keys()
        counted = residues if parameters.elements_per_domain else np.arange(1, len(elements) + 1)
        domain = (name, format_range(residues))
        sizes = (len(residues), *element_counts(states, elements, counted, parameters))
        for uid in (*sorted(both), *sorted(best_hh.keys() - both), *sorted(best_dali.keys() - both)):
            i, j = best_hh.get(uid), best_dali.get(uid)
            if i is None:
                hh_values, hh_name = (0.0, 0.0, round(missing_hh_rank, 2)), NONE
            else:
                hh_values = (
                    round(hh.scores[i] / PERCENT, 3), round(rows_hh[i].coverage, 3),
                    round_as_numpy(hh.ranks[i] / SCALE, 2),
                )  # fmt: skip
                hh_name = rows_hh[i].hit_name
            if j is None:
                tile = parameters.missing_tile
                dali_values, dali_name = (0.0, 0.0, tile, tile, round(missing_dali_rank, 2)), NONE
                superposition = NO_SUPERPOSITION
            else:
                hit = rows_dali[j]
                dali_values = (
                    round(dali.scores[j] / SCALE, 3), round(float(hit.q_score), 3), round(float(hit.z_tile), 3),
                    round(float(hit.q_tile), 3), round(dali.ranks[j] / SCALE, 2),
                )  # fmt: skip
                dali_name, superposition = hit.hit_name, (*hit.rotation, hit.translation)
            agreement = (NO_DIFFERENCE, 0.0)
            if i is not None and j is not None:
                agreement = _consensus(hh.pairs[i], dali.pairs[j], len(residues))
            rows.append(
                DomassRow(
                    *domain, t_groups[uid], uid, *sizes, *hh_values, *dali_values, *agreement, hh_name, dali_name,
                    *superposition, hh_templates[number].get(uid, NO_RESIDUES),
                    dali_templates[number].get(uid, NO_RESIDUES),
                )
            )  # fmt: skip
    return DomassFeatures(rows, _notes(mappings, hits, t_groups, len(known_mappings) - len(rows_hh), dali))


def element_counts(
    states: str, elements: NDArray[np.integer], residues: Residues, parameters: DpamParameters
) -> tuple[int, int]:
    """Count the helices and strands with enough of the given 1-based residues; the first residue decides the kind."""
    helices = strands = 0
    inside = residues[elements[residues - 1] > 0]
    _, firsts, counts = np.unique(elements[inside - 1], return_index=True, return_counts=True)
    for first, count in zip(inside[firsts].tolist(), counts.tolist(), strict=True):
        helices += states[first - 1] == "H" and count >= parameters.helix_residues
        strands += states[first - 1] == "E" and count >= parameters.strand_residues
    return helices, strands


def sequence_ranks(
    mappings: Sequence[TemplateMapping], t_groups: Mapping[str, str], h_groups: Mapping[str, str] = BY_NAME
) -> list[float]:
    """Return each HH-suite hit's rank: the mean number, over its residues, of homologous groups up to this hit."""
    length = max((int(row.query.max(initial=0)) for row in mappings), default=0)
    depth = np.zeros(length + 1, np.int64)
    seen: dict[str, NDArray[np.bool_]] = {}
    ranks = []
    for row in mappings:
        here = seen.setdefault(h_group_of(t_groups[row.uid], h_groups), np.zeros(length + 1, bool))
        depth[row.query] += ~here[row.query]
        here[row.query] = True
        ranks.append(int(depth[row.query].sum()) / max(1, len(row.query)))
    return ranks


def _sequence_positions(
    hit: StructureHit, sequence_index: NDArray[np.integer] | None
) -> tuple[Residues, Residues] | None:
    """Return query residues of an alignment and the sequence indices aligned with them, without unknown ones."""
    if sequence_index is None:
        return None
    inside = hit.template <= len(sequence_index)
    query, position = hit.query[inside], np.asarray(sequence_index, np.int64)[hit.template[inside] - 1]
    return query[position > 0], position[position > 0]


def _consensus(
    hh: tuple[Residues, Residues] | None, dali: tuple[Residues, Residues] | None, length: int
) -> tuple[float, float]:
    """Return the mean difference of the positions two hits give the same residue, and the share of such residues."""
    if hh is None or dali is None:
        return NO_DIFFERENCE, 0.0
    common, first, second = np.intersect1d(hh[0], dali[0], assume_unique=True, return_indices=True)
    if not len(common):
        return NO_DIFFERENCE, 0.0
    difference = int(np.abs(hh[1][first] - dali[1][second]).sum())
    return round_mean(difference, len(common), 2), round(len(common) / length, 3)


def _notes(
    mappings: Sequence[TemplateMapping],
    hits: Sequence[StructureHit],
    t_groups: Mapping[str, str],
    unpaired: int,
    dali: _Side,
) -> tuple[str, ...]:
    """Return remarks on dropped hits."""
    uids = [row.uid for row in mappings] + [hit.uid for hit in hits]
    unknown = [uid for uid in uids if uid not in t_groups]
    unmapped = len({uid for uid, pairs in zip(dali.uids, dali.pairs, strict=True) if pairs is None})
    notes = []
    if unknown:
        notes.append(f"{len(unknown)} hits dropped: no T-group is known for {len(set(unknown))} templates")
    if unpaired:
        notes.append(f"{unpaired} HH-suite hits dropped: their query and template ranges differ in length")
    if unmapped and mappings:
        notes.append(f"no agreement with HH-suite for {unmapped} templates: the places of their residues are unknown")
    return tuple(notes)
