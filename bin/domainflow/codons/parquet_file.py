"""Read records from Parquet: ``seq_id`` and ``sequence``; optional ``length`` and ``genetic_code``."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from domainflow.codons.arrow_bytes import bytes_and_offsets, without_white_space
from domainflow.codons.codes import Code
from domainflow.codons.genes import gene_table
from domainflow.run.errors import InputError

__all__ = ["MissingColumnError", "read_parquet"]

MOST_ROWS = 1024
"""Rows that are read at a time; rows of 87 kB (organelles) then take 87 MB."""


class MissingColumnError(InputError):
    """A Parquet file lacks a column, or a column has another type than it must have (code C002)."""


def read_parquet(path: Path, genetic_code: int) -> Iterator[pa.Table]:
    """Yield the records of a Parquet file as tables of genes.

    Parameters
    ----------
    path : Path
    genetic_code : int
        Used where the file names none.

    Raises
    ------
    MissingColumnError
    InputError
        If the file cannot be read.
    """
    try:
        with pq.ParquetFile(path) as opened:
            columns = _checked_columns(path, opened.schema_arrow)
            for batch in opened.iter_batches(batch_size=MOST_ROWS, columns=columns):
                if len(batch):
                    yield _genes(path, batch, genetic_code)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"{path.name} is a damaged Parquet file ({error}); copy or write it again") from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise InputError(f"{path.name} is a damaged Parquet file; copy or write it again") from None


def _checked_columns(path: Path, schema: pa.Schema) -> list[str]:
    """Return the names of the columns to read."""
    for name in ("seq_id", "sequence"):
        if name not in schema.names:
            raise MissingColumnError(f"{path.name} has no column {name}; it needs seq_id and sequence")
        kind = schema.field(name).type
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        if not (pa.types.is_string(plain) or pa.types.is_large_string(plain)):
            raise MissingColumnError(f"the column {name} of {path.name} has the type {kind}; it must be text")
    for name in ("length", "genetic_code"):
        if name in schema.names and not pa.types.is_integer(schema.field(name).type):
            raise MissingColumnError(f"the column {name} of {path.name} must have whole numbers")
    return [name for name in ("seq_id", "sequence", "length", "genetic_code") if name in schema.names]


def _genes(path: Path, batch: pa.RecordBatch, genetic_code: int) -> pa.Table:
    sequence = without_white_space(_plain(batch["sequence"]))
    offsets = bytes_and_offsets(sequence)[1]
    codes = np.zeros(len(batch), np.int32)
    names = batch.schema.names
    if "length" in names:
        said = batch["length"]
        wrong = pc.not_equal(said, pa.array(np.diff(offsets))).fill_null(False)
        codes[wrong.to_numpy(zero_copy_only=False)] = Code.C013
    table = batch["genetic_code"].fill_null(genetic_code) if "genetic_code" in names else genetic_code
    ids = pc.fill_null(_plain(batch["seq_id"]).cast(pa.string()), "")
    columns = {"file": path.name, "seq_id": ids, "sequence": sequence, "genetic_code": table, "codes": codes}
    return gene_table(len(batch), columns)


def _plain(array: pa.Array) -> pa.Array:
    """Return an array of text that is no dictionary, as ``large_string``."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return pc.fill_null(array.cast(pa.large_string()), "")
