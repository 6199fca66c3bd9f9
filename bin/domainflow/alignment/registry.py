"""List the alignment engines that can be chosen."""

from domainflow.alignment.engine import AlignmentEngine
from domainflow.alignment.native.engine import align as align_natively

__all__ = ["ALIGNMENT_ENGINES"]

ALIGNMENT_ENGINES: dict[str, AlignmentEngine] = {"native": align_natively}
"""The engines, keyed by the values of ``--alignment_engine``."""
