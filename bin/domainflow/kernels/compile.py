"""Compile the inner loops with numba, in one of four ways.

`fast_kernel` lets the compiler reorder sums and assume finite numbers, so that loops become vector instructions. Its
results are the same for the same input on the same machine, whatever the threads. `exact_kernel` keeps IEEE arithmetic,
for what is reported. `checked_kernel` also raises an error where a divisor is zero, as Python does. All release the
interpreter while they run.

Where machine code is kept is for `domainflow.kernels.cache` to say: importing a module compiles, reads and writes
nothing.

Every way names its kind of arithmetic. Where a way leaves it open, numba compiles a kernel as its first caller is
compiled. Its results would then depend on which program came first.

A fast loop has indices that cannot be negative. An index below zero counts from the end. If the compiler cannot rule
that out, it takes one cell at a time, three to six times slower. So long loops run from 0 over views of rows that begin
at the first cell of the loop (``row, above = cells[i, first:], cells[i - 1, first:]``). A view counts a reference, some
7 ns. Loops of a few steps therefore use no views, and unsigned indices where those vary.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

from domainflow.kernels.cache import register_kernel

__all__ = ["checked_kernel", "exact_kernel", "exact_stage", "fast_kernel"]


def _kernel(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a decorator that compiles a function when it is first called."""

    def decorate(function: Callable[..., Any]) -> Any:
        kernel = njit(nogil=True, **options)(function)
        register_kernel(kernel)
        return kernel

    return decorate


checked_kernel = _kernel(fastmath=False, error_model="python")
# Without numpy's error model each division is tested for zero, and loops are not vectorised (7 times slower).
fast_kernel = _kernel(fastmath=True, error_model="numpy")
exact_kernel = _kernel(fastmath=False, error_model="numpy")
# A stage becomes a part of its only caller. Otherwise the compiler would optimise everything below it once more for
# each level of calls: that is minutes, not seconds.
exact_stage = _kernel(fastmath=False, error_model="numpy", inline="always")
