"""Read and write residue ranges as DPAM writes them: ``6-65,156-260``, 1-based, both ends included.

A single residue is ``n-n``. ``na`` stands for no residue at all, so that no table cell is ever empty. Only this module
reads and writes such strings.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["NO_RESIDUES", "format_range", "parse_range", "runs"]

NO_RESIDUES = "na"


def parse_range(text: str) -> NDArray[np.int64]:
    """Return the residues of a range string, in the order written.

    Parameters
    ----------
    text : str
        Segments joined by commas. A bare number is read as one residue; a chain prefix (``A:4-10``) is dropped.

    Returns
    -------
    ndarray, shape=(n,), dtype=int64
        Residue numbers as written (1-based); empty for ``na``.

    Raises
    ------
    ValueError
        If a segment is not a number or a pair ``first-last`` with first <= last.

    Examples
    --------
    >>> parse_range("1-3,7-7").tolist()
    [1, 2, 3, 7]
    """
    if text == NO_RESIDUES:
        return np.empty(0, np.int64)
    segments = []
    for segment in text.split(","):
        first_text, dash, last_text = segment.rpartition(":")[2].partition("-")
        try:
            first = int(first_text)
            last = int(last_text) if dash else first
        except ValueError:
            raise ValueError(f"'{segment}' in the range '{text}' is not of the form first-last") from None
        if last < first:
            raise ValueError(f"'{segment}' in the range '{text}' ends before it begins")
        segments.append(np.arange(first, last + 1))
    return np.concatenate(segments)


def runs(residues: ArrayLike, gap: float = 1) -> list[tuple[int, int]]:
    """Return the first and last residue of every run of ascending residues; a step over `gap` begins a new run.

    Parameters
    ----------
    residues : array-like of int, shape=(n,)
        Ascending; repeats are harmless.
    gap : float
        Largest difference between neighbours of one run.

    Returns
    -------
    list of (int, int)
    """
    numbers = np.asarray(residues, dtype=np.int64)
    if numbers.size == 0:
        return []
    cuts = np.flatnonzero(np.diff(numbers) > gap)
    firsts = numbers[np.concatenate(([0], cuts + 1))]
    lasts = numbers[np.concatenate((cuts, [numbers.size - 1]))]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def format_range(residues: Iterable[int] | NDArray[np.integer]) -> str:
    """Return the range string of a set of residues, ascending; ``na`` if the set is empty.

    Examples
    --------
    >>> format_range([5, 1, 2, 3])
    '1-3,5-5'
    """
    numbers = np.unique(np.fromiter(residues, np.int64))
    return ",".join(f"{first}-{last}" for first, last in runs(numbers)) or NO_RESIDUES
