"""Define the interface of a search engine."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["HIT_COLUMNS", "BucketSearch", "Found", "SearchEngine", "SearchSettings"]

HIT_COLUMNS = {
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
}
"""Types of Foldseek's twelve columns, with which every table of hits begins."""


class Found(NamedTuple):
    """Hits of one protein, the best first, and remarks on its search for the ledger.

    The columns begin with `HIT_COLUMNS`. ``query`` is the protein's id, ``target`` a template's UID followed by
    ``.pdb``.
    """

    hits: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchSettings:
    """Settings of a search; an engine reads those that it has.

    Attributes
    ----------
    threads : int
    database : Path or None
        Foldseek's database of the templates: its file prefix, or the folder that holds it.
    evalue : float
        Largest e-value of Foldseek's hits.
    sensitivity : float
        Sensitivity of Foldseek's prefilter.
    scratch : str
        Folder on the node for Foldseek's files; empty for the node's own, "off" for the task's folder.
    """

    threads: int = 1
    database: Path | None = None
    evalue: float = 1000.0
    sensitivity: float = 9.5
    scratch: str = ""


BucketSearch = Callable[[Sequence[Protein]], list[Found]]
"""``search(proteins)`` returns what was found for each protein of a bucket, or of a part of one."""

SearchEngine = Callable[[Sequence[Path], TemplateStore, SearchSettings], AbstractContextManager[BucketSearch]]
"""``with engine(archives, store, settings) as search`` opens an engine for the proteins of all archives.

An engine that searches all proteins together does so when it is opened, and reads them from the archives one by one. An
engine that works bucket by bucket ignores the archives. Only proteins of the archives are searched.
"""
