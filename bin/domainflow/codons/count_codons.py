"""Count the codons of one batch: 64 numbers per gene and per genetic code, with the law that nothing vanishes.

The law: each row is counted, rejected, or a file without a gene. The triplets of the counted genes are their counted
codons, ambiguous triplets, and triplets after a stop where counting ended.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.codons.arrow_bytes import bytes_and_offsets
from domainflow.codons.batches import batch_facts, batch_tables
from domainflow.codons.codes import Code
from domainflow.codons.cost import Cost
from domainflow.codons.count_kernels import FIELDS, N_CODONS, base_numbers, count_sequences, letter_kinds
from domainflow.codons.genes import GENE
from domainflow.codons.genetic_codes import GeneticCode
from domainflow.codons.ledger import Outcome, ledger_lines, write_lines
from domainflow.codons.settings import CountSettings
from domainflow.codons.totals import Totals, check_law
from domainflow.codons.translation import translate
from domainflow.run.heartbeat import Heartbeat

__all__ = ["COUNTS_SCHEMA", "CountedPart", "count_batch", "count_file", "count_part", "write_counts"]

MOST_PROTEIN_LETTERS = 0.01
"""Share of letters of proteins above which a sequence is taken for a protein (C005)."""

COUNTS_SCHEMA = pa.schema(
    [
        ("ordinal", pa.int64()),
        ("seq_id", pa.string()),
        ("gene", pa.string()),
        ("genetic_code", pa.int16()),
        ("length_nt", pa.int64()),
        ("n_codons", pa.int64()),
        ("n_ambiguous", pa.int64()),
        ("n_truncated", pa.int64()),
        ("n_internal_stops", pa.int64()),
        ("start_codon", pa.int8()),
        ("stop_codon", pa.int8()),
        ("codes", pa.int32()),
        ("ribosomal", pa.bool_()),
        ("counts", pa.list_(pa.int32(), N_CODONS)),
    ]
)
"""Columns of ``BATCH.counts.arrow``; codons are numbers from 0 to 63, -1 for none."""


class CountedPart(NamedTuple):
    """The result of one part of a batch.

    Attributes
    ----------
    counts : Table
        The counted genes, columns of `COUNTS_SCHEMA`.
    lines : Array
        Ledger lines of all rows.
    totals : Totals
    proteins : list of (str, str)
        Ids and proteins, if they are wanted.
    """

    counts: pa.Table
    lines: pa.Array
    totals: Totals
    proteins: list[tuple[str, str]]


def count_file(batch: Path, out: Path, settings: CountSettings, codes: Mapping[int, GeneticCode]) -> None:
    """Count a batch file and write its files to a folder.

    These are ``BATCH.counts.arrow``, ``BATCH.totals.json``, ``BATCH.count.ledger.tsv``, ``BATCH.cost.tsv`` and, if
    proteins are wanted, ``BATCH.faa``.
    """
    cost, name = Cost(), batch.name.removesuffix(".genes.arrow")
    lines: list[pa.Array] = []
    proteins: list[tuple[str, str]] = []
    heartbeat = Heartbeat("COUNT_CODONS", sum(map(len, batch_tables(batch))))
    heartbeat.begin()
    parts = _with_heartbeat(count_batch(batch, settings, codes), heartbeat)
    totals = write_counts(parts, out / f"{name}.counts.arrow", lines, proteins)
    (out / f"{name}.totals.json").write_text(json.dumps(totals.to_json()))
    write_lines(out / f"{name}.count.ledger.tsv", lines)
    if settings.translate:
        (out / f"{name}.faa").write_text("".join(f">{gene}\n{protein}\n" for gene, protein in proteins))
    cost.write(out / f"{name}.cost.tsv", name)
    heartbeat.end()


def _with_heartbeat(parts: Iterator[CountedPart], heartbeat: Heartbeat) -> Iterator[CountedPart]:
    for part in parts:
        heartbeat.add(part.totals.rows)
        yield part


def count_batch(path: Path, settings: CountSettings, codes: Mapping[int, GeneticCode]) -> Iterator[CountedPart]:
    """Yield the counts of each part of a batch file.

    Parameters
    ----------
    path : Path
    settings : CountSettings
    codes : mapping of number to GeneticCode
    """
    sample, first = batch_facts(path)
    for part in batch_tables(path):
        yield count_part(part, sample, first, settings, codes)
        first += len(part)


def count_part(
    genes: pa.RecordBatch, sample: str, first: int, settings: CountSettings, codes: Mapping[int, GeneticCode]
) -> CountedPart:
    """Count the genes of a table.

    Raises
    ------
    InconsistencyError
        If triplets or rows are lost.
    """
    state = genes["state"].to_numpy()
    numbers = genes["genetic_code"].to_numpy()
    counts, fields = _counted(genes, state == GENE, numbers, settings, codes)
    flags, rejections = _judged(genes, fields, numbers, settings, codes)
    kept = (state == GENE) & (rejections == 0)
    masks = genes["codes"].to_numpy() | np.where(state == GENE, np.where(rejections, rejections, flags), 0)

    counts[~kept] = 0
    columns_of = {name: fields[:, number] for number, name in enumerate(FIELDS)}
    columns = {name: values[kept] for name, values in columns_of.items()}
    counted = columns_of["triplets"] - columns_of["ambiguous"] - columns_of["truncated"]
    table = pa.Table.from_arrays(
        [
            pa.array(first + np.flatnonzero(kept)),
            *(genes[name].filter(pa.array(kept)) for name in ("seq_id", "gene", "genetic_code")),
            *(pa.array(columns[name]) for name in ("length",)),
            pa.array(counts[kept].sum(1, dtype=np.int64)),
            *(pa.array(columns[name]) for name in ("ambiguous", "truncated", "internal_stops")),
            *(pa.array(columns[name].astype(np.int8)) for name in ("first", "last")),
            pa.array(masks[kept].astype(np.int32)),
            genes["ribosomal"].filter(pa.array(kept)),
            pa.FixedSizeListArray.from_arrays(pa.array(counts[kept].ravel()), N_CODONS),
        ],
        schema=COUNTS_SCHEMA,
    )
    totals = Totals.of_table(table, columns["triplets"], state, rejections, masks)
    check_law(totals)
    return CountedPart(
        table,
        ledger_lines(genes, sample, first, Outcome(kept, masks, columns_of["length"], counted)),
        totals,
        list(_proteins(genes, kept, masks, codes)) if settings.translate else [],
    )


def write_counts(
    parts: Iterator[CountedPart], counts: Path, lines: list[pa.Array], proteins: list[tuple[str, str]]
) -> Totals:
    """Write the counts of a batch part by part; gather lines and proteins; return the totals.

    Parameters
    ----------
    parts : iterator of CountedPart
    counts : Path
        File to write.
    lines, proteins : list
        Receive what the parts hold.
    """
    totals, digest = Totals.empty(), hashlib.sha256()
    with pa.ipc.new_file(counts, COUNTS_SCHEMA) as writer:
        for part in parts:
            writer.write_table(part.counts)
            lines.append(part.lines)
            proteins += part.proteins
            totals = totals.plus(part.totals)
            digest.update(part.counts["counts"].combine_chunks().flatten().to_numpy().tobytes())
    return totals._replace(sha256_of_counts=digest.hexdigest())


def _counted(
    genes: pa.RecordBatch,
    wanted: NDArray[np.bool_],
    numbers: NDArray[np.int16],
    settings: CountSettings,
    codes: Mapping[int, GeneticCode],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the counts of each sequence and what `FIELDS` names."""
    values, offsets = bytes_and_offsets(genes["sequence"])
    known = sorted(codes)
    never_inside = np.array([codes[number].never_inside for number in known])
    code_of = np.searchsorted(known, numbers).clip(0, len(known) - 1)
    lists = genes["exceptions"]
    begin = lists.offsets.to_numpy().astype(np.int64)
    counts = np.zeros((len(genes), N_CODONS), np.int32)
    fields = np.zeros((len(genes), len(FIELDS)), np.int64)
    count_sequences(
        values, offsets, wanted, code_of, never_inside, begin, lists.values.to_numpy(),
        base_numbers(settings.soft_mask), letter_kinds(), settings.skipped_bases, settings.mode == "cds",
        settings.internal_stop == "truncate", counts, fields,
    )  # fmt: skip
    return counts, fields


def _judged(
    genes: pa.RecordBatch,
    fields: NDArray[np.int64],
    numbers: NDArray[np.int16],
    settings: CountSettings,
    codes: Mapping[int, GeneticCode],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the flags of each sequence and the codes that reject it, as masks."""
    of = {name: fields[:, number] for number, name in enumerate(FIELDS)}
    triplets, length = of["triplets"], of["length"]
    flags, rejections = np.zeros(len(fields), np.int64), np.zeros(len(fields), np.int64)

    def mark(where: NDArray[np.bool_], code: Code, reject: bool) -> None:
        masks = rejections if reject else flags
        masks[where] |= int(code)

    mark(of["ambiguous"] > settings.max_ambiguous * triplets, Code.C011, settings.ambiguous == "reject")
    if settings.mode == "cds":
        completed = genes["completed"].to_numpy(zero_copy_only=False)
        starts, stops = _allowed(numbers, codes)
        first, last = of["first"], of["last"]
        rows = np.arange(len(fields))
        mark((length % 3 != 0) & ~completed, Code.C007, settings.partial == "reject")
        mark((first < 0) | ~starts[rows, first], Code.C008, False)
        mark(((last < 0) | ~stops[rows, last]) & ~completed, Code.C009, False)
        mark(of["internal_stops"] > 0, Code.C010, settings.internal_stop == "reject")
        mark(of["gaps"] > 0, Code.C014, False)
    none = np.zeros(len(fields), np.int64)
    sure = np.select(
        [length == 0, triplets == 0, of["protein_letters"] > MOST_PROTEIN_LETTERS * length],
        [none + int(Code.C003), none + int(Code.C004), none + int(Code.C005)],
        none,
    )
    return flags, np.where(sure != 0, sure, rejections)


def _allowed(
    numbers: NDArray[np.int16], codes: Mapping[int, GeneticCode]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the codons that may begin and end each gene, shape (n, 64) each."""
    starts, stops = (np.zeros((len(numbers), N_CODONS), np.bool_) for _ in range(2))
    for number in np.unique(numbers):
        if number in codes:
            starts[numbers == number] = codes[number].is_start
            stops[numbers == number] = codes[number].is_stop
    return starts, stops


def _proteins(
    genes: pa.RecordBatch, kept: NDArray[np.bool_], masks: NDArray[np.int64], codes: Mapping[int, GeneticCode]
) -> Iterator[tuple[str, str]]:
    """Yield the id and protein of each counted gene without a stop inside."""
    for row in np.flatnonzero(kept & ((masks & int(Code.C010)) == 0)).tolist():
        gene = {
            name: genes[name][row].as_py() for name in ("seq_id", "sequence", "genetic_code", "exceptions", "residues")
        }
        code = codes[gene["genetic_code"]]
        yield gene["seq_id"], translate(gene["sequence"], code, gene["exceptions"], gene["residues"])
