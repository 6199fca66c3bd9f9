"""Adaptation of each codon to the tRNA genes of a genome, for tAI (dos Reis, Savva and Wernisch 2004).

The sum of (1 - s) · copies over the tRNAs that read a codon, divided by the largest such sum, is the codon's weight w.
A codon that no tRNA reads has the geometric mean of the others. Stops are left out, by the authors methionine too. A
tRNA reads codons of its own amino acid alone: the one of selenocysteine (anticodon TCA) does not read TGG.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.codons.genetic_codes import CODONS, STOP, GeneticCode
from domainflow.codons.opened_file import open_text
from domainflow.run.errors import InputError

__all__ = ["read_trna_genes", "trna_adaptiveness"]

_PAIRS = str.maketrans("TCAG", "AGTC")

WOBBLE = {
    ("T", "A"): 0.0, ("C", "G"): 0.0, ("A", "T"): 0.0, ("G", "C"): 0.0,
    ("T", "G"): 0.41, ("C", "A"): 0.28, ("A", "A"): 0.9999, ("G", "T"): 0.68,
}  # fmt: skip
"""s of each third base of a codon with the first base of an anticodon; A there is inosine (dos Reis et al. 2004)."""
LYSIDINE = 0.89
"""s of ATA with the anticodon CAT whose C is lysidine, in bacteria and archaea (dos Reis et al. 2004)."""


def read_trna_genes(path: Path) -> dict[str, float]:
    """Read the number of tRNA genes by anticodon: a table ``anti_codon,GCN``, separated by commas or white space.

    Raises
    ------
    InputError
        If a line cannot be read, or there is none.
    """
    genes: dict[str, float] = {}
    with open_text(path) as lines:
        for number, line in enumerate(lines, start=1):
            words = line.replace(",", " ").split()
            if not words or line.startswith("#") or words[0].lower().startswith("anti"):
                continue
            anticodon = words[0].upper().replace("U", "T")
            if anticodon not in CODONS or len(words) < 2 or not words[1].replace(".", "", 1).isdigit():
                raise InputError(
                    f"line {number} of {path.name} is no anticodon with a number; write for example 'CAT,9'"
                )
            genes[anticodon] = genes.get(anticodon, 0) + float(words[1])
    if not genes:
        raise InputError(f"{path.name} has no anticodon; write lines such as 'CAT,9'")
    return genes


def trna_adaptiveness(
    genes: dict[str, float], code: GeneticCode, domain: str, excluded: str = "M"
) -> NDArray[np.float64]:
    """Return w of each codon, NaN for stops and excluded amino acids; shape (64,).

    Parameters
    ----------
    genes : dict of anticodon to number
    code : GeneticCode
    domain : str
        ``prokaryote``: ATA is read by a tRNA with lysidine alone, with weight 1 - 0.89.
    excluded : str
        Amino acids to leave out, one-letter names.
    """
    letter_of = dict(zip(CODONS, code.amino_acids, strict=True))
    absolute = np.full(len(CODONS), np.nan)
    for index, (codon, letter) in enumerate(zip(CODONS, code.amino_acids, strict=True)):
        if letter == STOP or letter in excluded:
            continue
        end = codon[:2].translate(_PAIRS)[::-1]
        readers = [(first, s) for (third, first), s in WOBBLE.items() if third == codon[2]]
        same = [(first, s) for first, s in readers if letter_of[codon[:2] + first.translate(_PAIRS)] == letter]
        absolute[index] = sum((1 - s) * genes.get(first + end, 0) for first, s in same)
        if domain == "prokaryote" and codon == "ATA":
            absolute[index] = 1 - LYSIDINE
    relative = absolute / np.nanmax(absolute)
    positive = relative[relative > 0]
    return np.where(relative == 0, np.exp(np.log(positive).mean()), relative)
