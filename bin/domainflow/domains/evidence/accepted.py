"""Choose the hits that are evidence for the position of domains (DPAM step 10).

Steps of up to 10 residues are bridged; segments of at least 5 residues are kept. A hit is accepted if its kept segments
have at least 25 residues in all. A structure hit must also pass one of several criteria (Zhang et al., *Protein
Science* 2023, 32:e4548).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from domainflow.domains.evidence.alignment_scores import TemplateFacts
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Residues, SequenceHit, StructureHit
from domainflow.structures.ranges import NO_RESIDUES, runs

__all__ = ["AcceptedHit", "accept_sequence_hits", "accept_structure_hits", "covered_residues", "filter_segments"]

SUPPORT_LEVELS = (("low", 20.0, 0.2), ("medium", 50.0, 0.3), ("high", 80.0, 0.4), ("superb", 95.0, 0.6))
"""Name of each level, and the HH-suite probability (percent) and coverage it requires."""


class AcceptedHit(NamedTuple):
    """An accepted hit. Later steps use its raw range; `filtered` is DPAM's own text of the kept segments.

    `score` is the HH-suite probability (percent) of a sequence hit or the z of a structure hit; `level` and
    `normalised_z` belong to structure hits.
    """

    hit: SequenceHit | StructureHit
    query: Residues
    score: float
    filtered: str
    level: str = "no"
    normalised_z: float = 0.0


def filter_segments(residues: Residues, parameters: DpamParameters) -> str | None:
    """Return the segments of a range that are long enough, or None if they have too few residues.

    Examples
    --------
    >>> from domainflow.domains.parameters import DPAM_V2
    >>> from domainflow.structures.ranges import parse_range
    >>> filter_segments(parse_range("162-165,181-241,243-258"), DPAM_V2)
    '181-258'
    """
    kept = [
        (first, last)
        for first, last in runs(residues, parameters.segment_gap)
        if last - first + 1 >= parameters.segment_length
    ]
    if sum(last - first + 1 for first, last in kept) < parameters.evidence_length:
        return None
    return ",".join(f"{first}-{last}" for first, last in kept) or NO_RESIDUES


def accept_sequence_hits(hits: Sequence[SequenceHit], parameters: DpamParameters) -> list[AcceptedHit]:
    """Return the sequence hits that are long enough to be evidence, in their order."""
    accepted = []
    for hit in hits:
        filtered = filter_segments(hit.query, parameters)
        if filtered is not None:
            accepted.append(AcceptedHit(hit, hit.query, hit.probability, filtered))
    return accepted


def accept_structure_hits(
    hits: Sequence[StructureHit], facts: Mapping[str, TemplateFacts], parameters: DpamParameters
) -> list[AcceptedHit]:
    """Return the structure hits that are long enough and good by at least one criterion, in their order."""
    accepted = []
    for hit in hits:
        self_z = facts[hit.uid].self_z
        normalised_z = round(hit.z / self_z, 2) if self_z else 0.0
        votes = (
            (hit.rank < parameters.max_rank)
            + (hit.q_score > parameters.min_q_score)
            + (0 <= hit.z_tile < parameters.max_tile)
            + (0 <= hit.q_tile < parameters.max_tile)
            + (normalised_z > parameters.min_normalised_z)
        )
        level = "no"
        for name, probability, coverage in SUPPORT_LEVELS:
            if hit.best_probability >= probability and hit.best_coverage >= coverage:
                votes += 1
                level = name
        filtered = filter_segments(hit.query, parameters)
        if votes and filtered is not None:
            accepted.append(AcceptedHit(hit, hit.query, hit.z, filtered, level, normalised_z))
    return accepted


def covered_residues(accepted: Sequence[AcceptedHit], length: int) -> np.ndarray:
    """Mask of the residues 1..L that evidence covers, shape (L,)."""
    covered = np.zeros(length, bool)
    for row in accepted:
        covered[row.query - 1] = True
    return covered
