"""A list of inputs split into shards, each run by itself: joined, they are what one run of all gives."""

import subprocess
import sys
from collections import Counter

import pytest

from merging.shards import read_manifest
from pipeline.conftest import write_sheet

TABLES = ("ledger.tsv", "domains.tsv", "dpam_domains.tsv")


def test_joined_runs_of_shards_equal_one_run(root, run, tmp_path, small_proteins, small_store):
    rows = [(name, path.name, "") for name, path in small_proteins[:4]]
    folder = small_proteins[0][1].parent
    sheet = write_sheet(tmp_path / "samples.csv", [*rows, ("gone", "gone.pdb", "")])

    def tool(name, *options):
        command = [sys.executable, root / "tools" / name, *options]
        return subprocess.run([str(part) for part in command], text=True, capture_output=True)

    done = tool("make_shards.py", sheet, "--shards", 2, "--out", tmp_path / "shards", "--paths-from", folder)
    assert done.returncode == 0, done.stderr
    manifest = tmp_path / "shards" / "manifest.tsv"
    shards = read_manifest(manifest)
    assert len(shards) == 2
    assert sum(shard.inputs for shard in shards) == 5
    merge = ("merge_runs.py", "--manifest", manifest, "--out", tmp_path / "all")

    run("--input", shards[0].input, "--outdir", shards[0].outdir, "--reference", small_store)
    done = tool(*merge)
    assert done.returncode == 1
    assert f"{shards[1].outdir} has no pipeline_info/run.json" in done.stderr

    run("--input", shards[1].input, "--outdir", shards[1].outdir, "--reference", small_store)
    done = tool(*merge)
    assert done.returncode == 0, done.stderr
    assert "2 runs, 5 inputs" in done.stdout

    write_sheet(
        tmp_path / "whole.csv", [(name, folder / path, "") for name, path, _ in [*rows, ("gone", "gone.pdb", "")]]
    )
    run("--input", tmp_path / "whole.csv", "--outdir", tmp_path / "whole", "--reference", small_store)
    for table in TABLES:
        joined, whole = ((tmp_path / place / table).read_text().splitlines() for place in ("all", "whole"))
        assert joined[0] == whole[0]
        assert Counter(joined) == Counter(whole), table

    done = tool("merge_runs.py", tmp_path / "whole", shards[0].outdir, "--out", tmp_path / "both")
    assert done.returncode == 1
    assert f"is in {tmp_path / 'whole'} and in {shards[0].outdir}" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("RUN", "--manifest", "M")])
def test_runs_or_a_manifest_must_be_given(root, arguments):
    command = [sys.executable, str(root / "tools" / "merge_runs.py"), *arguments, "--out", "x"]
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 2
    assert "give the folders of runs, or --manifest" in done.stderr
