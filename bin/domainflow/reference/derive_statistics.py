"""Compute the statistics of a reference from its templates, alignments of homologues, and imported statistics.

z-scores are rounded to one decimal, because they are compared with z-scores as DALI prints them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from domainflow.reference.self_z import self_z_scores
from domainflow.run.errors import StoreError
from domainflow.templates.homologue_pairs import HomologuePair
from domainflow.templates.position_weights import family_statistics
from domainflow.templates.statistics import NO_STATISTICS, ReferenceStatistics, StatisticsRow
from domainflow.templates.store import TemplateStore

__all__ = ["statistics_rows", "t_group_lengths"]

Member = tuple[str, float, list[int]]
"""UID of a homologue, its z, and the bounds of the positions it covers."""


def statistics_rows(
    store: TemplateStore, pairs: Iterable[HomologuePair], imported: ReferenceStatistics = NO_STATISTICS
) -> Iterator[StatisticsRow]:
    """Compute the statistics of every template of a store.

    Parameters
    ----------
    store : TemplateStore
    pairs : iterable of HomologuePair
        Each counts for both templates.
    imported : ReferenceStatistics
        Its values replace the computed ones; weights and homologues only together.

    Raises
    ------
    StoreError
        If a template of a pair is not in the store.
    """
    members = _members(store, pairs)
    lengths = t_group_lengths(store)
    for row, (uid, self_z) in enumerate(zip(store.uids, self_z_scores(store), strict=True)):
        known_z, known_length = imported.self_z(uid), imported.t_group_length(store.t_group(row))
        template = StatisticsRow(
            uid=uid,
            self_z=known_z if known_z is not None or self_z is None else round(self_z, 1),
            t_group_length=lengths[store.t_group(row)] if known_length is None else known_length,
        )
        yield _with_imported(template, imported) or _with_homologues(template, members[uid], int(store.lengths[row]))


def t_group_lengths(store: TemplateStore) -> dict[str, float]:
    """Mean length of the templates of each T-group, in residues of the sequence."""
    lengths: dict[str, list[int]] = defaultdict(list)
    for row in range(len(store)):
        lengths[store.t_group(row)].append(store.length(row))
    return {group: sum(values) / len(values) for group, values in lengths.items()}


def _members(store: TemplateStore, pairs: Iterable[HomologuePair]) -> dict[str, list[Member]]:
    members: dict[str, list[Member]] = defaultdict(list)
    for pair in pairs:
        for uid in (pair.query, pair.template):
            if uid not in store:
                raise StoreError(f"homologue {uid} is not in {store.path.name}; align the homologues again")
        members[pair.query].append((pair.template, pair.z, pair.query_bounds))
        members[pair.template].append((pair.query, pair.z, pair.template_bounds))
    return members


def _with_imported(template: StatisticsRow, imported: ReferenceStatistics) -> StatisticsRow | None:
    """Return a template's row with imported weights and homologues; None if either is missing."""
    weights, family = imported.weights(template.uid), imported.family(template.uid)
    if weights is None or family is None:
        return None
    return replace(
        template,
        weights=weights,
        family_uid=imported.family_uids(template.uid),
        family_z=family[0],
        family_score=family[1],
        family_aligned=imported.family_aligned(template.uid),
    )


def _with_homologues(template: StatisticsRow, members: list[Member], length: int) -> StatisticsRow:
    """Return a template's row with weights from its homologues, if it has any."""
    homologues = sorted(members)
    statistics = family_statistics(length, [bounds for _, _, bounds in homologues])
    if statistics is None:
        return template
    return replace(
        template,
        weights=statistics[0],
        family_uid=[member for member, _, _ in homologues],
        family_z=np.array([round(z, 1) for _, z, _ in homologues]),
        family_score=statistics[1],
        family_aligned=[bounds for _, _, bounds in homologues],
    )
