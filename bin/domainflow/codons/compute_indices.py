"""Compute the indices of every gene of a sample, and the sample's usage tables.

Genes are read part by part. Their counts must add up to the merged counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domainflow.codons.codes import code_names
from domainflow.codons.count_kernels import N_CODONS
from domainflow.codons.families import families_of
from domainflow.codons.genetic_codes import CODONS, GeneticCode
from domainflow.codons.index_kernels import COLUMNS, gene_indices
from domainflow.codons.merge_counts import Merged
from domainflow.codons.reference_set import (
    OF_THE_SAMPLE,
    Adaptiveness,
    Reference,
    adaptiveness,
    built_in_reference,
    optimal_codons,
    read_optimal,
    read_reference,
)
from domainflow.codons.settings import IndexSettings
from domainflow.codons.totals import Totals
from domainflow.codons.trna import read_trna_genes, trna_adaptiveness
from domainflow.run.errors import InconsistencyError, InputError, StoreError
from domainflow.run.heartbeat import Heartbeat

__all__ = [
    "GENES_SCHEMA",
    "Method",
    "counted_tables",
    "gene_tables",
    "index_conventions",
    "method_of_sample",
    "reference_of_sample",
]

OF_GENES = ("enc", "enc_sun", "cai", "fop", "cbi", "tai")
"""Indices that need genes: in ``frame`` mode they are not computed."""

GENES_SCHEMA = pa.schema(
    [
        *((name, pa.dictionary(pa.int32(), pa.string())) for name in ("sample", "group")),
        ("seq_id", pa.string()),
        ("gene", pa.string()),
        ("genetic_code", pa.int16()),
        *((name, pa.int64()) for name in ("length_nt", "n_codons", "n_ambiguous", "n_truncated", "n_internal_stops")),
        ("start_codon", pa.string()),
        ("stop_codon", pa.string()),
        ("flags", pa.string()),
        *((name, pa.int64() if name in ("l_sym", "l_aa") else pa.float64()) for name in COLUMNS),
        ("conventions", pa.dictionary(pa.int32(), pa.string())),
        ("counts", pa.list_(pa.int32(), N_CODONS)),
    ]
)
"""Columns of ``per_sequence.parquet``; the TSV has all but the last."""


class Method(NamedTuple):
    """Reference, codes and settings that the indices of a sample are computed with.

    Attributes
    ----------
    settings : IndexSettings
    codes : mapping of number to GeneticCode
    reference : Reference or None
        Of CAI, Fop and CBI.
    optimal : bool array, shape (64,), or None
        Optimal codons that the user named.
    trna_genes : dict of anticodon to number, or None
    """

    settings: IndexSettings
    codes: Mapping[int, GeneticCode]
    reference: Reference | None
    optimal: NDArray[np.bool_] | None
    trna_genes: dict[str, float] | None

    def adaptiveness(self, number: int) -> Adaptiveness | None:
        """Return the relative adaptiveness of codons in a genetic code."""
        if self.reference is None:
            return None
        return adaptiveness(self.reference, families_of(self.codes[number], self.settings.families), self.settings)


def counted_tables(paths: Iterable[Path]) -> Iterator[pa.Table]:
    """Yield the parts of the files of counted genes."""
    for path in paths:
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        for number in range(reader.num_record_batches):
            yield pa.Table.from_batches([reader.get_batch(number)])


def reference_of_sample(name: str, paths: Iterable[Path], totals: Totals) -> Reference | None:
    """Return the reference set ``self`` or ``ribosomal`` of a sample; None if it has no such gene."""
    if name == "self":
        return Reference(name, totals.counts.astype(np.float64)) if totals.counts.any() else None
    counts = np.zeros(N_CODONS, np.int64)
    for table in counted_tables(paths):
        counts += _matrix(table.filter(table["ribosomal"])).sum(0, dtype=np.int64)
    return Reference(name, counts.astype(np.float64)) if counts.any() else None


def method_of_sample(
    name: str | None,
    files: tuple[Path | None, Path | None, Path | None],
    settings: IndexSettings,
    codes: Mapping[int, GeneticCode],
    paths: Sequence[Path],
    totals: Totals,
) -> tuple[Method, dict[str, Any]]:
    """Return what a sample's indices are computed with, and notes on what its reference lacks.

    Parameters
    ----------
    name : str or None
        ``self``, ``ribosomal``, or the name of a built-in reference; None with a file, or for no reference.
    files : tuple of paths or None
        Of the reference set, of optimal codons, of tRNA genes.
    settings : IndexSettings
    codes : mapping of number to GeneticCode
    paths : sequence of Path
        Counted genes of the sample.
    totals : Totals

    Raises
    ------
    StoreError
        If a file cannot be used.
    """
    of_reference, of_optimal, of_trna = files
    main = max(totals.by_code, key=lambda number: int(totals.by_code[number].sum()), default=1)
    notes: dict[str, Any] = {"reference": name or (of_reference and of_reference.name)}
    try:
        if of_reference is not None:
            reference: Reference | None = read_reference(of_reference, main, codes)
        elif name in OF_THE_SAMPLE:
            reference = reference_of_sample(name, paths, totals)
            if reference is None:
                notes["remark"] = f"the sample has no gene for the reference {name}, so that CAI, Fop and CBI are empty"
        else:
            reference = built_in_reference(name) if name else None
        optimal = None if of_optimal is None else read_optimal(of_optimal)
        method = Method(settings, codes, reference, optimal, None if of_trna is None else read_trna_genes(of_trna))
    except InputError as error:
        raise StoreError(f"The indices cannot be computed: {error}.") from None
    found = method.adaptiveness(main)
    if found is not None and found.absent:
        notes["families_without_reference"] = found.absent
    return method, notes


def gene_tables(paths: Sequence[Path], merged: Merged, method: Method) -> Iterator[pa.Table]:
    """Yield the genes of a sample with their indices, columns of `GENES_SCHEMA`.

    Raises
    ------
    InconsistencyError
        If the counts of the genes do not add up to the merged counts.
    """
    conventions = index_conventions(method)
    heartbeat = Heartbeat("COMPUTE_INDICES", merged.totals.counted)
    heartbeat.begin()
    added: dict[int, NDArray[np.int64]] = {}
    for table in counted_tables(paths):
        counts, numbers = _matrix(table), table["genetic_code"].to_numpy()
        values = np.full((len(table), len(COLUMNS)), np.nan)
        for number in np.unique(numbers).tolist():
            rows = numbers == number
            some = np.zeros((int(rows.sum()), len(COLUMNS)))
            _compute(counts[rows], number, method, some)
            values[rows] = some
            added[number] = added.get(number, np.zeros(N_CODONS, np.int64)) + counts[rows].sum(0, dtype=np.int64)
        heartbeat.add(len(table))
        yield _gene_table(table, values, merged, conventions, method)
    heartbeat.end()
    wanted = {number: counts for number, counts in merged.totals.by_code.items() if counts.any()}
    found = {number: counts for number, counts in added.items() if counts.any()}
    if wanted.keys() != found.keys() or any((wanted[n] != found[n]).any() for n in wanted):
        raise InconsistencyError(f"the counts of the genes of {merged.sample} do not add up to the merged counts")


def index_conventions(method: Method) -> str:
    """Say what the indices of genes follow."""
    settings = method.settings
    if settings.mode == "frame":
        return f"mode=frame, frame={settings.frame}; no indices of genes"
    name = method.reference.name if method.reference else "none"
    texts = [
        f"mode={settings.mode}",
        f"families={settings.families}",
        "enc=Wright 1990",
        "enc_sun=Sun 2013, pseudocount 1",
    ]
    texts.append(f"cai=reference {name}, zero {settings.cai_zero:g}, without {settings.cai_exclude}")
    texts.append("fop, cbi=" + ("optimal codons of the file" if method.optimal is not None else f"largest of {name}"))
    texts.append(
        f"tai=dos Reis 2004, {settings.trna_domain}, without {settings.tai_exclude}"
        if method.trna_genes
        else "tai=none"
    )
    return "; ".join(texts)


def _compute(counts: NDArray[np.int32], number: int, method: Method, values: NDArray[np.float64]) -> None:
    """Compute the indices of genes of one genetic code."""
    code, settings = method.codes[number], method.settings
    families, letters = families_of(code, settings.families), families_of(code, "aa")
    boxes = families_of(code, "box")
    none, zeros = np.zeros(N_CODONS, np.bool_), np.zeros(N_CODONS)
    found = method.adaptiveness(number)
    in_cai, ln_w = (none, zeros) if found is None else (found.in_cai, np.log(np.where(found.in_cai, found.w, 1)))
    if method.optimal is not None:
        optimal = method.optimal & (letters.codon_sizes > 1)
    elif method.reference is not None:
        optimal = optimal_codons(method.reference, letters)
    else:
        optimal = none
    n_optimal = letters.sums(optimal.astype(np.int64))[np.maximum(letters.of_codon, 0)]
    in_fop = (letters.codon_sizes > 1) & (n_optimal > 0)
    expected = np.where(in_fop, n_optimal / np.maximum(letters.codon_sizes, 1), 0.0)
    in_tai, ln_trna = none, zeros
    if method.trna_genes is not None:
        w = trna_adaptiveness(method.trna_genes, code, settings.trna_domain, settings.excluded(settings.tai_exclude))
        in_tai = ~np.isnan(w)
        ln_trna = np.log(np.where(in_tai, w, 1))
    gene_indices(
        np.ascontiguousarray(counts), families.of_codon, families.sizes, letters.codon_sizes > 1,
        boxes.codon_sizes == 4, bool(optimal.any()), in_cai, ln_w, optimal, in_fop, expected, in_tai, ln_trna, values,
    )  # fmt: skip


def _gene_table(
    table: pa.Table, values: NDArray[np.float64], merged: Merged, conventions: str, method: Method
) -> pa.Table:
    n = len(table)
    frame = method.settings.mode == "frame"
    codons = pa.array(CODONS)
    masks = table["codes"].to_pylist()
    names = {mask: code_names(mask) for mask in set(masks)}
    first, last = table["start_codon"].to_numpy(), table["stop_codon"].to_numpy()
    numbers = table["genetic_code"].to_numpy()
    ends = np.zeros(n, np.bool_)
    for number in np.unique(numbers).tolist():
        rows = (numbers == number) & (last >= 0)
        ends[rows] = method.codes[number].is_stop[last[rows]]

    def same(text: str) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), n), pa.array([text], pa.string()))

    def codon(indices: NDArray[np.int8], known: NDArray[np.bool_]) -> pa.Array:
        return pc.take(codons, pa.array(indices.astype(np.int64), mask=~known | frame))

    indices = {}
    for place, name in enumerate(COLUMNS):
        absent = np.isnan(values[:, place]) | (frame and name in OF_GENES)
        kind = GENES_SCHEMA.field(name).type
        indices[name] = pa.array(np.where(absent, 0, values[:, place]), mask=absent).cast(kind)
    columns = {
        "sample": same(merged.sample),
        "group": same(merged.group),
        **{name: table[name] for name in GENES_SCHEMA.names[2:10]},
        "start_codon": codon(first, first >= 0),
        "stop_codon": codon(last, ends),
        "flags": [names[mask] for mask in masks],
        **indices,
        "conventions": same(conventions),
        "counts": table["counts"],
    }
    return pa.table([columns[name] for name in GENES_SCHEMA.names], schema=GENES_SCHEMA)


def _matrix(table: pa.Table) -> NDArray[np.int32]:
    """Return the counts of genes, shape (n, 64)."""
    column = table["counts"]
    array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    matrix: Any = array.flatten().to_numpy()
    return matrix.reshape(-1, N_CODONS)
