"""Define the interface of a search engine."""

from collections.abc import Callable, Sequence

import pandas as pd

from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["SearchEngine"]

SearchEngine = Callable[[Sequence[Protein], TemplateStore, int], list[pd.DataFrame]]
"""``engine(queries, store, threads)`` returns one table per query: the best hit first.

The first twelve columns are Foldseek's.
"""
