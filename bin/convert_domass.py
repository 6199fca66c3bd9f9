#!/usr/bin/env python3
"""Convert DPAM's published TensorFlow checkpoint to a network for `--domass_network`.

convert_domass.py --checkpoint DIR/domass_epo29 --out domass.npz
"""

import argparse
import sys
from pathlib import Path

from domainflow.domains.domass.network import write_network
from domainflow.domains.domass.tensorflow import read_checkpoint
from domainflow.run.step import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True, help="file prefix of the checkpoint")
    parser.add_argument("--out", type=Path, required=True, help="network (.npz) to write")
    args = parser.parse_args()
    write_network(args.out, read_checkpoint(args.checkpoint))


if __name__ == "__main__":
    sys.exit(run_program(main))
