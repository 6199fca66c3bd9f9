"""`bench.py search`: compare the native search with Foldseek's recorded hits and CPU time, and with known domains.

Queries are those of the oracle's foldseek.tsv.gz and all labelled chains. Every second one in alphabetical order is
"tuned", though the ranking was chosen looking at both halves. Definitions are the same for both programs:

* A hit belongs to the query domain that contains at least half of its range. It is right if its template is in that
  domain's T-group, and false if it is in another X-group. Templates of the query's own PDB entry are left out.
* Sensitivity is the share of the templates of a domain's T-group that rank before the domain's first false hit,
  averaged over the domains that have such a template.
* A domain is found among the first hundred if a right hit of it is among the first hundred hits of the whole query.
"""

import argparse
import dataclasses
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.bars import Bar, mean, parts, print_figures, rounded
from benchmarks.oracle import DATA, KnownDomain, Oracle, add_folders
from benchmarks.search_speed import LARGE, QUICK_RUNS, report_speed
from domainflow.search.native.engine import search
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["add_parser", "bench_search"]

ROOT = Path(__file__).resolve().parents[2]

NO_DOMAIN = -1
HALF_OF_A_RANGE = 0.5
FIRST = 100
"""Number of first hits of a query among which each of its domains should be found."""
THEIR_BEST, OUR_BEST = 10, 50
CALIBRATED_AT = (0.1, 1.0, 10.0)


BARS = (
    Bar("Foldseek's hits e <= 1e-3 found at e <= 1e-2", 1.0),
    Bar("Foldseek's hits e <= 0.1 found at e <= 1", 0.99),
    Bar("its ten best (e) among our fifty best (e)", 0.95),
    Bar("its ten best (bits) among our fifty best (bits)", 0.95),
    Bar("sensitivity above Foldseek's best", 0.05),
    Bar("sensitivity, all chains", 0.66),
    Bar("domains found among the first hundred", 0.96),
    *(Bar(f"false hits per query, calibrated e <= {limit:g}", limit / 2, limit * 2) for limit in CALIBRATED_AT),
)
"""Bars of the quality; figures without a bar are also printed."""


class Templates(NamedTuple):
    """Names, T-groups and PDB entries (lower case) of the templates, by UID."""

    names: dict[str, str]
    t_groups: dict[str, str]
    entries: dict[str, str]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py search``."""
    parser = commands.add_parser("search", help=bench_search.__doc__)
    add_folders(parser)
    parser.add_argument("--foldseek", type=Path, help="Foldseek's binary: run beside ours on the same batch")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_RUNS} single runs, no {LARGE:,} templates")
    parser.set_defaults(run=bench_search)


def bench_search(args: argparse.Namespace) -> int:
    """Compare the native search with Foldseek's recorded hits and CPU time, and with known domains."""
    oracle = Oracle(args.oracle, args.models, args.chains, args.reference)
    recorded = _recorded_hits(args.oracle / "foldseek.tsv.gz")
    labels = oracle.known_domains
    proteins, missing = oracle.queries(sorted({*recorded, *labels}))
    proteins = {name: dataclasses.replace(protein, id=name) for name, protein in proteins.items()}
    for sentence in missing:
        print(f"left out: {sentence}")
    if not proteins:
        print(json.dumps({"benchmark": "search", "queries": 0, "missed": ["structures of queries"], "passed": False}))
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = _template_store(args.reference, oracle, Path(folder))
        store = TemplateStore.open(path)
        quality, missed = _report_quality(proteins, store, recorded, labels, args.threads)
        speed, too_slow, unmeasured = report_speed(args, proteins, recorded, path, Path(folder))
    result = {
        "benchmark": "search",
        "queries": len(proteins),
        "left_out": len(missing),
        "templates": len(store),
        "threads": args.threads,
        "figures": {part: rounded(rows) for part, rows in quality.items()},
        "speed": rounded(speed),
        "not_measured": unmeasured,
        "missed": missed + too_slow,
        "passed": not missed and not too_slow,
    }
    print(json.dumps(result))
    return 0 if result["passed"] else 1


# Inputs


def _recorded_hits(path: Path) -> dict[str, pd.DataFrame]:
    """Read Foldseek's rows by query, in its order."""
    table = pd.read_csv(path, sep="\t", dtype={"query": str, "target": str})
    return {str(query): rows for query, rows in table.groupby("query", sort=False)}


def _template_store(reference: Path, oracle: Oracle, folder: Path) -> Path:
    """Return the embedded store for the reference it was made of; for another reference build a store."""
    embedded = ROOT / "assets" / "mini-ecod" / "templates.arrow"
    if reference.resolve() == (DATA / "reference").resolve() and embedded.is_file():
        print(f"templates: those of assets/mini-ecod, made of {reference}")
        return embedded
    print(f"templates: built from {reference}")
    path = folder / "templates.arrow"
    oracle.write_templates(path)
    return path


def _described(store: TemplateStore) -> Templates:
    rows = {uid: row for row, uid in enumerate(store.uids)}
    return Templates(
        {uid: store.template_id(row) for uid, row in rows.items()},
        {uid: store.t_group(row) for uid, row in rows.items()},
        {uid: store.pdb(row).lower() for uid, row in rows.items()},
    )


# Quality


def _report_quality(
    proteins: dict[str, Protein],
    store: TemplateStore,
    recorded: dict[str, pd.DataFrame],
    labels: dict[str, list[KnownDomain]],
    threads: int,
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Print the table of quality; return figures of each half and of all queries, and the bars that all miss."""
    templates = _described(store)
    uids = {name: uid for uid, name in templates.names.items()}
    tables = search(list(proteins.values()), store, threads)
    ours = {
        query: table.assign(uid=table["target"].str.partition(".")[0])
        for query, table in zip(proteins, tables, strict=True)
    }
    theirs = {
        query: rows.assign(uid=rows["target"].map(uids)).dropna(subset=["uid"])
        for query, rows in recorded.items()
        if query in proteins
    }
    listed = sum(len(recorded[query]) for query in theirs)
    unknown = listed - sum(map(len, theirs.values()))
    if unknown:
        print(f"left out: {unknown} of Foldseek's {listed} rows, whose templates are not in the store")
    halves = parts(proteins, of={*recorded, *labels})
    figures = {part: _figures(queries, ours, theirs, labels, templates) for part, queries in halves.items()}
    labelled = sum(query in labels for query in proteins)
    print(f"{len(proteins)} queries, {len(theirs)} with Foldseek's hits, {labelled} with known domains; "
          f"{len(store)} templates; halves: every second query\n")  # fmt: skip
    return figures, print_figures(figures, BARS)


def _figures(
    queries: Sequence[str],
    ours: dict[str, pd.DataFrame],
    theirs: dict[str, pd.DataFrame],
    labels: dict[str, list[KnownDomain]],
    templates: Templates,
) -> dict[str, float]:
    """Compute all figures of the quality for some queries; NaN if there is nothing to count."""
    compared = [(ours[query], theirs[query]) for query in queries if query in theirs]
    figures = {
        "Foldseek's hits e <= 1e-3 found at e <= 1e-2": _recall(compared, 1e-3, 1e-2),
        "Foldseek's hits e <= 0.1 found at e <= 1": _recall(compared, 0.1, 1.0),
        "Foldseek's hits e <= 10 listed": _recall(compared, 10.0, np.inf),
        "its ten best (e) among our fifty best (e)": _best_among_best(compared, ["evalue"], ["evalue"]),
        "its ten best (bits) among our fifty best (bits)": _best_among_best(compared, ["-bits"], ["-bits"]),
        "its ten best (bits) among our first fifty": _best_among_best(compared, ["-bits"], []),
        "our bits / its bits, median, e <= 0.1": _bits_ratio(compared),
    }
    chains = [query for query in queries if query in labels]
    both = [query for query in chains if query in theirs]

    def sensitivity(names: Sequence[str], tables: dict[str, pd.DataFrame], order: list[str]) -> float:
        values = [
            value
            for query in names
            for value in _sensitivities(query, _ordered(tables[query], order), labels[query], templates)
        ]
        return mean(values)

    by_e, by_bits = (sensitivity(both, theirs, order) for order in (["evalue", "-bits"], ["-bits"]))
    on_both = sensitivity(both, ours, [])
    figures |= {
        "sensitivity, Foldseek's e": by_e,
        "sensitivity, Foldseek's bits": by_bits,
        "sensitivity, ours on the same chains": on_both,
        "sensitivity above Foldseek's best": on_both - max(by_e, by_bits),
        "sensitivity, all chains": sensitivity(chains, ours, []),
        "domains found among the first hundred": mean(
            value for query in chains for value in _found_among_first(query, ours[query], labels[query], templates)
        ),
    }
    counts = [_false_hits(query, ours[query], labels[query], templates) for query in chains]
    for place, limit in enumerate(CALIBRATED_AT):
        figures[f"false hits per query, calibrated e <= {limit:g}"] = mean(count[place] for count in counts)
    return figures


def _recall(compared: list[tuple[pd.DataFrame, pd.DataFrame]], theirs_up_to: float, ours_up_to: float) -> float:
    """Compute the share of Foldseek's hits up to an e-value that we list up to another one."""
    found = []
    for ours, theirs in compared:
        listed = set(ours.loc[ours["evalue"] <= ours_up_to, "uid"])
        found += [uid in listed for uid in theirs.loc[theirs["evalue"] <= theirs_up_to, "uid"]]
    return mean(found)


def _best_among_best(
    compared: list[tuple[pd.DataFrame, pd.DataFrame]], their_order: list[str], our_order: list[str]
) -> float:
    """Compute the share of Foldseek's ten best templates among our fifty best, averaged over queries."""
    shares = []
    for ours, theirs in compared:
        best = _ordered(theirs, their_order)["uid"].drop_duplicates().head(THEIR_BEST)
        if len(best):
            shares.append(best.isin(_ordered(ours, our_order)["uid"].drop_duplicates().head(OUR_BEST)).mean())
    return mean(shares)


def _bits_ratio(compared: list[tuple[pd.DataFrame, pd.DataFrame]]) -> float:
    """Compute the median ratio of bits over hits that Foldseek lists with e <= 0.1."""
    ratios: list[float] = []
    for ours, theirs in compared:
        own = ours.groupby("uid")["bits"].max()
        clear = theirs[(theirs["evalue"] <= 0.1) & (theirs["bits"] > 0) & theirs["uid"].isin(own.index)]
        ratios += (own[clear["uid"]].to_numpy() / clear["bits"].to_numpy()).tolist()
    return float(np.median(ratios)) if ratios else float("nan")


def _ordered(table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Sort rows by some columns, descending if marked by -; rows of equal values keep their order."""
    for column in reversed(order):
        table = table.sort_values(column.lstrip("-"), ascending=not column.startswith("-"), kind="stable")
    return table


def _judged(
    query: str, table: pd.DataFrame, domains: list[KnownDomain], templates: Templates
) -> Iterator[tuple[int, str, str]]:
    """Yield domain (or `NO_DOMAIN`), UID and T-group of the rows, without templates of the query's own PDB entry."""
    own_entry = query.partition("_")[0].lower()
    last = max([int(table["qend"].max()) if len(table) else 0, *(int(d.residues.max()) + 1 for d in domains)])
    inside = np.zeros((len(domains), last + 1), np.int64)
    for number, domain in enumerate(domains):
        inside[number, domain.residues + 1] = 1
    before = inside.cumsum(axis=1)
    for uid, first, end in zip(table["uid"], table["qstart"], table["qend"], strict=True):
        if templates.entries[uid] == own_entry:
            continue
        shares = (before[:, end] - before[:, first - 1]) / (end - first + 1)
        best = int(shares.argmax())
        yield best if shares[best] >= HALF_OF_A_RANGE else NO_DOMAIN, uid, templates.t_groups[uid]


def _relatives(query: str, domain: KnownDomain, templates: Templates) -> int:
    """Count the templates of a domain's T-group, without those of the query's own PDB entry."""
    own_entry = query.partition("_")[0].lower()
    return sum(group == domain.t_group and templates.entries[uid] != own_entry
               for uid, group in templates.t_groups.items())  # fmt: skip


def _sensitivities(
    query: str, table: pd.DataFrame, domains: list[KnownDomain], templates: Templates
) -> Iterator[float]:
    """Yield the sensitivity up to the first false hit of each domain whose T-group has templates."""
    right: dict[int, set[str]] = defaultdict(set)
    closed: set[int] = set()
    for number, uid, t_group in _judged(query, table, domains, templates):
        if number == NO_DOMAIN or number in closed:
            continue
        if t_group == domains[number].t_group:
            right[number].add(uid)
        elif t_group.partition(".")[0] != domains[number].x_group:
            closed.add(number)
    for number, domain in enumerate(domains):
        relatives = _relatives(query, domain, templates)
        if relatives:
            yield len(right[number]) / relatives


def _found_among_first(
    query: str, table: pd.DataFrame, domains: list[KnownDomain], templates: Templates
) -> Iterator[bool]:
    """Yield, for each domain whose T-group has templates, whether a right hit is among the first hundred."""
    found = set()
    for place, (number, _, t_group) in enumerate(_judged(query, table, domains, templates)):
        if place == FIRST:
            break
        if number != NO_DOMAIN and t_group == domains[number].t_group:
            found.add(number)
    for number, domain in enumerate(domains):
        if _relatives(query, domain, templates):
            yield number in found


def _false_hits(query: str, table: pd.DataFrame, domains: list[KnownDomain], templates: Templates) -> list[int]:
    """Count false hits (pairs of domain and template) up to each calibrated e-value."""
    counts = []
    for limit in CALIBRATED_AT:
        rows = _judged(query, table[table["evalue_calibrated"] <= limit], domains, templates)
        counts.append(
            len({(number, uid) for number, uid, t_group in rows
                 if number != NO_DOMAIN and t_group.partition(".")[0] != domains[number].x_group})
        )  # fmt: skip
    return counts
