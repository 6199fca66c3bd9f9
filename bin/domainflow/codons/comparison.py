"""Compare the codon usage of groups of samples, amino acid by amino acid.

For two groups, the counts of an amino acid's codons are a table of two rows. Its chi-square tests whether both groups
choose among the codons alike. p-values of a pair of groups are adjusted by Benjamini and Hochberg 1995. The size of the
effect is Cramér's V: 0 for equal choice, 1 for entirely different choice. Many codons make any difference significant,
so look at V first.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import chi2

from domainflow.codons.families import families_of
from domainflow.codons.genetic_codes import CODONS, GeneticCode

__all__ = ["COMPARISON_SCHEMA", "adjusted", "chi_square", "compare_groups"]

COMPARISON_SCHEMA = pa.schema(
    [
        ("genetic_code", pa.int64()),
        ("group_a", pa.string()),
        ("group_b", pa.string()),
        ("family", pa.string()),
        ("codons", pa.string()),
        ("n_a", pa.int64()),
        ("n_b", pa.int64()),
        ("chi2", pa.float64()),
        ("df", pa.int64()),
        ("p", pa.float64()),
        ("q", pa.float64()),
        ("cramers_v", pa.float64()),
        ("largest_change", pa.string()),
        ("conventions", pa.string()),
    ]
)
"""Columns of ``comparison.tsv``; `largest_change` is the codon whose share differs most, with b - a."""

CONVENTIONS = "families={}; chi-square without correction; q=Benjamini-Hochberg in each pair of groups"


def compare_groups(
    groups: Mapping[tuple[str, int], NDArray[np.int64]], codes: Mapping[int, GeneticCode], level: str
) -> pa.Table:
    """Return a row for each pair of groups of one genetic code and each family of two codons or more.

    Parameters
    ----------
    groups : mapping of (group, genetic code) to counts, shape (64,)
    codes : mapping of number to GeneticCode
    level : str
        Level of the families.
    """
    rows: list[dict[str, Any]] = []
    for number in sorted({number for _, number in groups}):
        names = [name for name, code in groups if code == number]
        for one, other in combinations(names, 2):
            found = _compare(groups[one, number], groups[other, number], codes[number], level)
            for row, q in zip(found, adjusted([row["p"] for row in found]), strict=True):
                key = {"genetic_code": number, "group_a": one, "group_b": other}
                rows.append({**key, **row, "q": q, "conventions": CONVENTIONS.format(level)})
    return pa.Table.from_pylist(rows, schema=COMPARISON_SCHEMA)


def chi_square(table: NDArray[np.int64]) -> tuple[float, int]:
    """Return chi-square and the degrees of freedom of a table; columns without a count are left out."""
    seen = table[:, table.sum(0) > 0].astype(np.float64)
    expected = seen.sum(1, keepdims=True) * seen.sum(0) / seen.sum()
    return float(((seen - expected) ** 2 / expected).sum()), (seen.shape[0] - 1) * (seen.shape[1] - 1)


def adjusted(p_values: list[float]) -> list[float]:
    """Return p-values adjusted for their number, in their order (Benjamini and Hochberg 1995)."""
    n = len(p_values)
    order = sorted(range(n), key=lambda place: p_values[place], reverse=True)
    found, smallest = [0.0] * n, 1.0
    for rank, place in zip(range(n, 0, -1), order, strict=True):
        smallest = min(smallest, p_values[place] * n / rank)
        found[place] = smallest
    return found


def _compare(one: NDArray[np.int64], other: NDArray[np.int64], code: GeneticCode, level: str) -> list[dict[str, Any]]:
    families = families_of(code, level)
    rows = []
    for family, name in enumerate(families.names):
        members = np.flatnonzero(families.of_codon == family)
        table = np.array([one[members], other[members]])
        totals = table.sum(1)
        if len(members) < 2 or totals.min() == 0 or (table.sum(0) > 0).sum() < 2:
            continue
        value, df = chi_square(table)
        shares = table / totals[:, None]
        change = shares[1] - shares[0]
        most = int(np.argmax(np.abs(change)))
        rows.append(
            {
                "family": name,
                "codons": " ".join(CODONS[codon] for codon in members),
                "n_a": int(totals[0]),
                "n_b": int(totals[1]),
                "chi2": value,
                "df": df,
                "p": float(chi2.sf(value, df)),
                "cramers_v": float(np.sqrt(value / totals.sum())),
                "largest_change": f"{CODONS[members[most]]} {change[most]:+.4f}",
            }
        )
    return rows
