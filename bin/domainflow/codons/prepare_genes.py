"""Read the files of one sample into batches of genes; whatever cannot be read has a row that says why.

A damaged file is rejected as a whole, also when the damage shows at its end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.codons.annotated_genes import genes_of_file
from domainflow.codons.batches import Batch, BatchWriter, open_batch, replace_rows
from domainflow.codons.codes import Code
from domainflow.codons.fasta import read_fasta
from domainflow.codons.flat_files import read_flat_file
from domainflow.codons.genes import NO_GENE, REJECTED, gene_table, only_reason
from domainflow.codons.genetic_codes import GeneticCode, genetic_code
from domainflow.codons.gff3 import read_gff3
from domainflow.codons.opened_file import file_kind
from domainflow.codons.parquet_file import MissingColumnError, read_parquet
from domainflow.codons.settings import PrepareSettings
from domainflow.run.errors import InputError

__all__ = ["GeneFile", "prepare_genes"]


class GeneFile(NamedTuple):
    """One file of a sample.

    Attributes
    ----------
    name : str
        For the ledger.
    path : Path or None
        None if the file was rejected before.
    genome : Path or None
        Sequences of a GFF3 file.
    genetic_code : int
        For genes that do not name one.
    reason : str or None
        Why the file was rejected before.
    """

    name: str
    path: Path | None
    genome: Path | None
    genetic_code: int
    reason: str | None

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> "GeneFile":
        """Make it from an entry with these names."""
        path, genome = (Path(entry[name]) if entry.get(name) else None for name in ("path", "genome"))
        return cls(entry["name"], path, genome, int(entry["genetic_code"]), entry.get("reason"))


def prepare_genes(
    files: Iterable[GeneFile], folder: Path, stem: str, settings: PrepareSettings, codes: Mapping[int, GeneticCode]
) -> list[Batch]:
    """Write the batches of one sample; return them in order.

    Parameters
    ----------
    files : iterable of GeneFile
    folder, stem
        Batches are ``FOLDER/STEM.batch-000000.genes.arrow``, …
    settings : PrepareSettings
    codes : mapping of number to GeneticCode
        The genetic codes that there are.
    """
    writer = BatchWriter(folder, stem, settings.batch_size, settings.max_batch_bases)
    for file in files:
        _add_file(writer, file, settings, codes)
    hashes = writer.close()
    _handle_duplicates(writer.batches, hashes, settings.dup_ids)
    return writer.batches


def _add_file(writer: BatchWriter, file: GeneFile, settings: PrepareSettings, codes: Mapping[int, GeneticCode]) -> None:
    """Add the genes of one file, or one row that says why there are none."""
    before = writer.rows
    if file.reason or file.path is None:
        writer.append(only_reason(file.name, REJECTED, Code.C001, file.reason or "there is no file"))
        return
    if file.genetic_code not in codes:
        writer.append(only_reason(file.name, REJECTED, Code.C012, _unknown_code(file.genetic_code)))
        return
    try:
        for table in _tables(file, file.path, settings, codes):
            left = None if settings.first_records is None else settings.first_records - writer.rows
            if left is not None and left <= 0:
                return
            writer.append(_with_known_codes(table if left is None else table.slice(0, left), codes))
    except InputError as error:
        writer.roll_back(before)
        code = Code.C002 if isinstance(error, MissingColumnError) else Code.C001
        writer.append(only_reason(file.name, REJECTED, code, str(error)))
        return
    if writer.rows == before:
        writer.append(only_reason(file.name, NO_GENE, 0, "the file has no record or annotated gene"))


def _tables(
    file: GeneFile, path: Path, settings: PrepareSettings, codes: Mapping[int, GeneticCode]
) -> Iterator[pa.Table]:
    """Yield the tables of a file by its format, with the name that the ledger shows."""
    kind = file_kind(path)
    if kind == "fasta":
        tables: Iterable[pa.Table] = read_fasta(path, file.genetic_code)
    elif kind == "parquet":
        tables = read_parquet(path, file.genetic_code)
    elif kind == "gff3":
        contigs = read_gff3(path, file.genome, file.genetic_code)
        tables = genes_of_file(file.name, contigs, codes, settings.ir_copies)
    else:
        records = read_flat_file(path, kind, file.genetic_code)
        tables = genes_of_file(file.name, records, codes, settings.ir_copies)
    for table in tables:
        yield table.set_column(0, "file", pa.repeat(file.name, len(table)))


def _with_known_codes(table: pa.Table, codes: Mapping[int, GeneticCode]) -> pa.Table:
    """Return the table with genes of an unknown genetic code rejected."""
    numbers, state = table["genetic_code"].to_numpy(), table["state"].to_numpy()
    unknown = ~np.isin(numbers, list(codes)) & (state != REJECTED)
    if not unknown.any():
        return table
    columns = {name: table[name] for name in table.column_names}
    reasons = table["reason"].to_pylist()
    for row in np.flatnonzero(unknown):
        reasons[row] = _unknown_code(int(numbers[row]))
    masks = np.where(unknown, table["codes"].to_numpy() | int(Code.C012), table["codes"].to_numpy())
    return gene_table(
        len(table), columns | {"reason": reasons, "codes": masks, "state": np.where(unknown, REJECTED, state)}
    )


def _unknown_code(number: int) -> str:
    try:
        genetic_code(number)
    except InputError as error:
        return str(error)
    return ""


def _handle_duplicates(batches: Sequence[Batch], hashes: NDArray[np.uint64], dup_ids: str) -> None:
    """Reject or rename each gene whose id an earlier gene of the sample has."""
    ordinals = _same_hash(hashes)
    if not len(ordinals):
        return
    seen: dict[str, int] = {}
    for batch in batches:
        inside = ordinals[(ordinals >= batch.first) & (ordinals < batch.first + batch.rows)] - batch.first
        if not len(inside):
            continue
        table = open_batch(batch.path).read_all().select(["seq_id", "codes"]).take(inside)
        places, ids, masks = [], [], []
        for place, row in zip(inside.tolist(), table.to_pylist(), strict=True):
            name = row["seq_id"]
            seen[name] = seen.get(name, 0) + 1
            if seen[name] == 1:
                continue
            places.append(place)
            ids.append(f"{name}~{seen[name]}" if dup_ids == "suffix" else name)
            masks.append(row["codes"] | int(Code.C006))
        columns: dict[str, Sequence[object]] = {"seq_id": ids, "codes": masks}
        if dup_ids != "suffix":
            columns["state"] = [REJECTED] * len(places)
        if places:
            replace_rows(batch.path, places, columns)


def _same_hash(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return the places of all numbers that occur more than once, ascending; 0 stands for no id."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    twice = np.r_[same, False] | np.r_[False, same]
    return np.sort(order[twice & (ordered != 0)])
