"""Tables that travel between processes: one a bucket, tab separated, a protein's rows together."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from domainflow.hits import SearchHit

__all__ = ["NO_HITS", "read_candidates", "read_hits", "write_candidates", "write_hits"]

NO_HITS = pd.DataFrame(columns=["target", "evalue", "qstart", "qend"])
"""The hits of a protein that has none."""

_TEXT = {"protein": str, "target": str, "query": str, "uid": str}


def write_hits(path: Path, tables: Iterable[tuple[str, pd.DataFrame]]) -> None:
    """Write (protein, Foldseek's columns and more) tables as one, with a first column ``protein``.

    e-values keep the four digits that Foldseek prints, so that this table and DPAM's own file of it say the same.
    """
    named = [
        (protein, table.assign(evalue=[float(f"{evalue:.3E}") for evalue in table["evalue"]]))
        for protein, table in tables
        if len(table)
    ]
    frame = pd.concat([table for _, table in named]) if named else pd.DataFrame()
    frame.insert(0, "protein", [protein for protein, table in named for _ in range(len(table))])
    frame.to_csv(path, sep="\t", index=False)


def read_hits(path: Path) -> dict[str, pd.DataFrame]:
    """Search hits by protein; proteins without any are absent."""
    frame = pd.read_csv(path, sep="\t", dtype=_TEXT, keep_default_na=False)
    return {str(protein): table for protein, table in frame.groupby("protein", sort=False)}


def write_candidates(path: Path, hits: Mapping[str, Iterable[SearchHit]]) -> None:
    """Write step 4's rows of all proteins."""
    rows = [(protein, *hit) for protein, kept in hits.items() for hit in kept]
    pd.DataFrame(rows, columns=["protein", *SearchHit._fields]).to_csv(path, sep="\t", index=False)


def read_candidates(path: Path) -> dict[str, list[SearchHit]]:
    """Step 4's rows by protein, in their order."""
    frame = pd.read_csv(path, sep="\t", dtype=_TEXT, keep_default_na=False)
    candidates: dict[str, list[SearchHit]] = {}
    for protein, *hit in frame.itertuples(index=False, name=None):
        candidates.setdefault(str(protein), []).append(SearchHit(*hit))
    return candidates
