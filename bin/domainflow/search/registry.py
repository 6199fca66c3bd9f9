"""List the search engines that can be chosen."""

from domainflow.search.engine import SearchEngine
from domainflow.search.foldseek.engine import foldseek_engine
from domainflow.search.native.engine import native_engine

__all__ = ["SEARCH_ENGINES"]

SEARCH_ENGINES: dict[str, SearchEngine] = {"native": native_engine, "foldseek": foldseek_engine}
"""The engines, keyed by the values of ``--search_engine``."""
