"""Measure the native aligner's CPU time by size of the chains, compared with DaliLite's, and on two threads."""

import argparse
from itertools import pairwise

import numpy as np

from benchmarks.align_measurement import Measurement
from benchmarks.bars import Bar
from benchmarks.dalilite import DaliLite
from benchmarks.oracle import Oracle
from domainflow.alignment.native.chain import SMALLEST_CHAIN
from domainflow.domains.alignment_rounds import remaining_residues
from domainflow.domains.parameters import DPAM_V2

__all__ = ["SPEED_BARS", "print_costs", "speed_ratios"]

AGAINST_DALILITE = "DaliLite's CPU / ours, all rounds"
TWO_THREADS = "wall time on one thread / on two, first rounds"
SPEED_BARS = (Bar(AGAINST_DALILITE, 20.0), Bar(TWO_THREADS, 1.8))
LENGTHS = (0, 150, 250, 400, 600)
"""Lengths of queries at which rows of the table of costs begin."""
SIZES = (0, 20_000, 40_000, 80_000, 160_000, 320_000)
"""Products of the chains' lengths at which rows of the table of costs begin."""


def print_costs(measured: Measurement) -> None:
    """Print CPU time by length of the query (all rounds and templates) and by size of the pair (first round)."""
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


def speed_ratios(args: argparse.Namespace, oracle: Oracle, measured: Measurement) -> dict[str, float]:
    """Measure the ratios of times."""
    if args.dalilite:
        print(f"\nDaliLite runs on {args.dalilite_pairs} of the pairs")
        dali, ours = _against_dalilite(args, oracle, measured)
    else:
        print("\nDaliLite's time is the recorded wall time of another machine")
        ours = sum(measured.seconds.values())
        dali = sum(pair.seconds for pairs in measured.pairs.values() for pair in pairs)
    alone = min(measured.wall_seconds(1) for _ in range(2))
    together = min(measured.wall_seconds(2) for _ in range(2))
    return {AGAINST_DALILITE: dali / ours, TWO_THREADS: alone / together}


def _against_dalilite(args: argparse.Namespace, oracle: Oracle, measured: Measurement) -> tuple[float, float]:
    """Measure CPU seconds of DaliLite and of our aligner for pairs spread over the list, in all rounds of each.

    DaliLite gets the residues of the query that its recorded alignments left; importing chains is not counted. Ours is
    the mean over the query's templates, aligned as in a task, including all preparations.
    """
    listed = [pair for pairs in measured.pairs.values() for pair in pairs]
    sample = [listed[place] for place in np.linspace(0, len(listed) - 1, args.dalilite_pairs).astype(int)]
    templates = oracle.template_texts({pair.template for pair in sample})
    dali, ours, same = 0.0, 0.0, 0
    with DaliLite(args.dalilite) as dalilite:
        for pair in sample:
            ours += measured.seconds[pair.query] / len(measured.pairs[pair.query])
            lines = measured.query_text(pair.query).splitlines()
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
