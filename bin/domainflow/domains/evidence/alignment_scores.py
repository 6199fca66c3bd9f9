"""Score each structure alignment: percentiles among the template's homologues, and rank (DPAM step 8).

With W the template's position weights, s its aligned residues, and (Z, Q) the z-scores and weighted scores of members
of its own homologous group against it::

    raw = sum W[s]                            q_score = raw / sum W
    q_tile = |{q in Q: q > raw}| / |Q|        z_tile = |{x in Z: x > z}| / |Z|

The rank is a mean over the aligned query residues. Each residue counts the homologous groups that alignments of equal
or higher z place there (Zhang et al., *Protein Science* 2023, 32:e4548).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.rounding import round_mean
from domainflow.domains.rows import Residues, StructureHit
from domainflow.templates.position_weights import sum_in_order

__all__ = ["AlignmentBlock", "TemplateFacts", "score_alignments"]

NOT_AVAILABLE = -1


class AlignmentBlock(NamedTuple):
    """One alignment of step 7's file: ``<uid>_<round>``, z, residue numbers and the superposition."""

    hit_name: str
    z: float
    query: Residues
    template: Residues
    query_length: int
    template_length: int
    rotation: tuple[str, str, str] = ("na", "na", "na")
    translation: str = "na"

    @property
    def uid(self) -> str:
        """UID of the template: the hit name up to the first underscore."""
        return self.hit_name.partition("_")[0]


class TemplateFacts(NamedTuple):
    """The reference's facts on one template.

    Attributes
    ----------
    template_id, h_group : str
    length : int
        Residues of its sequence (``ECOD_length``).
    self_z : float
        Its z against itself (``ECOD_norms``); 0 if unknown.
    weights : ndarray, shape=(n,), or None
        Weight of every structure index 1..n.
    family : pair of ndarray, or None
        z-scores and weighted scores of its homologues against it.
    """

    template_id: str
    h_group: str
    length: int
    self_z: float = 0.0
    weights: NDArray[np.floating] | None = None
    family: tuple[NDArray[np.floating], NDArray[np.floating]] | None = None


def score_alignments(blocks: Sequence[AlignmentBlock], facts: Mapping[str, TemplateFacts]) -> list[StructureHit]:
    """Return the alignments, sorted by descending z, with their scores.

    Parameters
    ----------
    blocks : sequence of AlignmentBlock
        Sorted by UID, then round; this order breaks ties.
    facts : mapping of UID to TemplateFacts
        Alignments with other templates are dropped.

    Returns
    -------
    list of StructureHit
        Scores rounded to two decimals, as DPAM writes them.
    """
    known = [block for block in blocks if block.z and len(block.query) and block.uid in facts]
    known.sort(key=lambda block: -block.z)
    groups_at: dict[int, set[str]] = {}
    hits = []
    for block in known:
        template = facts[block.uid]
        q_score, z_tile, q_tile = _statistics(block, template)
        depths = []
        for residue in block.query.tolist():
            groups = groups_at.setdefault(residue, set())
            groups.add(template.h_group)
            depths.append(len(groups))
        hits.append(
            StructureHit(
                block.hit_name, block.uid, template.template_id, template.h_group, round(block.z, 2), q_score, z_tile,
                q_tile, round_mean(sum(depths), len(depths), 2), np.sort(block.query), np.sort(block.template),
                block.rotation, block.translation,
            )
        )  # fmt: skip
    return hits


def _statistics(block: AlignmentBlock, template: TemplateFacts) -> tuple[float, float, float]:
    """Compute q_score, z_tile and q_tile; all are -1 unless the template has both weights and homologues."""
    if template.weights is None or template.family is None or not template.family[0].size:
        return NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE
    weights = template.weights.astype(float)
    total = sum_in_order(weights)
    if not total:
        return NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE
    family_z, family_score = template.family
    inside = block.template[block.template <= weights.size]
    raw = sum_in_order(weights[inside - 1])
    z_tile = np.count_nonzero(family_z > block.z) / family_z.size
    q_tile = np.count_nonzero(family_score > raw) / family_score.size
    return round(raw / total, 2), round(z_tile, 2), round(q_tile, 2)
