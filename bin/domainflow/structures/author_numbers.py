"""Say residue ranges in the numbers of the user's own file: insertion codes, negative numbers, gaps, offsets."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from domainflow.structures.ranges import NO_RESIDUES, runs

__all__ = ["AuthorNumbers"]

_LABEL = re.compile(r"(-?\d+)(.*)")


class AuthorNumbers(NamedTuple):
    """Chain and residue numbers of L residues as the file's author gives them.

    Attributes
    ----------
    chain : str
        Empty if the file names none.
    labels : tuple of str
        L numbers with their insertion codes, such as ``-3`` and ``52A``.
    fragments : tuple of int
        Number of the fragment that each residue of a long protein is taken from; empty for other proteins.
    """

    chain: str
    labels: tuple[str, ...]
    fragments: tuple[int, ...] = ()

    @classmethod
    def counted(cls, length: int, chain: str = "A") -> "AuthorNumbers":
        """Return the numbers 1..L."""
        return cls(chain, tuple(str(number) for number in range(1, length + 1)))

    def range_of(self, residues: Iterable[int]) -> str:
        """Return the range of residues (1-based, of L), split where the author's numbers leave a gap.

        Examples
        --------
        >>> AuthorNumbers("A", ("-1", "0", "52", "52A", "53")).range_of([1, 2, 3, 4, 5])
        '-1-0,52-53'
        """
        segments = []
        for first, last in runs(sorted(set(residues))):
            begin = first
            for residue in range(first, last + 1):
                if residue == last or not self._follows(residue):
                    segments.append(f"{self.labels[begin - 1]}-{self.labels[residue - 1]}")
                    begin = residue + 1
        return ",".join(segments) or NO_RESIDUES

    def fragments_of(self, residues: Iterable[int]) -> str:
        """Return the fragments that residues (1-based, of L) are taken from: ``F1,F2``, or ``na``."""
        found = sorted({self.fragments[residue - 1] for residue in residues}) if self.fragments else []
        return ",".join(f"F{number}" for number in found) or NO_RESIDUES

    def _follows(self, residue: int) -> bool:
        """Return whether the next residue has the same number (with another insertion code) or the next one."""
        here, there = (_LABEL.fullmatch(label) for label in self.labels[residue - 1 : residue + 1])
        if here is None or there is None:
            return True
        return int(there[1]) - int(here[1]) in (0, 1)
