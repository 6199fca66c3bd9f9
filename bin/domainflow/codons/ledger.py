"""The ledger of codons: one row for each annotated gene or record, and for each file without one.

Its first columns are those of every ledger of the suite: id, status, step, reason, length, number of what was found.
The status is ``ok`` (counted; `codes` may hold flags), ``no_gene`` (a file without one), ``rejected`` or ``failed``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domainflow.codons.batches import Batch, batch_tables
from domainflow.codons.codes import WITH_REASON, code_names, sentences
from domainflow.codons.genes import GENE, NO_GENE, REJECTED, SCHEMA
from domainflow.run.ledger import NOTHING, sentence

__all__ = [
    "COLUMNS", "ENTRY_SCHEMA", "Outcome", "GeneRow", "ledger_lines", "lost_lines", "read_gene_rows", "write_entries",
    "write_lines",
]  # fmt: skip

COLUMNS = ("seq_id", "status", "step", "reason", "length", "codons", "codes", "sample", "file", "ordinal")
PREPARE, COUNT = "PREPARE_GENES", "COUNT_CODONS"
LOST = f"the task of {COUNT} did not finish; pipeline_info/execution_trace.txt says how it ended"
ENTRY_SCHEMA = pa.schema([SCHEMA.field(name) for name in ("file", "seq_id", "codes", "state", "reason")])
"""Columns of ``SAMPLE.entries.arrow``: what the ledger needs of genes whose batch is lost."""
_CONTROL = r"[\x00-\x1f\x7f]"


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


class Outcome(NamedTuple):
    """Outcome of the genes of a table, arrays of one value per row.

    Attributes
    ----------
    counted : bool array
        Genes that were counted; other genes were rejected.
    codes : int64 array
        Masks of codes.
    length, codons : int64 array
        Bases of each gene, and its codons if it was counted.
    """

    counted: NDArray[np.bool_]
    codes: NDArray[np.int64]
    length: NDArray[np.int64]
    codons: NDArray[np.int64]


def ledger_lines(genes: pa.RecordBatch | pa.Table, sample: str, first: int, outcome: Outcome) -> pa.Array:
    """Return the lines of a table of genes, without line ends.

    Parameters
    ----------
    genes : table
        With the columns of `ENTRY_SCHEMA`.
    sample : str
    first : int
        Ordinal of the first row.
    outcome : Outcome
    """
    state = genes["state"].to_numpy()
    status = np.where(outcome.counted, "ok", np.where(state == NO_GENE, "no_gene", "rejected"))
    length = pa.array(outcome.length, mask=state != GENE)
    codons = pa.array(outcome.codons, mask=~outcome.counted)
    step = np.where(state == GENE, COUNT, PREPARE)
    return _lines(genes, sample, first, outcome.codes, status, step, (length, codons))


def lost_lines(entries: pa.Table, sample: str, first: int) -> pa.Array:
    """Return the lines of genes whose batch was lost; those that were rejected before keep their reason."""
    state = entries["state"].to_numpy()
    status = np.select([state == GENE, state == REJECTED], ["failed", "rejected"], "no_gene")
    step = np.where(state == GENE, COUNT, PREPARE)
    reasons = pc.if_else(pa.array(state == GENE), LOST, entries["reason"])
    entries = entries.set_column(entries.schema.get_field_index("reason"), "reason", reasons)
    codes = np.where(state == GENE, 0, entries["codes"].to_numpy())
    return _lines(entries, sample, first, codes, status, step, (None, None))


def write_entries(path: Path, batches: Iterable[Batch]) -> None:
    """Write what the ledger needs of genes whose batch is lost."""
    with pa.ipc.new_file(path, ENTRY_SCHEMA) as writer:
        for batch in batches:
            for part in batch_tables(batch.path):
                writer.write_batch(part.select(ENTRY_SCHEMA.names).cast(ENTRY_SCHEMA))


def read_gene_rows(path: Path) -> Iterator[GeneRow]:
    """Yield the rows of a ledger one by one: it may have millions."""
    with path.open() as stream:
        next(stream)
        for line in stream:
            yield GeneRow(*line.rstrip("\n").split("\t"))


def write_lines(path: Path, parts: Iterable[pa.Array]) -> None:
    """Write a ledger with its header."""
    with path.open("wb") as stream:
        stream.write(("\t".join(COLUMNS) + "\n").encode())
        for lines in parts:
            stream.write("".join(f"{line}\n" for line in lines.to_pylist()).encode())


def _lines(
    genes: pa.RecordBatch | pa.Table,
    sample: str,
    first: int,
    codes: NDArray[np.int64],
    status: NDArray[np.str_],
    step: NDArray[np.str_],
    numbers: tuple[pa.Array | None, pa.Array | None],
) -> pa.Array:
    n = len(genes)
    masks, place = np.unique(codes, return_inverse=True)
    places = pa.array(place)
    names = pa.array([code_names(int(mask)) or NOTHING for mask in masks]).take(places)
    general = pa.array([sentences(int(mask) & ~int(WITH_REASON)) or None for mask in masks], pa.string()).take(places)
    remarks = _plain(genes["reason"])
    own = pc.if_else(pc.equal(remarks, ""), pa.scalar(None, pa.string()), remarks)
    said = pc.coalesce(pc.binary_join_element_wise(general, own, "; "), general, own, pa.scalar(NOTHING))
    columns = [
        _or_nothing(_plain(genes["seq_id"])),
        pa.array(status.tolist(), pa.string()),
        pa.array(step.tolist(), pa.string()),
        said,
        *(pa.repeat(NOTHING, n) if column is None else column.cast(pa.string()) for column in numbers),
        names,
        pa.repeat(sample, n),
        _plain(genes["file"]),
        pa.array(np.arange(first, first + n)).cast(pa.string()),
    ]
    return pc.binary_join_element_wise(*columns, "\t", null_handling="replace", null_replacement=NOTHING)


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return texts that fit a cell of a table."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pc.any(pc.match_substring_regex(array, _CONTROL)).as_py():
        return pa.array([None if text is None else sentence(text) for text in array.to_pylist()], pa.string())
    return array


def _or_nothing(array: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(array, ""), NOTHING, array)
