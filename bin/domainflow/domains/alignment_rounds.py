"""Align a protein with templates in rounds, each round without the residues aligned before (DPAM step 7).

The rounds find all copies of a domain in the query. After an alignment of n pairs, the residues it covers are removed;
steps of up to max(5, 0.05 n) residues are bridged. The rounds end when an alignment has fewer than 20 pairs, or when
fewer than 20 residues are left (Zhang et al., *Protein Science* 2023, 32:e4548).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.engine import Alignment, AlignmentEngine, Chain, Job, LostAlignment
from domainflow.domains.parameters import DpamParameters
from domainflow.structures.ranges import runs
from domainflow.templates.store import TemplateStore

__all__ = ["Aligned", "align_templates", "remaining_residues"]

MOST_LISTED = 3
"""Templates named in a note on a loss."""


@dataclass(frozen=True)
class Aligned:
    """Alignments of a query in all rounds.

    Attributes
    ----------
    alignments : list of (str, int, Alignment)
        UID, round (from 1) and alignment, sorted by UID, then round.
    lost : list of (str, int, str)
        UID, round and cause of each pair that the engine could not align, in the same order.
    """

    alignments: list[tuple[str, int, Alignment]] = field(default_factory=list)
    lost: list[tuple[str, int, str]] = field(default_factory=list)

    def notes(self) -> list[str]:
        """Return the losses as clauses for the ledger, one a cause."""
        causes: dict[str, list[str]] = {}
        for uid, number, cause in self.lost:
            causes.setdefault(cause, []).append(uid if number == 1 else f"{uid} in round {number}")
        return [f"not aligned with {_listed(uids)}: {cause}" for cause, uids in causes.items()]


def _listed(names: Sequence[str]) -> str:
    """Return up to three names, and the number of the others."""
    others = len(names) - MOST_LISTED
    if others <= 0:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_LISTED])} and {others} other template{'s' if others > 1 else ''}"


def align_templates(
    query: Chain, store: TemplateStore, uids: Sequence[str], engine: AlignmentEngine, parameters: DpamParameters
) -> Aligned:
    """Compute all alignments of a query with templates.

    Parameters
    ----------
    query : Chain
    store : TemplateStore
    uids : sequence of str
        Templates to align, all in the store.
    engine : callable
    parameters : DpamParameters
    """
    whole = np.arange(len(query.backbone))
    waiting: list[tuple[str, Job]] = [(uid, (store.row(uid), whole)) for uid in uids]
    result = Aligned()
    round_number = 0
    while waiting:
        round_number += 1
        alignments = engine(query, [job for _, job in waiting])
        following = []
        for (uid, (row, remaining)), alignment in zip(waiting, alignments, strict=True):
            if isinstance(alignment, LostAlignment):
                result.lost.append((uid, round_number, alignment.cause))
                continue
            if alignment is None or len(alignment.query) < parameters.alignment_pairs:
                continue
            result.alignments.append((uid, round_number, alignment))
            left = remaining_residues(remaining, alignment.query, parameters)
            if len(left) >= parameters.remaining_residues:
                following.append((uid, (row, left)))
        waiting = following
    result.alignments.sort(key=lambda entry: entry[:2])
    result.lost.sort()
    return result


def remaining_residues(
    residues: NDArray[np.integer], aligned: NDArray[np.integer], parameters: DpamParameters
) -> NDArray[np.int64]:
    """Return the residues left after the aligned region, with its small gaps, is removed.

    Parameters
    ----------
    residues, aligned : ndarray of int
        Residues of this round and aligned residues, ascending.
    """
    gap = max(parameters.mask_gap, parameters.mask_gap_fraction * len(aligned))
    kept = np.asarray(residues, np.int64)
    for first, last in runs(aligned, gap):
        kept = kept[(kept < first) | (kept > last)]
    return kept
