"""Write tables as TSV and Parquet: equal content gives equal bytes, whatever the batches were.

Numbers have the shortest form that reads back as the same number. A cell that is undefined is empty.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

__all__ = ["ROWS_OF_A_GROUP", "in_groups", "read_tsv", "tsv_bytes", "write_parquet", "write_tsv"]

ROWS_OF_A_GROUP = 16384
"""Rows of a row group in Parquet, and rows that are in memory at a time."""


def write_tsv(path: Path, table: pa.Table) -> None:
    """Write a table with a header."""
    with path.open("wb") as stream:
        write_header(stream, table.column_names)
        stream.write(tsv_bytes(table))


def write_header(stream: BinaryIO, names: Sequence[str]) -> None:
    """Write the first line of a table."""
    stream.write(("\t".join(names) + "\n").encode())


def tsv_bytes(table: pa.Table) -> bytes:
    """Return the lines of a table without a header."""
    if not len(table):
        return b""
    cells = [_text(column) for column in table.columns]
    lines = pc.binary_join_element_wise(*cells, "\t", null_handling="replace", null_replacement="")
    return ("\n".join(lines.to_pylist()) + "\n").encode()


def read_tsv(path: Path) -> list[dict[str, str]]:
    """Rows of a table."""
    header, *lines = path.read_text().splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def write_parquet(path: Path, tables: Iterable[pa.Table], schema: pa.Schema) -> int:
    """Write tables one after another as one Parquet file; return the number of rows."""
    n = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in in_groups(tables):
            writer.write_table(table, row_group_size=ROWS_OF_A_GROUP)
            n += len(table)
    return n


def in_groups(tables: Iterable[pa.Table], rows: int = ROWS_OF_A_GROUP) -> Iterator[pa.Table]:
    """Divide a stream of tables anew, into tables of the same number of rows each (the last may be shorter)."""
    waiting: list[pa.Table] = []
    n = 0
    for table in tables:
        while len(table):
            part = table.slice(0, rows - n)
            waiting.append(part)
            n += len(part)
            table = table.slice(len(part))
            if n == rows:
                yield pa.concat_tables(waiting).combine_chunks()
                waiting, n = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text; white space inside a text is one blank."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type):
        odd = pc.match_substring_regex(column, r"[\t\r\n\v\f]")
        return pc.replace_substring_regex(column, r"\s+", " ") if pc.any(odd).as_py() else column
    return column.cast(pa.string())
