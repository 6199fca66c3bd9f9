"""List the alignment engines that can be chosen."""

from domainflow.alignment.dalilite.engine import open_dalilite
from domainflow.alignment.engine import OpenEngine
from domainflow.alignment.native.engine import open_native

__all__ = ["ALIGNMENT_ENGINES"]

ALIGNMENT_ENGINES: dict[str, OpenEngine] = {"dalilite": open_dalilite, "native": open_native}
"""The engines, keyed by the values of ``--alignment_engine``."""
