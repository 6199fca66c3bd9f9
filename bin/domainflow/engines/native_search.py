"""Structure search of a protein against all templates, in Foldseek's manner but without its prefilter (DPAM step 3).

1. s = Smith-Waterman score of the protein minus that of the reversed protein, on structure letters and amino acids,
   against every template (van Kempen et al., *Nature Biotechnology* 2024, 42:243-246).
2. The best templates are aligned; for the very best, the aligned residues are then forbidden and the rest of the
   protein aligned again, so that one template may cover several domains.
3. Hits are ranked by z = s * TM, the TM-score of the alignment on the template's length.

The numbers were chosen on 135 proteins against 2,574 templates; each says what it does.
"""

import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.io.store import TemplateStore
from domainflow.protein import Protein
from domainflow.search.evalue import calibrated_evalues, chance_width, foldseek_evalues, foldseek_lambda
from domainflow.search.lanes import PackedTemplates, pack_templates
from domainflow.search.scoring import (
    GAP_EXTEND,
    GAP_OPEN,
    composition_bias,
    encode,
    residue_scores,
    structure_scores,
)
from domainflow.search.smith_waterman import UNKNOWN_SCORE, score_blocks, trace_alignment
from domainflow.search.superposition import aligned_lddt, aligned_tm
from domainflow.structure_letters import structure_letters

__all__ = ["COLUMNS", "search"]

COLUMNS = {
    "query": "str",
    "target": "str",
    "fident": "float64",
    "alnlen": "int64",
    "mismatch": "int64",
    "gapopen": "int64",
    "qstart": "int64",
    "qend": "int64",
    "tstart": "int64",
    "tend": "int64",
    "evalue": "float64",
    "bits": "int64",
    "evalue_calibrated": "float64",
    "score": "int64",
    "tm": "float64",
    "rank_score": "float64",
}
"""Foldseek's twelve columns, then the corrected score s, the TM-score and z = s * TM."""

LARGEST_EVALUE = 10.0
"""On Foldseek's scale; every template up to it is aligned."""
FEWEST_ALIGNED = 200
"""Templates aligned whatever their e-value, as far as their score is positive."""
REALIGNED_TEMPLATES = 50
"""Best templates whose further alignments are looked for."""
ALIGNMENTS_PER_TEMPLATE = 3
FURTHER_SCORE = 20
"""Least corrected score of a further alignment."""
FURTHER_PAIRS = 15
"""Least aligned pairs of a further alignment."""
FORBIDDEN = -200
"""Bias that keeps a residue out of further alignments."""
SHORTEST_NORM = 20
"""Residues; shorter templates count as this long in the TM-score."""
LARGEST_SCORE = 32_000
"""Of the 16-bit kernel; pairs that could exceed it are scored one by one."""


class _Query(NamedTuple):
    """A protein as the kernels read it; arrays of shape (L,), CA atoms (L, 3) in Å."""

    letters: NDArray[np.uint8]
    residues: NDArray[np.uint8]
    bias: NDArray[np.int16]
    ca: NDArray[np.float32]


class _Hit(NamedTuple):
    """One local alignment: template row, corrected score, TM-score, bits and pairs of shape (2, n), 0-based."""

    row: int
    score: int
    tm: float
    bits: int
    pairs: NDArray[np.int32]


def search(queries: Sequence[Protein], store: TemplateStore, threads: int) -> list[pd.DataFrame]:
    """Search each protein against all templates.

    Parameters
    ----------
    queries : sequence of Protein
    store : TemplateStore
    threads : int
        Proteins searched at a time.

    Returns
    -------
    list of DataFrame
        One a query, in their order: the columns of `COLUMNS`, best rank first, one row an alignment. A template may
        have up to three rows. Empty, with the columns, if nothing aligns.

    Notes
    -----
    A query's rows depend on the query and the store alone. ``evalue`` is on Foldseek's scale, ``evalue_calibrated`` is
    the number of hits expected in other X-groups. ``alnlen`` counts pairs and gap residues, ``fident`` is identical
    pairs per ``alnlen``, ``gapopen`` the gaps, as Foldseek counts where it keeps the alignment; ``bits`` is Foldseek's
    measure for ranking, s * sqrt(lDDT * TM), both of the aligned pairs alone.
    """
    templates = _packed(store)
    if threads <= 1 or len(queries) <= 1:
        return [_search_one(protein, templates) for protein in queries]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda protein: _search_one(protein, templates), queries))


def _search_one(protein: Protein, templates: PackedTemplates) -> pd.DataFrame:
    letters = structure_letters(protein.backbone, protein.cbeta)
    residues = encode(protein.sequence)
    query = _Query(
        encode(letters),
        residues,
        composition_bias(residues, templates.background),
        np.ascontiguousarray(protein.backbone[:, 1], np.float32),
    )
    forward, backward = _scores(query, templates)
    decay = foldseek_lambda(letters)
    evalues = foldseek_evalues(forward - backward, decay, len(templates.residues))
    hits = _align_best(query, templates, forward - backward, backward, evalues)
    width = chance_width(backward, templates.lengths)
    return _table(protein, query, templates, hits, decay, width)


def _scores(query: _Query, templates: PackedTemplates) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Local scores of the query and of the reversed query against every template, each of shape (N,)."""
    forward = np.zeros(len(templates.order), np.int32)
    backward = np.zeros(len(templates.order), np.int32)
    if len(templates.order) == 0 or len(query.letters) == 0:
        return forward, backward
    best_pair = np.max(structure_scores()) + np.max(residue_scores()) + np.max(query.bias)
    longest = LARGEST_SCORE // max(int(best_pair), 1)
    vectorised = (templates.block_columns <= longest) | (len(query.letters) <= longest)
    lanes = score_blocks(
        query.letters,
        query.residues,
        query.bias,
        structure_scores(),
        residue_scores(),
        templates.lane_letters,
        templates.lane_residues,
        templates.block_first[vectorised],
        templates.block_columns[vectorised],
        np.int16(GAP_OPEN),
        np.int16(GAP_EXTEND),
    )
    # Blocks are ordered by length: those too long for 16 bits come first.
    first = int(np.count_nonzero(~vectorised)) * lanes[0].shape[1]
    remaining = templates.order[first:]
    forward[remaining] = lanes[0].ravel()[: len(remaining)]
    backward[remaining] = lanes[1].ravel()[: len(remaining)]
    if first:
        directions = _directions(query, templates)
        reverse = _Query(
            np.ascontiguousarray(query.letters[::-1]),
            np.ascontiguousarray(query.residues[::-1]),
            np.ascontiguousarray(query.bias[::-1]),
            query.ca[::-1],
        )
        for row in templates.order[:first]:
            forward[row] = _trace(query, templates, int(row), directions)[0]
            backward[row] = _trace(reverse, templates, int(row), directions)[0]
    return forward, backward


def _align_best(
    query: _Query,
    templates: PackedTemplates,
    scores: NDArray[np.int32],
    backward: NDArray[np.int32],
    evalues: NDArray[np.float64],
) -> list[_Hit]:
    """Alignments with the templates of the highest corrected scores, in that order."""
    wanted = max(FEWEST_ALIGNED, int(np.count_nonzero(evalues <= LARGEST_EVALUE)))
    best = np.argsort(-scores, kind="stable")[:wanted]
    directions = _directions(query, templates)
    hits = []
    for rank, row in enumerate(best[scores[best] > 0].tolist()):
        masked = query
        for level in range(ALIGNMENTS_PER_TEMPLATE if rank < REALIGNED_TEMPLATES else 1):
            known_score = int(scores[row] + backward[row]) if level == 0 else UNKNOWN_SCORE
            raw, pairs = _trace(masked, templates, row, directions, known_score)
            score = int(raw) - int(backward[row])
            if level > 0 and (score < FURTHER_SCORE or pairs.shape[1] < FURTHER_PAIRS):
                break
            hits.append(_measure(query, templates, row, score, pairs))
            bias = masked.bias.copy()
            bias[pairs[0, 0] : pairs[0, -1] + 1] = FORBIDDEN
            masked = masked._replace(bias=bias)
    return hits


def _measure(query: _Query, templates: PackedTemplates, row: int, score: int, pairs: NDArray[np.int32]) -> _Hit:
    """TM-score and bits of an alignment."""
    length = int(templates.lengths[row])
    moving = query.ca[pairs[0]]
    fixed = templates.ca[templates.offsets[row] + pairs[1]]
    tm, local_tm = aligned_tm(moving, fixed, float(max(SHORTEST_NORM, length)))
    return _Hit(row, score, tm, round(score * (aligned_lddt(moving, fixed) * local_tm) ** 0.5), pairs)


def _gaps(pairs: NDArray[np.int32]) -> tuple[int, int]:
    """Number of gaps of an alignment, in query and template, and residues in them."""
    opened = np.count_nonzero(pairs[:, 1:] - pairs[:, :-1] != 1)
    skipped = (pairs[:, -1] - pairs[:, 0] + 1 - pairs.shape[1]).sum()
    return int(opened), int(skipped)


def _directions(query: _Query, templates: PackedTemplates) -> NDArray[np.uint8]:
    """Work space of `trace_alignment` for any of the templates."""
    return np.empty((len(query.letters) + 1, int(templates.lengths.max(initial=0)) + 1), np.uint8)


def _trace(
    query: _Query,
    templates: PackedTemplates,
    row: int,
    directions: NDArray[np.uint8],
    known_score: int = UNKNOWN_SCORE,
) -> tuple[int, NDArray[np.int32]]:
    """Local alignment of the query with one template."""
    inside = slice(templates.offsets[row], templates.offsets[row + 1])
    return trace_alignment(
        query.letters,
        query.residues,
        query.bias,
        templates.letters[inside],
        templates.residues[inside],
        structure_scores(),
        residue_scores(),
        GAP_OPEN,
        GAP_EXTEND,
        directions,
        known_score,
    )


def _table(
    protein: Protein,
    query: _Query,
    templates: PackedTemplates,
    hits: list[_Hit],
    decay: float,
    width: float,
) -> pd.DataFrame:
    """Rows of the hits, best rank first, with their e-values."""
    rank_scores = np.array([hit.score * hit.tm for hit in hits], np.float64)
    evalues = foldseek_evalues(np.array([hit.score for hit in hits], np.int64), decay, len(templates.residues))
    calibrated = calibrated_evalues(rank_scores, width, len(templates.order))
    rows = []
    for number, hit in enumerate(hits):
        first = int(templates.offsets[hit.row])
        matched = query.residues[hit.pairs[0]] == templates.residues[first + hit.pairs[1]]
        identical = int(np.count_nonzero(matched))
        opened, skipped = _gaps(hit.pairs)
        columns = hit.pairs.shape[1] + skipped
        (query_first, template_first), (query_last, template_last) = hit.pairs[:, 0], hit.pairs[:, -1]
        rows.append(
            (
                protein.id,
                f"{templates.uids[hit.row]}.pdb",
                round(identical / columns, 3),
                columns,
                hit.pairs.shape[1] - identical,
                opened,
                int(query_first) + 1,
                int(query_last) + 1,
                int(template_first) + 1,
                int(template_last) + 1,
                float(evalues[number]),
                hit.bits,
                float(calibrated[number]),
                hit.score,
                hit.tm,
                float(rank_scores[number]),
            )
        )
    rows.sort(key=lambda row: (-row[-1], row[1], row[6]))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


_packed_stores: "weakref.WeakKeyDictionary[TemplateStore, PackedTemplates]" = weakref.WeakKeyDictionary()


def _packed(store: TemplateStore) -> PackedTemplates:
    """The store's templates for the kernels, kept as long as the store is."""
    templates = _packed_stores.get(store)
    if templates is None:
        templates = pack_templates(store.uids, store.sequences, store.letters, store.ca)
        _packed_stores[store] = templates
    return templates
