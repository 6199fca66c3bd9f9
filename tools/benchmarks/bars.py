"""Figures, the bars they must reach, and how both are printed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import spearmanr

__all__ = ["ALL", "Bar", "mean", "parts", "print_figures", "rank_correlations", "rounded"]

FEWEST_RANKED = 3
"""Smallest number of different values for a rank correlation of a query."""

ALL = "all"
"""Name of the part with all queries."""


class Bar(NamedTuple):
    """The limits of a figure: its name, its least and its largest value."""

    figure: str
    least: float = -np.inf
    most: float = np.inf

    def limits(self) -> str:
        """Return the bar as the table shows it."""
        if self.most == np.inf:
            return f">= {self.least:g}"
        return f"<= {self.most:g}" if self.least == -np.inf else f"{self.least:g} to {self.most:g}"

    def missed(self, value: float) -> bool:
        """Return whether a value is outside the limits; NaN (nothing to count) is not."""
        return not (np.isnan(value) or self.least <= value <= self.most)


def parts(names: Iterable[str], of: Iterable[str]) -> dict[str, list[str]]:
    """Divide names into all and two halves: of the sorted names `of`, every second one was used for tuning."""
    ordered, present = sorted(set(of)), set(names)
    return {
        ALL: sorted(present),
        "tuned": [name for name in ordered[::2] if name in present],
        "held out": [name for name in ordered[1::2] if name in present],
    }


def print_figures(figures: Mapping[str, Mapping[str, float]], bars: Sequence[Bar], digits: int = 3) -> list[str]:
    """Print figures by name, a column per part; return the names of those whose first column misses its bar."""
    bar_of = {bar.figure: bar for bar in bars}
    first = next(iter(figures.values()))
    width = max(map(len, first)) + 2
    if len(figures) > 1:
        print(" " * width + "".join(f"{part:>10}" for part in figures) + "   bar")
    missed = []
    for name, value in first.items():
        bar = bar_of.get(name)
        failed = bar is not None and bar.missed(value)
        row = "".join(_shown(part[name], digits) for part in figures.values())
        print(f"{name:<{width}}{row}   {bar.limits() if bar else ''}{'   MISSED' if failed else ''}")
        missed += [name] if failed else []
    return missed


def _shown(value: float, digits: int) -> str:
    return f"{'–':>10}" if np.isnan(value) else f"{value:>10.{digits}f}"


def mean(values: Iterable[float]) -> float:
    """Compute the mean; NaN without values."""
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")


def rank_correlations(queries: Iterable[Sequence[tuple[float, float]]]) -> list[float]:
    """Compute Spearman's correlation of pairs (theirs, ours) for each query with enough pairs."""
    return [
        float(spearmanr(*zip(*pairs, strict=True)).statistic)
        for pairs in queries
        if len({theirs for theirs, _ in pairs}) >= FEWEST_RANKED
    ]


def rounded(figures: Mapping[str, float]) -> dict[str, float | None]:
    """Round figures for JSON; NaN, which JSON does not have, becomes null."""
    return {name: None if np.isnan(value) else round(value, 4) for name, value in figures.items()}
