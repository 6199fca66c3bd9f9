"""Compare two runs of the same proteins: domains, T-groups, labels, known domains, and CPU time by process."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from domainflow.structures.ranges import parse_range
from evaluation.agreement import best_partners
from evaluation.compare import GOOD_JACCARD, SAME_DOMAIN, Results, compare
from evaluation.known import Known
from monitoring.trace import seconds_of

__all__ = ["Match", "cpu_seconds", "matches", "table_of_runs"]

STAGES = ("SEARCH_TEMPLATES", "ALIGN_TEMPLATES")
"""Processes of the engines."""


class Match(NamedTuple):
    """A domain of one run with its best partner in the other; without a partner the other's texts are empty."""

    jaccard: float
    t_group: str
    label: str
    other_t_group: str = ""
    other_label: str = ""


def matches(one: pd.DataFrame, other: pd.DataFrame) -> Iterator[Match]:
    """Yield every domain of a run with its best partner in another run, from their tables ``domains.tsv``."""
    for protein, rows in one.groupby("protein", sort=True):
        found = other[other["protein"] == protein]
        partners = best_partners(*([parse_range(text) for text in table["range"]] for table in (rows, found)))
        for row, partner in zip(rows.itertuples(), partners, strict=True):
            best = None if partner.place is None else found.iloc[partner.place]
            texts = () if best is None else (best["t_group"], best["label"])
            yield Match(partner.jaccard, str(row.t_group), str(row.label), *texts)


def cpu_seconds(trace: Path) -> dict[str, float]:
    """Return the CPU time of each process in seconds: wall time times the share of a core, of tasks that ended well."""
    table = pd.read_csv(trace, sep="\t", dtype=str, keep_default_na=False)
    done = table[table["status"].isin(["COMPLETED", "CACHED"]) & (table["%cpu"] != "-")]
    seconds = done["realtime"].map(seconds_of) * done["%cpu"].str.rstrip("%").astype(float) / 100
    sums = seconds.groupby(done["process"].str.rpartition(":")[2]).sum()
    return {str(name): float(value) for name, value in sums.items()}


def table_of_runs(runs: tuple[Results, Results], known: dict[str, Known]) -> list[tuple[str, str, str]]:
    """Return the name of a figure and its values of both runs, row by row.

    Parameters
    ----------
    runs : pair of Results
    known : dict
        Known domains with T-groups; proteins without them are left out of the rows on known domains.
    """
    one, other = (run.domains for run in runs)
    pairs = [list(matches(one, other)), list(matches(other, one))]
    alike = [[pair for pair in found if pair.jaccard >= SAME_DOMAIN] for found in pairs]
    costs = [cpu_seconds(run.folder / "pipeline_info" / "execution_trace.txt") for run in runs]
    truth = [
        [row for protein in run.ledger["protein"] if protein in known for row in compare(protein, known[protein], run)]
        for run in runs
    ]

    def row(figure: str, value: Callable[[int], str]) -> tuple[str, str, str]:
        return figure, value(0), value(1)

    labels = sorted({*one["label"], *other["label"]})
    rows = [
        row("domains", lambda run: str(len(pairs[run]))),
        *(
            row(f"labelled {name}", lambda run, name=name: _count(pairs[run], lambda p: p.label == name))
            for name in labels
        ),
        row("mean Jaccard index with the other run's domains", lambda run: _mean([p.jaccard for p in pairs[run]])),
        row(f"of these {GOOD_JACCARD} or more", lambda run: _count(pairs[run], lambda p: p.jaccard >= GOOD_JACCARD)),
        row(f"of these {SAME_DOMAIN} or more", lambda run: str(len(alike[run]))),
        row("… with the same T-group", lambda run: _count(alike[run], lambda p: p.t_group == p.other_t_group)),
        row("… with the same label", lambda run: _count(alike[run], lambda p: p.label == p.other_label)),
    ]
    if truth[0]:
        rows += [
            row("known domains", lambda run: str(len(truth[run]))),
            row("their mean Jaccard index with ours", lambda run: _mean([known.jaccard for known in truth[run]])),
            row("their T-group found", lambda run: _count(truth[run], lambda known: known.right_t)),
        ]
    others = [sum(cost.values()) - sum(cost.get(stage, 0.0) for stage in STAGES) for cost in costs]
    return [
        *rows,
        *(row(f"CPU s, {stage}", lambda run, stage=stage: f"{costs[run].get(stage, 0.0):,.0f}") for stage in STAGES),
        row("CPU s, other processes", lambda run: f"{others[run]:,.0f}"),
    ]


def _mean(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f}" if values else "–"


def _count(rows: Sequence, holds: Callable[..., bool]) -> str:
    return str(sum(map(holds, rows)))
