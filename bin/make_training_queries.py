#!/usr/bin/env python3
"""Choose templates of a reference as proteins to train the DOMASS network with.

Written to --out-dir: PDB_CHAIN_UID.pdb (backbone) for each, samplesheet.csv (id,structure,pae) for `--input`, and
labels.tsv (protein, range, h_group, t_group, pae) for train_domass.py.
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains.domass.training.queries import choose_queries, training_query
from domainflow.run.step import run_program
from domainflow.templates.store import TemplateStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference", type=Path, required=True, help="template store")
    parser.add_argument("--count", type=int, required=True, help="largest number of templates")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out-dir", type=Path, default=Path("queries"))
    args = parser.parse_args()
    store = TemplateStore.open(args.reference)
    args.out_dir.mkdir(parents=True, exist_ok=True)
    samples, labels = ["id,structure,pae"], ["protein\trange\th_group\tt_group\tpae"]
    for row in choose_queries(store, args.count, args.seed):
        query = training_query(store, row)
        (args.out_dir / f"{query.id}.pdb").write_text(query.pdb)
        samples.append(f"{query.id},{query.id}.pdb,")
        labels.append(f"{query.id}\t1-{query.length}\t{query.h_group}\t{query.t_group}\tabsent")
    (args.out_dir / "samplesheet.csv").write_text("\n".join(samples) + "\n")
    (args.out_dir / "labels.tsv").write_text("\n".join(labels) + "\n")


if __name__ == "__main__":
    sys.exit(run_program(main))
