"""Draw all pictures of a run."""

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from domainflow.codons.families import families_of
from domainflow.codons.genetic_codes import CODONS, GeneticCode
from domainflow.codons.merge_counts import Merged
from domainflow.codons.plots.figure_files import MOST_POINTS, write_figure
from domainflow.codons.plots.gene_figures import enc_plot, neutrality_plot, pr2_plot, rscu_plot
from domainflow.codons.plots.usage_figures import heat_map, rscu_bars
from domainflow.codons.settings import IndexSettings
from domainflow.codons.usage import codon_usage

__all__ = ["chosen_genes", "counts_by_label", "gene_rscu", "plot_codon_usage"]

POINT_COLUMNS = ("seq_id", "genetic_code", "gc1", "gc2", "gc3", "gc3s", "pr2_a", "pr2_g", "enc", "l_aa", "counts")


def plot_codon_usage(
    samples: Sequence[tuple[Merged, Path]],
    folder: Path,
    settings: IndexSettings,
    codes: Mapping[int, GeneticCode],
) -> None:
    """Write all pictures and their tables to a folder.

    Parameters
    ----------
    samples : sequence of (Merged, path of the genes' Parquet file)
    folder : Path
    settings : IndexSettings
    codes : mapping of number to GeneticCode
    """
    labels = counts_by_label(samples)
    for number in sorted({number for _, number in labels}):
        code, suffix = codes[number], f"code_{number}"
        rscu = {label: codon_usage(counts, code, settings).rscu for (label, n), counts in labels.items() if n == number}
        for label, values in rscu.items():
            write_figure(folder, f"rscu.{label}.{suffix}", *rscu_bars(label, values, code))
        write_figure(folder, f"rscu_heat_map.{suffix}", *heat_map(rscu, code))
    genes = chosen_genes(samples)
    if len(genes):
        write_figure(folder, "enc_gc3s", *enc_plot(genes))
        write_figure(folder, "neutrality", *neutrality_plot(genes))
        write_figure(folder, "pr2", *pr2_plot(genes))
        write_figure(folder, "rscu_components", *rscu_plot(genes, gene_rscu(genes, codes, settings)))


def counts_by_label(samples: Sequence[tuple[Merged, Path]]) -> dict[tuple[str, int], NDArray[np.int64]]:
    """Return counts by group (a sample without one is a group of its own) and genetic code."""
    found: dict[tuple[str, int], NDArray[np.int64]] = {}
    for merged, _ in samples:
        for number, counts in merged.totals.by_code.items():
            key = (merged.label, number)
            if counts.any():
                found[key] = found.get(key, np.zeros(len(CODONS), np.int64)) + counts
    return found


def chosen_genes(samples: Sequence[tuple[Merged, Path]]) -> pa.Table:
    """Return the genes to draw, with the column ``label``: all, or those with the smallest hash of their id."""
    kept: list[pa.Table] = []
    hashes: list[NDArray[np.uint32]] = []
    for merged, path in samples:
        if merged.mode != "cds":
            continue
        with pq.ParquetFile(path) as opened:
            for batch in opened.iter_batches(columns=list(POINT_COLUMNS)):
                table = pa.Table.from_batches([batch])
                kept.append(table.append_column("label", pa.repeat(merged.label, len(table))))
                ids = table["seq_id"].to_pylist()
                hashes.append(np.array([zlib.crc32(name.encode()) for name in ids], np.uint32))
                if sum(map(len, kept)) > 2 * MOST_POINTS:
                    kept, hashes = _smallest(kept, hashes)
    kept, _ = _smallest(kept, hashes)
    return kept[0] if kept else pa.table({"seq_id": pa.array([], pa.string())})


def gene_rscu(genes: pa.Table, codes: Mapping[int, GeneticCode], settings: IndexSettings) -> NDArray[np.float64]:
    """Return RSCU of each gene for the codons that are in a family in every genetic code, shape (n, codons)."""
    counts = genes["counts"].combine_chunks().flatten().to_numpy().reshape(-1, len(CODONS)).astype(np.float64)
    numbers = genes["genetic_code"].to_numpy()
    rscu = np.full(counts.shape, np.nan)
    shown = np.ones(len(CODONS), np.bool_)
    for number in np.unique(numbers).tolist():
        families = families_of(codes[number], settings.families)
        rows = numbers == number
        shown &= families.codon_sizes > 1
        for family, size in enumerate(families.sizes):
            members = families.of_codon == family
            sums = counts[np.ix_(rows, members)].sum(1, keepdims=True)
            with np.errstate(divide="ignore", invalid="ignore"):
                rscu[np.ix_(rows, members)] = np.where(sums > 0, counts[np.ix_(rows, members)] * size / sums, np.nan)
    return rscu[:, shown]


def _smallest(
    kept: list[pa.Table], hashes: list[NDArray[np.uint32]]
) -> tuple[list[pa.Table], list[NDArray[np.uint32]]]:
    """Return the rows with the smallest hashes, in their order."""
    if not kept:
        return [], []
    table, numbers = pa.concat_tables(kept), np.concatenate(hashes)
    if len(table) > MOST_POINTS:
        rows = np.sort(np.argsort(numbers, kind="stable")[:MOST_POINTS])
        table, numbers = table.take(pa.array(rows)), numbers[rows]
    return [table.combine_chunks()], [numbers]
