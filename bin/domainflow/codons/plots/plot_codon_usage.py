"""Draw all pictures of a run, and its section of the report as one HTML page."""

import base64
import html
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from matplotlib.figure import Figure
from numpy.typing import NDArray

from domainflow.codons.families import families_of
from domainflow.codons.genetic_codes import CODONS, GeneticCode
from domainflow.codons.merge_counts import Merged
from domainflow.codons.plots.figure_files import MOST_POINTS, write_figure
from domainflow.codons.plots.gene_figures import enc_plot, neutrality_plot, pr2_plot, rscu_plot
from domainflow.codons.plots.usage_figures import heat_map, rscu_bars
from domainflow.codons.settings import IndexSettings
from domainflow.codons.usage import codon_usage

__all__ = ["PlotSettings", "chosen_genes", "counts_by_label", "gene_rscu", "plot_codon_usage"]

POINT_COLUMNS = ("seq_id", "genetic_code", "gc1", "gc2", "gc3", "gc3s", "pr2_a", "pr2_g", "enc", "l_aa", "counts")
HINT_OF_FRAMES = "Samples with mode=frame: these are statistics of triplets of any DNA, not codon usage of genes."


class PlotSettings(NamedTuple):
    """Codons in the page's list of the most frequent ones, and the smallest count in it."""

    top: int = 30
    min_count: int = 1


def plot_codon_usage(
    samples: Sequence[tuple[Merged, Path]],
    folder: Path,
    settings: IndexSettings,
    shown: PlotSettings,
    codes: Mapping[int, GeneticCode],
) -> None:
    """Write all pictures, their tables and ``codons.html`` to a folder.

    Parameters
    ----------
    samples : sequence of (Merged, path of the genes' Parquet file)
    folder : Path
    settings : IndexSettings
    shown : PlotSettings
    codes : mapping of number to GeneticCode
    """
    drawn: list[str] = []

    def draw(name: str, picture: tuple[Figure, pa.Table]) -> None:
        write_figure(folder, name, *picture)
        drawn.append(name)

    labels = counts_by_label(samples)
    for number in sorted({number for _, number in labels}):
        code, suffix = codes[number], f"code_{number}"
        rscu = {label: codon_usage(counts, code, settings).rscu for (label, n), counts in labels.items() if n == number}
        for label, values in rscu.items():
            draw(f"rscu.{label}.{suffix}", rscu_bars(label, values, code))
        draw(f"rscu_heat_map.{suffix}", heat_map(rscu, code))
    genes = chosen_genes(samples)
    if len(genes):
        draw("enc_gc3s", enc_plot(genes))
        draw("neutrality", neutrality_plot(genes))
        draw("pr2", pr2_plot(genes))
        draw("rscu_components", rscu_plot(genes, gene_rscu(genes, codes, settings)))
    (folder / "codons.html").write_text("\n".join(_page(samples, labels, drawn, folder, settings, shown, codes)) + "\n")


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


def _page(
    samples: Sequence[tuple[Merged, Path]],
    labels: Mapping[tuple[str, int], NDArray[np.int64]],
    drawn: Sequence[str],
    folder: Path,
    settings: IndexSettings,
    shown: PlotSettings,
    codes: Mapping[int, GeneticCode],
) -> Iterator[str]:
    """Yield the lines of the page."""
    yield '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Codon usage</title>'
    yield "<style>body{font:15px sans-serif;max-width:70em;margin:2em auto}td,th{padding:.1em .7em;text-align:right}"
    yield "td:first-child,th:first-child{text-align:left}img{max-width:100%}.warning{color:#a00}</style></head><body>"
    yield '<section id="codons"><h2>Codon usage</h2>'
    if any(merged.mode == "frame" for merged, _ in samples):
        yield f'<p class="warning">{HINT_OF_FRAMES}</p>'
    yield _row("th", ["sample", "group", "genes", "rejected", "codons", "ambiguous"], "<table>")
    for merged, _ in samples:
        t = merged.totals
        cells = (merged.sample, merged.group or "-", t.counted, t.rejected, int(t.counts.sum()), t.ambiguous)
        yield _row("td", [f"{cell:,}" if isinstance(cell, int) else cell for cell in cells])
    yield "</table>"
    for (label, number), counts in labels.items():
        yield from _top(label, counts, codes[number], settings, shown)
    for name in drawn:
        picture = base64.b64encode((folder / f"{name}.png").read_bytes()).decode()
        yield f'<figure><img alt="{html.escape(name)}" src="data:image/png;base64,{picture}">'
        yield f"<figcaption>{html.escape(name)}.png, .svg and .tsv</figcaption></figure>"
    yield "</section></body></html>"


def _top(
    label: str, counts: NDArray[np.int64], code: GeneticCode, settings: IndexSettings, shown: PlotSettings
) -> Iterator[str]:
    usage = codon_usage(counts, code, settings)
    order = [codon for codon in np.argsort(usage.rank).tolist() if counts[codon] >= shown.min_count][: shown.top]
    yield f"<h3>{html.escape(label)}: the most frequent codons (genetic code {code.number})</h3>"
    yield _row("th", ["codon", "amino acid", "count", "per thousand", "RSCU"], "<table>")
    for codon in order:
        rscu = "" if np.isnan(usage.rscu[codon]) else f"{usage.rscu[codon]:.2f}"
        thousand = "" if np.isnan(usage.freq[codon]) else f"{1000 * usage.freq[codon]:.2f}"
        yield _row("td", [CODONS[codon], code.amino_acids[codon], f"{counts[codon]:,}", thousand, rscu])
    yield "</table>"


def _row(kind: str, cells: Sequence[str], before: str = "") -> str:
    """Return a row of an HTML table."""
    return before + "<tr>" + "".join(f"<{kind}>{html.escape(cell)}</{kind}>" for cell in cells) + "</tr>"
