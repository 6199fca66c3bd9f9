"""Parts of a gene on a sequence, in the order of the transcript.

A location such as ``complement(join(10..20,1..5))`` is read as written: its parts are never sorted, because genes cross
the origin and trans-spliced genes have exons in any order.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from Bio.Data.IUPACData import ambiguous_dna_complement
from Bio.SeqFeature import Location, LocationParserError

from domainflow.run.errors import InputError

__all__ = ["Part", "crosses_origin", "joined_sequence", "parse_location", "parts_of", "transcript_place"]

_PAIRS = ambiguous_dna_complement | {"U": "A"}
COMPLEMENT = bytes.maketrans(
    "".join([*_PAIRS, *(base.lower() for base in _PAIRS)]).encode(),
    "".join([*_PAIRS.values(), *(pair.lower() for pair in _PAIRS.values())]).encode(),
)


class Part(NamedTuple):
    """One part of a gene: 0-based begin, end (excluded), strand (1 or -1), and another sequence's name or None."""

    begin: int
    end: int
    strand: int
    contig: str | None = None


def parts_of(location: Any) -> list[Part]:
    """Return the parts of a location of Biopython, in the order of the transcript."""
    return [Part(int(part.start), int(part.end), -1 if part.strand == -1 else 1, part.ref) for part in location.parts]


def parse_location(text: str) -> list[Part]:
    """Return the parts of a location in the notation of GenBank.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        return parts_of(Location.fromstring(text))
    except (LocationParserError, ValueError, AttributeError, TypeError):
        raise InputError(f"the location '{text}' cannot be read") from None


def joined_sequence(sequence: bytes, parts: Iterable[Part]) -> bytes:
    """Return the bases of the parts one after another; those of the minus strand are complemented.

    A part that ends past the sequence continues at its begin, as on a circular one.
    """
    pieces = []
    for part in parts:
        piece = sequence[part.begin : part.end]
        if part.end > len(sequence):
            piece = sequence[part.begin :] + sequence[: part.end - len(sequence)]
        pieces.append(piece if part.strand == 1 else piece.translate(COMPLEMENT)[::-1])
    return b"".join(pieces)


def transcript_place(parts: Iterable[Part], position: int) -> int | None:
    """Return where a 0-based position lies in the joined parts, from 0; None if in no part."""
    before = 0
    for part in parts:
        if part.begin <= position < part.end:
            return before + (position - part.begin if part.strand == 1 else part.end - 1 - position)
        before += part.end - part.begin
    return None


def crosses_origin(parts: list[Part]) -> bool:
    """Return whether parts of one strand run past the end of the sequence and go on at its begin.

    Parts that overlap by a few bases (ribosomal slippage) do not.
    """
    if len({part.strand for part in parts}) != 1:
        return False
    begins = [part.begin for part in parts][:: parts[0].strand]
    return any(later < earlier for earlier, later in pairwise(begins))
