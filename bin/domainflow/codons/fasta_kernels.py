"""Divide FASTA text into headers and sequences, and make numbers of ids (compiled loops over bytes)."""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import exact_kernel

__all__ = ["copy_without_white_space", "hash_strings", "split_records"]

HASH_START = np.uint64(0xCBF29CE484222325)
HASH_FACTOR = np.uint64(0x100000001B3)
"""Constants of the 64-bit FNV-1a hash (Fowler, Noll and Vo)."""

_BLANK = np.zeros(256, np.bool_)
_BLANK[[9, 10, 11, 12, 13, 32]] = True
NEW_LINE, RETURN, BEGIN = 10, 13, 62


@exact_kernel
def split_records(
    text: NDArray[np.uint8],
    sequence: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    headers: NDArray[np.int64],
    ids: NDArray[np.uint8],
    id_offsets: NDArray[np.int32],
    blank: NDArray[np.bool_],
) -> int:
    """Copy the sequences of a FASTA text one after another, without white space, and so the ids.

    Returns the number of records.

    Parameters
    ----------
    text : uint8 array
        Whole records; what comes before the first ``>`` is skipped.
    sequence : uint8 array, as long as the text
    offsets : int64 array, shape (records + 1,)
        Receives where each sequence begins.
    headers : int64 array, shape (records, 2)
        Receives where each header begins and ends, without its ``>``.
    ids, id_offsets : uint8 array, as long as the text; int32 array, shape (records + 1,)
        Receive the ids, what stands in a header before the first white space, one after another.
    blank : bool array, shape (256,)
        Bytes that are white space.
    """
    n, at, place, written, id_written = 0, 0, len(text), 0, 0
    while at < place and text[at] != BEGIN:
        at += 1
    while at < place:
        at += 1
        headers[n, 0] = at
        id_offsets[n] = id_written
        while at < place and not blank[text[at]]:
            ids[id_written] = text[at]
            id_written += 1
            at += 1
        while at < place and text[at] != NEW_LINE:
            at += 1
        end = at
        while end > headers[n, 0] and text[end - 1] == RETURN:
            end -= 1
        headers[n, 1] = end
        offsets[n] = written
        new_line = True
        while at < place:
            letter = text[at]
            if letter == BEGIN and new_line:
                break
            new_line = letter == NEW_LINE
            sequence[written] = letter
            written += not blank[letter]
            at += 1
        n += 1
    offsets[n] = written
    id_offsets[n] = id_written
    return n


@exact_kernel
def copy_without_white_space(
    values: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    copied: NDArray[np.uint8],
    new_offsets: NDArray[np.int64],
    blank: NDArray[np.bool_],
) -> None:
    """Copy strings that lie one after another, without their white space."""
    written = 0
    for row in range(len(offsets) - 1):
        new_offsets[row] = written
        for at in range(offsets[row], offsets[row + 1]):
            copied[written] = values[at]
            written += not blank[values[at]]
    new_offsets[len(offsets) - 1] = written


@exact_kernel
def hash_strings(
    values: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    start: np.uint64,
    factor: np.uint64,
) -> None:
    """Compute the FNV-1a hash of each string."""
    for row in range(len(offsets) - 1):
        value = start
        for at in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(values[at])) * factor
        hashes[row] = value
