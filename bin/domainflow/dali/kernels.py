"""How the aligner's inner loops are compiled.

`fast_kernel` (numba's njit) lets the compiler reorder sums and assume finite numbers, so that loops become vector
instructions; results are the same for the same input on the same machine, whatever the threads. `exact_kernel` keeps
IEEE arithmetic, for what is reported. Both release the interpreter while they run.

How to write a fast loop: an index below zero counts from the end, and where the compiler cannot rule that out it takes
one cell at a time, three to six times slower. So long loops run from 0 over views of rows that begin where the loop
does (``row, above = cells[i, first:], cells[i - 1, first:]``). Making a view counts a reference, some 7 ns: loops of a
few steps do without, and have unsigned indices where those vary.
"""

from numba import njit

__all__ = ["exact_kernel", "exact_stage", "fast_kernel"]

# Without numpy's error model each division is tested for zero, and loops are not vectorised (7 times slower).
fast_kernel = njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
exact_kernel = njit(cache=True, nogil=True, error_model="numpy")
# A stage becomes a part of its only caller. Otherwise the compiler would optimise everything below it once more for
# each level of calls: that is minutes, not seconds.
exact_stage = njit(cache=True, nogil=True, error_model="numpy", inline="always")
