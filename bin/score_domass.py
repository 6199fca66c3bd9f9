#!/usr/bin/env python3
"""Give every row of features its probability (DPAM step 16): all tables in one process, the network loaded once.

Written: OUT/BUCKET.predictions.tsv for each BUCKET.features.tsv (the same rows, a last column `probability`), and
score.ledger.tsv with a row for every protein that has rows.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from domainflow.batch import attempt, passed
from domainflow.domass.network import judge, read_network
from domainflow.engines.domass import DOMASS_ENGINES
from domainflow.errors import exit_code
from domainflow.io.feature_tables import find_tables, network_inputs, read_features, write_predictions
from domainflow.ledger import LedgerRow, write_ledger

STEP = "DOMASS_SCORE"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, nargs="+", required=True, help="tables, or folders of *.features.tsv")
    parser.add_argument("--network", type=Path, required=True, help="weights (.npz)")
    parser.add_argument("--engine", choices=sorted(DOMASS_ENGINES), default="numpy")
    parser.add_argument("--out-dir", type=Path, default=Path("predictions"), help="folder for the tables")
    args = parser.parse_args()
    network, engine = read_network(args.network), DOMASS_ENGINES[args.engine]
    args.out_dir.mkdir(parents=True, exist_ok=True)
    ledger: list[LedgerRow] = []
    for path in find_tables(args.features):
        table = read_features(path)
        scores = np.full(len(table), np.nan, np.float32)
        for protein, places in table.groupby("protein", sort=False).indices.items():
            rows = table.iloc[places]
            found = attempt(str(protein), STEP, lambda r=rows: judge(network, network_inputs(r), engine), ledger)
            if found is not None:
                scores[places] = found
                ledger += passed([str(protein)], STEP)
        # a protein whose rows cannot be judged is left out; the ledger names it
        judged = ~np.isnan(scores)
        name = path.name.removesuffix(".features.tsv")
        write_predictions(args.out_dir / f"{name}.predictions.tsv", table[judged], scores[judged])
    write_ledger(Path("score.ledger.tsv"), ledger)


if __name__ == "__main__":
    sys.exit(exit_code(main))
