"""Families of synonymous codons in a genetic code.

``aa``: one family per amino acid. ``box``: families are divided by their first two bases, which makes families of four
and two of the six codons of Leu, Ser and Arg.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.codons.genetic_codes import CODONS, STOP, GeneticCode

__all__ = ["LEVELS", "Families", "families_of"]

LEVELS = ("aa", "box")


class Families(NamedTuple):
    """The families of a genetic code; stop codons are in none.

    Attributes
    ----------
    names : tuple of str
        Amino acid, with ``box`` also the first two bases of a divided family (``L:CT``).
    of_codon : int64 array, shape (64,)
        Family of each codon, -1 for stops.
    sizes : int64 array, shape (families,)
    """

    names: tuple[str, ...]
    of_codon: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @property
    def codon_sizes(self) -> NDArray[np.int64]:
        """Size of each codon's family, 0 for stops; shape (64,)."""
        return np.where(self.of_codon < 0, 0, self.sizes[self.of_codon])

    def sums(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the counts of each family, shape (families,)."""
        return np.bincount(self.of_codon[self.of_codon >= 0], counts[self.of_codon >= 0], len(self.names)).astype(
            counts.dtype
        )

    def largest(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the largest value within each family, shape (families,)."""
        found = np.zeros(len(self.names))
        np.maximum.at(found, self.of_codon[self.of_codon >= 0], counts[self.of_codon >= 0])
        return found


def families_of(code: GeneticCode, level: str) -> Families:
    """Return the families of a genetic code at a level of `LEVELS`, in the order of their names."""
    return _families(code.amino_acids, level)


@lru_cache(maxsize=64)
def _families(amino_acids: str, level: str) -> Families:
    boxes = {
        letter: {codon[:2] for codon, a in zip(CODONS, amino_acids, strict=True) if a == letter}
        for letter in amino_acids
    }
    divided = level == "box"
    names = [
        f"{letter}:{codon[:2]}" if divided and len(boxes[letter]) > 1 else letter
        for codon, letter in zip(CODONS, amino_acids, strict=True)
    ]
    ordered = tuple(sorted({name for name in names if name[0] != STOP}))
    of_codon = np.array([ordered.index(name) if name[0] != STOP else -1 for name in names])
    return Families(ordered, of_codon, np.bincount(of_codon[of_codon >= 0], minlength=len(ordered)))
