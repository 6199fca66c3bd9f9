"""Real Nextflow runs: how to start one, read its trace, and the small proteins and reference they use."""

import csv
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

from domainflow.templates.store import TemplateStore
from peptides import pdb_text

Run = Callable[..., subprocess.CompletedProcess[str]]
Evaluate = Callable[..., Any]


@pytest.fixture(scope="session")
def run_in(root: Path) -> Run:
    """Start `main.nf` in the folder that comes first; keyword `project` for another checkout."""

    def start(
        folder: Path,
        *args: object,
        project: Path = root,
        succeed: bool = True,
        env: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        command = [str(project / "tools" / "nextflow"), "run", str(project / "main.nf"), "-ansi-log", "false"]
        done = subprocess.run(
            [*command, *map(str, args)], cwd=folder, text=True, capture_output=True, env={**os.environ, **(env or {})}
        )
        if succeed:
            assert done.returncode == 0, done.stdout + done.stderr
        else:
            assert done.returncode != 0, done.stdout
        return done

    return start


@pytest.fixture
def run(run_in: Run, tmp_path: Path) -> Run:
    """Start `main.nf` in the test's own folder."""
    return partial(run_in, tmp_path)


@pytest.fixture(scope="session")
def evaluate(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluate:
    """What a script beside this file prints for a table of cases: one start of Nextflow for all of them."""

    def start(script: str, cases: object = None) -> Any:
        folder = tmp_path_factory.mktemp(script.partition(".")[0])
        (folder / "cases.json").write_text(json.dumps(cases))
        command = [root / "tools" / "nextflow", "run", root / "tests" / "pipeline" / script, "-ansi-log", "false"]
        done = subprocess.run([*command, "--cases", folder / "cases.json"], cwd=folder, text=True, capture_output=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.partition("RESULT ")[2].splitlines()[0])

    return start


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated table."""
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def trace(results: Path) -> list[dict[str, str]]:
    """Tasks of a run, each process by its own name, without those of the workflows around it."""
    rows = read_table(results / "pipeline_info" / "execution_trace.txt")
    return [row | {"process": row["process"].rpartition(":")[2]} for row in rows]


def tasks(results: Path, status: str | None = None) -> Counter[str]:
    """Number of tasks of each process, all or of one status (COMPLETED, CACHED, …)."""
    return Counter(row["process"] for row in trace(results) if status in (None, row["status"]))


def tasks_of(results: Path, status: str) -> set[tuple[str, str]]:
    """(Process, bucket) of the tasks of one status."""
    return {(row["process"], row["tag"]) for row in trace(results) if row["status"] == status}


def attempts(results: Path, process: str) -> list[tuple[str, str]]:
    """(Exit code, number) of the attempts at the tasks of a process."""
    return [(row["exit"], row["attempt"]) for row in trace(results) if row["process"] == process]


def write_pdb(path: Path, sequence: str, backbone: np.ndarray, first: int = 1) -> Path:
    """A backbone PDB file of one chain."""
    names = [gemmi.expand_one_letter(letter, gemmi.ResidueKind.AA) for letter in sequence]
    path.write_text(pdb_text(backbone, names, first=first))
    return path


def write_sheet(path: Path, rows: Sequence[tuple[object, object, object]]) -> Path:
    """A samplesheet of (id, structure, pae)."""
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([("id", "structure", "pae"), *rows])
    return path


@pytest.fixture(scope="session")
def mini_ecod(root: Path) -> TemplateStore:
    return TemplateStore.open(root / "assets" / "mini-ecod")


@pytest.fixture(scope="session")
def small_rows(mini_ecod: TemplateStore) -> list[int]:
    """Places of 72 templates of 60 to 80 residues, spread over the reference."""
    fitting = np.flatnonzero((mini_ecod.lengths >= 60) & (mini_ecod.lengths <= 80))
    return fitting[np.linspace(0, len(fitting) - 1, 72).astype(int)].tolist()


@pytest.fixture(scope="session")
def small_store(mini_ecod: TemplateStore, small_rows: list[int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reference of every third of these templates: runs against it are quick."""
    path = tmp_path_factory.mktemp("reference") / "small.arrow"
    mini_ecod.subset(small_rows[::3], path)
    return path


@pytest.fixture(scope="session")
def small_proteins(
    mini_ecod: TemplateStore, small_rows: list[int], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[str, Path]]:
    """(Id, file) of 72 small proteins, some of them templates of the small reference."""
    folder = tmp_path_factory.mktemp("proteins")
    proteins = []
    for number, row in enumerate(small_rows):
        name = f"protein{number:02d}"
        path = write_pdb(folder / f"{name}.pdb", mini_ecod.sequences[row], mini_ecod.backbone(row))
        proteins.append((name, path))
    return proteins
