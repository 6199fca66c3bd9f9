"""Memory that the comparison of two chains needs, taken once and used again for pair after pair."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.dali.dynamic_programming import BLOCK_COLUMNS, BLOCK_ROWS

__all__ = ["Scratch", "Workspace"]

Matrix = NDArray[np.float32]
Indices = NDArray[np.int32]


class Workspace(NamedTuple):
    """Arrays for chains of L1 and L2 residues, n = min(L1, L2) + 2, C candidate alignments; contents are undefined.

    Attributes
    ----------
    score : ndarray, shape=(L1 + 1, L2)
        Cells of the dynamic programming; the last row is for kernels that take two rows at once.
    local : ndarray, shape=(L1 + 1, L2)
        Gapless similarity around each cell.
    best, after, ending : ndarray, shape=(L1 + 1, L2 + 1)
        Dynamic programming from the front, from the back, and of blocks.
    live : ndarray, shape=(ceil(L1 / 2), ceil(L2 / 16)), dtype=uint8
        Tiles in the corridor.
    query_distance, query_weight : ndarray, shape=(L1 + 1, n)
        Distances of each query residue to aligned ones.
    template_weight : ndarray, shape=(n, L2)
    tile_distance, tile_weight : ndarray, shape=(n, 16)
    gathered : ndarray, shape=(4, n)
    row, contribution : ndarray, shape=(n,)
    indices : ndarray, shape=(6, n), dtype=int32
    moved : ndarray, shape=(3, L2)
        Template CA after a superposition, Å.
    p, q : ndarray, shape=(C, n), dtype=int32
        Pairs of each candidate.
    pairs : ndarray, shape=(C,), dtype=int32
    s, z : ndarray, shape=(C,), dtype=float32
    """

    score: Matrix
    local: Matrix
    best: Matrix
    after: Matrix
    ending: Matrix
    live: NDArray[np.uint8]
    query_distance: Matrix
    query_weight: Matrix
    template_weight: Matrix
    tile_distance: Matrix
    tile_weight: Matrix
    gathered: Matrix
    row: Matrix
    contribution: Matrix
    indices: Indices
    moved: Matrix
    p: Indices
    q: Indices
    pairs: Indices
    s: Matrix
    z: Matrix


class Scratch:
    """A growing piece of memory from which `Workspace` arrays are cut; one a thread."""

    def __init__(self) -> None:
        self._memory: NDArray[np.uint8] = np.empty(0, np.uint8)

    def workspace(self, query_length: int, template_length: int, candidates: int) -> Workspace:
        """Arrays for two chains; those handed out before become invalid."""
        rows, columns = query_length, template_length
        n = min(rows, columns) + 2
        cells, paths = (rows + 1, columns), (rows + 1, columns + 1)
        tiles = (-(-rows // BLOCK_ROWS), -(-columns // BLOCK_COLUMNS))
        f, i = np.dtype(np.float32), np.dtype(np.int32)
        wanted: list[tuple[tuple[int, ...], np.dtype]] = [
            *[(cells, f)] * 2,
            *[(paths, f)] * 3,
            (tiles, np.dtype(np.uint8)),
            *[((rows + 1, n), f)] * 2,
            ((n, columns), f),
            *[((n, BLOCK_COLUMNS), f)] * 2,
            ((4, n), f),
            *[((n,), f)] * 2,
            ((6, n), i),
            ((3, columns), f),
            *[((candidates, n), i)] * 2,
            ((candidates,), i),
            *[((candidates,), f)] * 2,
        ]
        ends = np.cumsum([_aligned(int(np.prod(shape)) * kind.itemsize) for shape, kind in wanted])
        if ends[-1] > len(self._memory):
            self._memory = np.empty(int(ends[-1]), np.uint8)
        begins = [0, *ends.tolist()]
        return Workspace(
            *(
                np.ndarray(shape, kind, self._memory.data, begin)
                for (shape, kind), begin in zip(wanted, begins[:-1], strict=True)
            )
        )


def _aligned(size: int) -> int:
    """Bytes rounded up to a cache line."""
    return -(-size // 64) * 64
