"""A protein's rows depend on nothing but the protein: not on its batch, buckets, cores or Python's hash seed."""

import json

import numpy as np
import pytest

from pipeline.conftest import read_table, write_sheet

N_PROTEINS = 8
ALONE = (0, 3, 5)
"""Places of three of them: without PAE, with PAE and a chain break, with PAE."""


def rows_of(results):
    """Rows of the domains and of the ledger."""
    return read_table(results / "domains.tsv"), read_table(results / "ledger.tsv")


@pytest.fixture(scope="module")
def eight(small_proteins, tmp_path_factory):
    """(Id, structure, PAE or nothing): every other one with PAE."""
    folder = tmp_path_factory.mktemp("pae")
    rng = np.random.default_rng(1)
    rows = []
    for number, (name, path) in enumerate(small_proteins[: N_PROTEINS * 3 : 3]):
        length = path.read_text().count(" CA ")
        pae = folder / f"{name}.json"
        pae.write_text(json.dumps({"pae": np.round(rng.uniform(0.5, 9, (length, length)), 2).tolist()}))
        rows.append((name, path, pae if number % 2 else ""))
    return rows


@pytest.fixture(scope="module")
def run_with(run_in, tmp_path_factory, small_store):
    """Rows of a run of some proteins with this many buckets and cores a task, and this hash seed of Python."""

    def start(proteins, buckets, cpus, seed):
        folder = tmp_path_factory.mktemp("run")
        config = folder / "cpus.config"
        config.write_text(f"process.cpus = {cpus}\n")
        sheet = write_sheet(folder / "samples.csv", proteins)
        given = ("-c", config, "--input", sheet, "--reference", small_store, "--buckets", buckets)
        run_in(folder, *given, env={"PYTHONHASHSEED": seed})
        return rows_of(folder / "results")

    return start


@pytest.fixture(scope="module")
def together(run_with, eight):
    """Rows of all proteins from one bucket."""
    domains, ledger = run_with(eight, buckets=1, cpus=2, seed="0")
    assert len(ledger) == N_PROTEINS
    assert len(domains) >= N_PROTEINS // 2
    return domains, ledger


def test_seed_buckets_and_cores_do_not_matter(run_with, eight, together):
    assert run_with(eight, buckets=4, cpus=1, seed="12345") == together


@pytest.mark.parametrize("number", ALONE)
def test_batch_and_single_runs_give_the_same_rows(run_with, eight, together, number):
    name = eight[number][0]
    expected = tuple([row for row in table if row["protein"] == name] for table in together)
    assert run_with(eight[number : number + 1], buckets=1, cpus=1, seed="random") == expected
