"""Align a protein with templates in rounds, each round without the residues aligned before (DPAM step 7).

The rounds find all copies of a domain in the query. After an alignment of n pairs, the residues it covers are removed;
steps of up to max(5, 0.05 n) residues are bridged. The rounds end when an alignment has fewer than 20 pairs, or when
fewer than 20 residues are left (Zhang et al., *Protein Science* 2023, 32:e4548).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.engine import Alignment, AlignmentEngine, Chain, Job
from domainflow.domains.parameters import DpamParameters
from domainflow.structures.ranges import runs
from domainflow.templates.store import TemplateStore

__all__ = ["align_templates", "remaining_residues"]


def align_templates(
    query: Chain,
    store: TemplateStore,
    uids: Sequence[str],
    engine: AlignmentEngine,
    parameters: DpamParameters,
    threads: int = 1,
    min_block: int = 4,
) -> list[tuple[str, int, Alignment]]:
    """Compute all alignments of a query with templates.

    Parameters
    ----------
    query : Chain
    store : TemplateStore
    uids : sequence of str
        Templates to align, all in the store.
    engine : callable
    parameters : DpamParameters
    threads : int
    min_block : int
        Shortest gapless block of pairs the engine may report.

    Returns
    -------
    list of (str, int, Alignment)
        UID, round (from 1) and alignment, sorted by UID, then round.
    """
    whole = np.arange(len(query.backbone))
    waiting: list[tuple[str, Job]] = [(uid, (store.row(uid), whole)) for uid in uids]
    found = []
    round_number = 0
    while waiting:
        round_number += 1
        alignments = engine(query, store, [job for _, job in waiting], threads, min_block)
        following = []
        for (uid, (row, remaining)), alignment in zip(waiting, alignments, strict=True):
            if alignment is None or len(alignment.query) < parameters.alignment_pairs:
                continue
            found.append((uid, round_number, alignment))
            left = remaining_residues(remaining, alignment.query, parameters)
            if len(left) >= parameters.remaining_residues:
                following.append((uid, (row, left)))
        waiting = following
    return sorted(found, key=lambda entry: entry[:2])


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
