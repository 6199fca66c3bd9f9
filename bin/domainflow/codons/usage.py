"""Codon usage of many genes together: frequencies, RSCU, relative adaptiveness, amino acids, composition.

RSCU of a codon is its count divided by the mean count of its family (Sharp, Tuohy and Mosurski 1986). A family that
does not occur has no RSCU. The size of a family is that in the genetic code, not the number of codons seen.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.codons.families import Families, families_of
from domainflow.codons.genetic_codes import AMINO_ACIDS, CODONS, STOP, GeneticCode
from domainflow.codons.settings import IndexSettings

__all__ = ["Usage", "amino_acid_table", "codon_usage", "composition", "usage_conventions", "usage_table"]

AMBIGUOUS_CODON = "NNN"


class Usage(NamedTuple):
    """Codon usage; arrays of shape (64,), NaN where a value is undefined.

    Attributes
    ----------
    counts : int64 array
    freq : float64 array
        Share of all counted codons.
    aa_fraction : float64 array
        Share of the codons of the same amino acid.
    rscu, w : float64 array
        Relative synonymous codon usage, and count divided by the largest of the family.
    rank : int64 array
        1 for the most frequent codon; ties in the order of the codons.
    """

    counts: NDArray[np.int64]
    freq: NDArray[np.float64]
    aa_fraction: NDArray[np.float64]
    rscu: NDArray[np.float64]
    w: NDArray[np.float64]
    rank: NDArray[np.int64]


def codon_usage(counts: NDArray[np.int64], code: GeneticCode, settings: IndexSettings, ambiguous: int = 0) -> Usage:
    """Return the usage of counts of shape (64,); `ambiguous` triplets are part of the total if settings say so."""
    families = families_of(code, settings.families)
    is_stop = np.array([letter == STOP for letter in code.amino_acids])
    in_total = ~is_stop if settings.exclude_stops else np.ones(len(CODONS), np.bool_)
    total = int(counts[in_total].sum()) + (ambiguous if settings.count_ambiguous else 0)
    letters = np.array(list(code.amino_acids))
    of_letter = np.array([counts[letters == letter].sum() for letter in letters], np.float64)
    size, of_family = families.codon_sizes.astype(np.float64), _of_family(families, counts)
    largest = families.largest(counts.astype(np.float64))[np.maximum(families.of_codon, 0)]
    if settings.rscu_stops:
        size[is_stop] = is_stop.sum()
        of_family[is_stop] = counts[is_stop].sum()
    has_family = size > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        order = np.lexsort((np.arange(len(CODONS)), -counts))
        return Usage(
            counts,
            np.where(in_total, counts / total, np.nan) if total else np.full(len(CODONS), np.nan),
            np.where(of_letter > 0, counts / of_letter, np.nan),
            np.where(has_family & (of_family > 0), counts * size / of_family, np.nan),
            np.where(~is_stop & (of_family > 0), counts / largest, np.nan),
            np.argsort(order) + 1,
        )


def usage_table(
    usage: Usage, code: GeneticCode, key: Mapping[str, Any], conventions: str, ambiguous: int | None = None
) -> pa.Table:
    """Return the rows of ``codon_usage.tsv``: 64, and one for ambiguous triplets if they are counted.

    Parameters
    ----------
    usage : Usage
    code : GeneticCode
    key : mapping of column to value
        Columns that come first.
    conventions : str
        What the numbers follow.
    ambiguous : int or None
        Ambiguous triplets, if they are a class of their own.
    """
    letters = list(code.amino_acids)
    extra = [] if ambiguous is None else [ambiguous]
    n = len(CODONS) + len(extra)
    total = usage.counts.sum() + sum(extra)
    freq = np.r_[usage.freq, [value / total if total else np.nan for value in extra]]

    def column(values: Any, last: Any, kind: pa.DataType) -> pa.Array:
        return pa.array([*list(values), *([last] * len(extra))], kind)

    def numbers(values: NDArray[np.float64]) -> pa.Array:
        whole = np.r_[values, [np.nan] * (n - len(values))]
        return pa.array(whole, mask=np.isnan(whole))

    columns: dict[str, Any] = {name: pa.repeat(pa.scalar(value), n) for name, value in key.items()}
    columns |= {
        "codon": column(CODONS, AMBIGUOUS_CODON, pa.string()),
        "aa": column(letters, "X", pa.string()),
        "aa3": column([AMINO_ACIDS[letter] for letter in letters], "Xaa", pa.string()),
        "degeneracy": column(code.degeneracy.tolist(), None, pa.int64()),
        "count": column(usage.counts.tolist(), ambiguous, pa.int64()),
        "freq": numbers(freq),
        "per_thousand": numbers(1000 * freq),
        "aa_fraction": numbers(usage.aa_fraction),
        "rscu": numbers(usage.rscu),
        "w": numbers(usage.w),
        "rank": column(usage.rank.tolist(), None, pa.int64()),
        "is_stop": column(code.is_stop.tolist(), False, pa.bool_()),
        "is_start": column(code.is_start.tolist(), False, pa.bool_()),
        "conventions": pa.repeat(pa.scalar(conventions), n),
    }
    return pa.table(columns)


def amino_acid_table(counts: NDArray[np.int64], code: GeneticCode, key: Mapping[str, Any]) -> pa.Table:
    """Return the rows of ``amino_acid_usage.tsv``: amino acids by their letter, stops last."""
    letters = np.array(list(code.amino_acids))
    present = [letter for letter in AMINO_ACIDS if letter in letters]
    sums = [int(counts[letters == letter].sum()) for letter in present]
    total = sum(sums)
    n = len(present)
    columns: dict[str, Any] = {name: pa.repeat(pa.scalar(value), n) for name, value in key.items()}
    return pa.table(
        columns
        | {
            "aa": present,
            "aa3": [AMINO_ACIDS[letter] for letter in present],
            "n_codons": [int((letters == letter).sum()) for letter in present],
            "count": sums,
            "freq": pa.array([value / total if total else None for value in sums], pa.float64()),
            "conventions": pa.repeat(pa.scalar("freq=of all counted codons, stops too"), n),
        }
    )


def composition(counts: NDArray[np.int64], code: GeneticCode) -> dict[str, float | None]:
    """Return GC of all codons, at each position, and at the third position of synonymous codons (GC3s)."""
    index = np.arange(len(CODONS))
    bases = (index // 16, index // 4 % 4, index % 4)
    total = int(counts.sum())
    found: dict[str, float | None] = {}
    shares = [int(counts[place % 2 == 1].sum()) for place in bases]
    found["gc"] = sum(shares) / (3 * total) if total else None
    for number, share in enumerate(shares, start=1):
        found[f"gc{number}"] = share / total if total else None
    synonymous = (code.degeneracy > 1) & ~code.never_inside
    n = int(counts[synonymous].sum())
    found["gc3s"] = int(counts[synonymous & (bases[2] % 2 == 1)].sum()) / n if n else None
    return found


def usage_conventions(settings: IndexSettings) -> str:
    """Say what the numbers of a usage table follow."""
    texts = [
        f"mode={settings.mode}" + (f", frame={settings.frame}" if settings.mode == "frame" else ""),
        f"families={settings.families}",
        "freq=" + ("without stops" if settings.exclude_stops else "of 64 codons"),
        "rscu=" + ("stops are a family" if settings.rscu_stops else "without stops"),
        "w=count/largest of the family",
    ]
    return "; ".join(texts)


def _of_family(families: Families, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = families.sums(counts).astype(np.float64)
    return np.where(families.of_codon < 0, 0, sums[np.maximum(families.of_codon, 0)])
