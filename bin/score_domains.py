#!/usr/bin/env python3
"""Compute the probability of every row of features with the network, loaded once for all tables (DPAM step 16).

Written: OUT/BUCKET.predictions.tsv for each BUCKET.features.tsv (the same rows and a last column `probability`), and
score.ledger.tsv with a row for every protein that has rows.
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains.domass.feature_tables import (
    find_tables,
    network_inputs,
    read_features,
    rows_by_protein,
    write_predictions,
)
from domainflow.domains.domass.network import read_network, score_domains
from domainflow.domains.domass.registry import DOMASS_ENGINES
from domainflow.run.step import Step, run_program
from domainflow.run.task import add_task_arguments


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, nargs="+", required=True, help="tables, or folders of *.features.tsv")
    parser.add_argument("--network", type=Path, required=True, help="weights (.npz)")
    parser.add_argument("--engine", choices=sorted(DOMASS_ENGINES), default="numpy")
    parser.add_argument("--out-dir", type=Path, default=Path("predictions"), help="folder for the tables")
    add_task_arguments(parser)
    args = parser.parse_args()
    network, engine = read_network(args.network), DOMASS_ENGINES[args.engine]
    args.out_dir.mkdir(parents=True, exist_ok=True)

    step = Step.begin("SCORE_DOMAINS", args)
    for path in find_tables(args.features):
        features = read_features(path)

        scored = step.each(
            rows_by_protein(features), lambda protein: score_domains(network, network_inputs(protein.rows), engine)
        )

        bucket = path.name.removesuffix(".features.tsv")
        scores = {protein.id: probabilities for protein, probabilities in scored}
        write_predictions(args.out_dir / f"{bucket}.predictions.tsv", features, scores)
    step.write_ledger(Path("score.ledger.tsv"))


if __name__ == "__main__":
    sys.exit(run_program(main))
