#!/usr/bin/env python3
"""Extract sequence profiles of the embedded reference's templates from ProMod3's structure database.

Written to --out-dir: templates.npz, by UID, for `--workflow reference --profiles`; queries.npz, by the names that
templates have as queries of `--workflow training` (PDB_CHAIN_UID), for its `--query_profiles`. The latter also has the
whole chains of `make_training_chains.py` (PDB_CHAIN).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.reference.promod3 import Promod3Database  # noqa: E402
from domainflow.structures.ranges import parse_range  # noqa: E402
from evaluation.template_chains import template_chains  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--structures", type=Path, required=True, help="structure_db.dat")
    parser.add_argument("--domains", type=Path, default=ROOT / "assets" / "mini-ecod" / "domains.tsv")
    parser.add_argument("--out-dir", type=Path, required=True)
    args = parser.parse_args()
    database = Promod3Database(args.structures)
    templates, queries = {}, {}
    for row in pd.read_csv(args.domains, sep="\t", dtype=str, keep_default_na=False).itertuples():
        segments = row.range.split(",")
        (chain,) = {segment.partition(":")[0] for segment in segments}
        residues = parse_range(",".join(segment.partition(":")[2] for segment in segments))
        profile = database.profile(row.pdb.upper(), chain)[residues - 1]
        templates[row.uid] = profile
        queries[f"{row.pdb.upper()}_{chain}_{row.uid}"] = profile
    for chain in template_chains(database, args.domains)[0]:
        queries[chain.name] = database.profile(chain.pdb, chain.chain)
    args.out_dir.mkdir(parents=True, exist_ok=True)
    for name, tables in (("templates", templates), ("queries", queries)):
        np.savez_compressed(args.out_dir / f"{name}.npz", **tables)
    print(f"{len(templates)} profiles in {args.out_dir}")


if __name__ == "__main__":
    main()
