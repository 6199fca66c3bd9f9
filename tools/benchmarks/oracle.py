"""Read recorded results of the external programs, and the structures they were computed from, for `tools/bench.py`.

They are in folders with the layout of ``shared/data``. ``oracle`` has dalilite_iterative.jsonl.gz,
dalilite_trees.jsonl.gz and foldseek.tsv.gz. ``models`` has a folder per query with the query's name or a longer one.
``chains`` and ``reference`` have structures.tar.gz. Residues are 1-based there and 0-based here.
"""

import argparse
import gzip
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.reference.derive_templates import build_templates
from domainflow.run.errors import InputError
from domainflow.run.task import Task
from domainflow.structures.prepare import prepare_protein
from domainflow.structures.protein import Protein
from domainflow.structures.ranges import parse_range
from domainflow.templates.store import TemplateStore
from domainflow.templates.store_format import ReferenceDomain, write_store

__all__ = ["DATA", "UNITS_FOR_Z", "DaliHit", "DaliPair", "KnownDomain", "Oracle", "add_folders"]

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Default place of the folders."""

UNITS_FOR_Z = ("+", "*")
"""Kinds of DaliLite's folding units that count for z, besides the whole chain."""


@dataclass(frozen=True)
class DaliHit:
    """An alignment of DaliLite: its round, z, and n pairs of residues, 0-based, shape (2, n)."""

    round: int
    z: float
    pairs: NDArray[np.int32]


@dataclass(frozen=True)
class DaliPair:
    """DaliLite's alignments of a query and a template in all rounds, and its wall time in seconds."""

    query: str
    template: str
    hits: tuple[DaliHit, ...]
    seconds: float

    @property
    def z(self) -> float:
        """z of the first round; 0 if nothing was found."""
        return self.hits[0].z if self.hits else 0.0


class KnownDomain(NamedTuple):
    """A labelled domain of a query: 0-based residues and T-group."""

    residues: NDArray[np.int64]
    t_group: str

    @property
    def x_group(self) -> str:
        """First number of the T-group."""
        return self.t_group.partition(".")[0]


def add_folders(parser: argparse.ArgumentParser) -> None:
    """Add the options for the four folders."""
    for folder in ("oracle", "models", "chains", "reference"):
        parser.add_argument(f"--{folder}", type=Path, default=DATA / folder)


@dataclass(frozen=True)
class Oracle:
    """The four folders.

    Attributes
    ----------
    oracle, models, chains, reference : Path
    """

    oracle: Path
    models: Path
    chains: Path
    reference: Path

    @cached_property
    def pairs(self) -> list[DaliPair]:
        """All pairs that DaliLite compared, in the file's order."""
        found = []
        with gzip.open(self.oracle / "dalilite_iterative.jsonl.gz", "rt") as lines:
            for line in lines:
                row = json.loads(line)
                hits = tuple(
                    DaliHit(hit["it"], hit["z"], np.array(hit["pairs"], np.int32).reshape(-1, 2).T - 1)
                    for hit in row["hits"]
                )
                found.append(DaliPair(row["q"], row["t"], hits, row["sec"]))
        return found

    @cached_property
    def trees(self) -> dict[str, list[NDArray[np.int32]]]:
        """0-based residues of DaliLite's folding units that count for z, by chain; the whole chain first."""
        trees = {}
        with gzip.open(self.oracle / "dalilite_trees.jsonl.gz", "rt") as lines:
            for line in lines:
                row = json.loads(line)
                units = [np.arange(row["nres"], dtype=np.int32)]
                for kind, _, _, _, bounds in row["nodes"][1:]:
                    if kind in UNITS_FOR_Z:
                        ranges = zip(bounds[::2], bounds[1::2], strict=True)
                        units.append(np.concatenate([np.arange(a - 1, b, dtype=np.int32) for a, b in ranges]))
                trees[row["name"]] = units
        return trees

    def queries(self, names: Iterable[str]) -> tuple[dict[str, Protein], list[str]]:
        """Read the queries' structures; also return the names without a usable structure, each with the reason."""
        folders = {path.name: path for path in sorted(self.models.iterdir())} if self.models.is_dir() else {}
        proteins: dict[str, Protein] = {}
        missing = []
        with tempfile.TemporaryDirectory() as folder:
            archived = _extracted(self.chains / "structures.tar.gz", Path(folder))
            for name in names:
                path = archived.get(name) or _model(folders, name)
                if path is None:
                    missing.append(f"{name}: no structure in {self.models.name} or {self.chains.name}")
                    continue
                try:
                    proteins[name] = prepare_protein("query", path, None)
                except InputError as error:
                    missing.append(f"{name}: {error}")
        return proteins, missing

    def write_templates(
        self, path: Path, names: Iterable[str] | None = None, with_recorded_units: Path | None = None
    ) -> dict[str, str]:
        """Write a store of templates; return their nine-digit UIDs by name.

        Parameters
        ----------
        path : Path
        names : iterable of str, optional
            All templates by default.
        with_recorded_units : Path, optional
            Path to write a store of the same templates with DaliLite's folding units to.
        """
        groups = self.t_groups
        with tempfile.TemporaryDirectory() as folder:
            archived = _extracted(self.reference / "structures.tar.gz", Path(folder))
            chosen = sorted(set(archived) if names is None else set(names) & set(archived))
            uids = {name: f"{number:09d}" for number, name in enumerate(chosen)}
            named = {uid: name for name, uid in uids.items()}

            def load(uid: str) -> ReferenceDomain:
                name = named[uid]
                chain = prepare_protein("template", archived[name], None)
                return ReferenceDomain(
                    uid=uid, id=name, pdb=name[1:5], chain="A", range=f"A:1-{len(chain)}",
                    t_group=groups.get(name, "na"), t_group_name="na",
                    h_group=".".join(groups.get(name, "na").split(".")[:2]), length=len(chain),
                    sequence=chain.sequence, backbone=chain.backbone,
                )  # fmt: skip

            problems: list[tuple[str, str]] = []
            rows = list(build_templates(list(named), load, problems, Task(os.cpu_count() or 1)))
            for uid, sentence in problems:
                print(f"template {named[uid]}: {sentence}")
            write_store(path, rows, None)
            if with_recorded_units is not None:
                recorded = (replace(row, nodes=self.trees.get(row.id, row.nodes)) for row in rows)
                write_store(with_recorded_units, recorded, None)
        stored = set(TemplateStore.open(path).uids)
        return {name: uid for name, uid in uids.items() if uid in stored}

    def template_texts(self, names: Iterable[str]) -> dict[str, str]:
        """Return templates as PDB text."""
        wanted = set(names)
        with tarfile.open(self.reference / "structures.tar.gz") as members:
            files = {Path(member.name).stem: member for member in members if member.name.endswith(".pdb")}
            return {name: members.extractfile(files[name]).read().decode() for name in sorted(wanted & set(files))}

    @cached_property
    def known_domains(self) -> dict[str, list[KnownDomain]]:
        """Labelled domains of the chains."""
        path = self.chains / "chains.tsv.gz"
        if not path.is_file():
            return {}
        domains = {}
        for row in pd.read_csv(path, sep="\t", dtype=str).itertuples():
            ranges = [parse_range(text.replace("_", ",")) - 1 for text in row.chopping_1based.split(",")]
            domains[str(row.chain)] = [KnownDomain(*pair) for pair in zip(ranges, row.ecod_t.split(","), strict=True)]
        return domains

    @cached_property
    def t_groups(self) -> Mapping[str, str]:
        """ECOD T-group of each template."""
        table = pd.read_csv(self.reference / "domains.tsv.gz", sep="\t", dtype=str, usecols=["id", "ecod_t"])
        return dict(zip(table["id"], table["ecod_t"], strict=True))


def _model(folders: Mapping[str, Path], name: str) -> Path | None:
    """Return the structure file of a model; its folder's name is the query's, or begins with or contains it."""
    matching = [folder for folder in folders if folder == name] or [folder for folder in folders if name in folder]
    files = sorted(folders[matching[0]].glob("model.*")) if matching else []
    return files[0] if files else None


def _extracted(archive: Path, folder: Path) -> dict[str, Path]:
    """Extract the structure files of an archive; return them by name without ending."""
    if not archive.is_file():
        return {}
    with tarfile.open(archive) as members:
        members.extractall(folder, filter="data")
    return {path.stem: path for path in sorted(folder.rglob("*.pdb"))}
