"""Samplesheets and folders: what becomes of every row, without any science."""

import io
import json
import tarfile

import pytest

from pipeline.conftest import read_table, tasks, write_sheet

NASTY_NAMES = [
    "a b$(touch owned).pdb", "x';touch owned;'.pdb", 'q"uote.pdb', "st*r[1].pdb", "star.pdb", "{x,y}.pdb", "ü.pdb",
    "$HOME.pdb", "-rf.pdb", "back\\slash.pdb", "comma, and more.pdb", "two\ntouch owned\n.pdb", "tab\t.pdb", "#&!~.pdb",
]  # fmt: skip
NASTY_IDS = ["$(touch owned)", "../up", "a/b", "-rf", "a b", "", "tab\tid", "x" * 81, "dot.", "new\nline"]
PDB = "ATOM      1  N   MET A   1       0.000   0.000   0.000  1.00 50.00           N\n"
PLAIN = 400
"""Proteins without anything odd beside those."""


@pytest.fixture(scope="module")
def stub_store(tmp_path_factory):
    """A file in the place of a template store: stubs do not open it."""
    path = tmp_path_factory.mktemp("store") / "reference.arrow"
    path.write_text("stub")
    return path


def prepared_entries(folder):
    """What PREPARE_PROTEINS was given, of all buckets: id to entry; its paths count from the task's folder."""
    entries = {}
    for path in folder.glob("work/*/*/.command.in"):
        given = json.loads(path.read_text())
        if isinstance(given, list):
            entries.update({entry["id"]: entry | {"folder": path.parent} for entry in given})
    return entries


def report_inputs(folder):
    """What WRITE_RESULTS was told of every input."""
    for path in folder.glob("work/*/*/.command.in"):
        given = json.loads(path.read_text())
        if isinstance(given, dict) and "inputs" in given:
            return given["inputs"]
    return None


@pytest.fixture(scope="module")
def stub_run(run_in, tmp_path_factory, stub_store):
    """Folder of a run of plain proteins, of files with nasty names and of nasty ids."""
    folder = tmp_path_factory.mktemp("stub") / "run"
    folder.mkdir()
    (folder / "a.pdb").write_text("x")
    rows = [(f"p{n}", "a.pdb", "") for n in range(PLAIN)]
    for n, name in enumerate(NASTY_NAMES):
        (folder / name).write_text(name)
        rows.append((f"nasty{n}", name, name))
    rows += [(name, "star.pdb", "") for name in NASTY_IDS]
    sheet = write_sheet(folder / "s.csv", rows)
    run_in(folder, "-stub", "--input", sheet, "--reference", stub_store, "--buckets", 4, env={"LC_ALL": "C"})
    return folder


def test_a_run_has_as_many_tasks_as_buckets_ask_for(stub_run):
    assert tasks(stub_run / "results") == {
        "CHECK_RUN": 1, "LIST_INPUTS": 1, "PREPARE_PROTEINS": 4, "SEARCH_TEMPLATES": 1, "SELECT_CANDIDATES": 4,
        "ALIGN_TEMPLATES": 4, "PARSE_DOMAINS": 4, "SCORE_DOMAINS": 1, "ASSIGN_DOMAINS": 4, "CHOOSE_PAGES": 1,
        "DRAW_PROTEINS": 4, "WRITE_RESULTS": 1, "REQUIRE_ANSWERS": 1,
    }  # fmt: skip


def test_names_that_a_shell_would_mind_do_no_harm(stub_run):
    entries = prepared_entries(stub_run)
    assert set(entries) == {f"p{n}" for n in range(PLAIN)} | {f"nasty{n}" for n in range(len(NASTY_NAMES))}
    for n, name in enumerate(NASTY_NAMES):
        entry = entries[f"nasty{n}"]
        assert (entry["folder"] / entry["structure"]).read_text() == name
        assert (entry["folder"] / entry["pae"]).read_text() == name
    reasons = {entry["id"]: entry["reason"] for entry in report_inputs(stub_run)}
    assert len(reasons) == PLAIN + len(NASTY_NAMES) + len(NASTY_IDS)
    assert {name for name, reason in reasons.items() if reason} == set(NASTY_IDS)
    assert not list(stub_run.parent.rglob("owned"))
    assert not (stub_run.parent / "up").exists()


def test_rows_that_cannot_be_tried_have_their_sentence(run, tmp_path, stub_store):
    """Paths count from the folder of the sheet, then from the folder that the run is started from."""
    (tmp_path / "sheets" / "folder").mkdir(parents=True)
    (tmp_path / "sheets" / "a.pdb").write_text("x")
    (tmp_path / "b.pdb").write_text("x")
    rows = [
        ("beside", "a.pdb", ""), ("launch", "b.pdb", ""), ("beside", "a.pdb", ""), ("gone", "nope.pdb", ""),
        ("nopae", "a.pdb", "nope.json"), ("dir", "folder", ""), ("cloud", "s3://bucket/a.pdb", ""), ("none", "", ""),
        ("far", "/nowhere/a.pdb", ""),
    ]  # fmt: skip
    sheet = write_sheet(tmp_path / "sheets" / "s.csv", rows)
    run("-stub", "--input", sheet, "--reference", stub_store, "--buckets", 1)
    reasons = [(entry["id"], entry["reason"]) for entry in report_inputs(tmp_path)]
    assert [name for name, _ in reasons] == [name for name, _, _ in rows]
    looked_for = "neither in the folder of the sheet nor in the folder that the run was started from"
    assert reasons[:6] == [
        ("beside", None),
        ("launch", None),
        ("beside", "the id already occurs in row 1; this row (3) is skipped"),
        ("gone", f"there is no file nope.pdb, {looked_for}"),
        ("nopae", f"there is no file nope.json, {looked_for}"),
        ("dir", "folder is a folder, not a file"),
    ]
    assert "cannot be read" in reasons[6][1]
    assert reasons[7:] == [("none", "no structure is given"), ("far", "there is no file /nowhere/a.pdb")]
    assert set(prepared_entries(tmp_path)) == {"beside", "launch"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("s.csv", "id,structure,pae\n", "has a header but no protein"),
        (
            "s.xlsx",
            b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml",
            "s.xlsx is an Excel or OpenDocument spreadsheet; save",
        ),
    ],
)
def test_an_input_without_proteins_ends_the_run_with_one_sentence(run, tmp_path, stub_store, name, content, sentence):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run("-stub", "--input", tmp_path / name, "--reference", stub_store, succeed=False)
    assert sentence in done.stdout
    assert "PREPARE_PROTEINS" not in done.stdout
    assert "\tat " not in done.stdout + done.stderr  # no stack trace


def test_a_folder_with_an_odd_name_and_files_that_are_not_used(run, tmp_path, stub_store):
    folder = tmp_path / "models $(touch owned)" / "inner"
    folder.mkdir(parents=True)
    for name in ("b_model_0.cif", "a.pdb"):
        (folder / name).write_text(PDB)
    (folder / "notes.md").write_text("notes")
    run("-stub", "--input", folder.parent, "--reference", stub_store, "--buckets", 1)
    entries = prepared_entries(tmp_path)
    assert set(entries) == {"a", "b_model_0"}
    for entry in entries.values():
        assert (entry["folder"] / entry["structure"]).read_text() == PDB
    unused = read_table(tmp_path / "results" / "unused_files.tsv")
    assert unused == [{"file": "inner/notes.md", "reason": "a text file"}]
    assert not list(tmp_path.rglob("owned"))


def test_a_run_without_any_good_input_still_ends_with_a_ledger(run, tmp_path, stub_store):
    run("-stub", "--input", write_sheet(tmp_path / "s.csv", [("a", "no.pdb", "")]), "--reference", stub_store)
    assert tasks(tmp_path / "results") == {
        "CHECK_RUN": 1, "LIST_INPUTS": 1, "REQUIRE_ANSWERS": 1, "WRITE_RESULTS": 1,
    }  # fmt: skip
    assert (tmp_path / "results" / "ledger.tsv").exists()
    assert read_table(tmp_path / "results" / "ledger.tsv") == []  # a stub's ledger is empty


def test_an_archive_is_split_into_a_task_for_each_bucket(run, tmp_path, stub_store):
    with tarfile.open(tmp_path / "models.tar", "w") as archive:
        for number in range(20):
            member = tarfile.TarInfo(f"p{number}.pdb")
            member.size = len(PDB)
            archive.addfile(member, io.BytesIO(PDB.encode()))
    run("-stub", "--input", tmp_path / "models.tar", "--reference", stub_store, "--buckets", 4)
    assert tasks(tmp_path / "results")["PREPARE_PROTEINS"] == 4
    assert [entry["id"] for entry in report_inputs(tmp_path)] == sorted(f"p{number}" for number in range(20))
    given = [json.loads(path.read_text()) for path in tmp_path.glob("work/*/*/.command.in")]
    parts = [part for one in given if isinstance(one, dict) for part in one.get("parts", [])]
    assert len(parts) >= 4
    assert all(part.startswith("structures/") for part in parts)
