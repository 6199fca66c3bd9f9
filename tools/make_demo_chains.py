#!/usr/bin/env python3
"""Make assets/demo: six multi-domain PDB chains as gzipped backbone models, numbered 1..L, and their samplesheet.

tools/make_demo_chains.py structure_db.dat     (of Debian's promod3-data, as tools/fetch_structures.sh unpacks it)
"""

import argparse
import gzip
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.reference.promod3 import Promod3Database  # noqa: E402
from domainflow.structures.backbone_pdb import backbone_lines  # noqa: E402

CHAINS = ("1GVH_A", "4EAD_A", "1E4E_A", "1CDO_B", "1FC6_A", "1CFB_A")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="ProMod3's structure_db.dat")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "demo", help="folder to write")
    args = parser.parse_args()
    database = Promod3Database(args.database)
    args.out.mkdir(parents=True, exist_ok=True)
    rows = ["id,structure,pae"]
    for protein in CHAINS:
        pdb, chain = protein.split("_")
        title = f"PDB {pdb} CHAIN {chain}, BACKBONE, FROM PROMOD3-DATA"
        lines = (f"TITLE     {title}", *backbone_lines(*database.chain(pdb, chain)), "END")
        text = "".join(f"{line}\n" for line in lines)
        # time 0 and no file name in the gzip header, so that the same chain gives the same bytes
        (args.out / f"{protein}.pdb.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        rows.append(f"{protein},{protein}.pdb.gz,")
    (args.out / "samplesheet.csv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
