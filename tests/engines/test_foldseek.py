"""Foldseek through `main.nf`: the rows it printed in one recorded run of 34 queries against 2,574 templates.

Only the search is looked at. SELECT_CANDIDATES, which reads the hits, is made to fail at once, so that nothing after it
runs.
"""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.oracle import Oracle
from domainflow.search.engine import HIT_COLUMNS
from domainflow.templates.store import TemplateStore
from pipeline.conftest import read_table, trace, write_sheet

QUERIES = 34
ROWS = 54_127
"""Rows of the recorded run."""
FEWEST_SAME = 54_100
"""Rows that stay the same with a database made of the store, whose coordinates are rounded to 0.01 Å; 54,119 did."""


@pytest.fixture(scope="module")
def foldseek(sources):
    """Folder of the program."""
    if not (sources / "foldseek").is_file():
        pytest.skip(f"there is no foldseek in {sources.name}")
    return sources


@pytest.fixture(scope="module")
def oracle(shared):
    return Oracle(*(shared / "data" / name for name in ("oracle", "models", "chains", "reference")))


@pytest.fixture(scope="module")
def store(oracle, tmp_path_factory):
    """The templates, with UIDs in the order of their names, as in the recorded run."""
    path = tmp_path_factory.mktemp("store") / "templates.arrow"
    oracle.write_templates(path)
    return TemplateStore.open(path)


@pytest.fixture(scope="module")
def expected(oracle, store):
    """Recorded rows by query, the templates by UID."""
    uids = {store.template_id(row): f"{uid}.pdb" for row, uid in enumerate(store.uids)}
    table = pd.read_csv(oracle.oracle / "foldseek.tsv.gz", sep="\t", dtype={"query": str})
    assert len(table) == ROWS
    return rows_by_query(table.assign(target=table["target"].map(uids)))


@pytest.fixture(scope="module")
def sheet(oracle, expected, tmp_path_factory):
    """The queries: chains of the PDB and models."""
    folder = tmp_path_factory.mktemp("queries")
    with tarfile.open(oracle.chains / "structures.tar.gz") as members:
        members.extractall(folder, filter="data")
    files = {path.stem: path for path in folder.rglob("*.pdb")}
    models = {name: next((oracle.models / name).glob("model.*")) for name in expected if name not in files}
    return write_sheet(folder / "samples.csv", [(name, (files | models)[name], "") for name in expected])


@pytest.fixture(scope="module")
def original(oracle, store, foldseek, tmp_path_factory):
    """Foldseek's database of the original structure files, named by UID; its prefix."""
    folder = tmp_path_factory.mktemp("database")
    with tarfile.open(oracle.reference / "structures.tar.gz") as members:
        members.extractall(folder / "archive", filter="data")
    files = {path.stem: path for path in (folder / "archive").rglob("*.pdb")}
    (folder / "files").mkdir()
    for row, uid in enumerate(store.uids):
        shutil.move(files[store.template_id(row)], folder / "files" / f"{uid}.pdb")
    command = [foldseek / "foldseek", "createdb", "files", "templates", "-v", "1"]
    subprocess.run(command, cwd=folder, check=True, env=os.environ | {"OMP_PROC_BIND": "false"})
    return folder / "templates"


@pytest.fixture
def found(run_in, tmp_path, foldseek, store, sheet):
    """Function of further arguments and of the caller's OMP_PROC_BIND to the rows by query."""

    def start(*arguments, bind=None):
        (tmp_path / "stop.config").write_text("process { withName: 'SELECT_CANDIDATES' { beforeScript = 'exit 1' } }\n")
        given = {"PATH": f"{foldseek}{os.pathsep}{os.environ['PATH']}"} | ({"OMP_PROC_BIND": bind} if bind else {})
        run_in(
            tmp_path, "-c", tmp_path / "stop.config", "--input", sheet, "--reference", store.path, "--buckets", 4,
            "--search_engine", "foldseek", *arguments, env=given, succeed=False,
        )  # fmt: skip
        ledger = read_table(tmp_path / "results" / "ledger.tsv")
        assert {row["step"] for row in ledger} == {"SELECT_CANDIDATES"}
        return rows_by_query(pd.concat(map(read_hits, hits_of(tmp_path))))

    return start


def hits_of(folder: Path) -> list[Path]:
    """The tables of hits of the run's only search."""
    (task,) = [row for row in trace(folder / "results") if row["process"] == "SEARCH_TEMPLATES"]
    return sorted(folder.glob(f"work/{task['hash']}*/hits/*.hits.tsv"))


def read_hits(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, sep="\t", dtype={"protein": str, "query": str})
    assert (table["protein"] == table["query"]).all()
    return table


def rows_by_query(table: pd.DataFrame) -> dict[str, list[tuple]]:
    rows = table[list(HIT_COLUMNS)].astype(HIT_COLUMNS)
    return {name: list(group.itertuples(index=False, name=None)) for name, group in rows.groupby("query")}


@pytest.mark.parametrize("bind", [None, "true"])
def test_the_rows_are_the_recorded_ones_in_their_order(found, expected, original, bind):
    rows = found("--foldseek_db", original, bind=bind)
    assert len(rows) == QUERIES
    assert rows == expected


def test_a_database_made_by_the_run_finds_the_same_templates(found, expected):
    rows = found()
    same = sum(len(set(rows[name]) & set(expected[name])) for name in expected)
    print(f"{ROWS - same} of {ROWS} rows differ with the database made of the store")
    assert same >= FEWEST_SAME
    for name in expected:
        assert sorted(row[1] for row in rows[name]) == sorted(row[1] for row in expected[name])
