"""Tables passed between processes: one per bucket, tab separated, with the rows of a protein together.

Residues are written as ranges. Numbers are written in Python's shortest form, so that they are read back unchanged.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import numpy as np
import pandas as pd

from domainflow.domains.candidates.select_candidates import Candidates
from domainflow.domains.rows import DomassRow, ParsedDomain, Prediction, Residues, SearchHit, TemplateMapping
from domainflow.structures.ranges import format_range, parse_range

__all__ = [
    "NO_HITS",
    "read_candidates",
    "read_domains",
    "read_filtered",
    "read_hits",
    "read_mappings",
    "read_predictions",
    "read_left_out",
    "read_rows",
    "Searched",
    "read_searched",
    "read_selected",
    "write_candidates",
    "write_domains",
    "write_features",
    "write_filtered",
    "write_hits",
    "write_mappings",
    "write_left_out",
    "write_rows",
    "write_selected",
]

NO_HITS = pd.DataFrame(columns=["target", "evalue", "qstart", "qend"])
"""The table of a protein without hits."""

_TEXT = {"protein": str, "target": str, "query": str, "uid": str}


def write_hits(path: Path, tables: Iterable[tuple[str, pd.DataFrame]]) -> None:
    """Write the tables of all proteins (Foldseek's columns and more) as one, with a first column ``protein``.

    e-values keep the four digits that Foldseek prints, so that they are the same in DPAM's own file.
    """
    named = [
        (protein, table.assign(evalue=[float(f"{evalue:.3E}") for evalue in table["evalue"]]))
        for protein, table in tables
        if len(table)
    ]
    frame = pd.concat([table for _, table in named]) if named else pd.DataFrame()
    frame.insert(0, "protein", [protein for protein, table in named for _ in range(len(table))])
    frame.to_csv(path, sep="\t", index=False)


def read_hits(path: Path) -> dict[str, pd.DataFrame]:
    """Read the search hits by protein; proteins without hits are absent."""
    frame = pd.read_csv(path, sep="\t", dtype=_TEXT, keep_default_na=False)
    return {str(protein): table for protein, table in frame.groupby("protein", sort=False)}


def write_rows(path: Path, kind: type[NamedTuple], rows_of: Mapping[str, Iterable[tuple]]) -> None:
    """Write rows of one kind of all proteins, with a first column ``protein`` before their fields.

    Parameters
    ----------
    path : Path
    kind : type
        Named tuple of the rows; fields of type `Residues` are written as ranges.
    rows_of : mapping of protein to rows
    """
    columns = _columns(kind)
    rows = [(protein, *_cells(row)) for protein, found in rows_of.items() for row in found]
    pd.DataFrame(rows, columns=["protein", *columns]).to_csv(path, sep="\t", index=False)


def read_rows(path: Path, kind: type[NamedTuple]) -> dict[str, list[Any]]:
    """Read rows of one kind by protein, in the order of the file; proteins without rows are absent."""
    texts = {name: str for name, hint in _columns(kind).items() if hint not in (int, float)}
    frame = pd.read_csv(path, sep="\t", dtype={"protein": str, **texts}, keep_default_na=False)
    rows_of: dict[str, list[Any]] = {}
    for protein, row in zip(frame["protein"], _rows(frame, kind), strict=True):
        rows_of.setdefault(protein, []).append(row)
    return rows_of


def _columns(kind: type[NamedTuple]) -> dict[str, Any]:
    """Return the columns of a kind of row with their types; a tuple within the tuple is replaced by its columns."""
    columns: dict[str, Any] = {}
    for field, hint in get_type_hints(kind).items():
        columns |= _columns(hint) if hasattr(hint, "_fields") else {field: hint}
    return columns


def _cells(row: Iterable[Any]) -> Iterator[Any]:
    """Yield the cells of a row; residues become ranges, a tuple within the tuple is yielded cell by cell."""
    for value in row:
        if isinstance(value, tuple):
            yield from _cells(value)
        else:
            yield format_range(value) if isinstance(value, np.ndarray) else value


def _rows(frame: pd.DataFrame, kind: type[NamedTuple]) -> list[Any]:
    """Return the rows of a table as tuples of a kind."""
    values: list[Iterable[Any]] = []
    for field, hint in get_type_hints(kind).items():
        if hasattr(hint, "_fields"):
            values.append(_rows(frame, hint))
        elif hint == Residues:
            values.append([parse_range(text) for text in frame[field]])
        else:
            values.append(frame[field].tolist())
    return [kind(*cells) for cells in zip(*values, strict=True)]


class _Template(NamedTuple):
    uid: str


class _Probability(NamedTuple):
    probability: float


def write_filtered(path: Path, hits: Mapping[str, Iterable[SearchHit]]) -> None:
    """Write step 4's rows of all proteins."""
    write_rows(path, SearchHit, hits)


def read_filtered(path: Path) -> dict[str, list[SearchHit]]:
    """Read step 4's rows by protein, in the order of the file."""
    return read_rows(path, SearchHit)


def write_mappings(path: Path, mappings: Mapping[str, Iterable[TemplateMapping]]) -> None:
    """Write step 5's rows of all proteins."""
    write_rows(path, TemplateMapping, mappings)


def read_mappings(path: Path) -> dict[str, list[TemplateMapping]]:
    """Read step 5's rows by protein, in the order of the file."""
    return read_rows(path, TemplateMapping)


def write_selected(stem: Path, selected: Mapping[str, Candidates]) -> None:
    """Write the results of steps 4 to 6: STEM.filtered.tsv, STEM.mappings.tsv and STEM.candidates.tsv."""
    write_filtered(Path(f"{stem}.filtered.tsv"), {protein: found.hits for protein, found in selected.items()})
    write_mappings(Path(f"{stem}.mappings.tsv"), {protein: found.mappings for protein, found in selected.items()})
    write_candidates(Path(f"{stem}.candidates.tsv"), {protein: found.uids for protein, found in selected.items()})


def read_selected(filtered: Path, mappings: Path, candidates: Path) -> defaultdict[str, Candidates]:
    """Read the results of steps 4 to 6 by protein; a protein without any row has no hit, mapping or template."""
    hits, mapped, uids = read_filtered(filtered), read_mappings(mappings), read_candidates(candidates)
    selected: defaultdict[str, Candidates] = defaultdict(lambda: Candidates([], [], []))
    for protein in {*hits, *mapped, *uids}:
        selected[protein] = Candidates(hits.get(protein, []), mapped.get(protein, []), uids.get(protein, []))
    return selected


class Searched(NamedTuple):
    """Everything that steps 3 to 6 found for a protein: search hits, UIDs left out, and what was selected."""

    hits: pd.DataFrame
    left_out: frozenset[str]
    candidates: Candidates


def read_searched(
    hits: Path, left_out: Path, filtered: Path, mappings: Path, candidates: Path
) -> defaultdict[str, Searched]:
    """Return what steps 3 to 6 found, by protein; nothing was found for a protein without any row."""
    tables, excluded, selected = read_hits(hits), read_left_out(left_out), read_selected(filtered, mappings, candidates)
    found: defaultdict[str, Searched] = defaultdict(lambda: Searched(NO_HITS, frozenset(), Candidates([], [], [])))
    for protein in {*tables, *excluded, *selected}:
        table, uids = tables.get(protein, NO_HITS), excluded.get(protein, frozenset())
        found[protein] = Searched(table, uids, selected[protein])
    return found


def write_candidates(path: Path, uids: Mapping[str, Iterable[str]]) -> None:
    """Write step 6's list, the templates to align, of all proteins."""
    write_rows(path, _Template, {protein: [(uid,) for uid in chosen] for protein, chosen in uids.items()})


def read_candidates(path: Path) -> dict[str, list[str]]:
    """Read the UIDs of the templates to align, by protein, in the order of the file."""
    return {protein: [row.uid for row in rows] for protein, rows in read_rows(path, _Template).items()}


def write_left_out(path: Path, left_out: Mapping[str, Iterable[str]]) -> None:
    """Write the templates left out for each protein."""
    write_candidates(path, left_out)


def read_left_out(path: Path) -> dict[str, frozenset[str]]:
    """Read the UIDs of the templates left out, by protein; proteins without any are absent."""
    return {protein: frozenset(uids) for protein, uids in read_candidates(path).items()}


def write_domains(path: Path, domains: Mapping[str, Sequence[ParsedDomain]]) -> None:
    """Write step 13's domains of all proteins."""
    write_rows(path, ParsedDomain, domains)


def read_domains(path: Path) -> dict[str, list[ParsedDomain]]:
    """Read step 13's domains by protein; proteins without domains are absent."""
    return read_rows(path, ParsedDomain)


def write_features(path: Path, features: Mapping[str, Iterable[DomassRow]]) -> None:
    """Write step 15's rows of all proteins."""
    write_rows(path, DomassRow, features)


def read_predictions(path: Path) -> dict[str, list[Prediction]]:
    """Read step 16's rows by protein, in the order of the file; proteins without rows are absent."""
    features = read_rows(path, DomassRow)
    probabilities = read_rows(path, _Probability)
    return {
        protein: [Prediction(row, value) for row, (value,) in zip(rows, probabilities[protein], strict=True)]
        for protein, rows in features.items()
    }
