"""List the search engines that can be chosen."""

from domainflow.search.engine import SearchEngine
from domainflow.search.native.engine import search as search_natively

__all__ = ["SEARCH_ENGINES"]

SEARCH_ENGINES: dict[str, SearchEngine] = {"native": search_natively}
"""The engines, keyed by the values of ``--search_engine``."""
