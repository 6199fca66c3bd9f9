"""Define what a search engine is: what it takes, what it returns."""

from collections.abc import Callable, Sequence

import pandas as pd

from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["SearchEngine"]

SearchEngine = Callable[[Sequence[Protein], TemplateStore, int], list[pd.DataFrame]]
"""``engine(queries, store, threads)`` returns one table a query, Foldseek's twelve columns first, best hit first."""
