"""Foldseek as an engine, with a small script in its place: what is asked of it, and the signs of its failures."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from domainflow.run.errors import EXIT_BAD_REFERENCE, EXIT_ENGINE, EXIT_NO_PROGRAM, EngineError, StoreError
from domainflow.run.ledger import read_ledger
from domainflow.run.provenance import engine_records, file_checksum
from domainflow.run.step import Step
from domainflow.search.engine import HIT_COLUMNS, SearchSettings
from domainflow.search.foldseek import program
from domainflow.search.foldseek.database import build_database, database_prefix, template_models, uid_of
from domainflow.search.foldseek.engine import NOT_SEARCHED, foldseek_engine
from domainflow.search.foldseek.program import run_foldseek
from domainflow.search.search_templates import search_templates
from domainflow.structures.archive import read_proteins, write_proteins
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore
from peptides import ALPHA, peptide

FAKE = '''#!{python}
"""Stands in for Foldseek: every query hits the first templates of the database, the second query hits nothing."""
import json, os, sys
from pathlib import Path

command, *words = sys.argv[1:]
plan = json.loads(Path(__file__).with_name("plan.json").read_text())
with Path(__file__).with_name("calls.jsonl").open("a") as calls:
    print(json.dumps([os.environ.get("OMP_PROC_BIND"), os.getcwd(), command, *words]), file=calls)
if command in plan.get("fail", {{}}):
    print("a first line")
    print(plan["fail"][command])
    sys.exit(plan.get("status", 1))
if command == "version":
    print("fake.1")
elif command == "createdb":
    taken = [path for path in sorted(Path(words[0]).iterdir()) if path.read_text().count(" CA ") >= 12]
    for part in ("", ".dbtype", ".index", "_ca", "_h", "_ss", "_ss.dbtype"):
        Path(words[1] + part).write_text("")
    lookup = "".join(f"{{place}}\\t{{path.stem}}\\t{{place}}\\n" for place, path in enumerate(taken))
    Path(words[1] + ".lookup").write_text(lookup)
elif command == "convertalis":
    names = [[line.split("\\t")[1] for line in Path(word + ".lookup").read_text().splitlines()] for word in words[:2]]
    targets = plan.get("targets", names[1][:2])
    rows = [
        f"{{query}}\\t{{target}}\\t0.500\\t9\\t1\\t0\\t1\\t9\\t2\\t10\\t1.234E-05\\t{{90 - place}}\\n"
        for number, query in enumerate(names[0])
        for place, target in enumerate(targets)
        if number != 1
    ]
    Path(words[3]).write_text("".join(rows + plan.get("rows", [])))
'''


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put the script on the PATH; return a function that makes it behave otherwise, and one that lists its calls."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "foldseek").write_text(FAKE.format(python=sys.executable))
    (folder / "foldseek").chmod(0o755)
    (folder / "plan.json").write_text("{}")
    (folder / "calls.jsonl").touch()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("OMP_PROC_BIND", "true")

    class Fake:
        def plan(self, **plan):
            (folder / "plan.json").write_text(json.dumps(plan))

        @property
        def calls(self):
            return [json.loads(line) for line in (folder / "calls.jsonl").read_text().splitlines()]

    return Fake()


def protein(name, length):
    backbone = peptide([ALPHA] * length).astype(np.float32)
    sequence = "A" * length
    pdb = "\n".join(backbone_lines(sequence, backbone))
    return Protein(
        name, sequence, backbone, np.full((length, 3), np.nan, np.float32), backbone[:, 1].astype(float),
        np.arange(length, dtype=np.int32), "H" * length, np.ones(length, np.int32), None, (), pdb,
    )  # fmt: skip


@pytest.fixture
def archives(tmp_path):
    """Five proteins in two buckets, not in the order of their ids; the fourth is too short for the script."""
    buckets = tmp_path / "proteins"
    buckets.mkdir()
    write_proteins(buckets / "bucket-0001.proteins.zip", [protein("P.1;rm", 20), protein("zz", 21)])
    write_proteins(buckets / "bucket-0002.proteins.zip", [protein("A.1", 22), protein("short", 11), protein("b_A", 23)])
    return sorted(buckets.iterdir())


@pytest.fixture(scope="module")
def store(root, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "templates.arrow"
    TemplateStore.open(root / "assets" / "mini-ecod").subset(range(4), path)
    return TemplateStore.open(path)


@pytest.fixture
def settings(fake, store, tmp_path):
    fake.plan()
    build_database(template_models(store), tmp_path / "templates", 1)
    return SearchSettings(threads=2, database=tmp_path / "templates")


def search(archives, store, settings):
    """Return tables and ledger rows by protein."""
    step = Step("SEARCH_TEMPLATES")
    tables = {}
    with foldseek_engine(archives, store, settings) as engine:
        for archive in archives:
            tables |= search_templates(step, list(read_proteins(archive, with_pae=False)), engine)
    return tables, {row.protein: row for row in step.rows}


def test_all_buckets_are_searched_at_once_and_divided_again(fake, archives, store, settings):
    tables, rows = search(archives, store, settings)
    assert [call[2] for call in fake.calls] == ["createdb", "createdb", "search", "convertalis"]
    assert list(tables) == ["P.1;rm", "zz", "A.1", "short", "b_A"]
    for name in ("A.1", "b_A", "zz"):
        assert list(tables[name].columns) == list(HIT_COLUMNS)
        assert tables[name]["query"].tolist() == [name, name]
        assert tables[name]["target"].tolist() == [f"{uid}.pdb" for uid in store.uids[:2]]
        assert tables[name]["bits"].tolist() == [90, 89]
        assert tables[name]["evalue"].tolist() == [1.234e-05] * 2
    # ids are sorted as bytes: A.1, P.1;rm, b_A, short, zz
    assert len(tables["P.1;rm"]) == 0
    assert tables["P.1;rm"].dtypes.equals(tables["zz"].iloc[:0].dtypes)
    assert {row.status for row in rows.values()} == {"passed"}
    assert {name: row.reason for name, row in rows.items() if row.reason != "-"} == {"short": NOT_SEARCHED}
    assert len(tables["short"]) == 0


def test_no_id_and_no_binding_of_threads_reaches_the_program(fake, archives, store, settings):
    search(archives, store, settings)
    words = {word for call in fake.calls for word in call[2:]}
    assert {call[0] for call in fake.calls} == {"false"}
    assert not [word for word in words if any(name in word for name in ("P.1", "zz", "A.1", "short", "b_A"))]
    asked = fake.calls[2]
    options = dict(zip(asked[-12::2], asked[-11::2], strict=True))
    assert options == {
        "-e": "1000", "-s": "9.5", "--max-seqs": "1000000", "--min-ungapped-score": "30", "--threads": "2", "-v": "2",
    }  # fmt: skip
    assert not Path(fake.calls[-1][1]).exists()


def test_without_usable_scratch_the_search_is_in_the_tasks_folder(
    fake, archives, store, settings, tmp_path, monkeypatch
):
    (tmp_path / "task").mkdir()
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path / "task")
    tables, rows = search(archives, store, replace(settings, scratch=str(tmp_path / "file")))
    assert all(row.reason != "-" for row in rows.values())
    assert len(tables["zz"]) == 2
    assert Path(fake.calls[-1][1]).is_relative_to(tmp_path / "task")
    tables, rows = search(archives, store, replace(settings, scratch="off"))
    assert {row.reason for row in rows.values()} == {"-", NOT_SEARCHED}
    assert Path(fake.calls[-1][1]).is_relative_to(tmp_path / "task")
    assert not list((tmp_path / "task").iterdir())


def test_nothing_to_search_is_no_call(fake, tmp_path, store, settings):
    write_proteins(tmp_path / "empty.proteins.zip", [])
    tables, rows = search([tmp_path / "empty.proteins.zip"], store, settings)
    assert (tables, rows) == ({}, {})
    write_proteins(tmp_path / "short.proteins.zip", [protein("short", 11)])
    tables, rows = search([tmp_path / "short.proteins.zip"], store, settings)
    assert (len(tables["short"]), rows["short"].reason) == (0, NOT_SEARCHED)
    assert [call[2] for call in fake.calls] == ["createdb", "createdb"]


@pytest.mark.parametrize("command", ["createdb", "search", "convertalis"])
def test_a_failed_command_is_a_sentence_with_its_last_line(fake, archives, store, settings, command):
    fake.plan(fail={command: "Please unset OMP_PROC_BIND."})
    with pytest.raises(EngineError, match=f"foldseek {command} ended with status 1: Please unset OMP_PROC_BIND"):
        search(archives, store, settings)
    assert not Path(fake.calls[-1][1]).exists()


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ("line 58: 4131 Killed  prefilter", 1, MemoryError),
        ("std::bad_alloc", 1, MemoryError),
        ("nothing", 137, MemoryError),
        ("write error: No space left on device", 1, OSError),
    ],
)
def test_too_little_memory_or_disk_is_an_error_of_the_machine(fake, tmp_path, said, status, error):
    fake.plan(fail={"search": said}, status=status)
    with pytest.raises(error):
        run_foldseek(tmp_path, "search", "a", "b")


def test_a_program_that_prints_nothing_has_a_sentence_too(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "PROGRAM", "false")
    with pytest.raises(EngineError, match="foldseek search ended with status 1: it printed nothing"):
        run_foldseek(tmp_path, "search")


def test_unknown_names_are_errors(fake, archives, store, settings):
    fake.plan(targets=["000000001", "e1abcA1.pdb"])
    with pytest.raises(StoreError, match=r"holds e1abcA1\.pdb, which templates\.arrow does not have"):
        search(archives, store, settings)
    fake.plan(rows=["77\t000000001\t0.5\t9\t1\t0\t1\t9\t2\t10\t1.0E-05\t90\n"])
    with pytest.raises(EngineError, match="hits of 77, which is not one of the queries"):
        search(archives, store, settings)


def test_a_database_of_other_templates_is_noticed_before_the_search(fake, archives, store, settings):
    lookup = settings.database.with_name("templates.lookup")
    lookup.write_text(lookup.read_text() + "4\t900000000\t4\n5\t900000001\t5\n")
    with pytest.raises(StoreError, match=r"holds 900000000 and 1 others, which .* --foldseek"):
        search(archives, store, settings)
    assert [call[2] for call in fake.calls] == ["createdb"]


def test_a_database_that_lacks_templates_is_used_and_said(archives, store, settings, capsys):
    lookup = settings.database.with_name("templates.lookup")
    lookup.write_text("".join(lookup.read_text().splitlines(keepends=True)[:3]))
    search(archives, store, settings)
    assert "lacks 1 of 4 templates" in capsys.readouterr().out


@pytest.mark.parametrize("end", ["", ".pdb", "_A", ".pdb_A"])
def test_a_template_is_named_by_its_uid(store, end):
    assert uid_of(f"{store.uids[2]}{end}", store) == store.uids[2]
    assert uid_of(f"{store.uids[2]}1{end}", store) is None


def test_rows_of_a_query_need_not_stand_together(fake, archives, store, settings):
    row = "1\t{}\t0.5\t9\t1\t0\t1\t9\t2\t10\t1.0E-05\t12\n"
    fake.plan(rows=[row.format(f"{uid}.pdb") for uid in store.uids[2:]])
    tables, _ = search(archives, store, settings)
    assert tables["A.1"]["target"].tolist() == [f"{uid}.pdb" for uid in store.uids]


def test_models_of_templates_are_their_backbones(store):
    models = dict(template_models(store))
    assert list(models) == store.uids
    read = parse_pdb_text(models[store.uids[1]])
    assert read.sequence == store.sequences[1]
    np.testing.assert_allclose(read.backbone, store.backbone(1), atol=1e-3)


@pytest.mark.usefixtures("fake")
def test_incomplete_databases_are_one_sentence(tmp_path, store):
    with pytest.raises(StoreError, match=r"lacks gone, gone\.dbtype"):
        database_prefix(tmp_path / "gone")
    with pytest.raises(StoreError, match="holds 0 Foldseek databases, expected 1"):
        database_prefix(tmp_path)
    (tmp_path / "both").mkdir()
    for name in ("one", "two"):
        build_database(template_models(store), tmp_path / name, 1)
    with pytest.raises(StoreError, match="holds 2 Foldseek databases"):
        database_prefix(tmp_path)
    build_database(template_models(store), tmp_path / "both" / "one", 1)
    build_database(template_models(store), tmp_path / "both" / "one_padded", 1)
    assert database_prefix(tmp_path / "both").name == "one"
    (tmp_path / "one.lookup").unlink()
    with (
        pytest.raises(StoreError, match=r"lacks one\.lookup"),
        foldseek_engine([], store, SearchSettings(database=tmp_path / "one")),
    ):
        pass
    with pytest.raises(StoreError, match="give --foldseek_db"), foldseek_engine([], store, SearchSettings()):
        pass


def run(root, name, *arguments, folder):
    command = [sys.executable, root / "bin" / name, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True)


def test_the_executables_end_with_the_code_of_the_error(fake, root, tmp_path, archives, store, settings):
    given = ("--in-dir", archives[0].parent, "--reference", store.path, "--engine", "foldseek")
    given += ("--database", settings.database)
    done = run(root, "search_templates.py", *given, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row.protein for row in read_ledger(tmp_path / "search.ledger.tsv")] == [
        "P.1;rm",
        "zz",
        "A.1",
        "short",
        "b_A",
    ]
    hits = pd.read_csv(tmp_path / "hits" / "bucket-0002.hits.tsv", sep="\t", dtype=str)
    assert list(hits.columns) == ["protein", *HIT_COLUMNS]
    assert hits["protein"].tolist() == ["A.1", "A.1", "b_A", "b_A"]

    fake.plan(fail={"search": "Error: Prefilter died"})
    done = run(root, "search_templates.py", *given, folder=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        EXIT_ENGINE, "foldseek search ended with status 1: Error: Prefilter died",
    )  # fmt: skip
    fake.plan(targets=["strange"])
    assert run(root, "search_templates.py", *given, folder=tmp_path).returncode == EXIT_BAD_REFERENCE


@pytest.mark.usefixtures("fake")
def test_version_and_options_are_recorded(root, tmp_path, monkeypatch):
    asked = ("--engine", "foldseek", "--evalue", "1e6", "--sensitivity", "8")
    done = run(root, "check_engine.py", *asked, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert engine_records(tmp_path) == {
        "foldseek": {
            "version": "fake.1",
            "sha256": file_checksum(Path(str(shutil.which("foldseek")))),
            "options": {"-e": 1e6, "-s": 8.0, "--max-seqs": 1_000_000, "--min-ungapped-score": 30},
        }
    }
    assert engine_records(tmp_path / "bin") == {}

    monkeypatch.setenv("PATH", "/nowhere")
    done = run(root, "check_engine.py", *asked, folder=tmp_path)
    assert done.returncode == EXIT_NO_PROGRAM
    assert done.stderr.startswith("foldseek cannot be found: put it on the PATH")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.usefixtures("fake")
def test_a_reference_gets_its_database_with_the_version(root, tmp_path, store):
    done = run(root, "build_foldseek_database.py", "--reference", store.path, folder=tmp_path)
    assert done.stdout == "4 of 4 templates are in the Foldseek database.\n"
    assert (tmp_path / "foldseek" / "templates.version").read_text() == "fake.1\n"
    assert database_prefix(tmp_path / "foldseek") == (tmp_path / "foldseek" / "templates").absolute()
    assert not list((tmp_path / "foldseek").glob("*.models"))
