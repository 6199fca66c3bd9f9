"""Write genes to batch files while they are read, and take back the genes of a file that turns out to be damaged.

A batch holds consecutive genes of a sample, over the bounds of files. Batch k of size s has the ordinals s·k to
s·(k+1) - 1, unless a batch is closed early because of its bases. A batch appears under its name when it is whole.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.codons.arrow_bytes import string_hashes
from domainflow.codons.genes import SCHEMA, sequence_lengths

__all__ = ["Batch", "BatchWriter", "batch_facts", "batch_tables", "open_batch", "replace_rows"]


class Batch(NamedTuple):
    """One batch file, the ordinal of its first row, and its numbers of rows and bases."""

    path: Path
    first: int
    rows: int
    bases: int

    @property
    def name(self) -> str:
        """The file's name without its endings."""
        return self.path.name.removesuffix(".genes.arrow")


class BatchWriter:
    """Divide a stream of tables of genes into batch files.

    Parameters
    ----------
    folder : Path
    stem : str
        Batches are ``STEM.batch-000000.genes.arrow``, …
    batch_size, max_bases : int
        Largest number of genes and of bases in a batch; one longer gene is a batch of its own.
    """

    def __init__(self, folder: Path, stem: str, batch_size: int, max_bases: int) -> None:
        self._folder, self._stem = folder, stem
        self._batch_size, self._max_bases = batch_size, max_bases
        self.batches: list[Batch] = []
        self._hashes: list[NDArray[np.uint64]] = []
        self._parts: list[pa.Table] = []
        self._open = self._empty(0)

    @property
    def rows(self) -> int:
        """Genes so far."""
        return self._open.first + self._open.rows

    def append(self, table: pa.Table) -> None:
        """Add genes."""
        while len(table):
            lengths = np.cumsum(sequence_lengths(table))
            fitting = int(np.searchsorted(lengths, self._max_bases - self._open.bases, side="right"))
            take = min(fitting, self._batch_size - self._open.rows)
            if take == 0 and self._open.rows:
                self._finish()
                continue
            self._write(table.slice(0, max(take, 1)))
            table = table.slice(max(take, 1))

    def close(self) -> NDArray[np.uint64]:
        """Finish the last batch; return a number for the id of each gene, 0 for rows without one."""
        if self._open.rows:
            self._finish()
        return np.concatenate(self._hashes) if self._hashes else np.zeros(0, np.uint64)

    def roll_back(self, rows: int) -> None:
        """Remove all genes after the first `rows`."""
        if rows == self.rows:
            return
        if self._open.rows:
            self._finish()
        while self.batches and self.batches[-1].first >= rows:
            self.batches.pop().path.unlink()
        kept = np.concatenate(self._hashes)[:rows]
        self._hashes = [kept]
        self._open = self._empty(rows)
        if self.batches and self.batches[-1].first + self.batches[-1].rows > rows:
            last = self.batches.pop()
            table = open_batch(last.path).read_all().slice(0, rows - last.first)
            self._hashes = [kept[: last.first]]
            self._open = self._empty(last.first)
            last.path.unlink()  # its content stays mapped
            self._write(table)

    def _empty(self, first: int) -> Batch:
        path = self._folder / f"{self._stem}.batch-{len(self.batches):06d}.genes.arrow"
        return Batch(path, first, 0, 0)

    def _write(self, table: pa.Table) -> None:
        # a copy, so that the whole block it is a slice of need not stay in memory
        self._parts.append(table.take(pa.array(np.arange(len(table)))))
        has_id = table["seq_id"].is_valid().to_numpy()
        self._hashes.append(np.where(has_id, string_hashes(table["seq_id"]), np.uint64(0)))
        bases = self._open.bases + int(sequence_lengths(table).sum())
        self._open = self._open._replace(rows=self._open.rows + len(table), bases=bases)

    def _finish(self) -> None:
        # one record batch, however the genes were read: equal genes give equal bytes, so that -resume knows the file
        genes = pa.concat_tables(self._parts).combine_chunks()
        facts = {"sample": self._stem, "first": str(self._open.first)}
        with pa.ipc.new_file(self._unfinished(), SCHEMA.with_metadata(facts)) as writer:
            writer.write_table(genes)
        self._parts = []
        self._unfinished().rename(self._open.path)
        self.batches.append(self._open)
        self._open = self._empty(self._open.first + self._open.rows)

    def _unfinished(self) -> Path:
        return self._open.path.with_suffix(".unfinished")


def open_batch(path: Path) -> pa.RecordBatchFileReader:
    """Open a batch file; its bytes are read when they are used."""
    return pa.ipc.open_file(pa.memory_map(str(path)))


def batch_facts(path: Path) -> tuple[str, int]:
    """Return the sample of a batch file and the ordinal of its first row."""
    facts = open_batch(path).schema.metadata
    return facts[b"sample"].decode(), int(facts[b"first"])


def batch_tables(path: Path) -> Sequence[pa.RecordBatch]:
    """Return the parts of a batch file."""
    reader = open_batch(path)
    return [reader.get_batch(number) for number in range(reader.num_record_batches)]


def replace_rows(path: Path, places: Sequence[int], columns: dict[str, Sequence[object]]) -> None:
    """Write a batch file anew with other values in some rows.

    Parameters
    ----------
    path : Path
    places : sequence of int
        Rows of the file.
    columns : dict of name to the new values, one per place
    """
    unfinished = path.with_suffix(".unfinished")
    parts, first = batch_tables(path), 0
    with pa.ipc.new_file(unfinished, open_batch(path).schema) as writer:
        for part in parts:
            inside = [number for number, place in enumerate(places) if first <= place < first + len(part)]
            for name, values in columns.items() if inside else ():
                new = part[name].to_pylist()
                for number in inside:
                    new[places[number] - first] = values[number]
                part = part.set_column(
                    part.schema.get_field_index(name), SCHEMA.field(name), pa.array(new, SCHEMA.field(name).type)
                )
            writer.write_batch(part)
            first += len(part)
    unfinished.rename(path)
