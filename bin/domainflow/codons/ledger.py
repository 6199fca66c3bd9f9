"""The ledger of codons: one row for each annotated gene or record, and for each file without one.

Its first columns are those of every ledger of the suite: id, status, step, reason, length, number of what was found.
The status is ``ok`` (counted; `codes` may hold flags), ``no_gene`` (a file without one), ``rejected`` or ``failed``.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from domainflow.codons.batches import Batch, batch_tables
from domainflow.codons.codes import WITH_REASON, code_names, sentences
from domainflow.codons.genes import GENE, NO_GENE
from domainflow.run.ledger import NOTHING, PASSED, sentence

__all__ = ["COLUMNS", "LOST", "GeneRow", "ledger_lines", "lost_line", "prepared_lines", "write_lines"]

COLUMNS = ("seq_id", "status", "step", "reason", "length", "codons", "codes", "sample", "file", "ordinal")
PREPARE, COUNT = "PREPARE_GENES", "COUNT_CODONS"
LOST = f"the task of {COUNT} did not finish; pipeline_info/trace.txt says how it ended"


class GeneRow(NamedTuple):
    """One row of the ledger, as text."""

    seq_id: str
    status: str
    step: str
    reason: str
    length: str
    codons: str
    codes: str
    sample: str
    file: str
    ordinal: str


def prepared_lines(batches: Iterable[Batch], sample: str) -> Iterator[str]:
    """Yield a line for each row of the batches, as PREPARE_GENES knows them."""
    for batch in batches:
        first = batch.first
        for part in batch_tables(batch.path):
            status = [PASSED if state == GENE else _status(state) for state in part["state"].to_pylist()]
            yield from ledger_lines(part, sample, first, status, [PREPARE] * len(part), part["codes"].to_pylist())
            first += len(part)


def ledger_lines(
    genes: pa.RecordBatch | pa.Table,
    sample: str,
    first: int,
    status: Sequence[str],
    step: Sequence[str],
    codes: Sequence[int],
    length: Sequence[str] | None = None,
    codons: Sequence[str] | None = None,
) -> list[str]:
    """Return the lines of a table of genes.

    Parameters
    ----------
    genes : table
    sample : str
    first : int
        Ordinal of the first row.
    status, step, codes, length, codons : sequence
        One value per row; `codes` are masks, missing lengths are ``-``.
    """
    n = len(genes)
    said = {mask: (code_names(mask) or NOTHING, sentences(mask & ~WITH_REASON)) for mask in set(codes)}
    remarks = genes["reason"].to_pylist()
    reasons = [
        "; ".join(part for part in (said[mask][1], remark) if part) or NOTHING
        for mask, remark in zip(codes, remarks, strict=True)
    ]
    unknown = [NOTHING] * n
    columns = (
        [name or NOTHING for name in genes["seq_id"].to_pylist()], status, step, reasons, length or unknown,
        codons or unknown, [said[mask][0] for mask in codes], [sample] * n, genes["file"].to_pylist(),
        map(str, range(first, first + n)),
    )  # fmt: skip
    lines = list(map("\t".join, zip(*columns, strict=True)))
    text = "".join(lines).replace("\t", "")
    if text.isprintable():
        return lines
    again = zip(*(list(column) for column in (*columns[:-1], map(str, range(first, first + n)))), strict=True)
    return ["\t".join(sentence(cell) for cell in cells) for cells in again]


def lost_line(line: str, step: str = COUNT, reason: str = LOST) -> str:
    """Return the line of a gene whose task did not finish; a gene that was rejected before keeps its line."""
    row = GeneRow(*line.split("\t"))
    return line if row.status != PASSED else "\t".join(row._replace(status="failed", step=step, reason=reason))


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Write a ledger with its header; return the number of rows."""
    n = 0
    with path.open("w") as stream:
        stream.write("\t".join(COLUMNS) + "\n")
        for line in lines:
            stream.write(line + "\n")
            n += 1
    return n


def _status(state: int) -> str:
    return "no_gene" if state == NO_GENE else "rejected"
