"""Allocate memory for alignments once, for the largest template of a list, and cut it to the size of every pair.

Allocating the matrices anew for each pair would take as long as a part of the alignment itself.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import fast_kernel

__all__ = [
    "BLOCK_COLUMNS",
    "BLOCK_ROWS",
    "Buffers",
    "Workspace",
    "buffers",
    "fitted",
    "mark_all",
    "workspace",
]

BLOCK_ROWS, BLOCK_COLUMNS = 4, 16
"""Rows and columns of a block of cells, computed or skipped together (`corridor`); `cells` writes out four rows."""


class Buffers(NamedTuple):
    """Memory without a shape: twelve flat arrays, each long enough for any pair of chains that it was made for."""

    live: NDArray[np.uint8]
    bands: NDArray[np.int32]
    cells: NDArray[np.float32]
    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    block: NDArray[np.float32]
    local: NDArray[np.float32]
    row_logarithm: NDArray[np.float32]
    row_envelope: NDArray[np.float32]
    template_distance: NDArray[np.float32]
    template_envelope: NDArray[np.float32]
    template_logarithm: NDArray[np.float32]


class Workspace(NamedTuple):
    """Memory for the alignment of chains of L1 and L2 residues, with N = min(L1, L2).

    Attributes
    ----------
    cells, local : ndarray, shape=(L1, L2), dtype=float32
        Votes, and their gapless local part.
    forward, backward, block : ndarray, shape=(L1 + 1, L2 + 1), dtype=float32
        For dynamic programming.
    row_logarithm, row_envelope : ndarray, shape=(N, 4 ceil(L1 / 4)), dtype=float32
        Logarithms of distances, and envelopes, from the aligned residues of the query to a range of its residues.
    live : ndarray, shape=(ceil(L1 / 4), ceil(L2 / 16)), dtype=uint8
        Mask of the blocks of cells that are computed.
    bands : ndarray, shape=(ceil(L1 / 4), 2), dtype=int32
        First column to compute in each row of blocks, and the one after the last.
    """

    cells: NDArray[np.float32]
    local: NDArray[np.float32]
    forward: NDArray[np.float32]
    backward: NDArray[np.float32]
    block: NDArray[np.float32]
    row_logarithm: NDArray[np.float32]
    row_envelope: NDArray[np.float32]
    live: NDArray[np.uint8]
    bands: NDArray[np.int32]


def buffers(query_length: int, template_length: int) -> Buffers:
    """Allocate memory for pairs of chains up to these lengths, not initialised."""
    cells, tables = query_length * template_length, (query_length + 1) * (template_length + 1)
    shorter = min(query_length, template_length)
    squares = template_length * template_length
    block_rows, block_columns = -(-query_length // BLOCK_ROWS), -(-template_length // BLOCK_COLUMNS)
    rows = shorter * BLOCK_ROWS * block_rows
    sizes = (cells, tables, tables, tables, cells, rows, rows, squares, squares, squares)
    matrices = [np.empty(size, np.float32) for size in sizes]
    live, bands = np.empty(block_rows * block_columns, np.uint8), np.empty(2 * block_rows, np.int32)
    return Buffers(live, bands, *matrices)


@fast_kernel
def fitted(memory: Buffers, query_length: int, template_length: int) -> Workspace:
    """Cut the memory to a pair of chains, with all blocks live."""
    rows, columns = query_length, template_length
    cells, table = rows * columns, (rows + 1) * (columns + 1)
    block_rows, block_columns = (rows + BLOCK_ROWS - 1) // BLOCK_ROWS, (columns + BLOCK_COLUMNS - 1) // BLOCK_COLUMNS
    voters, whole_rows = min(rows, columns), BLOCK_ROWS * block_rows
    live = memory.live[: block_rows * block_columns].reshape((block_rows, block_columns))
    bands = memory.bands[: 2 * block_rows].reshape((block_rows, 2))
    mark_all(live, bands, columns)
    return Workspace(
        memory.cells[:cells].reshape((rows, columns)),
        memory.local[:cells].reshape((rows, columns)),
        memory.forward[:table].reshape((rows + 1, columns + 1)),
        memory.backward[:table].reshape((rows + 1, columns + 1)),
        memory.block[:table].reshape((rows + 1, columns + 1)),
        memory.row_logarithm[: voters * whole_rows].reshape((voters, whole_rows)),
        memory.row_envelope[: voters * whole_rows].reshape((voters, whole_rows)),
        live,
        bands,
    )


@fast_kernel
def mark_all(live: NDArray[np.uint8], bands: NDArray[np.int32], columns: int) -> None:
    """Mark every block as live."""
    live[:] = 1
    bands[:, 0] = 0
    bands[:, 1] = columns


def workspace(query_length: int, template_length: int) -> Workspace:
    """Allocate memory for one pair of chains."""
    return fitted(buffers(query_length, template_length), query_length, template_length)
