#!/usr/bin/env python3
"""Make assets/demo: six multi-domain PDB chains as gzipped backbone models, numbered 1..L, and their samplesheet.

tools/make_demo_chains.py structure_db.dat     (of Debian's promod3-data, as tools/fetch_structures.sh unpacks it)
"""

import argparse
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bin"))

from domainflow.io.promod3 import Promod3Chain, Promod3Database  # noqa: E402

CHAINS = ("1GVH_A", "4EAD_A", "1E4E_A", "1CDO_B", "1FC6_A", "1CFB_A")
ATOMS = ("N", "CA", "C", "O")
RESIDUES = {
    "A": "ALA", "C": "CYS", "D": "ASP", "E": "GLU", "F": "PHE", "G": "GLY", "H": "HIS", "I": "ILE", "K": "LYS",
    "L": "LEU", "M": "MET", "N": "ASN", "P": "PRO", "Q": "GLN", "R": "ARG", "S": "SER", "T": "THR", "V": "VAL",
    "W": "TRP", "Y": "TYR",
}  # fmt: skip


def pdb_lines(title: str, chain: Promod3Chain) -> Iterator[str]:
    """A backbone model in PDB format, chain A."""
    yield f"TITLE     {title}"
    serial = 0
    for number, (letter, atoms) in enumerate(zip(chain.sequence, chain.backbone, strict=True), start=1):
        for name, (x, y, z) in zip(ATOMS, atoms, strict=True):
            serial += 1
            yield (
                f"ATOM  {serial:5d}  {name:<3s} {RESIDUES.get(letter, 'UNK')} A{number:4d}    "
                f"{x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           {name[0]}"
            )
    yield "TER"
    yield "END"


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
        text = "".join(f"{line}\n" for line in pdb_lines(title, database.chain(pdb, chain)))
        # Time 0 and no name inside, so that the same chain gives the same bytes.
        (args.out / f"{protein}.pdb.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        rows.append(f"{protein},{protein}.pdb.gz,")
    (args.out / "samplesheet.csv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
