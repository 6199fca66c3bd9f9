"""Measure Foldseek: one search of all queries, as the engine calls it, beside one ``easy-search`` a query."""

import argparse
import os
import sys
import tarfile
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.bars import Bar
from benchmarks.child_seconds import child_seconds
from benchmarks.oracle import Oracle
from domainflow.search.engine import HIT_COLUMNS, SearchSettings
from domainflow.search.foldseek.program import option_words
from domainflow.structures.archive import write_proteins
from domainflow.structures.prepare import prepare_protein
from domainflow.structures.protein import Protein

__all__ = ["FOLDSEEK_BARS", "foldseek_figures"]

ROOT = Path(__file__).resolve().parents[3]
QUERIES = 40
RATIO = f"CPU, {QUERIES} queries: one process / single runs"
SAME = "queries with the same rows in the same order"
FOLDSEEK_BARS = (Bar(RATIO, most=0.2), Bar(SAME, least=1.0))


def foldseek_figures(args: argparse.Namespace) -> dict[str, float]:
    """Measure the CPU seconds of bin/search_templates.py and of single runs; compare their rows.

    The engine's seconds include Python's, the reading of the proteins and the division of the hits. Databases of the
    templates are made before and not counted.
    """
    oracle = Oracle(args.oracle, args.models, args.chains, args.reference)
    unbound = {"OMP_PROC_BIND": "false", "PATH": f"{args.sources.resolve()}{os.pathsep}{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        oracle.write_templates(folder / "templates.arrow")
        child_seconds([sys.executable, ROOT / "bin" / "build_foldseek_database.py", "--reference", "templates.arrow"],
                      folder, **unbound)  # fmt: skip
        proteins = _queries(oracle, folder)
        write_proteins(folder / "b.proteins.zip", proteins)
        together = child_seconds(
            [sys.executable, ROOT / "bin" / "search_templates.py", "--in-dir", ".", "--reference", "templates.arrow",
             "--engine", "foldseek", "--database", "foldseek"],
            folder, **unbound,
        )  # fmt: skip
        types = {"protein": str, "query": str, "target": str}
        hits = pd.read_csv(folder / "hits" / "b.hits.tsv", sep="\t", dtype=types)
        apart, same = 0.0, 0
        for protein in proteins:
            apart += _single_run(protein, folder, unbound)
            alone = pd.read_csv(folder / "single.tsv", sep="\t", names=list(HIT_COLUMNS), dtype=types)
            ours = hits.loc[hits["protein"] == protein.id].drop(columns="protein").reset_index(drop=True)
            theirs = alone.assign(query=protein.id, target=alone["target"].str.partition(".")[0] + ".pdb")
            same += ours.equals(theirs.astype(ours.dtypes.to_dict()))
    return {
        "CPU s, one process": together,
        "CPU s, single runs": apart,
        RATIO: together / apart,
        SAME: same / len(proteins),
    }


def _queries(oracle: Oracle, folder: Path) -> list[Protein]:
    """Return the models and as many chains as are wanted, in the order of their names."""
    (folder / "chains").mkdir()
    with tarfile.open(oracle.chains / "structures.tar.gz") as members:
        members.extractall(folder / "chains", filter="data")
    files = {path.name: next(path.glob("model.*")) for path in sorted(oracle.models.iterdir())}
    for path in sorted((folder / "chains").rglob("*.pdb")):
        if len(files) < QUERIES:
            files[path.stem] = path
    return [prepare_protein(name, path, None) for name, path in sorted(files.items())]


def _single_run(protein: Protein, folder: Path, environment: dict[str, str]) -> float:
    """Write ``single.tsv`` by one easy-search with the engine's options; return its CPU seconds."""
    (folder / "single.pdb").write_text(protein.pdb)
    with tempfile.TemporaryDirectory() as temporary:
        command = ["foldseek", "easy-search", "single.pdb", "foldseek/templates", "single.tsv", temporary]
        words = [*option_words(SearchSettings()), "--threads", "1", "-v", "1"]
        return child_seconds([*command, *words], folder, **environment)
