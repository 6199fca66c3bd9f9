"""Search engines by name."""

from collections.abc import Callable, Sequence

import pandas as pd

from domainflow.engines.native_search import search as search_natively
from domainflow.io.store import TemplateStore
from domainflow.protein import Protein

__all__ = ["SEARCH_ENGINES", "SearchEngine"]

SearchEngine = Callable[[Sequence[Protein], TemplateStore, int], list[pd.DataFrame]]
"""``engine(queries, store, threads)``: one table a query, with Foldseek's twelve columns first."""

SEARCH_ENGINES: dict[str, SearchEngine] = {"native": search_natively}
