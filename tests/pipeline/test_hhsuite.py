"""Evidence of HH-suite through a whole run: a protein that is a template is found by its sequence as well."""

import json
import shutil
import subprocess
import sys

import pytest

from pipeline.conftest import read_table, tasks, write_sheet


@pytest.mark.skipif(shutil.which("hhsearch") is None, reason="hhsearch is not installed")
def test_hits_of_hhsuite_reach_the_tables(run, root, tmp_path, small_proteins, small_store):
    builder = [sys.executable, root / "bin" / "build_hh_database.py", "--reference", small_store, "--out-dir", "hh"]
    subprocess.run(builder, cwd=tmp_path, check=True)
    # every third of these is a template of the small reference
    sheet = write_sheet(tmp_path / "s.csv", [(name, path, "") for name, path in small_proteins[:4]])
    run(
        "--input", sheet, "--reference", small_store, "--hh_database", tmp_path / "hh" / "templates", "--buckets", 2,
        "--save_intermediates",
    )  # fmt: skip
    results = tmp_path / "results"
    assert tasks(results)["SEARCH_PROFILES"] == tasks(results)["PREPARE_PROTEINS"]
    assert {row["status"] for row in read_table(results / "ledger.tsv")} <= {"ok", "no_domain"}
    databases = json.loads((results / "pipeline_info" / "provenance.json").read_text())["databases"]
    assert databases == {path.name: path.stat().st_size for path in (tmp_path / "hh").glob("templates*")}
    for place in (0, 3):
        name = small_proteins[place][0]
        (first, *_) = read_table(results / "intermediates" / "step5" / f"{name}.result")
        assert float(first["hh_prob"]) > 90
        assert (results / "intermediates" / "step3" / f"{name}.hhsearch").read_text().startswith("Query")
        features = read_table(results / "intermediates" / "step15" / f"{name}.data")
        assert max(float(row["HHprob"]) for row in features) > 0.9
        # a template is itself: both kinds of evidence align the same residues
        assert min(float(row["Cdiff"]) for row in features if float(row["Ccov"]) > 0.5) < 1
