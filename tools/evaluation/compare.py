"""Compare known domains with found ones, one by one, and find the step that lost each wrong one."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from domainflow.domains.domass.network import INPUTS
from domainflow.structures.ranges import parse_range
from domainflow.templates.classification import h_group_of
from domainflow.templates.store import TemplateStore
from evaluation.agreement import best_partners
from evaluation.known import UNKNOWN, Known

__all__ = ["GOOD_JACCARD", "SAME_DOMAIN", "Results", "boundary_loss", "compare", "group_loss"]

GOOD_JACCARD = 0.8
SAME_DOMAIN = 0.5
"""Smallest Jaccard index at which a found domain counts as the known one in the comparison of T-groups."""


class Results:
    """A run's tables, and DPAM's files of its proteins."""

    def __init__(self, folder: Path, store: TemplateStore) -> None:
        self.folder, self.store = folder, store
        self.domains = self._table("domains.tsv")
        self.ledger = self._table("ledger.tsv")
        left_out = folder / "left_out.tsv"
        self.left_out: Mapping[str, set[str]] = {}
        if left_out.exists():
            table = self._table("left_out.tsv")
            self.left_out = {str(protein): set(rows["uid"]) for protein, rows in table.groupby("protein")}
        self.t_group_of = {uid: store.t_group(row) for row, uid in enumerate(store.uids)}

    def t_groups(self, protein: str) -> set[str]:
        """T-groups with a template that was not left out for this protein."""
        left_out = self.left_out.get(protein, set())
        return {group for uid, group in self.t_group_of.items() if uid not in left_out}

    def candidates(self, protein: str) -> set[str]:
        """UIDs of the aligned templates (step 6)."""
        return set(self._text(f"step7/{protein}_hits").split())

    def alignments(self, protein: str) -> list[tuple[str, np.ndarray]]:
        """UID and query residues of every alignment with 20 pairs (step 8)."""
        lines = self._text(f"step9/{protein}_good_hits").splitlines()
        names = lines[0].split("\t") if lines else []
        rows = [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]
        return [(row["hitname"].partition("_")[0], parse_range(row["qrange"])) for row in rows]

    def parsed(self, protein: str) -> list[np.ndarray]:
        """Step 13's domains."""
        lines = self._text(f"step14/{protein}.domains").splitlines()
        return [parse_range(line.split("\t")[1]) for line in lines]

    def predictions(self, protein: str) -> pd.DataFrame:
        """Step 16's rows."""
        path = self.folder / "intermediates" / "step16" / f"{protein}.result"
        columns = ["Domain", "Range", "Tgroup", "ECOD_ref", "DPAM_prob"]
        if not path.exists():
            return pd.DataFrame(columns=columns)
        return pd.read_csv(path, sep="\t", dtype={"ECOD_ref": str, "Tgroup": str}, usecols=columns)

    def features(self) -> pd.DataFrame:
        """Step 15's rows of all proteins: protein, domain, range, T-group and the network's inputs, as text."""
        tables = []
        for path in sorted((self.folder / "intermediates" / "step15").glob("*.data")):
            table = pd.read_csv(path, sep="\t", dtype=str, na_filter=False)
            table = table.iloc[:, [0, 1, 2, *range(4, 4 + len(INPUTS))]]
            table.columns = pd.Index(["domain", "range", "t_group", *INPUTS])
            tables.append(table.assign(protein=path.name.removesuffix(".data")))
        return pd.concat(tables, ignore_index=True)

    def _table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / name, sep="\t", dtype=str, keep_default_na=False)

    def _text(self, name: str) -> str:
        path = self.folder / "intermediates" / name
        return path.read_text() if path.exists() else ""


class Comparison(NamedTuple):
    """One known domain and its best partner among the found ones.

    `label`, `t_group` and `probability` are those of the best partner (``none`` without one). `possible` is true if the
    T-group of the known domain has a template that may be used.
    """

    protein: str
    range: str
    known_group: str
    possible: bool
    jaccard: float
    found: str
    label: str
    t_group: str
    probability: str
    boundary_loss: str
    group_loss: str

    @property
    def right_t(self) -> bool:
        """Return whether the T-group is the known one."""
        return self.t_group == self.known_group

    @property
    def right_h(self) -> bool:
        """Return whether the homologous group is the known one."""
        return h_group_of(self.t_group) == h_group_of(self.known_group)


def compare(protein: str, known: Known, results: Results) -> Iterator[Comparison]:
    """Compare every known domain of a protein."""
    rows = results.domains[results.domains["protein"] == protein]
    found = [parse_range(text) for text in rows["range"]]
    wanted = [parse_range(text) for text in known.ranges]
    possible = results.t_groups(protein)
    partners = best_partners(wanted, found)
    for domain, text, group, partner in zip(wanted, known.ranges, known.t_groups, partners, strict=True):
        row = None if partner.place is None else rows.iloc[partner.place]
        comparison = Comparison(
            protein, text, group, group in possible, partner.jaccard,
            "none" if row is None else row["range"],
            "none" if row is None else row["label"],
            "none" if row is None else row["t_group"],
            "na" if row is None else row["probability"],
            boundary_loss(domain, found, partner.place), "",
        )  # fmt: skip
        if group != UNKNOWN and group in possible and not comparison.right_t:
            lost = group_loss(protein, domain, group, row, results)
            comparison = comparison._replace(group_loss=lost)
        yield comparison


def boundary_loss(known: np.ndarray, found: list[np.ndarray], best: int | None) -> str:
    """Return the reason why a known domain has no partner of `GOOD_JACCARD`; empty if it has one."""
    if best is None:
        return "nothing found there"
    shared = len(np.intersect1d(known, found[best]))
    inside, covered = shared / len(found[best]), shared / len(known)
    if shared / (len(known) + len(found[best]) - shared) >= GOOD_JACCARD:
        return ""
    if inside >= GOOD_JACCARD:
        others = [domain for place, domain in enumerate(found) if place != best]
        elsewhere = sum(len(np.intersect1d(known, domain)) for domain in others) / len(known)
        return "cut in pieces" if elsewhere > (1 - covered) / 2 else "residues left out"
    return "joined with a neighbour" if covered >= GOOD_JACCARD else "boundary elsewhere"


def group_loss(protein: str, known: np.ndarray, group: str, row: pd.Series | None, results: Results) -> str:
    """Return the step that loses the T-group of a known domain, though it has a template."""
    left_out = results.left_out.get(protein, set())
    members = {uid for uid, t_group in results.t_group_of.items() if t_group == group and uid not in left_out}
    if not members & results.candidates(protein):
        return "search (steps 3 to 6)"
    on_domain = [
        uid
        for uid, residues in results.alignments(protein)
        if uid in members and len(np.intersect1d(residues, known)) >= SAME_DOMAIN * len(known)
    ]
    if not on_domain:
        return "alignment (step 7)"
    if row is None or len(np.intersect1d(parse_range(row["range"]), known)) < SAME_DOMAIN * len(known):
        return "boundaries (steps 8 to 13)"
    parts = set(row["parts"].split(","))
    predictions = results.predictions(protein)
    predictions = predictions[predictions["Domain"].isin(parts)]
    if group not in set(predictions["Tgroup"]):
        return "overlap (step 15)"
    right = predictions.loc[predictions["Tgroup"] == group, "DPAM_prob"].max()
    return "network (step 16)" if right < predictions["DPAM_prob"].max() else "choice (steps 17 to 23)"
