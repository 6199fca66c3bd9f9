"""Shards of a list of inputs, and the results of their runs joined: nothing lost, nothing twice."""

import csv
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merging.merge import PLACES, MergeError, merge_runs
from merging.shards import Shard, read_manifest, shard_number, split_list, write_manifest
from merging.unique import ids_in_two_runs

IDS = st.text("abcXYZ0123456789_.-", min_size=1, max_size=8)


@given(st.lists(st.lists(IDS, max_size=20), max_size=6))
def test_ids_in_two_runs_are_found(runs):
    found = ids_in_two_runs([lambda ids=ids: iter(ids) for ids in runs])
    places = {
        name: [run for run, ids in enumerate(runs) if name in ids] for name in {name for ids in runs for name in ids}
    }
    assert found == {name: some for name, some in places.items() if len(some) > 1}


@given(st.lists(IDS, min_size=1, unique=True, max_size=60), st.integers(1, 9))
def test_every_row_is_in_one_shard(tmp_path_factory, names, shards):
    folder = tmp_path_factory.mktemp("shards")
    sheet = folder / "samples.csv"
    with sheet.open("w", newline="") as stream:
        csv.writer(stream).writerows([("id", "structure", "pae"), *((name, f"m/{name}, 1.pdb", "") for name in names)])
    parts = split_list(sheet, shards, folder / "out")
    rows = [row for part in parts for row in csv.DictReader(part.input.open(newline=""))]
    assert sorted(row["id"] for row in rows) == sorted(names)
    assert all(row["structure"] == f"{folder}/m/{row['id']}, 1.pdb" for row in rows)
    assert [part.inputs for part in parts] == [len(part.input.read_text().splitlines()) - 1 for part in parts]
    write_manifest(folder / "manifest.tsv", parts)
    assert read_manifest(folder / "manifest.tsv") == parts


def test_a_shard_fills_all_buckets(root):
    text = (root / "functions" / "buckets.nf").read_text()
    assert "md5()[0..6], 16) % count" in text  # what a bucket is; the digits of a shard must be others
    names = [f"P{number:05d}" for number in range(4096)]
    buckets = {int(hashlib.md5(name.encode()).hexdigest()[:7], 16) % 8 for name in names if shard_number(name, 8) == 3}
    assert buckets == set(range(8))


def test_fragments_and_files_of_a_protein_stay_together(tmp_path):
    paths = [f"AF-P{n}-F{part}-{kind}" for n in range(9) for part in (1, 2) for kind in
             ("model_v4.cif.gz", "predicted_aligned_error_v4.json")]  # fmt: skip
    (tmp_path / "paths.txt").write_text("\n" + "\n# and\n".join(f"s3://bucket/{path}" for path in paths) + "\n")
    parts = split_list(tmp_path / "paths.txt", 4, tmp_path / "out")
    where = {}
    for part in parts:
        for line in part.input.read_text().splitlines():
            where.setdefault(line.split("-")[1], set()).add(part.shard)
    assert len(where) == 9
    assert all(len(shards) == 1 for shards in where.values())
    assert sum(part.inputs for part in parts) == len(paths)


def test_what_is_no_list_is_refused(tmp_path):
    (tmp_path / "x.txt").write_text("name;file\na;b\n")
    with pytest.raises(ValueError, match="neither a list of paths nor a samplesheet"):
        split_list(tmp_path / "x.txt", 2, tmp_path / "out")
    with pytest.raises(ValueError, match="is not empty; give a new folder"):
        split_list(tmp_path / "x.txt", 2, tmp_path)
    with pytest.raises(ValueError, match="is no manifest of runs"):
        read_manifest(tmp_path / "x.txt")


def write_run(folder, names, *, domains=1, success=True, parameters="v2", code="1"):
    """A results folder as a run leaves it."""
    info = folder / "pipeline_info"
    info.mkdir(parents=True)
    facts = {"workflow": "domains", "start": 0} | ({} if success is None else {"end": 1, "success": success})
    (info / "run.json").write_text(json.dumps(facts))
    (info / "inputs.json").write_text(json.dumps({"accepted": len(names), "rejected": 0, "buckets": {}}))
    made = {"parameters": {"parameters": parameters, "input": str(folder)}, "code": {"align_templates": code}}
    (info / "provenance.json").write_text(json.dumps(made | {"versions": {}, "files": {}, "engines": {}}))
    rows = [f"{name}\tok\tASSIGN_DOMAINS\t-\t9\t{domains}\n" for name in names]
    (folder / "ledger.tsv").write_text("protein\tstatus\tstep\treason\tlength\tdomains\n" + "".join(rows))
    for table in ("domains.tsv", "dpam_domains.tsv"):
        lines = [f"{name}\tnD{number}\n" for name in names for number in range(domains)]
        (folder / table).write_text("protein\tdomain\n" + "".join(lines))
    return folder


@given(st.lists(IDS, unique=True, max_size=30), st.integers(1, 4), st.integers(0, 2))
def test_joined_runs_have_every_row_once(tmp_path_factory, names, count, domains):
    folder = tmp_path_factory.mktemp("runs")
    shares = [names[place::count] for place in range(count)]
    runs = [write_run(folder / str(place), some, domains=domains) for place, some in enumerate(shares)]
    merged = merge_runs(runs, folder / "all", [len(some) for some in shares])
    assert (merged.runs, merged.inputs, merged.domains) == (count, len(names), len(names) * domains)
    rows = [line.split("\t")[0] for line in (folder / "all" / "ledger.tsv").read_text().splitlines()[1:]]
    assert rows == [name for some in shares for name in some]
    assert {path.name for path in (folder / "all").iterdir()} == {
        "ledger.tsv", "domains.tsv", "dpam_domains.tsv", "merged.json",
    }  # fmt: skip


def without_last_line(path):
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda other: without_last_line(other / "ledger.tsv"),
            "the ledger of .*two has 1 rows, but the run had 2 inputs",
        ),
        (lambda other: without_last_line(other / "domains.tsv"), "two/domains.tsv has 1 rows, but the ledger counts 2"),
        (lambda other: (other / "domains.tsv").unlink(), "two has no domains.tsv, although its run finished"),
        (lambda other: (other / "pipeline_info" / "run.json").unlink(), "two has no pipeline_info/run.json"),
        (lambda other: (other / "domains.tsv").write_text("protein\nc\nd\n"), "two/domains.tsv has other columns"),
    ],
)
def test_a_run_that_is_not_whole_is_refused(tmp_path, change, said):
    runs = [write_run(tmp_path / "one", ["a", "b"]), write_run(tmp_path / "two", ["c", "d"])]
    change(runs[1])
    with pytest.raises(MergeError, match=said):
        merge_runs(runs, tmp_path / "all")
    assert not (tmp_path / "all" / "ledger.tsv").exists()


@pytest.mark.parametrize(
    ("names", "facts", "said"),
    [
        (["c", "b"], {}, "the id b is in .*one and in .*two"),
        (["a", "b"], {}, "the id a is in .*one and in .*two \\(1 more ids"),
        (["c"], {"success": None}, "the run in .*two did not finish; start it again with -resume"),
        (["c"], {"success": False}, "the run in .*two did not finish"),
        (["c"], {"parameters": "v1"}, "one and .*two differ in parameters, parameters: v2 and v1"),
        (["c"], {"code": "2"}, "one and .*two differ in code, align_templates: 1 and 2"),
    ],
)
def test_runs_that_do_not_belong_together_are_refused(tmp_path, names, facts, said):
    runs = [write_run(tmp_path / "one", ["a", "b"]), write_run(tmp_path / "two", names, **facts)]
    with pytest.raises(MergeError, match=said):
        merge_runs(runs, tmp_path / "all")
    assert not (tmp_path / "all").exists()


def test_a_run_must_have_the_inputs_of_its_shard(tmp_path):
    run = write_run(tmp_path / "one", ["a", "b"])
    with pytest.raises(MergeError, match="inputs of 3 expected"):
        merge_runs([run], tmp_path / "all", [3])
    with pytest.raises(MergeError, match="there is no run to join"):
        merge_runs([], tmp_path / "all")
    assert Shard("s", run, run, 2).inputs == 2


def test_places_are_parameters(root):
    schema = json.loads((root / "nextflow_schema.json").read_text())
    assert set(PLACES) <= {name for group in schema["$defs"].values() for name in group["properties"]}
