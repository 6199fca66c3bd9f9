"""Totals of a batch and of a sample, and the law that nothing vanishes.

For every batch, sample and run::

    rows = counted + rejected + files without a gene
    triplets of the counted genes = counted codons + ambiguous + truncated triplets
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.codons.codes import Code
from domainflow.codons.count_kernels import N_CODONS
from domainflow.codons.genes import GENE, NO_GENE, REJECTED
from domainflow.run.errors import InconsistencyError

__all__ = ["Totals", "check_law"]


class Totals(NamedTuple):
    """Sums over genes.

    Attributes
    ----------
    rows, counted, rejected, without_gene : int
        Rows of the ledger: all, genes counted, genes or files rejected, files without a gene.
    bases, triplets, ambiguous, truncated : int
        Of the counted genes; `truncated` are triplets after the stop at which counting ended.
    codes : dict of name to int
        Rows with each code of the ledger.
    by_code : dict of number to int64 array, shape (64,)
        Counted codons by genetic code.
    ambiguous_by_code : dict of number to int
        Ambiguous triplets by genetic code.
    sha256_of_counts : str
        Checksum of the 64 numbers of each gene, in order.
    """

    rows: int
    counted: int
    rejected: int
    without_gene: int
    bases: int
    triplets: int
    ambiguous: int
    truncated: int
    codes: Mapping[str, int]
    by_code: Mapping[int, NDArray[np.int64]]
    ambiguous_by_code: Mapping[int, int]
    sha256_of_counts: str = ""

    @classmethod
    def empty(cls) -> "Totals":
        """Return the totals of nothing."""
        return cls(0, 0, 0, 0, 0, 0, 0, 0, {}, {}, {})

    @classmethod
    def of_table(
        cls,
        table: pa.Table,
        triplets: NDArray[np.int64],
        state: NDArray[np.int8],
        rejections: NDArray[np.int64],
        masks: NDArray[np.int64],
    ) -> "Totals":
        """Return the totals of counted genes.

        Parameters
        ----------
        table : Table
            The counted genes.
        triplets : int64 array
            Triplets of each of them.
        state, rejections, masks : array
            Of all rows: state, codes that reject it, codes for the ledger.
        """
        counts = table["counts"].combine_chunks().flatten().to_numpy().reshape(-1, N_CODONS)
        numbers = table["genetic_code"].to_numpy()
        by_code = {int(n): counts[numbers == n].sum(0, dtype=np.int64) for n in np.unique(numbers)}
        ambiguous = table["n_ambiguous"].to_numpy()
        codes = {code.name or "": int(((masks & int(code)) != 0).sum()) for code in Code}
        return cls(
            rows=len(state),
            counted=len(table),
            rejected=int(((state == REJECTED) | ((state == GENE) & (rejections != 0))).sum()),
            without_gene=int((state == NO_GENE).sum()),
            bases=int(table["length_nt"].to_numpy().sum()),
            triplets=int(triplets.sum()),
            ambiguous=int(ambiguous.sum()),
            truncated=int(table["n_truncated"].to_numpy().sum()),
            codes={name: n for name, n in codes.items() if n},
            by_code=by_code,
            ambiguous_by_code={number: int(ambiguous[numbers == number].sum()) for number in by_code},
        )

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Totals":
        """Return what `to_json` gave."""
        by_code = {int(number): np.array(counts, np.int64) for number, counts in given["by_code"].items()}
        ambiguous = {int(number): n for number, n in given["ambiguous_by_code"].items()}
        return cls(**{**given, "by_code": by_code, "ambiguous_by_code": ambiguous})

    def to_json(self) -> dict[str, Any]:
        """Return the totals as plain numbers."""
        return self._asdict() | {
            "by_code": {str(number): counts.tolist() for number, counts in sorted(self.by_code.items())},
            "ambiguous_by_code": {str(number): n for number, n in sorted(self.ambiguous_by_code.items())},
        }

    def plus(self, other: "Totals") -> "Totals":
        """Return the sum of both, without a checksum."""
        codes = {name: self.codes.get(name, 0) + other.codes.get(name, 0) for name in {*self.codes, *other.codes}}
        zero = np.zeros(N_CODONS, np.int64)
        numbers = {*self.by_code, *other.by_code}
        numbers_of = ("rows", "counted", "rejected", "without_gene", "bases", "triplets", "ambiguous", "truncated")
        return Totals(
            **{name: getattr(self, name) + getattr(other, name) for name in numbers_of},
            codes=dict(sorted(codes.items())),
            by_code={n: self.by_code.get(n, zero) + other.by_code.get(n, zero) for n in sorted(numbers)},
            ambiguous_by_code={
                n: self.ambiguous_by_code.get(n, 0) + other.ambiguous_by_code.get(n, 0) for n in sorted(numbers)
            },
        )

    @property
    def counts(self) -> NDArray[np.int64]:
        """Counted codons of all genetic codes together, shape (64,)."""
        return sum(self.by_code.values(), np.zeros(N_CODONS, np.int64))


def check_law(totals: Totals) -> None:
    """Check that nothing vanished.

    Raises
    ------
    InconsistencyError
        If a row or a triplet is lost or counted twice.
    """
    if totals.rows != totals.counted + totals.rejected + totals.without_gene:
        raise InconsistencyError(
            f"{totals.rows} rows are not the sum of counted, rejected and empty ones: {totals[1:4]}"
        )
    codons = int(totals.counts.sum())
    if totals.triplets != codons + totals.ambiguous + totals.truncated:
        raise InconsistencyError(
            f"{totals.triplets} triplets are not {codons} codons, {totals.ambiguous} ambiguous and "
            f"{totals.truncated} truncated ones"
        )
