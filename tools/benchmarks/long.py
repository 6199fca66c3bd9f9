"""`bench.py long`: CPU time of the alignment of long chains, by stage and round, beside that of an earlier commit."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import gemmi
import numpy as np

from domainflow.alignment.engine import EngineSettings, heavy_atom_chain
from domainflow.alignment.native import engine as native
from domainflow.alignment.registry import ALIGNMENT_ENGINES
from domainflow.domains.alignment_rounds import align_templates
from domainflow.domains.parameters import parameter_set
from domainflow.domains.tables import read_candidates
from domainflow.structures.archive import read_proteins, read_texts
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["add_parser", "bench_long", "tandem"]

ROOT = Path(__file__).resolve().parents[2]
UNIT, CLASH = ROOT / "assets" / "demo" / "4EAD_A.pdb.gz", 2.6
"""Chain that the long one repeats, and distance in Å that no two atoms of different copies fall below."""
ORDINARY = ("1CDO_B", "1E4E_A", "4EAD_A")
"""Chains of the demo of 300 to 900 residues."""
MOST_LONG, MOST_ORDINARY = 0.6, 0.92
"""Times the CPU of the earlier commit."""
STAGES = {
    "folding units": "folding_units",
    "distance matrices": "part_of_matrices",
    "other preparation": "prepare_chain",
    "alignment": "align_many",
}
"""Stages, and the functions of the engine that do them."""


class Measured(NamedTuple):
    """CPU seconds by protein, and text of its alignments."""

    seconds: dict[str, float]
    texts: dict[str, str]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the options of ``bench.py long``."""
    parser = commands.add_parser("long", help=bench_long.__doc__)
    parser.add_argument("--residues", type=int, default=2700, help="of the long chain that is made")
    parser.add_argument("--models", type=Path, nargs="*", default=[], help="further structure files to align")
    parser.add_argument("--base", default="1d4cd92", help="the earlier commit")
    parser.set_defaults(run=bench_long)


def tandem(residues: int) -> str:
    """Return a chain of so many residues as PDB text: copies of one in a row, each touching the next."""
    chain = gemmi.read_structure(str(UNIT))[0][0]
    atoms = np.array([atom.pos.tolist() for residue in chain for atom in residue])
    axis = np.linalg.eigh(np.cov(atoms.T))[1][:, 0]  # the direction in which it is thinnest
    shift = next(s for s in range(10, 200) if _closest(atoms, atoms + s * axis) > CLASH)
    long = gemmi.Chain("A")
    for number in range(residues):
        copy, place = divmod(number, len(chain))
        residue = chain[place].clone()
        residue.seqid = gemmi.SeqId(number + 1, " ")
        for atom in residue:
            atom.pos = gemmi.Position(*(np.array(atom.pos.tolist()) + copy * shift * axis))
        long.add_residue(residue)
    structure = gemmi.Structure()
    structure.add_model(gemmi.Model(1))
    structure[0].add_chain(long)
    structure.setup_entities()
    return structure.make_pdb_string()


def _closest(first: np.ndarray, second: np.ndarray) -> float:
    return min(float(np.linalg.norm(second - atom, axis=1).min()) for atom in first)


def _run(checkout: Path, folder: Path, program: str, *arguments: object, given: str = "") -> float:
    """Run an executable of a checkout in a folder; return its CPU seconds."""
    command = [sys.executable, checkout / "bin" / program, *arguments]
    process = subprocess.Popen([str(part) for part in command], cwd=folder, stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(given.encode())
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{program} of {checkout} failed")
    return used.ru_utime + used.ru_stime


def _candidates(folder: Path, entries: list[dict[str, str | None]]) -> Path:
    """Prepare, search and select as a run does; return the table of candidates."""
    store = ROOT / "assets" / "mini-ecod" / "templates.arrow"
    _run(ROOT, folder, "prepare_proteins.py", "--bucket", "all", given=json.dumps(entries))
    _run(ROOT, folder, "search_templates.py", "--in-dir", ".", "--reference", store, "--threads", 2)
    tables = ("--hits", "hits/all.hits.tsv", "--left-out", "hits/all.left_out.tsv")
    _run(ROOT, folder, "select_candidates.py", "--proteins", "all.proteins.zip", *tables, "--reference", store)
    return folder / "all.candidates.tsv"


def _measured(checkout: Path, folder: Path, entries: list[dict[str, str | None]], candidates: Path) -> Measured:
    """Align each protein with the executables of a checkout, one process a protein."""
    store = checkout / "assets" / "mini-ecod" / "templates.arrow"
    seconds, texts = {}, {}
    for entry in entries:
        name = str(entry["id"])
        own = folder / name
        own.mkdir(parents=True)
        _run(checkout, own, "prepare_proteins.py", "--bucket", name, given=json.dumps([entry]))
        given = ("--proteins", f"{name}.proteins.zip", "--candidates", candidates, "--reference", store)
        seconds[name] = _run(checkout, own, "align_templates.py", *given)
        texts |= dict(read_texts(own / f"{name}.alignments.zip"))
    return Measured(seconds, texts)


@contextmanager
def _stages() -> Iterator[dict[str, float]]:
    """Count the CPU time of each stage of the engine in this process."""
    seconds: dict[str, float] = defaultdict(float)

    def counted(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            begin = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                seconds[stage] += time.process_time() - begin

        return call

    with mock.patch.multiple(native, **{name: counted(stage, getattr(native, name)) for stage, name in STAGES.items()}):
        yield seconds


def _print_stages(protein: Protein, uids: list[str]) -> None:
    """Print CPU time by round and stage of one protein."""
    store = TemplateStore.open(ROOT / "assets" / "mini-ecod" / "templates.arrow")
    rounds = []
    with _stages() as seconds, ALIGNMENT_ENGINES["native"](store, EngineSettings()) as engine:

        def align(query: Any, jobs: Any) -> Any:
            seconds.clear()
            found = engine.align(query, jobs)
            rounds.append((len(jobs), sum(one is not None for one in found), dict(seconds)))
            return found

        align_templates(heavy_atom_chain(protein), store, uids, align, parameter_set("v2"))
    print(f"\n{protein.id}, {len(protein)} residues: CPU s by round")
    print(f"{'round':>5}{'jobs':>8}{'hits':>8}" + "".join(f"{stage:>20}" for stage in STAGES))
    for number, (jobs, hits, found) in enumerate(rounds, start=1):
        print(f"{number:>5}{jobs:>8}{hits:>8}" + "".join(f"{found.get(stage, 0.0):>20.2f}" for stage in STAGES))


def bench_long(args: argparse.Namespace) -> int:
    """Compare the alignment of a long chain and of ordinary ones with that of an earlier commit."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = folder / "base"
        subprocess.run(["git", "clone", "-q", ROOT, base], check=True)
        subprocess.run(["git", "checkout", "-q", args.base], cwd=base, check=True)
        for checkout in (ROOT, base):
            subprocess.run([sys.executable, checkout / "tools" / "warm_up.py"], check=True, stdout=subprocess.DEVNULL)
        (folder / "tandem.pdb").write_text(tandem(args.residues))
        paths = {"tandem": folder / "tandem.pdb"}
        paths |= {name: ROOT / "assets" / "demo" / f"{name}.pdb.gz" for name in ORDINARY}
        paths |= {path.name.partition(".")[0]: path.absolute() for path in args.models}
        entries = [{"id": name, "structure": str(path), "pae": None} for name, path in paths.items()]
        candidates = _candidates(folder, entries)
        now = _measured(ROOT, folder / "now", entries, candidates)
        then = _measured(base, folder / "then", entries, candidates)
        uids = read_candidates(candidates)
        for protein in read_proteins(folder / "all.proteins.zip", with_pae=False):
            if protein.id not in ORDINARY:
                _print_stages(protein, uids[protein.id])
    same = all(now.texts[name] == then.texts[name] for name in paths)
    print(f"\n{'CPU s':<12}{'now':>10}{args.base:>10}{'ratio':>8}{'alignments':>12}")
    for name in paths:
        ratio, count = now.seconds[name] / then.seconds[name], now.texts[name].count(">")
        print(f"{name:<12}{now.seconds[name]:>10.1f}{then.seconds[name]:>10.1f}{ratio:>8.2f}{count:>12}")
    long = now.seconds["tandem"] / then.seconds["tandem"]
    ordinary = sum(now.seconds[name] for name in ORDINARY) / sum(then.seconds[name] for name in ORDINARY)
    result = {"benchmark": "long", "same": same, "long": round(long, 3), "ordinary": round(ordinary, 3)}
    print(json.dumps(result))
    return int(not same or long > MOST_LONG or ordinary > MOST_ORDINARY)
