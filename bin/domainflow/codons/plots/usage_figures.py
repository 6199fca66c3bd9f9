"""Pictures of usage tables: RSCU bars by amino acid, and a heat map of RSCU by sample or group, clustered."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage

from domainflow.codons.genetic_codes import AMINO_ACIDS, CODONS, STOP, GeneticCode
from domainflow.codons.plots.figure_files import COLOURS

__all__ = ["heat_map", "rscu_bars"]


def rscu_bars(name: str, rscu: NDArray[np.float64], code: GeneticCode) -> tuple[Figure, pa.Table]:
    """Draw RSCU as one stacked bar per amino acid; return the picture and its table.

    Parameters
    ----------
    name : str
        Sample or group.
    rscu : float64 array, shape (64,)
    code : GeneticCode
    """
    letters = [letter for letter in AMINO_ACIDS if letter != STOP and code.amino_acids.count(letter) > 1]
    figure = Figure(figsize=(9, 4))
    axes = figure.subplots()
    rows = []
    for place, letter in enumerate(letters):
        members = [codon for codon in range(len(CODONS)) if code.amino_acids[codon] == letter]
        height = 0.0
        for number, codon in enumerate(members):
            value = 0.0 if np.isnan(rscu[codon]) else float(rscu[codon])
            rows.append({"aa": letter, "codon": CODONS[codon], "rscu": None if np.isnan(rscu[codon]) else value})
            axes.bar(
                place,
                value,
                bottom=height,
                color=COLOURS[number % len(COLOURS)],
                width=0.85,
                edgecolor="white",
                linewidth=0.4,
            )
            if value >= 0.3:
                axes.text(
                    place, height + value / 2, CODONS[codon], ha="center", va="center", fontsize=5.5, color="white"
                )
            height += value
    axes.set_xticks(range(len(letters)), [AMINO_ACIDS[letter] for letter in letters])
    axes.set_ylabel("RSCU")
    axes.set_title(f"Relative synonymous codon usage: {name}")
    return figure, pa.Table.from_pylist(
        rows, schema=pa.schema([("aa", pa.string()), ("codon", pa.string()), ("rscu", pa.float64())])
    )


def heat_map(rscu: Mapping[str, NDArray[np.float64]], code: GeneticCode) -> tuple[Figure, pa.Table]:
    """Draw RSCU of several samples or groups; both rows and codons are in the order of a clustering.

    Parameters
    ----------
    rscu : mapping of name to float64 array, shape (64,)
    code : GeneticCode
    """
    names = list(rscu)
    codons = [codon for codon in range(len(CODONS)) if code.degeneracy[codon] > 1 and code.amino_acids[codon] != STOP]
    values = np.array([rscu[name][codons] for name in names])
    filled = np.where(np.isnan(values), 1.0, values)
    if len(names) > 2:
        order = leaves_list(linkage(filled, "average", optimal_ordering=True))
        names, values, filled = [names[row] for row in order], values[order], filled[order]
    if len(names) > 1:
        across = leaves_list(linkage(filled.T, "average"))
        codons, values = [codons[column] for column in across], values[:, across]
    figure = Figure(figsize=(12, 1.6 + 0.32 * len(names)))
    axes = figure.subplots()
    image = axes.imshow(values, cmap="RdBu_r", vmin=0, vmax=2, aspect="auto")
    labels = [f"{CODONS[codon]} {code.amino_acids[codon]}" for codon in codons]
    axes.set_xticks(range(len(codons)), labels, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names)
    figure.colorbar(image, ax=axes, label="RSCU", pad=0.01)
    axes.set_title("RSCU by group; 1 is no preference")
    columns = {"codon": [CODONS[codon] for codon in codons], "aa": [code.amino_acids[codon] for codon in codons]}
    numbers = {name: pa.array(row, mask=np.isnan(row)) for name, row in zip(names, values, strict=True)}
    return figure, pa.table([*columns.values(), *numbers.values()], names=[*columns, *names])
