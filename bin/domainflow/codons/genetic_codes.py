"""Genetic codes: the amino acid of each codon, and which codons start and stop (NCBI's tables, version 4.5).

A codon is a number from 0 to 63: 16 · first + 4 · second + third base, with T, C, A, G as 0 to 3. Every table of this
workflow lists codons in this order.

Source: https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi. In the tables 27, 28 and 31 some codons are both stop
and sense. They belong to the family of their amino acid, and are a stop only as the last codon of a gene.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError

__all__ = ["AMINO_ACIDS", "CODONS", "OWN_CODE", "STOP", "GeneticCode", "genetic_code", "known_codes", "read_own_code"]

BASES = "TCAG"
CODONS = tuple(first + second + third for first in BASES for second in BASES for third in BASES)
STOP = "*"
OWN_CODE = 0
"""Number of the user's own genetic code; NCBI's numbers begin at 1."""

AMINO_ACIDS: Mapping[str, str] = {
    "A": "Ala", "C": "Cys", "D": "Asp", "E": "Glu", "F": "Phe", "G": "Gly", "H": "His", "I": "Ile", "K": "Lys",
    "L": "Leu", "M": "Met", "N": "Asn", "P": "Pro", "Q": "Gln", "R": "Arg", "S": "Ser", "T": "Thr", "V": "Val",
    "W": "Trp", "Y": "Tyr", "*": "Ter",
}  # fmt: skip
"""Three-letter names by letter."""

TABLES: Mapping[int, tuple[str, str, str]] = {
    1: (
        "Standard",
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "---M------**--*----M---------------M----------------------------",
    ),
    2: (
        "Vertebrate Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG",
        "----------**--------------------MMMM----------**---M------------",
    ),
    3: (
        "Yeast Mitochondrial",
        "FFLLSSSSYY**CCWWTTTTPPPPHHQQRRRRIIMMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------**----------------------MM---------------M------------",
    ),
    4: (
        "Mold Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "--MM------**-------M------------MMMM---------------M------------",
    ),
    5: (
        "Invertebrate Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSSSSVVVVAAAADDEEGGGG",
        "---M------**--------------------MMMM---------------M------------",
    ),
    6: (
        "Ciliate Nuclear",
        "FFLLSSSSYYQQCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "--------------*--------------------M----------------------------",
    ),
    9: (
        "Echinoderm Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNNKSSSSVVVVAAAADDEEGGGG",
        "----------**-----------------------M---------------M------------",
    ),
    10: (
        "Euplotid Nuclear",
        "FFLLSSSSYY**CCCWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------**-----------------------M----------------------------",
    ),
    11: (
        "Bacterial",
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "---M------**--*----M------------MMMM---------------M------------",
    ),
    12: (
        "Alternative Yeast Nuclear",
        "FFLLSSSSYY**CC*WLLLSPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------**--*----M---------------M----------------------------",
    ),
    13: (
        "Ascidian Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSSGGVVVVAAAADDEEGGGG",
        "---M------**----------------------MM---------------M------------",
    ),
    14: (
        "Alternative Flatworm Mitochondrial",
        "FFLLSSSSYYY*CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNNKSSSSVVVVAAAADDEEGGGG",
        "-----------*-----------------------M----------------------------",
    ),
    15: (
        "Blepharisma Macronuclear",
        "FFLLSSSSYY*QCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------*---*--------------------M----------------------------",
    ),
    16: (
        "Chlorophycean Mitochondrial",
        "FFLLSSSSYY*LCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------*---*--------------------M----------------------------",
    ),
    21: (
        "Trematode Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNNKSSSSVVVVAAAADDEEGGGG",
        "----------**-----------------------M---------------M------------",
    ),
    22: (
        "Scenedesmus obliquus Mitochondrial",
        "FFLLSS*SYY*LCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "------*---*---*--------------------M----------------------------",
    ),
    23: (
        "Thraustochytrium Mitochondrial",
        "FF*LSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "--*-------**--*-----------------M--M---------------M------------",
    ),
    24: (
        "Pterobranchia Mitochondrial",
        "FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSSKVVVVAAAADDEEGGGG",
        "---M------**-------M---------------M---------------M------------",
    ),
    25: (
        "Candidate Division SR1",
        "FFLLSSSSYY**CCGWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "---M------**-----------------------M---------------M------------",
    ),
    26: (
        "Pachysolen tannophilus Nuclear",
        "FFLLSSSSYY**CC*WLLLAPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------**--*----M---------------M----------------------------",
    ),
    27: (
        "Karyorelict Nuclear",
        "FFLLSSSSYYQQCCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "--------------*--------------------M----------------------------",
    ),
    28: (
        "Condylostoma Nuclear",
        "FFLLSSSSYYQQCCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------**--*--------------------M----------------------------",
    ),
    29: (
        "Mesodinium Nuclear",
        "FFLLSSSSYYYYCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "--------------*--------------------M----------------------------",
    ),
    30: (
        "Peritrich Nuclear",
        "FFLLSSSSYYEECC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "--------------*--------------------M----------------------------",
    ),
    31: (
        "Blastocrithidia Nuclear",
        "FFLLSSSSYYEECCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "----------**-----------------------M----------------------------",
    ),
    32: (
        "Balanophoraceae Plastid",
        "FFLLSSSSYY*WCC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        "---M------*---*----M------------MMMM---------------M------------",
    ),
    33: (
        "Cephalodiscidae Mitochondrial",
        "FFLLSSSSYYY*CCWWLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSSKVVVVAAAADDEEGGGG",
        "---M-------*-------M---------------M---------------M------------",
    ),
}
"""Name, amino acids and signals of each table; a signal is M (start), * (stop) or -."""


class GeneticCode(NamedTuple):
    """One genetic code.

    Attributes
    ----------
    number : int
        NCBI's number, or `OWN_CODE`.
    name : str
    amino_acids : str
        64 letters, ``*`` for codons that are only a stop.
    is_start, is_stop : bool array, shape (64,)
        Codons that may begin or end a gene.
    """

    number: int
    name: str
    amino_acids: str
    is_start: NDArray[np.bool_]
    is_stop: NDArray[np.bool_]

    @property
    def never_inside(self) -> NDArray[np.bool_]:
        """Codons that are a stop and nothing else, shape (64,)."""
        return np.array([letter == STOP for letter in self.amino_acids])

    @property
    def degeneracy(self) -> NDArray[np.int64]:
        """Number of codons with the same meaning as each codon, shape (64,)."""
        return np.array([self.amino_acids.count(letter) for letter in self.amino_acids])


def known_codes(own: GeneticCode | None = None) -> dict[int, GeneticCode]:
    """Return all genetic codes by number, the user's own among them if there is one."""
    codes = {number: _made(number, *table) for number, table in TABLES.items()}
    return codes if own is None else codes | {OWN_CODE: own}


def genetic_code(number: int, own: GeneticCode | None = None) -> GeneticCode:
    """Return the genetic code of a number.

    Raises
    ------
    InputError
        If there is none; the message lists the valid numbers.
    """
    if number == OWN_CODE and own is not None:
        return own
    if number not in TABLES:
        valid = ", ".join(map(str, TABLES))
        raise InputError(f"there is no genetic code {number}; the numbers are {valid}, and 0 with --codon_own_code")
    return _made(number, *TABLES[number])


def read_own_code(path: Path) -> GeneticCode:
    """Read a genetic code from a table: codon, amino acid and, if the codon starts genes, ``start``.

    Columns are separated by white space; lines that begin with ``#`` are skipped. All 64 codons are needed.

    Raises
    ------
    InputError
        If a line cannot be read, or a codon is missing.
    """
    letters: dict[str, str] = {}
    starts = set()
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        codon = words[0].upper().replace("U", "T")
        if codon not in CODONS or len(words) < 2 or words[1].upper() not in AMINO_ACIDS:
            raise InputError(f"line {number} of {path.name} is no codon with an amino acid; write for example 'TGA W'")
        letters[codon] = words[1].upper()
        if words[2:3] == ["start"]:
            starts.add(codon)
    missing = [codon for codon in CODONS if codon not in letters]
    if missing:
        raise InputError(f"{path.name} lacks {len(missing)} codons, the first is {missing[0]}; list all 64")
    amino_acids = "".join(letters[codon] for codon in CODONS)
    signals = "".join("M" if c in starts else STOP if letters[c] == STOP else "-" for c in CODONS)
    return _made(OWN_CODE, path.name, amino_acids, signals)


def _made(number: int, name: str, amino_acids: str, signals: str) -> GeneticCode:
    marks = np.array(list(signals))
    return GeneticCode(number, name, amino_acids, marks == "M", marks == STOP)
