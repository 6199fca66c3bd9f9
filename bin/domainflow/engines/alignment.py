"""Alignment engines by name."""

from domainflow.engines import native_alignment
from domainflow.iterative_alignment import AlignmentEngine

__all__ = ["ALIGNMENT_ENGINES"]

ALIGNMENT_ENGINES: dict[str, AlignmentEngine] = {"native": native_alignment.align}
