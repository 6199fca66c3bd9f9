"""`bench.py align`: the native aligner beside DaliLite, on pairs that DaliLite was given before.

Three passes over the pairs: the first round with DaliLite's own folding units, then with ours, then all rounds of
DPAM's loop (step 7), whose CPU time is compared with DaliLite's.
"""

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from dalilite import DaliLite
from domainflow.alignment import Alignment, heavy_atom_chain
from domainflow.contacts import all_atom_contacts
from domainflow.dali.batch import align_templates
from domainflow.dali.chain import SMALLEST_CHAIN, TemplateChains, prepare_chain
from domainflow.dali.pairwise import STANDARD
from domainflow.dali.score import exact_pair_scores
from domainflow.engines.native_alignment import LEAST_Z, align
from domainflow.folding_units import folding_units
from domainflow.io.store import TemplateStore
from domainflow.iterative_alignment import align_repeatedly, remaining_residues
from domainflow.parameters import DPAM_V2
from domainflow.protein import Protein
from oracle import DaliHit, DaliPair, Oracle, halves

FEWEST_PAIRS = 20
"""Pairs of an alignment that counts (DPAM step 7)."""
STRONG = 4.0
"""z from which on a hit is clear."""
LENGTHS = (0, 150, 250, 400, 600)
"""Lengths of queries at which the table of costs has its rows."""
SIZES = (0, 20_000, 40_000, 80_000, 160_000, 320_000)
"""Products of the chains' lengths at which the table of costs has its rows."""
FEWEST_RANKED = 3
"""Pairs a query needs for a rank correlation."""
ROUNDING = 1e-9
"""Relative difference of the same sum in another order."""
ALL = "all"


class Bar(NamedTuple):
    """What must be reached: a figure's name, its least value, and its largest one."""

    figure: str
    least: float
    most: float = np.inf


BARS = (
    Bar("S >= 0.99 S_DaliLite, z >= 4", 0.99),
    Bar("S >= 0.99 S_DaliLite, z 2-4", 0.95),
    Bar("S >= S_DaliLite, z >= 4", 0.95),
    Bar("|dz| <= 0.5, z >= 4, DaliLite's units", 0.95),
    Bar("dz >= -0.5, z >= 4, DaliLite's units", 0.99),
    Bar("median dz, own units", -0.1, 0.1),
    Bar("|dz| <= 0.5, own units", 0.70),
    Bar("rank correlation of z, own units", 0.95),
    Bar("found, z >= 4", 0.99),
    Bar("found, z 2-4", 0.92),
    Bar("later rounds covered, z >= 4", 0.92),
    Bar("later rounds with dz >= -0.5, z >= 4", 0.85),
)
LEAST_SPEEDUP = 20.0
LEAST_SCALING = 1.8


class Compared(NamedTuple):
    """A pair that DaliLite aligned, and what we make of it: S, z with DaliLite's units, z with ours."""

    pair: DaliPair
    dali_score: float
    score: float
    z: float
    own_z: float
    found: bool


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of ``bench.py align``."""
    data = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser = commands.add_parser("align", help=bench_align.__doc__)
    for folder in ("oracle", "models", "chains", "reference"):
        parser.add_argument(f"--{folder}", type=Path, default=data / folder)
    parser.add_argument("--min-block", type=int, default=4)
    parser.add_argument("--queries", help="only these, separated by commas")
    parser.add_argument("--dalilite", type=Path, help="run DaliLite from this folder on a sample of the pairs")
    parser.add_argument("--dalilite-pairs", type=int, default=40, help="size of that sample")
    parser.set_defaults(run=bench_align)


def bench_align(args: argparse.Namespace) -> int:
    """The native aligner against DaliLite's recorded alignments."""
    oracle = Oracle(args.oracle, args.models, args.chains, args.reference)
    pairs = oracle.pairs
    if args.queries:
        pairs = [pair for pair in pairs if pair.query in args.queries.split(",")]
    proteins, missing = oracle.queries(dict.fromkeys(pair.query for pair in pairs))
    for sentence in missing:
        print(f"left out: {sentence}")
    with tempfile.TemporaryDirectory() as folder:
        uids = oracle.write_templates(Path(folder) / "templates.arrow", {pair.template for pair in pairs})
        store = TemplateStore.open(Path(folder) / "templates.arrow")
        recorded = TemplateStore.open(Path(folder) / "templates.units.arrow")
        absent = sorted({pair.template for pair in pairs} - set(uids))
        if absent:
            print(f"left out: templates without a structure: {', '.join(absent)}")
        by_query: dict[str, list[DaliPair]] = defaultdict(list)
        for pair in pairs:
            if pair.query in proteins and pair.template in uids:
                by_query[pair.query].append(pair)
        measured = Measurement(oracle, proteins, store, recorded, uids, dict(by_query), args.min_block)
        return _report(args, oracle, measured)


class Measurement:
    """Everything that is computed: each step is done once, on all pairs."""

    def __init__(
        self,
        oracle: Oracle,
        proteins: dict[str, Protein],
        store: TemplateStore,
        recorded: TemplateStore,
        uids: dict[str, str],
        pairs: dict[str, list[DaliPair]],
        min_block: int,
    ) -> None:
        self.store = store
        self.pairs = pairs
        self.proteins = proteins
        self._oracle = oracle
        self._uids = uids
        self._min_block = min_block
        self.chains = {query: heavy_atom_chain(proteins[query]) for query in pairs}
        self._compile()
        self.recorded = self._first_round(recorded, oracle.trees, -np.inf)
        self.own = self._first_round(store, {}, LEAST_Z)
        self.loops, self.seconds = self._all_rounds()

    def row(self, template: str) -> int:
        """The template's row in the store."""
        return self.store.row(self._uids[template])

    def template_length(self, template: str) -> int:
        """Residues."""
        return self.store.length(self.row(template))

    def dali_score(self, pair: DaliPair, hit: DaliHit) -> float:
        """S of DaliLite's alignment."""
        row = self.row(pair.template)
        ca = self.store.ca[self.store.offsets[row] : self.store.offsets[row + 1]]
        return float(exact_pair_scores(self.chains[pair.query].backbone[:, 1].copy(), ca, hit.pairs).sum())

    def wall_seconds(self, threads: int) -> float:
        """Wall time of the first rounds of all queries."""
        begin = time.perf_counter()
        for query, pairs in self.pairs.items():
            whole = np.arange(len(self.chains[query]))
            jobs = [(self.row(pair.template), whole) for pair in pairs]
            align(self.chains[query], self.store, jobs, threads, self._min_block)
        return time.perf_counter() - begin

    def pair_seconds(self) -> list[tuple[int, float]]:
        """Product of the lengths and CPU seconds of the first round of each pair, without preparing the query."""
        found = []
        for query, pairs in self.pairs.items():
            chain = self.chains[query]
            contacts = all_atom_contacts(chain.backbone, chain.atoms, chain.atom_residue)
            whole = prepare_chain(chain.backbone[:, 1], folding_units(contacts))
            templates = TemplateChains(self.store.ca, self.store.offsets, *self.store.node_bounds)
            for pair in pairs:
                row = np.array([self.row(pair.template)])
                begin = time.process_time()
                align_templates(whole, templates, row, self._min_block, STANDARD, LEAST_Z)
                found.append((whole.length * self.template_length(pair.template), time.process_time() - begin))
        return found

    def _compile(self) -> None:
        query = min(self.chains, key=lambda name: len(self.chains[name]))
        self.loop(query, self.pairs[query][:1])

    def _first_round(
        self, store: TemplateStore, trees: dict[str, list[NDArray[np.int32]]], least_z: float
    ) -> dict[tuple[str, str], Alignment | None]:
        """First alignment of every pair, of at least 20 pairs of residues."""
        found: dict[tuple[str, str], Alignment | None] = {}
        for query, pairs in self.pairs.items():
            find = _constant(trees[query]) if query in trees else None
            whole = np.arange(len(self.chains[query]))
            jobs = [(self.row(pair.template), whole) for pair in pairs]
            alignments = align(self.chains[query], store, jobs, 1, self._min_block, find, least_z)
            for pair, alignment in zip(pairs, alignments, strict=True):
                counts = alignment is not None and len(alignment.query) >= FEWEST_PAIRS
                found[query, pair.template] = alignment if counts else None
        return found

    def _all_rounds(self) -> tuple[dict[tuple[str, str], list[Alignment]], dict[str, float]]:
        """All alignments of every pair, and the CPU seconds of every query with all its templates."""
        found, seconds = {}, {}
        for query, pairs in self.pairs.items():
            begin = time.process_time()
            loop = self.loop(query, pairs)
            seconds[query] = time.process_time() - begin
            for pair in pairs:
                found[query, pair.template] = loop[self._uids[pair.template]]
        return found, seconds

    def loop(self, query: str, pairs: Sequence[DaliPair]) -> dict[str, list[Alignment]]:
        """All alignments of a query with templates, by UID."""
        found: dict[str, list[Alignment]] = {self._uids[pair.template]: [] for pair in pairs}
        rounds = align_repeatedly(self.chains[query], self.store, list(found), align, DPAM_V2, 1, self._min_block)
        for uid, _, alignment in rounds:
            found[uid].append(alignment)
        return found


def _constant(units: list[NDArray[np.int32]]) -> Callable[[NDArray[np.integer]], list[NDArray[np.int32]]]:
    """A finder of folding units that knows those of the whole chain already."""
    return lambda _: units


def _report(args: argparse.Namespace, oracle: Oracle, measured: Measurement) -> int:
    """Print all tables; the exit status."""
    half = halves(measured.pairs)
    names = {ALL: list(half)} | {
        part: [query for query in half if half[query] == part] for part in dict.fromkeys(half.values())
    }
    figures = {part: _figures(measured, queries) for part, queries in names.items()}
    count = sum(len(pairs) for pairs in measured.pairs.values())
    print(f"{len(measured.pairs)} queries, {count} pairs, blocks of at least {args.min_block} pairs\n")
    missed = _print_figures(figures)
    _print_extra_hits(measured, oracle)
    _print_costs(measured)
    speed = _speed(args, oracle, measured)
    print()
    for name, (value, bar) in speed.items():
        print(f"{name:<60} {value:8.2f}   at least {bar:g}{'' if value >= bar else '   MISSED'}")
        missed += [name] if value < bar else []
    result = {
        "benchmark": "align",
        "queries": len(measured.pairs),
        "pairs": count,
        "min_block": args.min_block,
        "figures": {part: {name: round(value, 4) for name, value in part_figures.items()}
                    for part, part_figures in figures.items()},
        "speed": {name: round(value, 3) for name, (value, _) in speed.items()},
        "missed": missed,
        "passed": not missed,
    }  # fmt: skip
    print(json.dumps(result))
    return 1 if missed else 0


def _figures(measured: Measurement, queries: Sequence[str]) -> dict[str, float]:
    """All figures that have a bar, for some queries; NaN where there is nothing to count."""
    compared = [row for query in queries for row in _compared(measured, query)]
    strong = [row for row in compared if row.pair.z >= STRONG]
    weak = [row for row in compared if row.pair.z < STRONG]
    with_both = [row for row in compared if np.isfinite(row.own_z)]
    ranked = []
    for query in queries:
        rows = [row for row in with_both if row.pair.query == query]
        if len({row.pair.z for row in rows}) >= FEWEST_RANKED:
            ranked.append(spearmanr([row.pair.z for row in rows], [row.own_z for row in rows]).statistic)
    later = [_later_round(measured, pair, hit) for query in queries for pair in measured.pairs[query]
             for hit in pair.hits if hit.round > 1 and hit.z >= STRONG]  # fmt: skip
    return {
        "S >= 0.99 S_DaliLite, z >= 4": _share(row.score >= 0.99 * row.dali_score for row in strong),
        "S >= 0.99 S_DaliLite, z 2-4": _share(row.score >= 0.99 * row.dali_score for row in weak),
        "S >= S_DaliLite, z >= 4": _share(row.score >= (1 - ROUNDING) * row.dali_score for row in strong),
        "|dz| <= 0.5, z >= 4, DaliLite's units": _share(abs(row.z - row.pair.z) <= 0.5 for row in strong),
        "dz >= -0.5, z >= 4, DaliLite's units": _share(row.z - row.pair.z >= -0.5 for row in strong),
        "median dz, own units": float(np.median([row.own_z - row.pair.z for row in with_both] or [np.nan])),
        "|dz| <= 0.5, own units": _share(abs(row.own_z - row.pair.z) <= 0.5 for row in with_both),
        "rank correlation of z, own units": float(np.mean(ranked or [np.nan])),
        "found, z >= 4": _share(row.found for row in strong),
        "found, z 2-4": _share(row.found for row in weak),
        "later rounds covered, z >= 4": _share(covered for covered, _ in later),
        "later rounds with dz >= -0.5, z >= 4": _share(reached for _, reached in later),
    }


def _compared(measured: Measurement, query: str) -> list[Compared]:
    """The query's pairs that DaliLite aligned."""
    rows = []
    for pair in measured.pairs[query]:
        if not pair.hits:
            continue
        recorded = measured.recorded[query, pair.template]
        own = measured.own[query, pair.template]
        rows.append(
            Compared(
                pair,
                measured.dali_score(pair, pair.hits[0]),
                recorded.score if recorded else 0.0,
                recorded.z if recorded else -np.inf,
                own.z if own else -np.inf,
                own is not None,
            )
        )
    return rows


def _later_round(measured: Measurement, pair: DaliPair, hit: DaliHit) -> tuple[bool, bool]:
    """Whether one of our alignments covers half of a later hit's query residues; whether one of these has its z."""
    covering = [
        alignment
        for alignment in measured.loops[pair.query, pair.template]
        if np.isin(hit.pairs[0], alignment.query).sum() >= 0.5 * hit.pairs.shape[1]
    ]
    return bool(covering), any(alignment.z >= hit.z - 0.5 for alignment in covering)


def _share(values: Iterable[bool]) -> float:
    """Fraction of true ones."""
    listed = list(values)
    return float(np.mean(listed)) if listed else float("nan")


def _print_figures(figures: dict[str, dict[str, float]]) -> list[str]:
    """Table of the figures for each half; names of those that miss their bar on all queries."""
    print(f"{'':<44}" + "".join(f"{part:>10}" for part in figures) + "   bar")
    missed = []
    for bar in BARS:
        values = [part[bar.figure] for part in figures.values()]
        limits = f"{bar.least:g}" if bar.most == np.inf else f"{bar.least:g} to {bar.most:g}"
        passed = np.isnan(values[0]) or bar.least <= values[0] <= bar.most
        print(
            f"{bar.figure:<44}" + "".join(f"{value:>10.3f}" for value in values)
            + f"   {limits}{'' if passed else '   MISSED'}"
        )  # fmt: skip
        if not passed:
            missed.append(bar.figure)
    return missed


def _print_extra_hits(measured: Measurement, oracle: Oracle) -> None:
    """Pairs that only we align, beside those that DaliLite aligns, by z."""
    labels = _query_groups(oracle)
    print("\nFirst alignments by z: number, median pairs, same T-group as the query domain (of those labelled)")
    print(f"{'z':<8}{'only ours':>26}{'DaliLite':>26}")
    for least, most in ((2, 2.5), (2.5, 3), (3, 4), (4, 6), (6, np.inf)):
        ours, dali = [], []
        for query, pairs in measured.pairs.items():
            for pair in pairs:
                own = measured.own[query, pair.template]
                group = oracle.t_groups.get(pair.template)
                if pair.hits and least <= pair.z < most:
                    hit = pair.hits[0].pairs
                    dali.append((hit.shape[1], _same_group(labels.get(query), hit[0], group)))
                elif not pair.hits and own is not None and least <= own.z < most:
                    ours.append((len(own.query), _same_group(labels.get(query), own.query, group)))
        name = f"{least:g}-{most:g}" if most < np.inf else f">= {least:g}"
        print(f"{name:<8}{_described(ours):>26}{_described(dali):>26}")


def _described(rows: list[tuple[int, bool | None]]) -> str:
    """Number of alignments, their median size, and how many of the labelled ones are in the same T-group."""
    if not rows:
        return "0"
    known = [same for _, same in rows if same is not None]
    return f"{len(rows)}, {np.median([size for size, _ in rows]):.0f}, {sum(known)} of {len(known)}"


def _query_groups(oracle: Oracle) -> dict[str, list[tuple[NDArray[np.int32], str]]]:
    """Labelled domains of the chains: 0-based residues and T-group."""
    import pandas as pd

    from domainflow.ranges import parse_range

    path = oracle.chains / "chains.tsv.gz"
    if not path.is_file():
        return {}
    labels = {}
    for row in pd.read_csv(path, sep="\t", dtype=str).itertuples():
        ranges = [parse_range(text.replace("_", ",")) - 1 for text in row.chopping_1based.split(",")]
        labels[row.chain] = list(zip(ranges, row.ecod_t.split(","), strict=True))
    return labels


def _same_group(
    domains: list[tuple[NDArray[np.int32], str]] | None, aligned: NDArray[np.int32], group: str | None
) -> bool | None:
    """Whether the domain that holds half of the aligned residues is of that T-group; None if none does."""
    for residues, own in domains or []:
        if np.isin(aligned, residues).sum() >= 0.5 * len(aligned):
            return own == group
    return None


def _print_costs(measured: Measurement) -> None:
    """CPU by length of the query (all rounds, all its templates) and by size of the pair (first round)."""
    print("\nCPU of all rounds by length of the query: queries, pairs, mean ms of a pair, DaliLite's recorded mean ms")
    for least, most in pairwise((*LENGTHS, np.inf)):
        queries = [query for query, chain in measured.chains.items() if least <= len(chain) < most]
        count = sum(len(measured.pairs[query]) for query in queries)
        if queries:
            ours = sum(measured.seconds[query] for query in queries) / count * 1e3
            dali = sum(pair.seconds for query in queries for pair in measured.pairs[query]) / count * 1e3
            print(f"{f'from {least}':<14}{len(queries):>6}{count:>8}{ours:>10.1f}{dali:>10.0f}")
    print("\nCPU of a first round by product of the chains' lengths: pairs, mean ms, largest ms")
    seconds = measured.pair_seconds()
    for least, most in pairwise((*SIZES, np.inf)):
        chosen = [second * 1e3 for size, second in seconds if least <= size < most]
        if chosen:
            print(f"{f'from {least:,}':<14}{len(chosen):>6}{np.mean(chosen):>10.1f}{max(chosen):>10.1f}")


def _speed(args: argparse.Namespace, oracle: Oracle, measured: Measurement) -> dict[str, tuple[float, float]]:
    """Ratios of times, each with its bar."""
    if args.dalilite:
        name = f"DaliLite's CPU / ours, all rounds, {args.dalilite_pairs} pairs in this run"
        dali, ours = _against_dalilite(args, oracle, measured)
    else:
        name = "DaliLite's recorded wall time / our CPU, all rounds"
        ours = sum(measured.seconds.values())
        dali = sum(pair.seconds for pairs in measured.pairs.values() for pair in pairs)
    alone = min(measured.wall_seconds(1) for _ in range(2))
    together = min(measured.wall_seconds(2) for _ in range(2))
    return {
        name: (dali / ours, LEAST_SPEEDUP),
        "wall time on one thread / on two, first rounds": (alone / together, LEAST_SCALING),
    }


def _against_dalilite(args: argparse.Namespace, oracle: Oracle, measured: Measurement) -> tuple[float, float]:
    """CPU seconds of DaliLite's comparisons and of ours for pairs spread over the list, in all rounds of each.

    DaliLite is given what its recorded alignments left of the query; importing chains is not counted. Ours is the mean
    over the query's templates, as a task aligns them, with all that is prepared for them.
    """
    listed = [pair for pairs in measured.pairs.values() for pair in pairs]
    sample = [listed[place] for place in np.linspace(0, len(listed) - 1, args.dalilite_pairs).astype(int)]
    templates = oracle.template_texts({pair.template for pair in sample})
    dali, ours, same = 0.0, 0.0, 0
    with DaliLite(args.dalilite) as dalilite:
        for pair in sample:
            ours += measured.seconds[pair.query] / len(measured.pairs[pair.query])
            lines = [line for line in measured.proteins[pair.query].pdb.splitlines() if line.startswith("ATOM")]
            left = np.arange(len(measured.chains[pair.query]))
            template = dalilite.imported(templates[pair.template])
            for number in range(len(pair.hits) + 1):
                if len(left) < SMALLEST_CHAIN:
                    break
                kept = set((left + 1).tolist())
                query = dalilite.imported("".join(f"{line}\n" for line in lines if int(line[22:26]) in kept))
                z, seconds = dalilite.compare(query, template)
                dali += seconds
                if number == 0:
                    same += (z or 0.0) == pair.z
                if number < len(pair.hits):
                    left = remaining_residues(left, pair.hits[number].pairs[0], DPAM_V2)
    print(f"\nDaliLite in this run: z of the first round as recorded in {same} of {len(sample)} pairs")
    print(f"CPU of a pair, all rounds: DaliLite {dali / len(sample):.2f} s, ours {ours / len(sample) * 1e3:.0f} ms")
    return dali, ours
