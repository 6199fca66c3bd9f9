"""Genes as a table: what every reader of files gives and every batch holds, one row per gene, no Python object each.

A row is a gene to count, a gene that was rejected already, or a file without a gene (so that it has its row in the
ledger too).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["GENE", "NO_GENE", "REJECTED", "SCHEMA", "gene_table", "only_reason", "sequence_lengths"]

GENE, REJECTED, NO_GENE = 0, 1, 2
"""Values of the column `state`."""

SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("seq_id", pa.string()),
        ("gene", pa.string()),
        ("sequence", pa.large_binary()),
        ("genetic_code", pa.int16()),
        ("codes", pa.int32()),
        ("state", pa.int8()),
        ("reason", pa.string()),
        ("exceptions", pa.list_(pa.int32())),
        ("residues", pa.string()),
        ("completed", pa.bool_()),
        ("ribosomal", pa.bool_()),
    ]
)
"""Columns of a table of genes.

``sequence`` has no white space; case is kept. ``codes`` is a mask of `domainflow.codons.codes.Code`. ``exceptions``
lists the codons (from 0) that are translated as the letters in ``residues`` say. ``completed`` means that the stop
codon is completed in the RNA. ``ribosomal`` marks genes of ribosomal proteins.
"""

_DEFAULTS: Mapping[str, Any] = {
    "gene": "", "codes": 0, "state": GENE, "reason": "", "residues": "", "completed": False, "ribosomal": False,
}  # fmt: skip


def gene_table(n_rows: int, columns: Mapping[str, Any]) -> pa.Table:
    """Return a table of genes; a column is an array, a list or one value for all rows, absent ones have defaults.

    Parameters
    ----------
    n_rows : int
    columns : mapping of name to array, list or value
    """
    arrays = []
    for field in SCHEMA:
        value = columns.get(field.name, _DEFAULTS.get(field.name))
        if field.name == "exceptions" and value is None:
            value = pa.ListArray.from_arrays(pa.array(np.zeros(n_rows + 1, np.int32)), pa.array([], pa.int32()))
        elif isinstance(value, (pa.Array, pa.ChunkedArray)):
            value = value.cast(field.type)
        elif isinstance(value, (list, np.ndarray)):
            value = pa.array(value, field.type)
        else:
            value = pa.repeat(pa.scalar(value, field.type), n_rows)
        arrays.append(value)
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def only_reason(file: str, state: int, codes: int, reason: str, ids: Sequence[str | None] = (None,)) -> pa.Table:
    """Return rows without a sequence: a file without a gene, or genes that cannot be read."""
    return gene_table(
        len(ids),
        {"file": file, "seq_id": list(ids), "genetic_code": 0, "codes": codes, "state": state, "reason": reason},
    )


def sequence_lengths(table: pa.Table) -> NDArray[np.int64]:
    """Return the length of each sequence in bases, 0 where there is none."""
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.binary_length(table["sequence"]), 0)
    return lengths.to_numpy().astype(np.int64)
