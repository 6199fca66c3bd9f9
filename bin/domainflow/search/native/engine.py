"""Search a protein's structure against all templates, in Foldseek's manner but without its prefilter (DPAM step 3).

1. Every template gets a score s: the Smith-Waterman score of the protein minus that of the reversed protein. It is
   computed on structure letters and amino acids (van Kempen et al., *Nature Biotechnology* 2024, 42:243-246).
2. The best templates are aligned. For the very best of them, the aligned residues are then forbidden and the rest of
   the protein is aligned again. So one template may cover several domains.
3. Each alignment gets its TM-score on the template's length. The best alignments by s * TM get it also after refining.
4. Hits are ranked by (s + 50) * TM^1.5. They are listed by level, so that every domain of the protein has hits near
   the top (`ranking`).

The constants below were chosen on 135 proteins against 2,574 templates (`tools/bench.py search`).
"""

import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.search.engine import HIT_COLUMNS, BucketSearch, Found, SearchSettings
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

__all__ = ["COLUMNS", "native_engine", "search"]

COLUMNS = HIT_COLUMNS | {
    "evalue_calibrated": "float64",
    "score": "int64",
    "tm": "float64",
    "tm_refined": "float64",
    "rank_score": "float64",
    "level": "int64",
}
"""Types of the columns: Foldseek's twelve first; the Notes of `search` define the others."""

LARGEST_EVALUE = 10.0
"""On Foldseek's scale; templates up to it are aligned, within the next two limits."""
FEWEST_ALIGNED = 400
"""Templates that are aligned whatever their e-value, provided that their score is positive."""
MOST_ALIGNED = 2000
"""Most templates that are aligned; step 4 counts no more than some hundred hits per residue."""
REALIGNED_TEMPLATES = 64
"""Number of best templates that are searched for further alignments."""
REFINED_HITS = 150
"""Number of best hits, by s * TM, whose alignment is refined."""
RANK_OFFSET = 50
RANK_POWER = 1.5
"""The rank score is (s + 50) * TM^1.5, with the refined TM-score."""
ALIGNMENTS_PER_TEMPLATE = 3
FURTHER_SCORE = 20
"""Lowest corrected score of a further alignment."""
FURTHER_PAIRS = 15
"""Fewest aligned pairs of a further alignment."""
FORBIDDEN = -200
"""Bias that keeps a residue out of further alignments."""
SHORTEST_NORM = 20
"""Residues; the TM-score treats shorter templates as this long."""


class _Hits(NamedTuple):
    """K local alignments of one query.

    Attributes
    ----------
    rows, scores : ndarray, shape=(K,), dtype=int64
        Template and corrected score.
    pairs : ndarray, shape=(2, p), dtype=int64
        Pairs of one alignment after another: 0-based residues of the query, and rows of the concatenated templates.
    bounds : ndarray, shape=(K+1,), dtype=int64
        Index of the first pair of each alignment, and p at the end.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.int64]
    pairs: NDArray[np.int64]
    bounds: NDArray[np.int64]


@contextmanager
def native_engine(_archives: Sequence[Path], store: TemplateStore, settings: SearchSettings) -> Iterator[BucketSearch]:
    """Yield a function that searches a bucket's proteins; the templates are packed once, for child processes too."""
    _packed(store)
    yield lambda proteins: [Found(table) for table in search(proteins, store, settings.threads)]


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
        One per query, in the order of `queries`, with the columns of `COLUMNS` and one row per alignment. A template
        may have up to three rows. A query without any alignment gets a table without rows.

    Notes
    -----
    A query's rows depend on the query and the store alone. They are ordered by ``level``
    (`domainflow.search.native.ranking`), then by ``rank_score``.

    * ``alnlen`` is the number of pairs and gap residues, and ``gapopen`` the number of gaps.
    * ``fident`` is the number of identical pairs divided by ``alnlen``. X is identical to nothing. Foldseek counts the
      same way where it keeps the alignment.
    * ``evalue`` is on Foldseek's scale (`domainflow.search.native.evalue`).
    * ``evalue_calibrated`` is the number of hits expected in other X-groups.
    * ``bits`` is Foldseek's measure for ranking, s * sqrt(lDDT * TM). Here lDDT is over all neighbours in the query,
      and TM is on the aligned stretch.
    * ``score`` is s.
    * ``tm`` is the TM-score of the alignment on the template's length.
    * ``tm_refined`` is the same after refining, and at least ``tm``.
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
    """Align with the templates of the highest corrected scores; further alignments come after all first ones."""
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
    """Return the table of the hits, in the order of `search`."""
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
    """Count each alignment's pairs of the same known amino acid, and its gaps in query and template."""
    own, other = query.residues[hits.pairs[0]], templates.residues[hits.pairs[1]]
    identical = np.add.reduceat((own == other) & (own != UNKNOWN), hits.bounds[:-1], dtype=np.int64)
    gaps = (np.diff(hits.pairs, axis=1, prepend=0) != 1).sum(axis=0)
    gaps[hits.bounds[:-1]] = 0
    return identical, np.add.reduceat(gaps, hits.bounds[:-1], dtype=np.int64)


_packed_stores: "weakref.WeakKeyDictionary[TemplateStore, PackedTemplates]" = weakref.WeakKeyDictionary()


def _packed(store: TemplateStore) -> PackedTemplates:
    """Return the store's templates as the kernels read them; they are kept as long as the store is."""
    templates = _packed_stores.get(store)
    if templates is None:
        templates = pack_templates(store.uids, store.sequences, store.letters, store.ca)
        _packed_stores[store] = templates
    return templates
