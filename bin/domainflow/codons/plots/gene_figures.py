"""Pictures of genes as points: ENC against GC3s, neutrality, PR2, and principal components of RSCU."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from domainflow.codons.plots.figure_files import COLOURS

__all__ = [
    "enc_plot",
    "line_through",
    "neutrality_plot",
    "pr2_plot",
    "principal_components",
    "rscu_plot",
    "wright_curve",
]

FEWEST_CODONS = 100
"""Genes with fewer sense codons are left out of the principal components: their RSCU is mostly chance."""
DIGITS = 6
"""Significant digits of components: their last digits depend on the order of additions."""


def wright_curve(gc3s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ENC that base composition alone gives: 2 + s + 29 / (s² + (1 - s)²), s = GC3s (Wright 1990)."""
    return 2 + gc3s + 29 / (gc3s**2 + (1 - gc3s) ** 2)


def line_through(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float] | None:
    """Return slope, intercept and correlation of the least squares line; None if x does not vary."""
    if len(x) < 2 or np.ptp(x) == 0:
        return None
    slope, intercept = np.polyfit(x, y, 1)
    r = float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) else 0.0
    return float(slope), float(intercept), r


def enc_plot(genes: pa.Table) -> tuple[Figure, pa.Table]:
    """Draw ENC against GC3s with Wright's curve. Genes below the curve are more biased than their composition."""
    table = _points(genes, ["gc3s", "enc"])
    expected = wright_curve(table["gc3s"].to_numpy())
    figure, axes = _frame("GC3s", "ENC (Wright)", "ENC against GC3s")
    s = np.linspace(0, 1, 201)
    axes.plot(s, wright_curve(s), color="black", linewidth=1, label="Wright's curve")
    _scatter(axes, table, "gc3s", "enc")
    axes.set_xlim(0, 1)
    axes.set_ylim(18, 63)
    return figure, table.append_column("expected_enc", pa.array(expected))


def neutrality_plot(genes: pa.Table) -> tuple[Figure, pa.Table]:
    """Draw GC12 against GC3 with a line through each group.

    A slope near 1 speaks for mutation, one near 0 for selection.
    """
    table = _points(genes, ["gc3", "gc1", "gc2"])
    gc12 = (table["gc1"].to_numpy() + table["gc2"].to_numpy()) / 2
    table = table.append_column("gc12", pa.array(gc12)).drop_columns(["gc1", "gc2"])
    figure, axes = _frame("GC3", "GC12", "Neutrality")
    _scatter(axes, table, "gc3", "gc12")
    for number, name in enumerate(_names(table)):
        x, y = _of(table, name, "gc3"), _of(table, name, "gc12")
        line = line_through(x, y)
        if line is None:
            continue
        slope, intercept, r = line
        ends = np.array([x.min(), x.max()])
        label = f"{name}: slope {slope:.3f}, r {r:.3f}"
        axes.plot(ends, intercept + slope * ends, color=COLOURS[number % len(COLOURS)], linewidth=1.2, label=label)
    axes.legend(fontsize=7, frameon=False)
    return figure, table


def pr2_plot(genes: pa.Table) -> tuple[Figure, pa.Table]:
    """Draw A3/(A3+T3) against G3/(G3+C3) of fourfold families; the middle is parity (Sueoka 1995)."""
    table = _points(genes, ["pr2_g", "pr2_a"])
    figure, axes = _frame("G3 / (G3 + C3)", "A3 / (A3 + T3)", "Parity rule 2, fourfold families")
    axes.axhline(0.5, color="grey", linewidth=0.6)
    axes.axvline(0.5, color="grey", linewidth=0.6)
    _scatter(axes, table, "pr2_g", "pr2_a")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    return figure, table


def principal_components(
    rscu: NDArray[np.float64], components: int = 2
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return coordinates of genes, shape (n, components), and the share of variance of each component.

    Parameters
    ----------
    rscu : float64 array, shape (n, codons)
        NaN (an amino acid that a gene lacks) counts as no preference, 1.

    Notes
    -----
    The sign of a component is such that its largest loading is positive.
    """
    filled = np.where(np.isnan(rscu), 1.0, rscu)
    centred = filled - filled.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    order = np.argsort(values)[::-1][:components]
    chosen = vectors[:, order]
    signs = np.sign(chosen[np.abs(chosen).argmax(0), np.arange(chosen.shape[1])])
    total = values.sum()
    shares = np.maximum(values[order], 0) / total if total > 0 else np.zeros(len(order))
    return _rounded(centred @ (chosen * signs)), _rounded(shares)


def rscu_plot(genes: pa.Table, rscu: NDArray[np.float64]) -> tuple[Figure, pa.Table]:
    """Draw the first two principal components of RSCU of genes with at least `FEWEST_CODONS` codons.

    Parameters
    ----------
    genes : Table
        With ``seq_id``, ``label`` and ``l_aa``.
    rscu : float64 array, shape (n, codons)
    """
    long = genes["l_aa"].to_numpy() >= FEWEST_CODONS
    table = genes.filter(pa.array(long)).select(["seq_id", "label"])
    coordinates, shares = (
        principal_components(rscu[long]) if long.sum() > 2 else (np.zeros((len(table), 2)), np.zeros(2))
    )
    for number in range(2):
        table = table.append_column(f"pc{number + 1}", pa.array(coordinates[:, number]))
    axis_names = [f"PC{number + 1} ({100 * shares[number]:.1f} % of the variance)" for number in range(2)]
    figure, axes = _frame(axis_names[0], axis_names[1], f"RSCU of genes with {FEWEST_CODONS} codons or more")
    _scatter(axes, table, "pc1", "pc2")
    return figure, table


def _frame(x: str, y: str, title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5, 4.2))
    axes: Any = figure.subplots()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(title)
    return figure, axes


def _points(genes: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Return the genes that have all of the columns."""
    return genes.select(["seq_id", "label", *columns]).drop_null()


def _names(table: pa.Table) -> list[str]:
    return sorted(set(table["label"].to_pylist()))


def _of(table: pa.Table, name: str, column: str) -> NDArray[np.float64]:
    chosen = np.array(table["label"].to_pylist()) == name
    return table[column].to_numpy()[chosen]


def _scatter(axes: Axes, table: pa.Table, x: str, y: str) -> None:
    names = _names(table) if len(table) else []
    size = 12 if len(table) < 1000 else 4
    for number, name in enumerate(names):
        colour = COLOURS[number % len(COLOURS)]
        axes.scatter(
            _of(table, name, x),
            _of(table, name, y),
            s=size,
            color=colour,
            alpha=0.6,
            linewidths=0,
            label=name,
            rasterized=True,
        )
    if names:
        axes.legend(fontsize=7, frameon=False)


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([float(f"{value:.{DIGITS}g}") for value in values.ravel()]).reshape(values.shape) + 0.0
