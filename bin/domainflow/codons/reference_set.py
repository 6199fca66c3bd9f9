"""Reference sets of CAI, Fop and CBI: how often each codon occurs in genes that are expressed highly.

A set is a file (genes, or a table of codons with counts), or a table of the package python_codon_tables by name. It may
also be the sample's own genes (``self``), or its genes of ribosomal proteins (``ribosomal``).
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import python_codon_tables
from numpy.typing import NDArray

from domainflow.codons.count_codons import count_batch
from domainflow.codons.families import Families
from domainflow.codons.genetic_codes import CODONS, GeneticCode
from domainflow.codons.opened_file import open_text
from domainflow.codons.prepare_genes import GeneFile, prepare_genes
from domainflow.codons.settings import CountSettings, IndexSettings, PrepareSettings
from domainflow.codons.totals import Totals
from domainflow.run.errors import InputError

__all__ = [
    "OF_THE_SAMPLE", "Adaptiveness", "Reference", "adaptiveness", "built_in_reference", "optimal_codons",
    "read_optimal", "read_reference",
]  # fmt: skip

OF_THE_SAMPLE = ("self", "ribosomal")
PERCENT = 100
"""Built-in tables hold fractions of two decimals. As whole percents, ``cai_zero`` 0.5 is half of their last digit."""


class Reference(NamedTuple):
    """A reference set: its name, and its codons' counts, shape (64,)."""

    name: str
    counts: NDArray[np.float64]


class Adaptiveness(NamedTuple):
    """Relative adaptiveness of codons.

    Attributes
    ----------
    w : float64 array, shape (64,)
        NaN for stops and families that the reference lacks.
    in_cai : bool array, shape (64,)
        Codons that take part in CAI.
    absent : list of str
        Families that the reference lacks.
    """

    w: NDArray[np.float64]
    in_cai: NDArray[np.bool_]
    absent: list[str]


def read_reference(path: Path, number: int, codes: Mapping[int, GeneticCode]) -> Reference:
    """Read a reference set from a table of codons, or count the genes of a file.

    Raises
    ------
    InputError
        If the file has no codon.
    """
    counts = _table_counts(path)
    if counts is None:
        with tempfile.TemporaryDirectory() as folder:
            file = GeneFile(path.name, path, None, number, None)
            totals = Totals.empty()
            for batch in prepare_genes([file], Path(folder), "reference", PrepareSettings(), codes):
                for part in count_batch(batch.path, CountSettings(), codes):
                    totals = totals.plus(part.totals)
            counts = totals.counts.astype(np.float64)
    if not counts.any():
        raise InputError(f"{path.name} has no codon; give coding sequences, or a table of codons with their counts")
    return Reference(path.name, counts)


def built_in_reference(name: str) -> Reference:
    """Return a table of the package python_codon_tables, in percent of each amino acid's codons.

    Raises
    ------
    InputError
        If there is no such table; the message lists the names.
    """
    names = sorted(python_codon_tables.available_codon_tables_names)
    if name not in names:
        raise InputError(f"there is no file or reference set '{name}'; the built-in ones are {', '.join(names)}")
    fractions = {
        codon: value for table in python_codon_tables.get_codons_table(name).values() for codon, value in table.items()
    }
    return Reference(name, np.array([round(PERCENT * fractions[codon]) for codon in CODONS], np.float64))


def adaptiveness(reference: Reference, families: Families, settings: IndexSettings) -> Adaptiveness:
    """Return the relative adaptiveness of each codon: max(count, zero) divided by the largest count of its family.

    Source: Sharp and Li 1987; the count 0.5 of an absent codon is theirs.
    """
    largest = families.largest(reference.counts)
    of_codon = np.where(families.of_codon < 0, 0, families.of_codon)
    present = (families.of_codon >= 0) & (largest[of_codon] > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        w = np.where(present, np.maximum(reference.counts, settings.cai_zero) / largest[of_codon], np.nan)
    w = np.minimum(w, 1)
    letters = np.array([name[0] for name in families.names])[of_codon]
    if settings.cai_exclude == "auto":
        excluded = families.codon_sizes == 1
    else:
        excluded = np.isin(letters, list(settings.excluded(settings.cai_exclude)))
    absent = [name for name, most in zip(families.names, largest, strict=True) if most == 0]
    return Adaptiveness(w, present & ~excluded, absent)


def optimal_codons(reference: Reference, families: Families) -> NDArray[np.bool_]:
    """Return the most frequent codon of each family of two or more, several if they tie; shape (64,)."""
    largest = families.largest(reference.counts)
    of_codon = np.where(families.of_codon < 0, 0, families.of_codon)
    return (families.codon_sizes > 1) & (largest[of_codon] > 0) & (reference.counts == largest[of_codon])


def read_optimal(path: Path) -> NDArray[np.bool_]:
    """Read optimal codons, separated by white space or commas; shape (64,).

    Raises
    ------
    InputError
        If a word is no codon.
    """
    with open_text(path) as lines:
        words = [
            word
            for line in lines
            if line[0] != "#"
            for word in line.replace(",", " ").upper().replace("U", "T").split()
        ]
    wrong = [word for word in words if word not in CODONS]
    if wrong or not words:
        raise InputError(f"{path.name} must list codons; it has {wrong[0] if wrong else 'none'}")
    return np.isin(CODONS, words)


def _table_counts(path: Path) -> NDArray[np.float64] | None:
    """Return the counts of a table whose lines begin with a codon and end with its count, or None if it is none."""
    counts = dict.fromkeys(CODONS, 0.0)
    found = 0
    with open_text(path) as lines:
        for line in lines:
            if line.startswith((">", "LOCUS", "ID ", "##gff", "PAR1")):
                return None
            words = line.replace(",", " ").split()
            codon = words[0].upper().replace("U", "T") if words else ""
            if codon in counts and len(words) > 1:
                try:
                    counts[codon] = float(words[-1])
                except ValueError:
                    raise InputError(f"the line of {codon} in {path.name} does not end with a count") from None
                found += 1
    return np.array(list(counts.values())) if found else None
