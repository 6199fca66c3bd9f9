#!/usr/bin/env python3
"""Write the PDB chains that hold several templates of mini-ECOD, to train the network DOMASS on whole chains.

Written to --out-dir: PDB_CHAIN.pdb (backbone) of each, chains.csv for `--input`, and labels.tsv (protein, range,
h_group, t_group, pae) for `--labels`. Their sequence profiles are in queries.npz of `make_profiles.py`.
"""

import argparse
import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.reference.promod3 import Promod3Database  # noqa: E402
from domainflow.structures.backbone_pdb import backbone_lines  # noqa: E402
from domainflow.structures.ranges import format_range  # noqa: E402
from domainflow.templates.classification import h_group_of  # noqa: E402
from evaluation.template_chains import template_chains  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--structures", type=Path, required=True, help="structure_db.dat")
    parser.add_argument("--domains", type=Path, default=ROOT / "assets" / "mini-ecod" / "domains.tsv")
    parser.add_argument("--out-dir", type=Path, required=True)
    args = parser.parse_args()
    database = Promod3Database(args.structures)
    several, _ = template_chains(database, args.domains)
    args.out_dir.mkdir(parents=True, exist_ok=True)
    samples, labels = [("id", "structure", "pae")], [("protein", "range", "h_group", "t_group", "pae")]
    for chain in several:
        name = chain.name
        structure = database.chain(chain.pdb, chain.chain)
        lines = (*backbone_lines(structure.sequence, structure.backbone), "END")
        (args.out_dir / f"{name}.pdb").write_text("".join(f"{line}\n" for line in lines))
        samples.append((name, f"{name}.pdb", ""))
        for residues, t_group in zip(chain.domains, chain.t_groups, strict=True):
            labels.append((name, format_range(residues), h_group_of(t_group), t_group, "absent"))
    with (args.out_dir / "chains.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(samples)
    with (args.out_dir / "labels.tsv").open("w", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(labels)
    print(f"{len(several)} chains, {len(labels) - 1} domains in {args.out_dir}")


if __name__ == "__main__":
    main()
