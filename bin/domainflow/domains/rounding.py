"""Round as NumPy does where DPAM v2's programs round NumPy's numbers.

NumPy multiplies by a power of ten, rounds half to even, and divides. Python rounds the exact value of the number. They
differ for some halves: NumPy rounds 2.675 to 2.68, Python to 2.67.
"""

import numpy as np

__all__ = ["probability_text", "round_as_numpy", "round_mean"]

PROBABILITY_DECIMALS = 4


def round_as_numpy(value: float, decimals: int) -> float:
    """Round a number as NumPy does.

    Examples
    --------
    >>> round_as_numpy(0.225, 2), round(0.225, 2)
    (0.22, 0.23)
    """
    return float(np.round(np.float64(value), decimals))


def round_mean(total: float, count: int, decimals: int) -> float:
    """Divide and round as NumPy does.

    Examples
    --------
    >>> round_mean(107, 40, 2), round(107 / 40, 2)
    (2.68, 2.67)
    """
    return round_as_numpy(total / count, decimals)


def probability_text(probability: float | np.floating) -> str:
    """Return a probability of the network as DPAM v2 writes it: four decimals, in single precision.

    Examples
    --------
    >>> probability_text(0.849949956), probability_text(0.0001)
    ('0.85', '1e-04')
    """
    return str(np.round(np.float32(probability), PROBABILITY_DECIMALS))
