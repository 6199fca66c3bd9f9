"""Structure search of a protein against all templates, in Foldseek's manner but without its prefilter (DPAM step 3).

1. s = Smith-Waterman score of the protein minus that of the reversed protein, on structure letters and amino acids,
   against every template (van Kempen et al., *Nature Biotechnology* 2024, 42:243-246).
2. The best templates are aligned; for the very best, the aligned residues are then forbidden and the rest of the
   protein aligned again, so that one template may cover several domains.
3. The TM-score of each alignment on the template's length is computed; for the best by s * TM also after refining.
4. Hits are ranked by (s + 50) * TM^1.5, and listed so that no domain of the protein waits for the end of another's.

The numbers were chosen on 135 proteins against 2,574 templates (`tools/bench.py search`); each says what it does.
"""

import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.search.native.alignments import Query, align_with, score_templates
from domainflow.search.native.evalue import calibrated_evalues, chance_width, foldseek_evalues, foldseek_lambda
from domainflow.search.native.lanes import PackedTemplates, pack_templates
from domainflow.search.native.ranking import levels
from domainflow.search.native.refinement import refine_alignments
from domainflow.search.native.scoring import UNKNOWN, composition_bias, encode
from domainflow.search.native.superposition import measure_alignments
from domainflow.structures.protein import Protein
from domainflow.structures.structure_letters import structure_letters
from domainflow.templates.store import TemplateStore

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
    "tm_refined": "float64",
    "rank_score": "float64",
    "level": "int64",
}
"""Foldseek's twelve columns; then see `search`."""

LARGEST_EVALUE = 10.0
"""On Foldseek's scale; templates up to it are aligned, within the next two limits."""
FEWEST_ALIGNED = 400
"""Templates aligned whatever their e-value, as far as their score is positive."""
MOST_ALIGNED = 2000
"""Templates aligned at most; step 4 counts no more than some hundred hits a residue."""
REALIGNED_TEMPLATES = 64
"""Best templates whose further alignments are looked for."""
REFINED_HITS = 150
"""Best hits, by s * TM, whose alignment is refined."""
RANK_OFFSET = 50
RANK_POWER = 1.5
"""Rank score: (s + 50) * TM^1.5, with the refined TM-score."""
ALIGNMENTS_PER_TEMPLATE = 3
FURTHER_SCORE = 20
"""Least corrected score of a further alignment."""
FURTHER_PAIRS = 15
"""Least aligned pairs of a further alignment."""
FORBIDDEN = -200
"""Bias that keeps a residue out of further alignments."""
SHORTEST_NORM = 20
"""Residues; shorter templates count as this long in the TM-score."""


class _Hits(NamedTuple):
    """K local alignments of one query.

    Attributes
    ----------
    rows, scores : ndarray, shape=(K,), dtype=int64
        Template and corrected score.
    pairs : ndarray, shape=(2, p), dtype=int64
        0-based residues of the query, and of all templates one after another; alignment after alignment.
    bounds : ndarray, shape=(K+1,), dtype=int64
        Where each begins in them.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.int64]
    pairs: NDArray[np.int64]
    bounds: NDArray[np.int64]


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
        One a query, in their order: the columns of `COLUMNS`, one row an alignment. A template may have up to
        three rows. Empty, with the columns, if nothing aligns.

    Notes
    -----
    A query's rows depend on the query and the store alone. They are ordered by ``level``
    (`domainflow.search.native.ranking`), then by ``rank_score``.

    ``evalue`` is on Foldseek's scale, ``evalue_calibrated`` is the number of hits expected in other X-groups
    (`domainflow.search.native.evalue`). ``alnlen`` counts pairs and gap residues, ``fident`` is identical pairs per
    ``alnlen``, X being identical to nothing, ``gapopen`` the gaps, as Foldseek counts where it keeps the alignment;
    ``bits`` is Foldseek's measure for ranking, s * sqrt(lDDT * TM), lDDT over all neighbours in the query and TM on the
    aligned stretch. ``score`` is s, ``tm`` the TM-score of the alignment on the template's length, ``tm_refined`` the
    same after refining, at least ``tm``.
    """
    templates = _packed(store)
    if threads <= 1 or len(queries) <= 1:
        return [_search_one(protein, templates) for protein in queries]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda protein: _search_one(protein, templates), queries))


def _search_one(protein: Protein, templates: PackedTemplates) -> pd.DataFrame:
    letters = structure_letters(protein.backbone, protein.cbeta)
    residues = encode(protein.sequence)
    query = Query(
        encode(letters),
        residues,
        composition_bias(residues, templates.background),
        np.ascontiguousarray(protein.backbone[:, 1], np.float32),
    )
    forward, backward = score_templates(query, templates)
    decay = foldseek_lambda(letters)
    evalues = foldseek_evalues(forward - backward, decay, len(templates.residues))
    wanted = int(np.clip(np.count_nonzero(evalues <= LARGEST_EVALUE), FEWEST_ALIGNED, MOST_ALIGNED))
    hits = _align_best(query, templates, forward - backward, backward, wanted)
    return _table(protein, query, templates, hits, decay, chance_width(backward, templates.lengths))


def _align_best(
    query: Query,
    templates: PackedTemplates,
    scores: NDArray[np.int32],
    backward: NDArray[np.int32],
    wanted: int,
) -> _Hits:
    """Alignments with the templates of the highest corrected scores, in that order, further ones after the first."""
    best = np.argsort(-scores, kind="stable")[:wanted]
    best = best[scores[best] > 0]
    found = list(zip(best.tolist(), align_with(query, templates, best), strict=True))
    latest = found[:REALIGNED_TEMPLATES]
    biases = np.tile(query.bias, (len(latest), 1))
    for _ in range(ALIGNMENTS_PER_TEMPLATE - 1):
        for bias, (_, alignment) in zip(biases, latest, strict=True):
            bias[alignment.pairs[0, 0] : alignment.pairs[0, -1] + 1] = FORBIDDEN
        rows = np.array([row for row, _ in latest], np.int64)
        further = list(zip(rows.tolist(), align_with(query, templates, rows, biases), strict=True))
        good = [
            alignment.score - backward[row] >= FURTHER_SCORE and alignment.pairs.shape[1] >= FURTHER_PAIRS
            for row, alignment in further
        ]
        latest = [hit for hit, accepted in zip(further, good, strict=True) if accepted]
        biases = biases[np.array(good, bool)]
        found += latest
    found = [(row, alignment) for row, alignment in found if alignment.pairs.shape[1]]
    rows = np.array([row for row, _ in found], np.int64)
    pairs = [alignment.pairs + np.array([[0], [templates.offsets[row]]]) for row, alignment in found]
    return _Hits(
        rows,
        np.array([alignment.score for _, alignment in found], np.int64) - backward[rows],
        np.concatenate(pairs, axis=1).astype(np.int64) if pairs else np.zeros((2, 0), np.int64),
        np.cumsum([0, *(part.shape[1] for part in pairs)]).astype(np.int64),
    )


def _table(
    protein: Protein, query: Query, templates: PackedTemplates, hits: _Hits, decay: float, width: float
) -> pd.DataFrame:
    """Rows of the hits, in the order of the list, with their e-values."""
    if not len(hits.rows):
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    norms = np.maximum(templates.lengths[hits.rows], SHORTEST_NORM).astype(np.float64)
    tm, local_tm, lddt = measure_alignments(query.ca, templates.ca, hits.pairs, hits.bounds, norms)
    first, last = hits.pairs[:, hits.bounds[:-1]], hits.pairs[:, hits.bounds[1:] - 1]
    paired = np.diff(hits.bounds)
    identical, opened = _identities_and_gaps(query, templates, hits)
    columns = (last - first + 1 - paired).sum(axis=0) + paired
    begin = templates.offsets[hits.rows]
    products = hits.scores * tm
    chosen = np.argsort(-products, kind="stable")[:REFINED_HITS]
    refined = tm.copy()
    refined[chosen] = refine_alignments(
        query.ca, templates.ca, hits.pairs, hits.bounds, begin, templates.lengths[hits.rows], norms, chosen
    )
    refined = np.maximum(refined, tm)
    rank_scores = np.maximum(hits.scores + RANK_OFFSET, 0) * refined**RANK_POWER
    table = pd.DataFrame(
        {
            "query": protein.id,
            "target": [f"{templates.uids[row]}.pdb" for row in hits.rows],
            "fident": np.round(identical / columns, 3),
            "alnlen": columns,
            "mismatch": paired - identical,
            "gapopen": opened,
            "qstart": first[0] + 1,
            "qend": last[0] + 1,
            "tstart": first[1] - begin + 1,
            "tend": last[1] - begin + 1,
            "evalue": foldseek_evalues(hits.scores, decay, len(templates.residues)),
            "bits": np.rint(hits.scores * np.sqrt(lddt * local_tm)),
            "evalue_calibrated": calibrated_evalues(products, width, len(templates.order)),
            "score": hits.scores,
            "tm": tm,
            "tm_refined": refined,
            "rank_score": rank_scores,
            "level": 0,
        }
    ).astype(COLUMNS)
    table = table.iloc[np.lexsort((table["qstart"], table["target"], -rank_scores))].reset_index(drop=True)
    table["level"] = levels(table["qstart"].to_numpy() - 1, table["qend"].to_numpy() - 1, len(query.letters))
    return table.sort_values("level", kind="stable", ignore_index=True)


def _identities_and_gaps(
    query: Query, templates: PackedTemplates, hits: _Hits
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of the same known amino acid, and gaps in query and template, of each alignment."""
    own, other = query.residues[hits.pairs[0]], templates.residues[hits.pairs[1]]
    identical = np.add.reduceat((own == other) & (own != UNKNOWN), hits.bounds[:-1], dtype=np.int64)
    gaps = (np.diff(hits.pairs, axis=1, prepend=0) != 1).sum(axis=0)
    gaps[hits.bounds[:-1]] = 0
    return identical, np.add.reduceat(gaps, hits.bounds[:-1], dtype=np.int64)


_packed_stores: "weakref.WeakKeyDictionary[TemplateStore, PackedTemplates]" = weakref.WeakKeyDictionary()


def _packed(store: TemplateStore) -> PackedTemplates:
    """The store's templates for the kernels, kept as long as the store is."""
    templates = _packed_stores.get(store)
    if templates is None:
        templates = pack_templates(store.uids, store.sequences, store.letters, store.ca)
        _packed_stores[store] = templates
    return templates
