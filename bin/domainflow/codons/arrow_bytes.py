"""Look at Arrow's strings as arrays of bytes and offsets, without copying, and back."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.codons.fasta_kernels import (
    _BLANK,
    HASH_FACTOR,
    HASH_START,
    copy_without_white_space,
    hash_strings,
)

__all__ = ["binary_array", "bytes_and_offsets", "string_hashes", "without_white_space"]


def bytes_and_offsets(array: pa.Array | pa.ChunkedArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of all strings and where each begins; a missing string has length 0.

    Parameters
    ----------
    array : array of a string or binary type

    Returns
    -------
    uint8 array, int64 array of shape (n + 1,)
    """
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks() if array.num_chunks != 1 else array.chunk(0)
    large = array.type in (pa.large_string(), pa.large_binary())
    _, offset_buffer, value_buffer = array.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64 if large else np.int32) if offset_buffer else np.zeros(1, np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1].astype(np.int64, copy=False)
    values = np.frombuffer(value_buffer, np.uint8) if value_buffer else np.zeros(0, np.uint8)
    return values, offsets


def binary_array(values: NDArray[np.uint8], offsets: NDArray[np.int64]) -> pa.Array:
    """Return an Arrow array of ``large_binary`` over the bytes, without copying them."""
    return pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(values)]
    )


def string_hashes(array: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """Return a 64-bit number for each string, the same for equal strings."""
    values, offsets = bytes_and_offsets(array)
    hashes = np.empty(len(offsets) - 1, np.uint64)
    hash_strings(values, offsets, hashes, HASH_START, HASH_FACTOR)
    return hashes


def without_white_space(array: pa.Array) -> pa.Array:
    """Return strings as ``large_binary`` without white space."""
    values, offsets = bytes_and_offsets(array)
    if len(offsets) <= 1 or offsets[-1] == offsets[0]:
        return binary_array(np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64))
    copied = np.empty(offsets[-1] - offsets[0], np.uint8)
    new_offsets = np.empty(len(offsets), np.int64)
    copy_without_white_space(values, offsets, copied, new_offsets, _BLANK)
    return binary_array(copied[: new_offsets[-1]], new_offsets)
