"""Segments of PDB chains as domain tables write them: ``A:4-10,B:-3-12,H:27A-35``, in the authors' residue numbers.

Author numbers may be negative and have an insertion code. They are labels with an order of their own and cannot be
counted with. DPAM's ranges are plain numbers: `domainflow.structures.ranges` reads those.
"""

import re
from typing import NamedTuple

__all__ = ["Segment", "number_key", "parse_segments"]

_NUMBER = "-?[0-9]+[A-Za-z]?"
_SEGMENT = re.compile(f"(?:([A-Za-z0-9]+):)?(?:({_NUMBER})(?:-({_NUMBER}))?)?")


class Segment(NamedTuple):
    """First and last residue of a stretch of a chain, as in the structure file; both empty for the whole chain."""

    chain: str
    first: str
    last: str

    def __str__(self) -> str:
        return f"{self.chain}:{self.first}-{self.last}" if self.first else f"{self.chain}:"


def parse_segments(text: str, chain: str = "") -> list[Segment]:
    """Parse segments, in the order written.

    Parameters
    ----------
    text : str
        Segments joined by commas: ``A:4-10``; ``A:7`` for one residue, ``A:`` for a whole chain.
    chain : str
        Chain of the segments that do not name one.

    Raises
    ------
    ValueError
        If a segment does not have this form or has no chain.

    Examples
    --------
    >>> [str(segment) for segment in parse_segments("A:-3--1,27A-35", "H")]
    ['A:-3--1', 'H:27A-35']
    """
    segments = []
    for part in text.split(","):
        match = _SEGMENT.fullmatch(part.strip())
        if match is None or not part.strip():
            raise ValueError(f"'{part.strip()[:20]}' in the range '{text[:60]}' is not of the form chain:first-last")
        name, first, last = match[1] or chain, match[2] or "", match[3] or match[2] or ""
        if not name:
            raise ValueError(f"'{part.strip()[:20]}' in the range '{text[:60]}' names no chain")
        segments.append(Segment(name, first, last))
    return segments


def number_key(number: str) -> tuple[int, str]:
    """Number and insertion code of an author number, for comparison.

    Examples
    --------
    >>> number_key("-3"), number_key("27A")
    ((-3, ''), (27, 'A'))
    """
    digits = number.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return int(digits), number[len(digits) :]
