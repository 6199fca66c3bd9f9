"""Write a picture as PNG and SVG with its table; equal content gives equal bytes."""

from pathlib import Path

import matplotlib as mpl
import pyarrow as pa

mpl.use("Agg")

from matplotlib.figure import Figure

from domainflow.codons.tables import write_tsv

__all__ = ["COLOURS", "MOST_POINTS", "write_figure"]

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#6b6b6b", "#f0e442")
"""Colours that people with colour blindness can tell apart (Okabe and Ito 2008)."""
MOST_POINTS = 20_000
"""Genes that are drawn; of more genes, those whose ids have the smallest hash are drawn."""
RESOLUTION = 150
"""Dots per inch of PNG."""

mpl.rcParams.update(
    {"svg.hashsalt": "domainflow", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
)


def write_figure(folder: Path, name: str, figure: Figure, table: pa.Table) -> None:
    """Write ``NAME.png``, ``NAME.svg`` and ``NAME.tsv``."""
    figure.savefig(folder / f"{name}.png", dpi=RESOLUTION, metadata={"Software": None}, bbox_inches="tight")
    figure.savefig(folder / f"{name}.svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    write_tsv(folder / f"{name}.tsv", table)
