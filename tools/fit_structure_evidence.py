#!/usr/bin/env python3
"""Fit the weights of the evidence from coordinates on PDB chains with known domains, and write their module.

tools/fit_structure_evidence.py structure_db.dat     (of Debian's promod3-data, as tools/fetch_structures.sh unpacks it)

The chains are those of mini-ECOD's templates: all that hold two or more of them side by side, and as many that one
template covers almost wholly. Pairs of residues in one known domain count as 1, pairs of two as 0. Each chain has the
same weight. Printed: the loss on chains that a fit did not see (five folds), and the weights of all.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.domains.parsing.coordinates.structure_probability import (  # noqa: E402
    LEAST_SEPARATION,
    pair_terms,
    structure_terms,
)
from domainflow.domains.parsing.coordinates.structure_weights import StructureWeights  # noqa: E402
from domainflow.reference.promod3 import Promod3Database  # noqa: E402
from evaluation.template_chains import TemplateChain, single_chains_to_fit, template_chains  # noqa: E402

MODULE = ROOT / "bin" / "domainflow" / "domains" / "parsing" / "coordinates" / "structure_weights.py"
PAIRS = 2000
"""Most pairs of a chain."""
FOLDS = 5
DECAY = 1e-4
"""Weight of the squared weights in the loss."""


class Pairs(NamedTuple):
    """Terms of pairs of residues, shape (N, 5), whether each is of one domain, and the number of its chain."""

    terms: NDArray[np.float64]
    same: NDArray[np.bool_]
    chain: NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="ProMod3's structure_db.dat")
    parser.add_argument("--domains", type=Path, default=ROOT / "assets" / "mini-ecod" / "domains.tsv")
    parser.add_argument("--write", action="store_true", help=f"write {MODULE.name}")
    args = parser.parse_args()
    database = Promod3Database(args.database)
    several, _ = template_chains(database, args.domains)
    single = single_chains_to_fit(database, args.domains)
    pairs = read_pairs(database, several + single)
    fold = np.random.default_rng(1).integers(0, FOLDS, len(several) + len(single))[pairs.chain]
    losses = [loss(fit(take(pairs, fold != held)), take(pairs, fold == held)) for held in range(FOLDS)]
    weights = fit(pairs)
    print(f"{len(several)} chains with several domains, {len(single)} with one; {len(pairs.same)} pairs")
    print(f"log-loss on unseen chains {np.mean(losses):.4f}; {weights}")
    if args.write:
        values = ", ".join(f"{value:.4f}" for value in weights)
        text = MODULE.read_text().partition("STRUCTURE_WEIGHTS = ")[0]
        MODULE.write_text(f"{text}STRUCTURE_WEIGHTS = StructureWeights({values})\n")


def read_pairs(database: Promod3Database, chains: list[TemplateChain]) -> Pairs:
    """Return pairs of all chains whose residues have known domains, at most `PAIRS` of a chain, drawn at random."""
    draw = np.random.default_rng(0)
    terms, same, numbers = [], [], []
    for number, (pdb, chain, domains, _) in enumerate(chains):
        backbone = database.chain(pdb, chain).backbone
        owner = np.full(len(backbone), -1)
        for place, residues in enumerate(domains):
            owner[residues - 1] = place
        first, second = np.triu_indices(len(backbone), LEAST_SEPARATION)
        known = np.flatnonzero((owner[first] >= 0) & (owner[second] >= 0))
        known = np.sort(draw.permutation(known)[:PAIRS])
        first, second = first[known], second[known]
        terms.append(pair_terms(structure_terms(backbone), first, second))
        same.append(owner[first] == owner[second])
        numbers.append(np.full(len(known), number))
    return Pairs(np.concatenate(terms), np.concatenate(same), np.concatenate(numbers))


def take(pairs: Pairs, chosen: NDArray[np.bool_]) -> Pairs:
    """Return some of the pairs."""
    return Pairs(*(values[chosen] for values in pairs))


def chain_weights(pairs: Pairs) -> NDArray[np.float64]:
    """Return a weight for each pair, so that all chains together weigh 1 and each the same."""
    counts = np.bincount(pairs.chain)
    return 1.0 / counts[pairs.chain] / np.count_nonzero(counts)


def loss(weights: StructureWeights, pairs: Pairs) -> float:
    """Return the mean logistic loss of pairs."""
    logit = pairs.terms @ np.array(weights)
    return float(chain_weights(pairs) @ (np.logaddexp(0, logit) - pairs.same * logit))


def fit(pairs: Pairs) -> StructureWeights:
    """Return the weights of least loss."""
    share = chain_weights(pairs)

    def loss_and_slope(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit = pairs.terms @ weights
        probability = 1 / (1 + np.exp(-logit))
        decay = DECAY * np.concatenate([[0.0], weights[1:]])
        value = share @ (np.logaddexp(0, logit) - pairs.same * logit) + decay @ weights / 2
        return float(value), pairs.terms.T @ (share * (probability - pairs.same)) + decay

    found = minimize(loss_and_slope, np.zeros(pairs.terms.shape[1]), jac=True, method="L-BFGS-B")
    return StructureWeights(*found.x)


if __name__ == "__main__":
    main()
