"""Alignment engines by name."""

from domainflow.engines.native_alignment import align as align_natively
from domainflow.iterative_alignment import AlignmentEngine

__all__ = ["ALIGNMENT_ENGINES"]

ALIGNMENT_ENGINES: dict[str, AlignmentEngine] = {"native": align_natively}
