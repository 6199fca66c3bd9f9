"""List the search engines that can be chosen, and the programs that they need."""

from collections.abc import Callable
from typing import Any

from domainflow.search.engine import SearchEngine, SearchSettings
from domainflow.search.foldseek.engine import foldseek_engine
from domainflow.search.foldseek.program import foldseek_record
from domainflow.search.native.engine import native_engine

__all__ = ["SEARCH_ENGINES", "SEARCH_PROGRAMS"]

SEARCH_ENGINES: dict[str, SearchEngine] = {"native": native_engine, "foldseek": foldseek_engine}
"""The engines, keyed by the values of ``--search_engine``."""

SEARCH_PROGRAMS: dict[str, Callable[[SearchSettings], dict[str, Any]]] = {"foldseek": foldseek_record}
"""Functions that run an engine's program and return its version and options; engines without a program are absent."""
