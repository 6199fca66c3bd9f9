"""`bench.py search`: the native structure search against Foldseek's recorded answers, known domains and Foldseek's CPU.

Queries are those of the oracle's foldseek.tsv.gz and all labelled chains; every second one in alphabetical order is
"tuned", though the ranking was chosen looking at both halves. Definitions, the same for both programs:

* A hit belongs to the query domain that holds at least half of its range. It is right if its template is of that
  domain's T-group, false if of another X-group. Templates of the query's own PDB entry are left out.
* Sensitivity: of the templates of a domain's T-group, the share that stands before the domain's first false hit;
  averaged over the domains that have such a template.
* Found among the first hundred: a right hit of the domain is among the first hundred hits of the whole query.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.engines.search import SEARCH_ENGINES
from domainflow.io.archive import write_proteins
from domainflow.io.store import TemplateStore, write_store
from domainflow.io.store_format import ReferenceDomain
from domainflow.prepare import prepare_protein
from domainflow.protein import Protein
from domainflow.ranges import parse_range
from domainflow.reference import build_templates
from oracle import Oracle, halves

__all__ = ["add_parser", "bench_search"]

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
SEARCH = SEARCH_ENGINES["native"]

ALL = "all"
NO_DOMAIN = -1
HALF_OF_A_RANGE = 0.5
FIRST = 100
"""Hits of a query among which each of its domains should be found."""
THEIR_BEST, OUR_BEST = 10, 50
CALIBRATED_AT = (0.1, 1.0, 10.0)
BATCH = 64
"""Queries of the batch that is compared with as many runs of one query each."""
RUNS = 2
"""Of each batch, the cheaper one counts: other work on the machine, or kernels compiled anew, can only add."""
QUICK_RUNS = 6
LARGE = 63_000
"""Templates of the full ECOD reference."""
LARGE_QUERIES = 8
SHUFFLED = 0.3
"""Share of a template's residues that change places in its copies."""


class Bar(NamedTuple):
    """What must be reached: a figure's name, its least and its largest value."""

    figure: str
    least: float = -np.inf
    most: float = np.inf

    def limits(self) -> str:
        if self.most == np.inf:
            return f">= {self.least:g}"
        return f"<= {self.most:g}" if self.least == -np.inf else f"{self.least:g} to {self.most:g}"


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
"""Of the quality; the figures without a bar are printed beside them."""

SPEED_BARS = (
    Bar("CPU, batch: ours / Foldseek's", most=1.0),
    Bar(f"CPU, {BATCH} queries: one batch / single runs", most=0.2),
)


class Domain(NamedTuple):
    """A labelled domain of a query: 0-based residues and T-group."""

    residues: NDArray[np.int64]
    t_group: str

    @property
    def x_group(self) -> str:
        return self.t_group.partition(".")[0]


class Templates(NamedTuple):
    """Names, T-groups and PDB entries (lower case) of the templates, by UID."""

    names: dict[str, str]
    t_groups: dict[str, str]
    entries: dict[str, str]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of ``bench.py search``."""
    parser = commands.add_parser("search", help=bench_search.__doc__)
    for folder in ("oracle", "models", "chains", "reference"):
        parser.add_argument(f"--{folder}", type=Path, default=DATA / folder)
    parser.add_argument("--foldseek", type=Path, help="Foldseek's binary: run beside ours on the same batch")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_RUNS} single runs, no {LARGE:,} templates")
    parser.set_defaults(run=bench_search)


def bench_search(args: argparse.Namespace) -> int:
    """The native search against Foldseek's recorded hits, known domains, and Foldseek's CPU time."""
    oracle = Oracle(args.oracle, args.models, args.chains, args.reference)
    recorded = _recorded_hits(args.oracle / "foldseek.tsv.gz")
    labels = _labelled_domains(args.chains / "chains.tsv.gz")
    proteins, missing = oracle.queries(sorted({*recorded, *labels}))
    proteins = {name: dataclasses.replace(protein, id=name) for name, protein in proteins.items()}
    for sentence in missing:
        print(f"left out: {sentence}")
    if not proteins:
        print(json.dumps({"benchmark": "search", "queries": 0, "missed": ["structures of queries"], "passed": False}))
        return 1
    with tempfile.TemporaryDirectory() as folder:
        path = _template_store(args, oracle, Path(folder))
        store = TemplateStore.open(path)
        quality, missed = _report_quality(proteins, store, recorded, labels, args.threads)
        speed, too_slow, unmeasured = _report_speed(args, proteins, recorded, path, Path(folder))
    result = {
        "benchmark": "search",
        "queries": len(proteins),
        "left_out": len(missing),
        "templates": len(store),
        "threads": args.threads,
        "figures": {part: {name: _rounded(value) for name, value in rows.items()} for part, rows in quality.items()},
        "speed": {name: _rounded(value) for name, value in speed.items()},
        "not_measured": unmeasured,
        "missed": missed + too_slow,
        "passed": not missed and not too_slow,
    }
    print(json.dumps(result))
    return 0 if result["passed"] else 1


# What goes in


def _recorded_hits(path: Path) -> dict[str, pd.DataFrame]:
    """Foldseek's rows by query, in its order."""
    table = pd.read_csv(path, sep="\t", dtype={"query": str, "target": str})
    return {str(query): rows for query, rows in table.groupby("query", sort=False)}


def _labelled_domains(path: Path) -> dict[str, list[Domain]]:
    """Known domains of the chains."""
    if not path.is_file():
        return {}
    domains = {}
    for row in pd.read_csv(path, sep="\t", dtype=str).itertuples():
        ranges = [parse_range(text.replace("_", ",")) - 1 for text in row.chopping_1based.split(",")]
        domains[str(row.chain)] = [Domain(*pair) for pair in zip(ranges, row.ecod_t.split(","), strict=True)]
    return domains


def _template_store(args: argparse.Namespace, oracle: Oracle, folder: Path) -> Path:
    """The embedded store for the reference it was made of; for any other one a store is built."""
    embedded = ROOT / "assets" / "mini-ecod.arrow"
    if args.reference.resolve() == (DATA / "reference").resolve() and embedded.is_file():
        print(f"templates: {embedded.name}, made of {args.reference}")
        return embedded
    print(f"templates: built from {args.reference}")
    with tarfile.open(args.reference / "structures.tar.gz") as archive:
        archive.extractall(folder / "structures", filter="data")
    files = {path.stem: path for path in sorted((folder / "structures").rglob("*.pdb"))}
    named = {f"{number:09d}": name for number, name in enumerate(files)}
    groups = oracle.t_groups

    def load(uid: str) -> ReferenceDomain:
        name = named[uid]
        group = groups.get(name, "na")
        chain = prepare_protein("template", files[name], None)
        return ReferenceDomain(
            uid=uid, id=name, pdb=name[1:5], chain="A", range=f"A:1-{len(chain)}", t_group=group, t_group_name="na",
            h_group=".".join(group.split(".")[:2]), length=len(chain), sequence=chain.sequence,
            backbone=chain.backbone, cbeta=chain.cbeta,
        )  # fmt: skip

    path, problems = folder / "templates.arrow", []
    write_store(path, build_templates(list(named), load, problems, os.cpu_count() or 1))
    for uid, sentence in problems:
        print(f"template {named[uid]}: {sentence}")
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
    labels: dict[str, list[Domain]],
    threads: int,
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Print the table of quality; figures of each half and of all queries, and the bars that all of them miss."""
    templates = _described(store)
    uids = {name: uid for uid, name in templates.names.items()}
    tables = SEARCH(list(proteins.values()), store, threads)
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
    half = halves(proteins)
    parts = {ALL: list(half)} | {
        part: [query for query in half if half[query] == part] for part in dict.fromkeys(half.values())
    }
    figures = {part: _figures(queries, ours, theirs, labels, templates) for part, queries in parts.items()}
    labelled = sum(query in labels for query in proteins)
    print(f"{len(proteins)} queries, {len(theirs)} with Foldseek's hits, {labelled} with known domains; "
          f"{len(store)} templates; halves: every second query\n")  # fmt: skip
    return figures, _print_figures(figures)


def _figures(
    queries: Sequence[str],
    ours: dict[str, pd.DataFrame],
    theirs: dict[str, pd.DataFrame],
    labels: dict[str, list[Domain]],
    templates: Templates,
) -> dict[str, float]:
    """All figures of the quality for some queries; NaN where there is nothing to count."""
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
        return _mean(values)

    by_e, by_bits = (sensitivity(both, theirs, order) for order in (["evalue", "-bits"], ["-bits"]))
    on_both = sensitivity(both, ours, [])
    figures |= {
        "sensitivity, Foldseek's e": by_e,
        "sensitivity, Foldseek's bits": by_bits,
        "sensitivity, ours on the same chains": on_both,
        "sensitivity above Foldseek's best": on_both - max(by_e, by_bits),
        "sensitivity, all chains": sensitivity(chains, ours, []),
        "domains found among the first hundred": _mean(
            value for query in chains for value in _found_among_first(query, ours[query], labels[query], templates)
        ),
    }
    counts = [_false_hits(query, ours[query], labels[query], templates) for query in chains]
    for place, limit in enumerate(CALIBRATED_AT):
        figures[f"false hits per query, calibrated e <= {limit:g}"] = _mean(count[place] for count in counts)
    return figures


def _recall(compared: list[tuple[pd.DataFrame, pd.DataFrame]], theirs_up_to: float, ours_up_to: float) -> float:
    """Share of Foldseek's hits up to an e-value that we list up to another one."""
    found = []
    for ours, theirs in compared:
        listed = set(ours.loc[ours["evalue"] <= ours_up_to, "uid"])
        found += [uid in listed for uid in theirs.loc[theirs["evalue"] <= theirs_up_to, "uid"]]
    return _mean(found)


def _best_among_best(
    compared: list[tuple[pd.DataFrame, pd.DataFrame]], their_order: list[str], our_order: list[str]
) -> float:
    """Share of Foldseek's ten best templates among our fifty best, averaged over queries."""
    shares = []
    for ours, theirs in compared:
        best = _ordered(theirs, their_order)["uid"].drop_duplicates().head(THEIR_BEST)
        if len(best):
            shares.append(best.isin(_ordered(ours, our_order)["uid"].drop_duplicates().head(OUR_BEST)).mean())
    return _mean(shares)


def _bits_ratio(compared: list[tuple[pd.DataFrame, pd.DataFrame]]) -> float:
    """Median ratio of bits, of hits that Foldseek lists with e <= 0.1."""
    ratios: list[float] = []
    for ours, theirs in compared:
        own = ours.groupby("uid")["bits"].max()
        clear = theirs[(theirs["evalue"] <= 0.1) & (theirs["bits"] > 0) & theirs["uid"].isin(own.index)]
        ratios += (own[clear["uid"]].to_numpy() / clear["bits"].to_numpy()).tolist()
    return float(np.median(ratios)) if ratios else float("nan")


def _ordered(table: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Rows by some columns, descending where marked by -; rows of equal values keep their order."""
    for column in reversed(order):
        table = table.sort_values(column.lstrip("-"), ascending=not column.startswith("-"), kind="stable")
    return table


def _judged(
    query: str, table: pd.DataFrame, domains: list[Domain], templates: Templates
) -> Iterator[tuple[int, str, str]]:
    """Domain (or `NO_DOMAIN`), UID and T-group of the rows, without templates of the query's own PDB entry."""
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


def _relatives(query: str, domain: Domain, templates: Templates) -> int:
    """Templates of a domain's T-group, without those of the query's own PDB entry."""
    own_entry = query.partition("_")[0].lower()
    return sum(group == domain.t_group and templates.entries[uid] != own_entry
               for uid, group in templates.t_groups.items())  # fmt: skip


def _sensitivities(
    query: str, table: pd.DataFrame, domains: list[Domain], templates: Templates
) -> Iterator[float]:
    """Sensitivity to the first false hit of each domain that has relatives among the templates."""
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
    query: str, table: pd.DataFrame, domains: list[Domain], templates: Templates
) -> Iterator[bool]:
    """Whether each domain that has relatives among the templates has a right hit among the first hundred."""
    found = set()
    for place, (number, _, t_group) in enumerate(_judged(query, table, domains, templates)):
        if place == FIRST:
            break
        if number != NO_DOMAIN and t_group == domains[number].t_group:
            found.add(number)
    for number, domain in enumerate(domains):
        if _relatives(query, domain, templates):
            yield number in found


def _false_hits(query: str, table: pd.DataFrame, domains: list[Domain], templates: Templates) -> list[int]:
    """False hits (pairs of domain and template) up to each calibrated e-value."""
    counts = []
    for limit in CALIBRATED_AT:
        rows = _judged(query, table[table["evalue_calibrated"] <= limit], domains, templates)
        counts.append(
            len({(number, uid) for number, uid, t_group in rows
                 if number != NO_DOMAIN and t_group.partition(".")[0] != domains[number].x_group})
        )  # fmt: skip
    return counts


def _print_figures(figures: dict[str, dict[str, float]]) -> list[str]:
    """Table of the figures; names of those that miss their bar on all queries."""
    bars = {bar.figure: bar for bar in BARS}
    print(f"{'':<48}" + "".join(f"{part:>10}" for part in figures) + "   bar")
    missed = []
    for name, value in figures[ALL].items():
        bar = bars.get(name)
        failed = bar is not None and not (np.isnan(value) or bar.least <= value <= bar.most)
        row = "".join(f"{part[name]:>10.3f}" for part in figures.values())
        print(f"{name:<48}{row}   {bar.limits() if bar else ''}{'   MISSED' if failed else ''}")
        missed += [name] if failed else []
    return missed


# Speed


def _report_speed(
    args: argparse.Namespace,
    proteins: dict[str, Protein],
    recorded: dict[str, pd.DataFrame],
    reference: Path,
    folder: Path,
) -> tuple[dict[str, float], list[str], list[str]]:
    """Print the table of CPU seconds; figures, the bars missed, and those that could not be measured."""
    speed: dict[str, float] = {}
    compared = [proteins[query] for query in recorded if query in proteins] or list(proteins.values())
    # Not counted: it compiles the kernels if the library has changed.
    _program_seconds([min(compared, key=len)], reference, 1, folder / "compiling")
    ours = min(_program_seconds(compared, reference, args.threads, folder / f"compared{run}") for run in range(RUNS))
    theirs, source = _foldseek_seconds(args, recorded, compared, folder)
    speed["CPU s per query, ours"] = ours / len(compared)
    speed["CPU s per query, Foldseek"] = theirs / len(compared)
    speed["CPU, batch: ours / Foldseek's"] = ours / theirs

    batch = list(proteins.values())[:BATCH]
    singles = batch[:: max(1, len(batch) // QUICK_RUNS)] if args.quick else batch
    together = min(_program_seconds(batch, reference, args.threads, folder / f"batch{run}") for run in range(RUNS))
    apart = sum(_program_seconds([protein], reference, 1, folder / protein.id) for protein in singles)
    speed["CPU s, single run"] = apart / len(singles)
    speed[f"CPU, {BATCH} queries: one batch / single runs"] = (together / len(batch)) / (apart / len(singles))
    if not args.quick:
        speed |= _large_reference(reference, list(proteins.values()))

    print(f"\nCPU of {len(compared)} queries in one process, {args.threads} threads; Foldseek: {source}")
    bars = {bar.figure: bar for bar in SPEED_BARS}
    missed, unmeasured = [], []
    for name, value in speed.items():
        bar = bars.get(name)
        failed = bar is not None and value > bar.most
        shown = "not measured" if np.isnan(value) else f"{value:.3f}"
        print(f"{name:<58}{shown:>14}   {bar.limits() if bar else ''}{'   MISSED' if failed else ''}")
        missed += [name] if failed else []
        unmeasured += [name] if np.isnan(value) else []
    return speed, missed, unmeasured


def _child_seconds(command: Sequence[str | Path], folder: Path, **environment: str) -> float:
    """CPU seconds, user and system, of a program and its children, run in a folder."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=log, stderr=log, env=os.environ | environment
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {process.returncode}:\n{(folder / 'log').read_text()}")
    return usage.ru_utime + usage.ru_stime


def _program_seconds(proteins: Iterable[Protein], reference: Path, threads: int, folder: Path) -> float:
    """CPU seconds of bin/search_templates.py, from its start to its end."""
    folder.mkdir()
    write_proteins(folder / "b.proteins.zip", proteins)
    return _child_seconds(
        [sys.executable, ROOT / "bin" / "search_templates.py", "--in-dir", ".", "--reference", reference.resolve(),
         "--threads", str(threads)],
        folder,
    )  # fmt: skip


def _foldseek_seconds(
    args: argparse.Namespace, recorded: dict[str, pd.DataFrame], compared: list[Protein], folder: Path
) -> tuple[float, str]:
    """CPU seconds of Foldseek for the batch, its database of templates made before, and where they come from."""
    if args.foldseek is None:
        seconds = [rows["seconds"].iloc[0] for rows in recorded.values() if "seconds" in rows]
        if not seconds:
            return float("nan"), "not run, and the oracle records no seconds (give --foldseek)"
        return float(np.mean(seconds)) * len(compared), "seconds recorded in the oracle, of another run and machine"
    program = args.foldseek.resolve()
    work = folder / "foldseek"
    (work / "queries").mkdir(parents=True)
    for protein in compared:
        (work / "queries" / f"{protein.id}.pdb").write_text(protein.pdb)
    (work / "templates").mkdir()
    subprocess.run(
        ["tar", "xzf", str((args.reference / "structures.tar.gz").resolve()), "-C", str(work / "templates")], check=True
    )
    # DPAM's options, and those of the oracle; bound threads make Foldseek stop.
    threads, unbound = ("--threads", str(args.threads)), {"OMP_PROC_BIND": "false"}
    _child_seconds([program, "createdb", "templates", "templatesDB", *threads], work, **unbound)
    options = ("-e", "1000", "--max-seqs", "1000000", *threads)
    seconds = min(
        _child_seconds(
            [program, "easy-search", "queries", "templatesDB", "hits.tsv", f"tmp{run}", *options], work, **unbound
        )
        for run in range(RUNS)
    )
    return seconds, f"{program.name} run here on the same batch"


class Repeated:
    """A store's templates again and again until there are many, with some residues of each copy changing places."""

    def __init__(self, store: TemplateStore, count: int) -> None:
        rng = np.random.default_rng(1)
        rows = np.arange(count) % len(store)
        self.uids = [f"{number:09d}" for number in range(count)]
        self.sequences, self.letters = [], []
        for number, row in enumerate(rows):
            order = np.arange(store.lengths[row])
            if number >= len(store):
                moving = np.flatnonzero(rng.random(len(order)) < SHUFFLED)
                order[moving] = rng.permutation(moving)
            self.sequences.append(_reordered(store.sequences[row], order))
            self.letters.append(_reordered(store.letters[row], order))
        self.lengths = store.lengths[rows]
        self.offsets = np.concatenate(([0], np.cumsum(self.lengths))).astype(np.int64)
        self.ca = np.concatenate([store.ca[store.offsets[row] : store.offsets[row + 1]] for row in rows])


def _reordered(text: str, order: NDArray[np.int64]) -> str:
    return np.frombuffer(text.encode(), np.uint8)[order].tobytes().decode()


def _large_reference(reference: Path, proteins: list[Protein]) -> dict[str, float]:
    """CPU of the search alone, and of what is done once a process, at 63,000 templates and at as many as there are."""
    store = TemplateStore.open(reference)
    large = Repeated(store, LARGE)
    queries = sorted(proteins, key=len)[:: max(1, len(proteins) // LARGE_QUERIES)][:LARGE_QUERIES]
    figures = {}
    for templates, name in ((store, f"{len(store):,}"), (large, f"{LARGE:,}")):
        shortest = [queries[0]]
        first = _cpu_seconds(shortest, templates)
        again = _cpu_seconds(shortest, templates)
        figures[f"CPU s once a process for {name} templates"] = first - again
        figures[f"CPU s per query, {name} templates"] = _cpu_seconds(queries, templates) / len(queries)
    return figures


def _cpu_seconds(queries: list[Protein], store: TemplateStore | Repeated) -> float:
    begin = time.process_time()
    SEARCH(queries, store, 1)
    return time.process_time() - begin


# Numbers


def _mean(values: Iterable[float]) -> float:
    """Mean; NaN if there is nothing."""
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")


def _rounded(value: float) -> float | None:
    """For JSON, which knows no NaN."""
    return None if np.isnan(value) else round(value, 4)
