"""Write the ledger of a codons run: one row for each gene, joined from the steps' ledgers, and checked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from domainflow.codons.ledger import COLUMNS, GeneRow, lost_lines
from domainflow.codons.merge_counts import Merged
from domainflow.run.errors import InconsistencyError

__all__ = ["MOST_LISTED", "Outcomes", "SampleParts", "write_final_ledger"]

UNFINISHED = "the task of {step} did not finish; pipeline_info/execution_trace.txt says how it ended"
MOST_LISTED = 20
"""Largest number of genes without a result that the summary names."""


class SampleParts(NamedTuple):
    """The files that the steps wrote of one sample.

    Attributes
    ----------
    sample : str
    files : list of str
        Names of the sample's files.
    planned : list of mapping or None
        Batches that PREPARE_GENES wrote; None if its task did not finish.
    merged : Merged or None
    genes : Path or None
        Parquet file of the genes; None if COMPUTE_INDICES did not finish.
    """

    sample: str
    files: list[str]
    planned: list[Mapping[str, Any]] | None
    merged: Merged | None
    genes: Path | None

    @property
    def lost_at(self) -> str | None:
        """The step after counting that did not finish, if any."""
        if self.merged is None:
            return "MERGE_COUNTS"
        return "COMPUTE_INDICES" if self.genes is None else None


class Outcomes(NamedTuple):
    """Numbers of the ledger's rows by status, and its first rows without a result, up to `MOST_LISTED` + 1."""

    statuses: Counter[str]
    unanswered: list[GeneRow]


def write_final_ledger(path: Path, folder: Path, parts: Sequence[SampleParts]) -> Outcomes:
    """Write the ledger; return what became of the genes.

    Parameters
    ----------
    path : Path
    folder : Path
        Folder of the steps' files.
    parts : sequence of SampleParts

    Raises
    ------
    InconsistencyError
        If a row is missing, or the numbers of counted genes disagree.
    """
    outcome = Outcomes(Counter(), [])
    with path.open("w") as stream:
        stream.write("\t".join(COLUMNS) + "\n")
        for line in _lines_of_steps(folder, parts):
            status = line.split("\t", 2)[1]
            outcome.statuses[status] += 1
            if status in ("rejected", "failed") and len(outcome.unanswered) <= MOST_LISTED:
                outcome.unanswered.append(GeneRow(*line.split("\t")))
            stream.write(line + "\n")
    _check(parts, outcome.statuses)
    return outcome


def _lines_of_steps(folder: Path, parts: Sequence[SampleParts]) -> Iterator[str]:
    for part in parts:
        if part.planned is None:
            reason = UNFINISHED.format(step="PREPARE_GENES")
            for number, name in enumerate(part.files):
                row = GeneRow("-", "failed", "PREPARE_GENES", reason, "-", "-", "-", part.sample, name, str(number))
                yield "\t".join(row)
            continue
        for batch in part.planned:
            counted = folder / f"{batch['name']}.count.ledger.tsv"
            if not counted.exists():
                entries = pa.ipc.open_file(pa.memory_map(str(folder / f"{part.sample}.entries.arrow"))).read_all()
                yield from lost_lines(
                    entries.slice(batch["first"], batch["rows"]), part.sample, batch["first"]
                ).to_pylist()
                continue
            n = 0
            for line in _read_lines(counted):
                n += 1
                yield line if part.lost_at is None else _lost_later(line, part.lost_at)
            if n != batch["rows"]:
                raise InconsistencyError(f"the ledger of {batch['name']} has {n} rows instead of {batch['rows']}")


def _lost_later(line: str, step: str) -> str:
    row = GeneRow(*line.split("\t"))
    return (
        line
        if row.status != "ok"
        else "\t".join(row._replace(status="failed", step=step, reason=UNFINISHED.format(step=step)))
    )


def _read_lines(path: Path) -> Iterator[str]:
    with path.open() as stream:
        next(stream)
        for line in stream:
            yield line.rstrip("\n")


def _check(parts: Sequence[SampleParts], statuses: Counter[str]) -> None:
    """Check that every row was written, and every counted gene as such."""
    wanted = sum(len(part.files) if part.planned is None else sum(b["rows"] for b in part.planned) for part in parts)
    if statuses.total() != wanted:
        raise InconsistencyError(f"the ledger has {statuses.total()} rows instead of {wanted}")
    counted = sum(part.merged.totals.counted for part in parts if part.merged is not None and part.lost_at is None)
    if statuses["ok"] != counted:
        raise InconsistencyError(f"{counted} genes were counted, and {statuses['ok']} are ok in the ledger")
