"""`bench.py parse`: compare step 13 with its transcription to plain loops."""

import argparse
import json
import time
from collections.abc import Callable

import numpy as np

from domainflow.domains.evidence.accepted import AcceptedHit
from domainflow.domains.parameters import DPAM_V2
from domainflow.domains.parsing.clustering import domains_by_clustering
from domainflow.domains.parsing.pair_probability import pair_probabilities
from domainflow.domains.rows import StructureHit
from step_13_in_loops import parse_plainly

__all__ = ["add_parser", "bench_parse"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py parse``."""
    parser = commands.add_parser("parse", help=bench_parse.__doc__)
    parser.add_argument("--length", type=int, default=341)
    parser.add_argument("--hits", type=int, default=230)
    parser.add_argument("--at-least", type=float, default=50, help="exit with status 1 below this ratio")
    parser.set_defaults(run=bench_parse)


def cpu_seconds(work: Callable[[], object], repeats: int) -> float:
    """Return the smallest CPU time of some runs, after one that is not counted (it compiles)."""
    work()
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def globules(length: int, atoms_per_residue: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Invent a chain of compact domains of some 150 residues; return its atoms, their residues and PAE."""
    rng = np.random.default_rng(seed)
    block = np.arange(length) // 150
    centres = rng.normal(0, 40, (block[-1] + 1, 3))
    residue_points = centres[block] + rng.normal(0, 9, (length, 3))
    atom_residue = np.repeat(np.arange(length), atoms_per_residue)
    atoms = np.round(residue_points[atom_residue] + rng.normal(0, 1.5, (len(atom_residue), 3)), 3)
    pae = np.round(np.where(block[:, None] == block[None, :], 4, 20) + rng.uniform(-3, 6, (length, length)))
    return atoms, atom_residue, pae


def bench_parse(args: argparse.Namespace) -> int:
    """Compare step 13 with its transcription to plain loops (tests/step_13_in_loops.py) on one chain."""
    atoms, atom_residue, pae = globules(args.length, 8)
    rng = np.random.default_rng(2)
    none = np.empty(0, np.int64)
    accepted = []
    for _ in range(args.hits):
        first = int(rng.integers(1, args.length - 60))
        residues = np.arange(first, min(first + int(rng.integers(60, 160)), args.length + 1))
        z = float(np.round(rng.uniform(2, 12), 1))
        hit = StructureHit("d", "1", "e", "1.1", z, -1, -1, -1, 1.0, residues, none, ("na", "na", "na"), "na")
        accepted.append(AcceptedHit(hit, residues, z, "na"))
    loose = np.zeros(args.length, bool)

    def fast() -> list[list[int]]:
        p = pair_probabilities(atoms, atom_residue, pae, accepted, DPAM_V2)
        return [domain.tolist() for domain in domains_by_clustering(p, loose, DPAM_V2)]

    def plain() -> list[list[int]]:
        rows = [(row.query.tolist(), row.score) for row in accepted]
        return parse_plainly(atoms, atom_residue, pae, [], rows, set(), args.length, DPAM_V2)

    same = fast() == plain()
    quick, slow = cpu_seconds(fast, 5), cpu_seconds(plain, 1)
    ratio = slow / quick
    print(f"step 13, {args.length} residues, {len(atoms)} atoms, {args.hits} structure hits; same domains: {same}")
    print(f"{'plain loops':>14} {'domainflow':>14} {'ratio':>8}\n{slow:>12.3f} s {quick:>12.4f} s {ratio:>8.0f}")
    passed = same and ratio >= args.at_least
    print(json.dumps({"benchmark": "parse", "ratio": round(ratio, 1), "same": same, "passed": passed}))
    return 0 if passed else 1
