"""Select the network's confident hits, and rate the clarity of each (DPAM step 17).

A hit is confident if its probability is 0.6 or more. A T-group competes with it if its best probability is above the
hit's less 0.05. A hit is ``good`` if no T-group but its own competes. It is ``ok`` if all competing T-groups belong to
one homologous group, and ``bad`` otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Prediction
from domainflow.templates.classification import BY_NAME, h_group_of

__all__ = ["CLARITIES", "ConfidentHit", "confident_hits"]

CLARITIES = ("bad", "ok", "good")
"""Ascending."""


class ConfidentHit(NamedTuple):
    """Step 17: a prediction and its clarity, one of `CLARITIES`."""

    prediction: Prediction
    clarity: str


def confident_hits(
    predictions: Sequence[Prediction], parameters: DpamParameters, h_groups: Mapping[str, str] = BY_NAME
) -> list[ConfidentHit]:
    """Return the confident hits, domain by domain in order of first appearance, the most probable first.

    Parameters
    ----------
    predictions : sequence of Prediction
        Step 16's rows of one protein; the order breaks ties.
    parameters : DpamParameters
    h_groups : mapping of T-group to homologous group
    """
    by_domain: dict[str, list[Prediction]] = {}
    for prediction in predictions:
        by_domain.setdefault(prediction.row.domain, []).append(prediction)
    confident = []
    for rows in by_domain.values():
        best: dict[str, float] = {}
        for row, probability in rows:
            best[row.t_group] = max(probability, best.get(row.t_group, 0.0))
        for prediction in sorted(rows, key=lambda prediction: -prediction.probability):
            if prediction.probability >= parameters.confident_probability:
                similar = [
                    t_group
                    for t_group, highest in best.items()
                    if prediction.probability < highest + parameters.clarity_margin
                ]
                confident.append(ConfidentHit(prediction, _clarity(similar, h_groups)))
    return confident


def _clarity(t_groups: Sequence[str], h_groups: Mapping[str, str]) -> str:
    """Return the clarity of a hit, given the competing T-groups including its own."""
    if len(t_groups) == 1:
        return "good"
    return "ok" if len({h_group_of(t_group, h_groups) for t_group in t_groups}) == 1 else "bad"
