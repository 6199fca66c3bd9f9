"""A protein's rows depend on nothing but the protein: not on its batch, buckets, cores or Python's hash seed."""

import json

import numpy as np
import pytest

from pipeline.conftest import read_table, write_sheet

N_PROTEINS = 8


def rows_of(results):
    return [tuple(row.values()) for row in read_table(results / "domains.tsv")], [
        tuple(row.values()) for row in read_table(results / "ledger.tsv")
    ]


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


@pytest.fixture
def together(run, tmp_path, eight, small_store):
    sheet = write_sheet(tmp_path / "all.csv", eight)
    run("--input", sheet, "--reference", small_store, "--outdir", tmp_path / "together")
    domains, ledger = rows_of(tmp_path / "together")
    assert len(ledger) == N_PROTEINS
    assert len(domains) >= N_PROTEINS // 2
    return domains, ledger


def test_batch_and_single_runs_give_the_same_rows(run, tmp_path, eight, small_store, together):
    domains, ledger = [], []
    for name, path, pae in eight:
        sheet = write_sheet(tmp_path / f"{name}.csv", [(name, path, pae)])
        run("--input", sheet, "--reference", small_store, "--outdir", tmp_path / name)
        single = rows_of(tmp_path / name)
        domains += single[0]
        ledger += single[1]
    assert (domains, ledger) == together


@pytest.mark.parametrize(
    ("seed", "buckets", "cpus"),
    [("0", 1, 2), ("12345", 8, 1)],
    ids=["one bucket, two cores", "eight buckets, one core"],
)
def test_seed_buckets_and_cores_do_not_matter(run, tmp_path, eight, small_store, together, seed, buckets, cpus):
    config = tmp_path / "cpus.config"
    config.write_text(f"process.cpus = {cpus}\n")
    sheet = write_sheet(tmp_path / "again.csv", eight)
    run(
        "-c", config, "--input", sheet, "--reference", small_store, "--buckets", buckets,
        "--outdir", tmp_path / "again", env={"PYTHONHASHSEED": seed},
    )  # fmt: skip
    assert rows_of(tmp_path / "again") == together
