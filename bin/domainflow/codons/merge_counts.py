"""Add the totals of a sample's batches and check that every batch is there once and nothing vanished."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from domainflow.codons.totals import Totals, check_law
from domainflow.run.errors import InconsistencyError

__all__ = ["BATCH_COLUMNS", "CountedBatch", "Merged", "merge_counts"]

BATCH_COLUMNS = (
    "batch", "sample", "first_ordinal", "last_ordinal", "n_seq", "n_counted", "n_rejected", "n_bases", "n_codons",
    "n_ambiguous", "n_truncated", "sha256_of_counts",
)  # fmt: skip
"""Columns of ``batches.tsv``."""


class CountedBatch(NamedTuple):
    """A batch, its place in the sample, and its totals; None if its task did not finish."""

    name: str
    first: int
    rows: int
    totals: Totals | None

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "CountedBatch":
        """Return what `to_json` gave."""
        totals = None if given["totals"] is None else Totals.from_json(given["totals"])
        return cls(given["name"], given["first"], given["rows"], totals)

    def to_json(self) -> dict[str, Any]:
        """Return the batch as plain values."""
        return self._asdict() | {"totals": None if self.totals is None else self.totals.to_json()}

    def row(self, sample: str) -> tuple[str, ...]:
        """Return the batch's row of ``batches.tsv``; numbers of a lost batch are empty."""
        begin = (self.name, sample, str(self.first), str(self.first + self.rows - 1), str(self.rows))
        if self.totals is None:
            return (*begin, *[""] * (len(BATCH_COLUMNS) - len(begin)))
        t = self.totals
        numbers = (t.counted, t.rejected, t.bases, int(t.counts.sum()), t.ambiguous, t.truncated)
        return (*begin, *map(str, numbers), t.sha256_of_counts)


class Merged(NamedTuple):
    """A sample's batches in order, and the sum of those that were counted.

    Attributes
    ----------
    sample, group, mode : str
        Name, the user's group ("" for none), and ``cds`` or ``frame``.
    batches : list of CountedBatch
    totals : Totals
    """

    sample: str
    group: str
    mode: str
    batches: list[CountedBatch]
    totals: Totals

    @property
    def label(self) -> str:
        """The group, or the sample if it has none; triplets of a frame are no genes, so their labels say so."""
        name = self.group or self.sample
        return f"{name} (frame)" if self.mode == "frame" else name

    @property
    def lost_rows(self) -> int:
        """Rows in batches whose task did not finish."""
        return sum(batch.rows for batch in self.batches if batch.totals is None)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Merged":
        """Return what `to_json` gave."""
        batches = [CountedBatch.from_json(batch) for batch in given["batches"]]
        return cls(given["sample"], given["group"], given["mode"], batches, Totals.from_json(given["totals"]))

    def to_json(self) -> dict[str, Any]:
        """Return all as plain values."""
        batches = [batch.to_json() for batch in self.batches]
        return self._asdict() | {"batches": batches, "totals": self.totals.to_json()}


def merge_counts(
    sample: str, group: str, mode: str, planned: Sequence[Mapping[str, Any]], counted: Mapping[str, Totals]
) -> Merged:
    """Add the counted batches of a sample.

    Parameters
    ----------
    sample, group, mode : str
    planned : sequence of mapping
        ``name``, ``first`` and ``rows`` of every batch, in order.
    counted : mapping of name to Totals
        The batches whose tasks finished.

    Raises
    ------
    InconsistencyError
        If a batch is unknown, has another number of rows than it was written with, or the law does not hold.
    """
    unknown = counted.keys() - {batch["name"] for batch in planned}
    if unknown:
        raise InconsistencyError(f"the batches {sorted(unknown)} are not of the sample {sample}")
    batches, totals, next_first = [], Totals.empty(), 0
    for batch in planned:
        if batch["first"] != next_first:
            raise InconsistencyError(f"{batch['name']} begins with the ordinal {batch['first']}, not {next_first}")
        next_first += batch["rows"]
        found = counted.get(batch["name"])
        if found is not None:
            if found.rows != batch["rows"]:
                raise InconsistencyError(f"{batch['name']} has {batch['rows']} rows, and {found.rows} were counted")
            check_law(found)
            totals = totals.plus(found)
        batches.append(CountedBatch(batch["name"], batch["first"], batch["rows"], found))
    check_law(totals)
    return Merged(sample, group, mode, batches, totals)
