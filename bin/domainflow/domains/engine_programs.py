"""Name the programs of the engines, and the functions that find them and return their versions."""

from collections.abc import Callable
from typing import Any

from domainflow.alignment.dalilite.programs import dalilite_record
from domainflow.search.engine import SearchSettings
from domainflow.search.foldseek.program import foldseek_record

__all__ = ["ENGINE_PROGRAMS"]

ENGINE_PROGRAMS: dict[str, Callable[[SearchSettings], dict[str, Any]]] = {
    "dalilite": lambda _settings: dalilite_record(),
    "foldseek": foldseek_record,
}
"""Keyed by the values of ``--search_engine`` and ``--alignment_engine``; embedded engines are absent."""
