"""Keep what the report shows of a parsed protein and no table has: disorder, depth, best hits, pairs in one domain.

One JSON text a protein, in ``BUCKET.evidence.zip``.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parse_protein import ParsedProtein
from domainflow.domains.rows import Residues
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import runs
from domainflow.templates.store import TemplateStore

__all__ = ["EvidenceRow", "ProteinEvidence", "evidence_text", "read_evidence"]

ROWS_OF_DOMAIN = 6
"""Hits kept for each domain, of different T-groups."""
WHOLE = "whole"
"""Domain of the hits of a protein that has no domains."""
PER_CENT = 100


class EvidenceRow(NamedTuple):
    """The best hit of a T-group in a domain of step 13.

    `source` is ``dali`` or ``hh``. `value` is z, or the probability in percent.
    """

    domain: str
    source: str
    uid: str
    value: float
    segments: list[list[int]]


class ProteinEvidence(NamedTuple):
    """Evidence on a protein of L residues.

    Attributes
    ----------
    disorder : list of [int, int]
        First and last residue of each disordered segment.
    disorder_from : str
        ``PAE`` or ``contacts``.
    depth : list of int
        Number of accepted hits at each residue.
    rows : list of EvidenceRow
    same_domain : ndarray, shape=(n, n), dtype=uint8
        Percent: means of step 13's probabilities over cells of k x k pairs, n = ceil(L / k).
    """

    disorder: list[list[int]]
    disorder_from: str
    depth: list[int]
    rows: list[EvidenceRow]
    same_domain: NDArray[np.uint8]


def evidence_text(protein: Protein, parsed: ParsedProtein, store: TemplateStore) -> str:
    """Return the evidence on a protein as JSON."""
    length = len(protein)
    depth = np.zeros(length, np.int64)
    for accepted in parsed.accepted:
        depth[np.unique(accepted.query) - 1] += 1
    named = [(domain.domain, domain.range) for domain in parsed.domains]
    rows = []
    for name, residues in named or [(WHOLE, np.arange(1, length + 1))]:
        dali = [("dali", hit.uid, hit.z, hit.query) for hit in parsed.hits]
        hh = [("hh", hit.uid, hit.probability, hit.query) for hit in parsed.sequence_hits]
        rows += [*_best(name, residues, dali, store), *_best(name, residues, hh, store)]
    cells = np.rint(parsed.same_domain * PER_CENT).astype(np.uint8)
    content = {
        "disorder": _segments(np.flatnonzero(parsed.disordered) + 1),
        "disorder_from": parsed.disorder_from,
        "depth": depth.tolist(),
        "rows": rows,
        "cells": len(cells),
        "same_domain": base64.b64encode(zlib.compress(cells.tobytes())).decode(),
    }
    return json.dumps(content, separators=(",", ":"))


def read_evidence(text: str) -> ProteinEvidence:
    """Read what `evidence_text` wrote."""
    content: dict[str, Any] = json.loads(text)
    side = content["cells"]
    cells = np.frombuffer(zlib.decompress(base64.b64decode(content["same_domain"])), np.uint8).reshape(side, side)
    rows = [EvidenceRow(*row) for row in content["rows"]]
    return ProteinEvidence(content["disorder"], content["disorder_from"], content["depth"], rows, cells)


def _best(
    name: str, domain: Residues, hits: Iterable[tuple[str, str, float, Residues]], store: TemplateStore
) -> list[EvidenceRow]:
    """Return the best hit of each T-group that shares half of itself or half of the domain, best first."""
    found: dict[str, EvidenceRow] = {}
    for source, uid, value, query in sorted(hits, key=lambda hit: (-hit[2], hit[1])):
        if len(found) == ROWS_OF_DOMAIN:
            break
        t_group = store.t_group(store.row(uid))
        residues = np.unique(query)
        common = 2 * np.isin(residues, domain).sum()
        if t_group not in found and (common >= len(residues) or common >= len(domain)):
            found[t_group] = EvidenceRow(name, source, uid, value, _segments(residues))
    return list(found.values())


def _segments(residues: Sequence[int] | NDArray[np.integer]) -> list[list[int]]:
    return [[first, last] for first, last in runs(residues)]
