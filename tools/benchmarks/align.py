"""`bench.py align`: compare the native aligner with DaliLite, on pairs that DaliLite aligned before.

There are three passes over the pairs: the first round with DaliLite's own folding units, the first round with ours, and
all rounds of DPAM step 7. The CPU time of the last is compared with DaliLite's.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.align_measurement import Measurement
from benchmarks.align_speed import SPEED_BARS, print_costs, speed_ratios
from benchmarks.bars import Bar, mean, parts, print_figures, rank_correlations, rounded
from benchmarks.dali_units import print_units
from benchmarks.oracle import DaliHit, DaliPair, KnownDomain, Oracle, add_folders
from domainflow.templates.store import TemplateStore

STRONG = 4.0
"""Smallest z of a clear hit."""
ROUNDING = 1e-9
"""Largest relative difference of the same sum in another order."""


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


class Compared(NamedTuple):
    """A pair that DaliLite aligned, and our S, our z with DaliLite's folding units and our z with our own."""

    pair: DaliPair
    dali_score: float
    score: float
    z: float
    own_z: float
    found: bool


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py align``."""
    parser = commands.add_parser("align", help=bench_align.__doc__)
    add_folders(parser)
    parser.add_argument("--min-block", type=int, default=4)
    parser.add_argument("--queries", help="only these, separated by commas")
    parser.add_argument("--dalilite", type=Path, help="run DaliLite from this folder on a sample of the pairs")
    parser.add_argument("--dalilite-pairs", type=int, default=40, help="size of that sample")
    parser.set_defaults(run=bench_align)


def bench_align(args: argparse.Namespace) -> int:
    """Compare the native aligner with DaliLite's recorded alignments; return the exit status."""
    oracle = Oracle(args.oracle, args.models, args.chains, args.reference)
    pairs = oracle.pairs
    if args.queries:
        wanted = set(args.queries.split(","))
        if unknown := wanted - {pair.query for pair in pairs}:
            print(f"not a query of the oracle: {', '.join(sorted(unknown))}")
            return 1
        pairs = [pair for pair in pairs if pair.query in wanted]
    proteins, missing = oracle.queries(dict.fromkeys(pair.query for pair in pairs))
    for sentence in missing:
        print(f"left out: {sentence}")
    if not proteins:
        print("no query has a structure: nothing to measure")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "templates.arrow"), Path(folder, "recorded_units.arrow")
        uids = oracle.write_templates(paths[0], {pair.template for pair in pairs}, paths[1])
        store, recorded = map(TemplateStore.open, paths)
        absent = sorted({pair.template for pair in pairs} - set(uids))
        if absent:
            print(f"left out: templates without a structure: {', '.join(absent)}")
        by_query: dict[str, list[DaliPair]] = defaultdict(list)
        for pair in pairs:
            if pair.query in proteins and pair.template in uids:
                by_query[pair.query].append(pair)
        measured = Measurement(oracle, proteins, store, recorded, uids, dict(by_query), args.min_block)
        return _report(args, oracle, measured)


def _report(args: argparse.Namespace, oracle: Oracle, measured: Measurement) -> int:
    """Print all tables; return the exit status."""
    halves = parts(measured.pairs, of=(pair.query for pair in oracle.pairs))
    figures = {part: _figures(measured, queries) for part, queries in halves.items()}
    count = sum(len(pairs) for pairs in measured.pairs.values())
    print(f"{len(measured.pairs)} queries, {count} pairs, blocks of at least {args.min_block} pairs\n")
    missed = print_figures(figures, BARS)
    _print_extra_hits(measured, oracle)
    if args.dalilite:
        print_units(args.dalilite, oracle, measured)
    print_costs(measured)
    speed = speed_ratios(args, oracle, measured)
    print()
    missed += print_figures({"": speed}, SPEED_BARS)
    result = {
        "benchmark": "align",
        "queries": len(measured.pairs),
        "pairs": count,
        "min_block": args.min_block,
        "figures": {part: rounded(values) for part, values in figures.items()},
        "speed": rounded(speed),
        "missed": missed,
        "passed": not missed,
    }
    print(json.dumps(result))
    return 1 if missed else 0


def _figures(measured: Measurement, queries: Sequence[str]) -> dict[str, float]:
    """Compute all figures that have a bar, for some queries; NaN if there is nothing to count."""
    compared = [row for query in queries for row in _compared(measured, query)]
    strong = [row for row in compared if row.pair.z >= STRONG]
    weak = [row for row in compared if row.pair.z < STRONG]
    with_both = [row for row in compared if np.isfinite(row.own_z)]
    ranks = rank_correlations(
        [(row.pair.z, row.own_z) for row in with_both if row.pair.query == query] for query in queries
    )
    ranks_with_its_units = rank_correlations(
        [(row.pair.z, row.z) for row in with_both if row.pair.query == query] for query in queries
    )
    later = [_later_round(measured, pair, hit) for query in queries for pair in measured.pairs[query]
             for hit in pair.hits if hit.round > 1 and hit.z >= STRONG]  # fmt: skip
    return {
        "S >= 0.99 S_DaliLite, z >= 4": mean(row.score >= 0.99 * row.dali_score for row in strong),
        "S >= 0.99 S_DaliLite, z 2-4": mean(row.score >= 0.99 * row.dali_score for row in weak),
        "S >= S_DaliLite, z >= 4": mean(row.score >= (1 - ROUNDING) * row.dali_score for row in strong),
        "|dz| <= 0.5, z >= 4, DaliLite's units": mean(abs(row.z - row.pair.z) <= 0.5 for row in strong),
        "the same, ours with one decimal, too": mean(abs(tenths_above(row.z, row.pair.z)) <= 5 for row in strong),
        "dz >= -0.5, z >= 4, DaliLite's units": mean(row.z - row.pair.z >= -0.5 for row in strong),
        "median dz, own units": float(np.median([row.own_z - row.pair.z for row in with_both] or [np.nan])),
        "|dz| <= 0.5, own units": mean(abs(row.own_z - row.pair.z) <= 0.5 for row in with_both),
        "rank correlation of z, own units": mean(ranks),
        "the same, median query instead of the mean": float(np.median(ranks or [np.nan])),
        "the same, mean, DaliLite's units": mean(ranks_with_its_units),
        "found, z >= 4": mean(row.found for row in strong),
        "found, z 2-4": mean(row.found for row in weak),
        "later rounds covered, z >= 4": mean(covered for covered, _ in later),
        "later rounds with dz >= -0.5, z >= 4": mean(reached for _, reached in later),
    }


def tenths_above(z: float, recorded: float) -> float:
    """Return the difference of two z in tenths, both rounded to one decimal as DaliLite and DPAM step 7 write them."""
    return float(np.rint(10 * z) - np.rint(10 * recorded))


def _compared(measured: Measurement, query: str) -> list[Compared]:
    """Return the query's pairs that DaliLite aligned."""
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
    """Return two flags: our alignments cover half of a later hit's query residues; one that does reaches its z."""
    covering = [
        alignment
        for alignment in measured.loops[pair.query, pair.template]
        if np.isin(hit.pairs[0], alignment.query).sum() >= 0.5 * hit.pairs.shape[1]
    ]
    return bool(covering), any(alignment.z >= hit.z - 0.5 for alignment in covering)


def _print_extra_hits(measured: Measurement, oracle: Oracle) -> None:
    """Print the pairs that only we align, beside those that DaliLite aligns, by z."""
    labels = oracle.known_domains
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
    """Describe alignments: their number, their median size, and the number of labelled ones in the same T-group."""
    if not rows:
        return "0"
    known = [same for _, same in rows if same is not None]
    return f"{len(rows)}, {np.median([size for size, _ in rows]):.0f}, {sum(known)} of {len(known)}"


def _same_group(domains: list[KnownDomain] | None, aligned: NDArray[np.int32], group: str | None) -> bool | None:
    """Return whether the domain with half of the aligned residues is in that T-group; None without such a domain."""
    for domain in domains or []:
        if np.isin(aligned, domain.residues).sum() >= 0.5 * len(aligned):
            return domain.t_group == group
    return None
