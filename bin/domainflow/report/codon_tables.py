"""The tables of a codons run's page: medians of indices, RSCU, the most frequent codons, how groups differ."""

import csv
import heapq
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

__all__ = [
    "LabelUsage", "comparison_table", "frequent_tables", "index_table", "medians", "read_usage", "rscu_tables",
    "sample_table", "table",
]  # fmt: skip

INDICES = ("enc", "cai", "gc3s", "gc", "fop", "tai")
"""Columns of ``per_sequence.parquet`` whose medians are shown."""
TITLES = {"enc": "ENC", "cai": "CAI", "gc3s": "GC3s", "gc": "GC", "fop": "Fop", "tai": "tAI"}
DIGITS = {"enc": 1}
"""Digits shown of an index, if not three."""
MOST_LABELS = 50
"""Groups or samples whose medians are shown."""
MOST_COLUMNS = 8
"""Groups or samples in a table of RSCU, and with a list of their most frequent codons."""
FEW_COLUMNS = 3
"""Groups whose RSCU fits a card; more need a row of its own."""
MOST_SAMPLES = 200
MOST_DIFFERENCES = 60
NO_GENES = "Medians of genes are missing, because --codon_per_sequence false left out per_sequence.parquet."

LabelUsage = Mapping[tuple[str, int], list[dict[str, str]]]
"""Rows of a usage table by group (or sample without one) and genetic code."""
Labels = Mapping[str, Sequence[Mapping[str, Any]]]
"""Samples of ``summary.json`` by group; a sample without one is a group of its own."""


def table(
    title: str,
    note: str | None,
    columns: Sequence[tuple[str, int | None]],
    rows: Sequence[Sequence[Any]],
    place: str,
    *,
    wide: bool = False,
) -> dict[str, Any]:
    """Return a section with a table.

    Parameters
    ----------
    title : str
    note : str or None
    columns : sequence of (title, digits)
        None for a column of texts.
    rows : sequence
    place : str
        ``top`` or ``bottom``.
    wide : bool
        True for a row of its own.
    """
    heads = [
        {"title": name, "kind": "text"} if digits is None else {"title": name, "kind": "number", "digits": digits}
        for name, digits in columns
    ]
    return {
        "title": title, "note": note, "place": place, "wide": wide, "kind": "table",
        "data": {"columns": heads, "rows": [list(row) for row in rows]},
    }  # fmt: skip


def medians(path: Path, label_of: Mapping[str, str]) -> dict[str, dict[str, float | int | None]]:
    """Return the number of genes of each label, as ``genes``, and the medians of `INDICES`; None without a value.

    One column is in memory at a time, 8 bytes a gene.

    Parameters
    ----------
    path : Path
        ``per_sequence.parquet``.
    label_of : mapping of sample to label
    """
    found: dict[str, dict[str, float | int | None]] = {}
    with pq.ParquetFile(path, read_dictionary=["sample"]) as opened:
        for index in INDICES:
            for label, values in _values(opened, index, label_of).items():
                known = values[~np.isnan(values)]
                of_label = found.setdefault(label, {"genes": len(values)})
                of_label[index] = round(float(np.median(known)), 4) if len(known) else None
    return found


def index_table(labels: Labels, found: Mapping[str, Mapping[str, float | int | None]] | None) -> dict[str, Any]:
    """Return the table of groups: samples, genes, codons, and medians of the indices that any group has."""
    shown = [name for name in INDICES if any(values[name] is not None for values in (found or {}).values())]
    rows = [
        [
            label,
            sum(sample["counted"] for sample in samples),
            *((found or {}).get(label, {}).get(name) for name in shown),
            sum(sample["codons"] for sample in samples),
            len(samples),
        ]
        for label, samples in islice(labels.items(), MOST_LABELS)
    ]
    columns = [("group or sample", None), ("genes", 0), *((TITLES[name], DIGITS.get(name, 3)) for name in shown)]
    columns += [("codons", 0), ("samples", 0)]
    note = NO_GENES if found is None else "medians of genes" + _first(len(rows), len(labels))
    return table("Indices", note, columns, rows, "top", wide=True)


def sample_table(samples: Sequence[Mapping[str, Any]], references: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of samples: what was counted of each, and what its CAI refers to.

    Parameters
    ----------
    samples : sequence of mapping
        Of ``summary.json``.
    references : mapping of sample to mapping
        Notes of COMPUTE_INDICES.
    """
    rows = []
    for sample in samples[:MOST_SAMPLES]:
        codes = sample.get("genetic_codes", [])
        (gc, gc3s) = (codes[0]["gc"], codes[0]["gc3s"]) if len(codes) == 1 else (None, None)
        rows.append(
            [
                sample["sample"], sample.get("group") or None, sample.get("mode"),
                ", ".join(str(code["genetic_code"]) for code in codes) or None,
                *(sample.get(name) for name in ("counted", "rejected", "codons", "ambiguous")), gc, gc3s,
                ((references.get(sample["sample"]) or {}).get("reference")),
                "yes" if sample["complete"] else "no",
            ]
        )  # fmt: skip
    columns = [("sample", None), ("group", None), ("mode", None), ("genetic code", None), ("counted", 0)]
    columns += [("rejected", 0), ("codons", 0), ("ambiguous", 0), ("GC", 3), ("GC3s", 3)]
    columns += [("CAI refers to", None), ("complete", None)]
    note = "GC of all codons together" + _first(len(rows), len(samples))
    return table("Samples", note, columns, rows, "bottom", wide=True)


def read_usage(folder: Path, labels: Sequence[str]) -> LabelUsage:
    """Return the usage of the first labels, from ``group_usage.tsv`` and, of samples without a group, from
    ``codon_usage.tsv``."""
    wanted = set(labels[:MOST_COLUMNS])
    found: dict[tuple[str, int], list[dict[str, str]]] = {}
    for row in _rows(folder / "group_usage.tsv"):
        if row["group"] in wanted:
            found.setdefault((row["group"], int(row["genetic_code"])), []).append(row)
    for row in _rows(folder / "codon_usage.tsv"):
        label = f"{row['sample']} (frame)" if row["mode"] == "frame" else row["sample"]
        if not row["group"] and label in wanted:
            found.setdefault((label, int(row["genetic_code"])), []).append(row)
    return {key: found[key] for key in sorted(found, key=lambda key: (labels.index(key[0]), key[1]))}


def rscu_tables(usage: LabelUsage, labels: int) -> Iterator[dict[str, Any]]:
    """Yield a table of RSCU for each genetic code: codons by amino acid, a column for each of the groups.

    Parameters
    ----------
    usage : mapping
    labels : int
        Groups of the run.
    """
    for number in sorted({number for _, number in usage}):
        named = [label for label, code in usage if code == number]
        by_codon: dict[tuple[str, str], list[float | None]] = {}
        for label in named:
            for row in usage[label, number]:
                by_codon.setdefault((row["aa3"], row["codon"]), []).append(_number(row["rscu"]))
        order = {key: place for place, key in enumerate(by_codon)}
        rows = [
            [*key, *by_codon[key]]
            for key in sorted(by_codon, key=lambda key: (key[0], order[key]))
            if any(value is not None for value in by_codon[key])
        ]
        columns = [("aa", None), ("codon", None), *((label, 2) for label in named)]
        note = "1 is no preference among the codons of an amino acid" + _first(min(labels, MOST_COLUMNS), labels)
        yield table(f"RSCU, genetic code {number}", note, columns, rows, "bottom", wide=len(named) > FEW_COLUMNS)


def frequent_tables(usage: LabelUsage, top: int, min_count: int) -> Iterator[dict[str, Any]]:
    """Yield the most frequent codons of each group.

    Parameters
    ----------
    usage : mapping
    top : int
        Largest number of codons (``--codon_top``).
    min_count : int
        Smallest count of a codon (``--codon_min_count``).
    """
    columns = [("codon", None), ("aa", None), ("count", 0), ("per 1000", 1), ("RSCU", 2)]
    for (label, number), rows in islice(usage.items(), MOST_COLUMNS):
        ranked = sorted((row for row in rows if row["rank"]), key=lambda row: int(row["rank"]))
        shown = [
            [row["codon"], row["aa3"], int(row["count"]), _number(row["per_thousand"]), _number(row["rscu"])]
            for row in ranked
            if int(row["count"]) >= min_count
        ][:top]
        yield table(f"Frequent codons of {label}", f"genetic code {number}", columns, shown, "bottom")


def comparison_table(path: Path) -> dict[str, Any] | None:
    """Return the largest differences between groups, from ``comparison.tsv``; None if there are none."""
    n = 0

    def counted() -> Iterator[tuple[float, int, dict[str, str]]]:
        nonlocal n
        for n, row in enumerate(_rows(path), start=1):
            yield -float(row["cramers_v"]), n, row

    largest = heapq.nsmallest(MOST_DIFFERENCES, counted())
    if not largest:
        return None
    rows = [
        [
            row["group_a"], row["group_b"], row["family"], int(row["n_a"]), int(row["n_b"]),
            -minus_v, f"{float(row['q']):.1e}", row["largest_change"],
        ]
        for minus_v, _, row in largest
    ]  # fmt: skip
    columns = [("group a", None), ("group b", None), ("family", None), ("codons of a", 0), ("codons of b", 0)]
    columns += [("V", 3), ("q", 0), ("largest change, b − a", None)]
    note = "by Cramér's V: 0 is equal choice among the codons of an amino acid, 1 entirely different choice"
    return table("How the groups differ", note + _first(len(rows), n), columns, rows, "bottom", wide=True)


def _values(opened: pq.ParquetFile, column: str, label_of: Mapping[str, str]) -> dict[str, NDArray[np.float64]]:
    """Return the values of a column by label, NaN where there is none."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    for batch in opened.iter_batches(columns=["sample", column]):
        samples = batch.column("sample")
        places = samples.indices.to_numpy()
        values = batch.column(column).to_numpy(zero_copy_only=False).astype(np.float64)
        order = np.argsort(places, kind="stable")
        present, begins = np.unique(places[order], return_index=True)
        for place, part in zip(present.tolist(), np.split(values[order], begins[1:]), strict=True):
            found.setdefault(label_of[samples.dictionary[place].as_py()], []).append(part)
    return {label: np.concatenate(parts) for label, parts in found.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table one by one; none if there is no such file."""
    if path.exists():
        with path.open(newline="") as stream:
            yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def _number(text: str) -> float | None:
    return round(float(text), 4) if text else None


def _first(shown: int, of: int) -> str:
    """Return what to add to a note if not all is shown."""
    return "" if shown >= of else f"; the first {shown} of {of:,}"
