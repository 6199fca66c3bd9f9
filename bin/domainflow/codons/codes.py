"""Codes that say why a gene was rejected or what is noteworthy about it, each with its sentence for the ledger.

Flags are bits, so that a batch holds them as one integer per gene. C001 to C014 are about files and sequences, C020 to
C026 about annotated genes.
"""

from enum import IntFlag, unique

__all__ = ["NO_FLAG", "SENTENCES", "Code", "WITH_REASON", "code_names", "sentences"]


@unique
class Code(IntFlag):
    """The codes of the ledger."""

    C001 = 1 << 0
    C002 = 1 << 1
    C003 = 1 << 2
    C004 = 1 << 3
    C005 = 1 << 4
    C006 = 1 << 5
    C007 = 1 << 6
    C008 = 1 << 7
    C009 = 1 << 8
    C010 = 1 << 9
    C011 = 1 << 10
    C012 = 1 << 11
    C013 = 1 << 12
    C014 = 1 << 13
    C020 = 1 << 20
    C021 = 1 << 21
    C022 = 1 << 22
    C023 = 1 << 23
    C024 = 1 << 24
    C025 = 1 << 25
    C026 = 1 << 26


NO_FLAG = Code(0)

SENTENCES = {
    Code.C001: "the file cannot be read",
    Code.C002: "the Parquet file lacks a column or has one of another type",
    Code.C003: "the sequence is empty",
    Code.C004: "the sequence is shorter than one codon",
    Code.C005: "the sequence looks like protein, not DNA",
    Code.C006: "another record of the sample has the same id",
    Code.C007: "the length is not a multiple of three",
    Code.C008: "no start codon of the genetic code at the begin",
    Code.C009: "no stop codon at the end",
    Code.C010: "a stop codon inside",
    Code.C011: "many codons hold letters other than T, C, A and G",
    Code.C012: "the genetic code is unknown",
    Code.C013: "the column length differs from the sequence's length",
    Code.C014: "gap characters; is this an aligned sequence?",
    Code.C020: "the translation differs from the annotated one",
    Code.C021: "annotated as pseudogene",
    Code.C022: "codons translated otherwise than by the genetic code (transl_except)",
    Code.C023: "annotated as edited in the RNA",
    Code.C024: "trans-spliced",
    Code.C025: "a part lies outside of the sequence, or crosses the origin of a linear one",
    Code.C026: "a copy of another gene of the record, as in an inverted repeat",
}

WITH_REASON = Code.C001 | Code.C002 | Code.C012 | Code.C020 | Code.C025 | Code.C026
"""Codes whose rows have a reason of their own, which says more than the sentence."""


def code_names(mask: int) -> str:
    """Return the names of the codes in a mask, joined by commas; empty for none."""
    return ",".join(code.name for code in Code if mask & code and code.name)


def sentences(mask: int) -> str:
    """Return the sentences of the codes in a mask, joined by semicolons; empty for none."""
    return "; ".join(SENTENCES[code] for code in Code if mask & code)
