"""Count the codons of many sequences in one pass over their bytes (a compiled loop).

No string is made. The sequences lie one after another in one array of bytes, as Arrow keeps them.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["AMBIGUOUS", "FIELDS", "N_CODONS", "base_numbers", "count_sequences", "letter_kinds"]

N_CODONS = 64
AMBIGUOUS = -1
"""A first or last codon with a letter outside of TCAG, or none at all."""

FIELDS = ("length", "triplets", "ambiguous", "truncated", "internal_stops", "first", "last", "protein_letters", "gaps")
"""Numbers of each sequence beside its codons."""

_NO_BASE = 4
_PROTEIN_LETTERS = b"EFIJLOPQZ*"
"""Letters of proteins that no nucleotide code uses."""
_GAPS = b"-."
PROTEIN, GAP = 1, 2


def base_numbers(soft_mask: str) -> NDArray[np.uint8]:
    """Return the number of each byte: T and U 0, C 1, A 2, G 3, all others 4; shape (256,).

    Parameters
    ----------
    soft_mask : str
        ``count``: lower case counts as upper case. ``skip``: it counts as ambiguous.
    """
    numbers = np.full(256, _NO_BASE, np.uint8)
    for number, letters in enumerate(("TU", "C", "A", "G")):
        for letter in letters + (letters.lower() if soft_mask == "count" else ""):
            numbers[ord(letter)] = number
    return numbers


def letter_kinds() -> NDArray[np.uint8]:
    """Return which bytes are letters of proteins alone (1) or gaps (2), shape (256,)."""
    kinds = np.zeros(256, np.uint8)
    kinds[[*_PROTEIN_LETTERS, *_PROTEIN_LETTERS.lower()]] = PROTEIN
    kinds[[*_GAPS]] = GAP
    return kinds


@exact_kernel
def count_sequences(
    values: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    wanted: NDArray[np.bool_],
    code_of: NDArray[np.int64],
    never_inside: NDArray[np.bool_],
    exception_offsets: NDArray[np.int64],
    exceptions: NDArray[np.int32],
    numbers: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    frame: int,
    is_cds: bool,
    truncate: bool,
    counts: NDArray[np.int32],
    fields: NDArray[np.int64],
) -> None:
    """Count the codons of each sequence.

    Parameters
    ----------
    values, offsets : uint8 and int64 array
        Bytes of all sequences, and where each of n begins; shape (n + 1,).
    wanted : bool array, shape (n,)
        Sequences to count; the others keep zeros.
    code_of : int64 array, shape (n,)
        Row of each sequence's genetic code in `never_inside`.
    never_inside : bool array, shape (codes, 64)
        Codons that are a stop and nothing else.
    exception_offsets, exceptions : int64 and int32 array
        Codons of each sequence, from 0, that are not read as stops.
    numbers, kinds : uint8 array, shape (256,)
        From `base_numbers` and `letter_kinds`.
    frame : int
        Bases to skip at the begin.
    is_cds : bool
        Whether stops inside are looked for.
    truncate : bool
        Whether to count only up to the first stop inside.
    counts : int32 array, shape (n, 64)
    fields : int64 array, shape (n, 9)
        Receive the result; columns of `fields` are `FIELDS`.
    """
    for row in range(len(wanted)):
        begin, end = offsets[row], offsets[row + 1]
        length = end - begin
        fields[row, 0] = length
        fields[row, 5], fields[row, 6] = -1, -1
        if not wanted[row] or length - frame < 3:
            continue
        triplets = (length - frame) // 3
        fields[row, 1] = triplets
        sequence = values[begin + frame : begin + frame + 3 * triplets]
        counted = counts[row]
        stops = never_inside[code_of[row]]
        exception, last_exception = exception_offsets[row], exception_offsets[row + 1]
        ambiguous, internal, done = 0, 0, triplets
        for codon in range(triplets):
            one, two = numbers[sequence[3 * codon]], numbers[sequence[3 * codon + 1]]
            three = numbers[sequence[3 * codon + 2]]
            if (one | two | three) & 4:
                ambiguous += 1
                continue
            index = 16 * one + 4 * two + three
            if is_cds and stops[index] and codon < triplets - 1:
                while exception < last_exception and exceptions[exception] < codon:
                    exception += 1
                if exception == last_exception or exceptions[exception] != codon:
                    internal += 1
                    if truncate:
                        done = codon
                        break
            counted[index] += 1
        fields[row, 2], fields[row, 3], fields[row, 4] = ambiguous, triplets - done, internal
        for place in range(2):
            at = 0 if place == 0 else 3 * (triplets - 1)
            one, two, three = numbers[sequence[at]], numbers[sequence[at + 1]], numbers[sequence[at + 2]]
            if not (one | two | three) & 4:
                fields[row, 5 + place] = 16 * one + 4 * two + three
        if ambiguous:
            for at in range(begin, end):
                kind = kinds[values[at]]
                fields[row, 7] += kind == 1
                fields[row, 8] += kind == 2
