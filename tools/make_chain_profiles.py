#!/usr/bin/env python3
"""Join the profiles of domains to profiles of multi-domain chains, for `--query_profiles`.

Residues between domains have no profile; their own amino acid is used.
"""

import argparse
import gzip
import sys
import tarfile
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bin"))

from domainflow.sequences.hhm import one_hot
from domainflow.structures.pdb_text import parse_pdb_text


def chain_profile(sequence: str, domains: pd.DataFrame, profiles: np.lib.npyio.NpzFile) -> NDArray[np.float32]:
    """Frequencies of a chain, shape (L, 20); `domains` has ``id`` and ``segments0``, half-open and counted from 0."""
    table = one_hot(sequence)
    for name, segments in zip(domains["id"], domains["segments0"], strict=True):
        bounds = [tuple(map(int, segment.split("-"))) for segment in segments.split(",")]
        table[np.concatenate([np.arange(first, end) for first, end in bounds])] = profiles[name]
    return table.astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chains", type=Path, required=True, help="folder of structures, domains and profiles")
    parser.add_argument("--out", type=Path, required=True, help="an .npz with one L x 20 array per chain")
    args = parser.parse_args()
    with gzip.open(args.chains / "domains.tsv.gz") as stream:
        domains = pd.read_csv(stream, sep="\t", dtype=str, keep_default_na=False)
    domains.index = domains["pdb"] + "_" + domains["chain"]
    tables = {}
    with np.load(args.chains / "profiles.npz") as profiles, tarfile.open(args.chains / "structures.tar.gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None or not member.name.endswith(".pdb"):
                continue
            name = Path(member.name).stem
            sequence = parse_pdb_text(stream.read().decode()).sequence
            tables[name] = chain_profile(sequence, domains.loc[[name]], profiles)
    np.savez_compressed(args.out, **dict(sorted(tables.items())))
    print(f"{len(tables)} chains")


if __name__ == "__main__":
    main()
