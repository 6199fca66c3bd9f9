"""List the alignment engines that can be chosen, and the programs that they need."""

from collections.abc import Callable
from typing import Any

from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.dalilite.programs import dalilite_record
from domainflow.alignment.engine import OpenEngine
from domainflow.alignment.native.engine import open_native

__all__ = ["ALIGNMENT_ENGINES", "ALIGNMENT_PROGRAMS"]

ALIGNMENT_ENGINES: dict[str, OpenEngine] = {"dalilite": open_dalilite, "native": open_native}
"""The engines, keyed by the values of ``--alignment_engine``."""

ALIGNMENT_PROGRAMS: dict[str, Callable[[], dict[str, Any]]] = {"dalilite": dalilite_record}
"""Functions that find an engine's program and return its version; engines without a program are absent."""
