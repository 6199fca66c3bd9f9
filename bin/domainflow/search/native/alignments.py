"""Score a query against all templates, and align it with some of them.

The kernels are those of `smith_waterman` and `tracing`. The choice of a kernel depends on the number and the lengths of
the templates; it never changes a result.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.search.native.lanes import PackedTemplates
from domainflow.search.native.scoring import (
    GAP_EXTEND,
    GAP_OPEN,
    PADDING,
    raised_scores,
    residue_scores,
    structure_scores,
)
from domainflow.search.native.smith_waterman import score_blocks
from domainflow.search.native.tracing import TRACED_LANES, trace_alignment, trace_lanes

__all__ = ["LocalAlignment", "Query", "align_with", "score_templates"]

LARGEST_BYTE = 255
LARGEST_SCORE = 32_000
"""Largest score of the 16-bit kernel; pairs that could exceed it are aligned one by one."""
LARGEST_WORK = 100_000_000
"""Bytes of work space for the 16-bit kernel; groups of templates that need more are aligned one by one."""
LONGEST_QUERY = 32_767
"""Residues that the 16-bit kernel can number."""
FEWEST_LANES = 8
"""Fewest templates that are aligned in lanes; 64 lanes cost about as much as twelve templates one by one.

This is no more than `tools/warm_up.py` searches, so that the kernel is compiled there.
"""


class Query(NamedTuple):
    """A protein as the kernels read it: arrays of shape (L,), and CA atoms of shape (L, 3) in Å."""

    letters: NDArray[np.uint8]
    residues: NDArray[np.uint8]
    bias: NDArray[np.int16]
    ca: NDArray[np.float32]

    def reversed(self) -> "Query":
        """Return the query with its residues in reverse order."""
        return Query(
            self.letters[::-1].copy(), self.residues[::-1].copy(), self.bias[::-1].copy(), self.ca[::-1].copy()
        )


class LocalAlignment(NamedTuple):
    """Score of an alignment and its pairs: 0-based residues of query and template, ascending, shape (2, n)."""

    score: int
    pairs: NDArray[np.int32]


def score_templates(query: Query, templates: PackedTemplates) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return local scores of the query and of the reversed query against every template, each of shape (N,)."""
    count = len(templates.order)
    forward = np.zeros(count, np.int32)
    backward = np.zeros(count, np.int32)
    if count == 0 or len(query.letters) == 0:
        return forward, backward
    letter_scores, acid_scores, raised = raised_scores()
    lanes = score_blocks(
        query.letters,
        query.residues,
        (raised - query.bias).astype(np.uint8),
        letter_scores,
        acid_scores,
        templates.lane_letters,
        templates.lane_residues,
        templates.block_first,
        templates.block_columns,
        np.uint8(GAP_OPEN),
        np.uint8(GAP_EXTEND),
    )
    exact = LARGEST_BYTE - int(letter_scores.max()) - int(acid_scores.max())
    for scores, found, direction in ((forward, lanes[0], query), (backward, lanes[1], query.reversed())):
        scores[templates.order] = found.ravel()[:count]
        beyond = np.flatnonzero(scores >= exact)
        scores[beyond] = [alignment.score for alignment in align_with(direction, templates, beyond)]
    return forward, backward


def align_with(
    query: Query, templates: PackedTemplates, rows: NDArray[np.int64], biases: NDArray[np.int16] | None = None
) -> list[LocalAlignment]:
    """Align the query locally with some templates; return the alignments in the order of `rows`.

    Parameters
    ----------
    query : Query
    templates : PackedTemplates
    rows : ndarray, shape=(n,), dtype=int64
        The templates to align with.
    biases : ndarray, shape=(n, L), dtype=int16, or None
        Bias of the query's residues for each template; None: the query's own bias for all.
    """
    if biases is None:
        biases = np.broadcast_to(query.bias, (len(rows), len(query.bias)))
    alignments: dict[int, LocalAlignment] = {}
    # Longest first: lanes then hold templates of similar length, and the first work space is large enough for all.
    order = np.argsort(-templates.lengths[rows], kind="stable")
    directions = np.empty(0, np.uint8)
    best_pair = int(np.max(structure_scores())) + int(np.max(residue_scores())) + int(query.bias.max(initial=0))
    for first in range(0, len(rows), TRACED_LANES):
        places = order[first : first + TRACED_LANES]
        longest = int(templates.lengths[rows[places[0]]])
        fits = min(len(query.letters), longest) * best_pair <= LARGEST_SCORE and len(query.letters) <= LONGEST_QUERY
        work = (len(query.letters) + 1) * (longest + 1) * TRACED_LANES
        if fits and work <= LARGEST_WORK and len(places) >= FEWEST_LANES:
            directions = directions if directions.size else np.empty(work, np.uint8)
            found = _align_lanes(query, templates, rows[places], biases[places], directions)
        else:
            found = [_align_one(query, templates, int(rows[place]), biases[place]) for place in places]
        alignments.update(zip(places.tolist(), found, strict=True))
    return [alignments[place] for place in range(len(rows))]


def _align_lanes(
    query: Query,
    templates: PackedTemplates,
    rows: NDArray[np.int64],
    biases: NDArray[np.int16],
    directions: NDArray[np.uint8],
) -> list[LocalAlignment]:
    """Align the query with at most 64 templates, the longest first; `directions` is the kernel's work space."""
    longest = int(templates.lengths[rows[0]])
    letters = np.full((longest, TRACED_LANES), PADDING, np.uint8)
    residues = letters.copy()
    for lane, row in enumerate(rows):
        inside = slice(templates.offsets[row], templates.offsets[row + 1])
        letters[: templates.lengths[row], lane] = templates.letters[inside]
        residues[: templates.lengths[row], lane] = templates.residues[inside]
    lane_bias = np.zeros((len(query.letters), TRACED_LANES), np.int16)
    lane_bias[:, : len(rows)] = biases.T
    scores, pairs, counts = trace_lanes(
        query.letters,
        query.residues,
        lane_bias,
        letters,
        residues,
        structure_scores(),
        residue_scores(),
        np.int16(GAP_OPEN),
        np.int16(GAP_EXTEND),
        directions,
    )
    end = pairs.shape[2]
    return [LocalAlignment(int(scores[lane]), pairs[lane, :, end - counts[lane] :].copy()) for lane in range(len(rows))]


def _align_one(query: Query, templates: PackedTemplates, row: int, bias: NDArray[np.int16]) -> LocalAlignment:
    """Align the query with one template of any length."""
    inside = slice(templates.offsets[row], templates.offsets[row + 1])
    length = int(templates.lengths[row])
    score, pairs = trace_alignment(
        query.letters,
        query.residues,
        bias.copy(),  # rows of a table and read-only arrays would be compiled for once more
        templates.letters[inside],
        templates.residues[inside],
        structure_scores(),
        residue_scores(),
        GAP_OPEN,
        GAP_EXTEND,
        np.empty((len(query.letters) + 1, length + 1), np.uint8),
    )
    return LocalAlignment(int(score), pairs)
