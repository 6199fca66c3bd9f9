"""How a kernel is compiled does not depend on the kernel that calls it first."""

import numpy as np
import pytest

from domainflow.kernels.compile import checked_kernel, exact_kernel, fast_kernel

SUMMANDS = np.array([1e16, 1.0, -1e16, 1.0] * 64)
"""Their sum depends on its order."""


def in_order(values):
    total = 0.0
    for place in range(len(values)):
        total += values[place]
    return total


@pytest.mark.parametrize("kind", [exact_kernel, checked_kernel])
def test_an_exact_kernel_stays_exact_where_a_fast_one_calls_it_first(kind):
    plain = kind(in_order)

    @fast_kernel
    def through(values):
        return plain(values)

    assert through(SUMMANDS) == in_order(SUMMANDS)
    assert plain(SUMMANDS) == in_order(SUMMANDS)


def test_a_checked_kernel_finds_a_zero_divisor_where_an_exact_one_calls_it_first():
    @checked_kernel
    def ratio(values):
        return values[0] / values[1]

    @exact_kernel
    def through(values):
        return ratio(values)

    for kernel in (through, ratio):
        with pytest.raises(ZeroDivisionError):
            kernel(np.zeros(2))
