"""Label rows of features as right or wrong, to train and test the DOMASS network (DPAM step 15).

A predicted domain is matched with the known domain that shares most residues with it, if that covers at least half of
it. A row is right if its template is in that domain's homologous group, and wrong if it is in another X-group.

Two kinds of rows are undecided. One has the same X-group but another homologous group: the structures are similar, but
their homology is uncertain. The other is right for a second known domain of which at least half is in the predicted
one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.domains.domass.feature_tables import network_inputs
from domainflow.run.errors import StoreError
from domainflow.structures.ranges import parse_range
from domainflow.templates.classification import BY_NAME, h_group_of, x_group_of

__all__ = [
    "KnownDomain",
    "LabelledRows",
    "SAME_X",
    "label_rows",
    "read_labels",
]

LEAST_SHARE = 0.5
"""Smallest share of a predicted domain inside the known one; also of a second known domain inside the predicted one."""
SAME_X = ("drop", "wrong")
"""Uses in training of rows of the same X-group but another homologous group; the evaluation never counts them."""

_COLUMNS = ["protein", "range", "h_group"]


class KnownDomain(NamedTuple):
    """A domain of a protein whose classification is known; `residues` are 1-based.

    `pae` is ``present`` or ``absent`` for a protein with or without PAE; empty if the table has no such column.
    """

    residues: frozenset[int]
    h_group: str
    pae: str = ""


@dataclass(frozen=True)
class LabelledRows:
    """n rows of step 15 and their labels.

    Attributes
    ----------
    features : ndarray of float32, shape=(n, 13)
    right : ndarray of bool, shape=(n,)
    related : ndarray of bool, shape=(n,)
        True for the same X-group, but another homologous group; such a row is never right.
    x_group : ndarray of str, shape=(n,)
        X-group of the domain, not of the template.
    domain : ndarray of int, shape=(n,)
        Number of the domain.
    pae : ndarray of str, shape=(n,)
        See `KnownDomain`.
    counts : dict
        Numbers of proteins, domains and rows, and of excluded rows by reason.
    """

    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    related: NDArray[np.bool_]
    x_group: NDArray[np.str_]
    domain: NDArray[np.int64]
    pae: NDArray[np.str_]
    counts: dict[str, int]

    def __len__(self) -> int:
        return len(self.right)

    def take(self, chosen: NDArray) -> "LabelledRows":
        """Return some of the rows, by indices or by a mask."""
        names = ("features", "right", "related", "x_group", "domain", "pae")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


def read_labels(paths: Iterable[Path]) -> dict[str, list[KnownDomain]]:
    """Read known domains by protein from tables with the columns protein, range and h_group, and optionally pae.

    Raises
    ------
    StoreError
        If a file lacks a column or has an invalid range.
    """
    known: dict[str, list[KnownDomain]] = {}
    for path in paths:
        try:
            frame = pd.read_csv(path, sep="\t", dtype=str, na_filter=False)
        except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError):
            raise StoreError(f"{path.name} is not a table of known domains; expected {', '.join(_COLUMNS)}") from None
        missing = [name for name in _COLUMNS if name not in frame.columns]
        if missing:
            raise StoreError(f"{path.name} has no column {', '.join(missing)}; expected {', '.join(_COLUMNS)}")
        frame = frame.reindex(columns=[*_COLUMNS, "pae"], fill_value="")
        for protein, text, h_group, pae in frame.itertuples(index=False, name=None):
            try:
                residues = frozenset(parse_range(text).tolist())
            except ValueError as error:
                raise StoreError(f"{path.name}, protein {protein}: {error}") from None
            known.setdefault(protein, []).append(KnownDomain(residues, h_group, pae))
    return known


def label_rows(
    table: pd.DataFrame,
    known: dict[str, list[KnownDomain]],
    fair: Collection[str] | None = None,
    h_groups: Mapping[str, str] = BY_NAME,
) -> LabelledRows:
    """Label rows of step 15 with the known domains.

    Parameters
    ----------
    table : DataFrame
        From `domainflow.domains.domass.feature_tables.read_training_features`.
    known : dict
        Known domains by protein.
    fair : collection of str, optional
        Homologous groups whose templates are used. If the queries are templates, these are the groups with at least two
        PDB entries. Rows for other groups could only be wrong, since the query's own entry is left out.
    h_groups : mapping of T-group to homologous group
        Of the templates.

    Returns
    -------
    LabelledRows
        Rows that are decided, and rows of the same X-group.

    Raises
    ------
    StoreError
        If no row is right, or no row is wrong.
    """
    names = _Names(h_groups)
    kind = np.array([names.kind(row, known) for row in _templates(table)], "U8")
    if fair is not None:
        outside = np.array([h_group_of(t_group, h_groups) not in fair for t_group in table["t_group"]], bool)
        kind[outside & (kind != "nameless")] = "unfair"
    kept = np.isin(kind, ["right", "wrong", "related"])
    counts = {
        "proteins": len(names.proteins), "domains": len(names.numbers), "rows": len(table),
        **{name: int((kind == name).sum()) for name in ("right", "wrong", "related", "second", "unfair", "nameless")},
    }  # fmt: skip
    if not counts["right"] or not counts["wrong"]:
        raise StoreError(
            f"of {len(table)} rows of features {counts['right']} are right and {counts['wrong']} wrong, both are "
            "needed; check that the tables of known domains name the proteins as the features do"
        )
    chosen = table[kept]
    owners = list(zip(chosen["protein"], chosen["domain"], strict=True))
    return LabelledRows(
        features=network_inputs(chosen),
        right=kind[kept] == "right",
        related=kind[kept] == "related",
        x_group=np.array([x_group_of(names.label[owner]) for owner in owners]),
        domain=np.array([names.numbers[owner] for owner in owners], np.int64),
        pae=np.array([known[protein][0].pae for protein, _ in owners]),
        counts=counts,
    )


class _Row(NamedTuple):
    protein: str
    domain: str
    range: str
    t_group: str


def _templates(table: pd.DataFrame) -> Iterator[_Row]:
    return map(_Row._make, table[list(_Row._fields)].itertuples(index=False, name=None))


class _Names:
    """Homologous groups of the predicted domains, found when a domain first occurs."""

    def __init__(self, h_groups: Mapping[str, str]) -> None:
        self.h_groups = h_groups
        self.label: dict[tuple[str, str], str] = {}
        self.second: dict[tuple[str, str], set[str]] = {}
        self.numbers: dict[tuple[str, str], int] = {}
        self.proteins: set[str] = set()

    def kind(self, row: _Row, known: dict[str, list[KnownDomain]]) -> str:
        """Return ``right``, ``wrong``, ``related``, ``second`` (right for another known domain) or ``nameless``."""
        owner = (row.protein, row.domain)
        if owner not in self.label:
            self.label[owner], self.second[owner] = _name(row.range, known.get(row.protein, []))
            if self.label[owner]:
                self.numbers[owner] = len(self.numbers)
                self.proteins.add(row.protein)
        label, h_group = self.label[owner], h_group_of(row.t_group, self.h_groups)
        if not label:
            return "nameless"
        if h_group == label:
            return "right"
        if h_group in self.second[owner]:
            return "second"
        return "related" if x_group_of(h_group) == x_group_of(label) else "wrong"


def _name(text: str, known: list[KnownDomain]) -> tuple[str, set[str]]:
    """Return the homologous group of a predicted domain (empty if unknown), and those of other known domains in it."""
    residues = set(parse_range(text).tolist())
    shared = [len(residues & domain.residues) for domain in known]
    best = int(np.argmax(shared)) if shared else 0
    if not shared or shared[best] < LEAST_SHARE * len(residues):
        return "", set()
    others = {
        domain.h_group
        for place, domain in enumerate(known)
        if place != best and shared[place] and shared[place] >= LEAST_SHARE * len(domain.residues)
    }
    return known[best].h_group, others - {known[best].h_group}
