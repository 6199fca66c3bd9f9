"""Measure how far DaliLite's z depends on the start vector of its search for folding units.

DaliLite starts with a vector of equal numbers, so that the mode along which it divides a chain grows from rounding
errors. Another number (its parameter ``seed``) gives other folding units in the same program. Here z of DaliLite's
recorded alignments is computed by the same formula with the recorded units, with those of other seeds, and with ours.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.align_measurement import Measurement
from benchmarks.bars import mean, rank_correlations
from benchmarks.dalilite import DaliLite
from benchmarks.oracle import DaliPair, Oracle
from domainflow.alignment.native.score import exact_pair_scores
from domainflow.alignment.native.z_score import largest_z, unit_classes

__all__ = ["print_units"]

SEEDS = (17, 4242, 987654321)

Units = Mapping[str, list[NDArray[np.int32]]]


def print_units(folder: Path, oracle: Oracle, measured: Measurement) -> None:
    """Print the change of z with each set of folding units."""
    pairs = [
        pair
        for listed in measured.pairs.values()
        for pair in listed
        if pair.hits and {pair.query, pair.template} <= oracle.trees.keys()
    ]
    texts = oracle.template_texts({pair.template for pair in pairs}) | {
        query: measured.query_text(query) for query in {pair.query for pair in pairs}
    }
    sets: dict[str, Units] = {"as recorded": oracle.trees}
    with DaliLite(folder) as dalilite:
        for seed in (None, *SEEDS):
            name = f"DaliLite here, seed {seed}" if seed else "DaliLite here, its own seed"
            sets[name] = {chain: dalilite.folding_units(text, seed) for chain, text in texts.items()}
    sets["ours"] = {pair.template: measured.store.nodes(measured.row(pair.template)) for pair in pairs} | {
        query: measured.query_units(query) for query in {pair.query for pair in pairs}
    }
    print(f"\nz of DaliLite's {len(pairs)} first alignments with other folding units, less the recorded z")
    print(f"{'units':<32}{'same trees':>12}{'median':>10}{'within 0.5':>12}{'rank correlation':>18}")
    for name, units in sets.items():
        z = {id(pair): _z(measured, pair, units) for pair in pairs}
        change = np.array([z[id(pair)] - pair.z for pair in pairs])
        ranked = ([(pair.z, z[id(pair)]) for pair in pairs if pair.query == query] for query in measured.pairs)
        same = mean(_alike(units[chain], oracle.trees[chain]) for chain in texts)
        print(
            f"{name:<32}{same:>12.3f}{np.median(change):>+10.2f}{np.mean(abs(change) <= 0.5):>12.3f}"
            f"{mean(rank_correlations(ranked)):>18.3f}"
        )


def _alike(units: list[NDArray[np.int32]], others: list[NDArray[np.int32]]) -> bool:
    return {unit.tobytes() for unit in units} == {unit.tobytes() for unit in others}


def _z(measured: Measurement, pair: DaliPair, units: Units) -> float:
    """Compute z of DaliLite's first alignment of a pair."""
    store, row = measured.store, measured.row(pair.template)
    template = store.ca[store.offsets[row] : store.offsets[row + 1]]
    query = measured.chains[pair.query].backbone[:, 1].copy()
    aligned = pair.hits[0].pairs
    scores = exact_pair_scores(query, template, aligned)
    classes = unit_classes(units[pair.query], len(query)), unit_classes(units[pair.template], len(template))
    return float(largest_z(scores, aligned, *classes))
