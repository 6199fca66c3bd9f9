"""Samplesheets and folders: what becomes of every row, without any science."""

import json

import pytest

from pipeline.conftest import read_table, tasks, write_sheet

NASTY_NAMES = [
    "a b$(touch owned).pdb", "x';touch owned;'.pdb", 'q"uote.pdb', "st*r[1].pdb", "star.pdb", "{x,y}.pdb", "ü.pdb",
    "$HOME.pdb", "-rf.pdb", "back\\slash.pdb", "comma, and more.pdb", "two\ntouch owned\n.pdb", "tab\t.pdb", "#&!~.pdb",
]  # fmt: skip
NASTY_IDS = ["$(touch owned)", "../up", "a/b", "-rf", "a b", "", "tab\tid", "x" * 81, "dot.", "new\nline"]
PLAIN = 400
"""Proteins without anything odd beside those."""
SHEETS_WITHOUT_ROWS = [
    ("", "is empty"),
    ("id,structure,pae\n", "has a header but no protein"),
    ("name,file\na,b\n", "has no column id and structure"),
]
# byte order mark, CRLF, blank rows, blanks around fields, quotes, short and long rows
ODD_LINES = [
    "\ufeffid,structure,pae", "", ' good , "a, b.pdb" ,', "good,a.pdb,", ",,", "gone,nope.pdb,",
    'nopae,a.pdb,"nope.json"', "none,,", "short", "dir,folder,", ",a.pdb,", "long,a.pdb,,,", "comma,a, b.pdb,c",
    "cloud,s3://bucket/a.pdb,", '"a ""b""",a.pdb,', "last,a.pdb",
]  # fmt: skip
MODELS = {
    "AF-P12931-F1": ("AF-P12931-F1-model_v4.cif.gz", "AF-P12931-F1-predicted_aligned_error_v4.json"),
    "P0CG48": ("model.cif.gz", "pae.hdf"),
    "Q5VSL9": ("ranked_model.pdb", None),
    "alone": ("alone.pdb", None),
    "both": ("both.cif", None),
    "fold_x_model_0": ("fold_x_model_0.cif", "fold_x_full_data_0.json"),
    "kinase": (
        "kinase_relaxed_rank_001_alphafold2_ptm_model_3_seed_000.pdb",
        "kinase_scores_rank_001_alphafold2_ptm_model_3_seed_000.json",
    ),
    "named": ("named.ent", "named.pae.json.gz"),
    "plain": ("plain.pdb.gz", "plain.json.gz"),
    "three": ("three_model.cif", "three_confidences.json"),
}
"""Structure and PAE by id, as the ids are sorted."""
FOLDERS_OF_MODELS = ("P0CG48", "Q5VSL9", "several")
OTHER_FILES = [
    "both.pdb", "kinase_unrelaxed_rank_001_alphafold2_ptm_model_3_seed_000.pdb",
    "kinase_relaxed_rank_002_alphafold2_ptm_model_1_seed_000.pdb", "three_summary_confidences.json", "notes.txt",
    "lonely.json", "named.json", "fold_x_summary_confidences_0.json", "fold_x_job_request.json", ".hidden.pdb",
    "several/a.pdb", "several/b.pdb",
]  # fmt: skip


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
        if isinstance(given, dict):
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
        "CHECK_RUN": 1, "PREPARE_PROTEINS": 4, "SEARCH_TEMPLATES": 1, "SELECT_CANDIDATES": 4, "ALIGN_TEMPLATES": 4,
        "PARSE_DOMAINS": 4, "SCORE_DOMAINS": 1, "ASSIGN_DOMAINS": 4, "WRITE_RESULTS": 1,
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


@pytest.fixture(scope="module")
def read(evaluate, tmp_path_factory):
    """What is read of an odd sheet, a large one, a folder of models, and of sheets and a folder without rows."""
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "a.pdb").write_text("x")
    (folder / "a, b.pdb").write_text("x")
    (folder / "folder").mkdir()
    (folder / "odd.csv").write_bytes("\r\n".join(ODD_LINES).encode())
    write_sheet(folder / "large.csv", [(f"p{n}", "a.pdb", "") for n in range(10_000)])
    models = folder / "models"
    models.mkdir()
    for name in FOLDERS_OF_MODELS:
        (models / name).mkdir()
    for name, files in MODELS.items():
        for file in filter(None, files):
            (models / (name if name in FOLDERS_OF_MODELS else "") / file).write_text("x")
    for name in OTHER_FILES:
        (models / name).write_text("x")
    (folder / "empty").mkdir()
    for number, (text, _) in enumerate(SHEETS_WITHOUT_ROWS):
        (folder / f"{number}.csv").write_text(text)
    buckets = {"odd.csv": 1, "large.csv": 4, "models": None, "empty": None}
    buckets |= {f"{number}.csv": None for number in range(len(SHEETS_WITHOUT_ROWS))}
    cases = [{"input": str(folder / name), "buckets": wanted} for name, wanted in buckets.items()]
    return dict(zip(buckets, evaluate("print_inputs.nf", cases), strict=True))


def test_ten_thousand_ids_make_as_many_buckets_as_are_asked_for(read):
    buckets = read["large.csv"]["buckets"]
    assert list(buckets) == ["bucket-0000", "bucket-0001", "bucket-0002", "bucket-0003"]
    assert sorted(name for names in buckets.values() for name in names) == sorted(f"p{n}" for n in range(10_000))


def test_buckets_hold_the_rows_that_can_be_tried(read):
    assert read["odd.csv"]["buckets"] == {"bucket-0000": ["good", "last", "long"]}


def test_rows_that_cannot_be_tried_have_their_sentence(read):
    rows = read["odd.csv"]["rows"]
    reasons = [(row["id"], row["reason"]) for row in rows if row["id"] not in ("cloud", 'a "b"')]
    assert reasons == [
        ("good", None),
        ("good", "the id already occurs in row 1; this row (2) is skipped"),
        ("gone", "there is no file nope.pdb"),
        ("nopae", "there is no file nope.json"),
        ("none", "no structure is given"),
        ("short", "no structure is given"),
        ("dir", "folder is a folder, not a file"),
        ("", "row 8 of the samplesheet has no id"),
        ("long", None),
        ("comma", "row 10 of the samplesheet has more fields than its header; quote fields that hold commas"),
        ("last", None),
    ]
    others = {row["id"]: row["reason"] for row in rows}
    assert "cannot be read" in others["cloud"]
    assert "an id must be" in others['a "b"']
    assert rows[0]["structure"] == "a, b.pdb"


@pytest.mark.parametrize("number", range(len(SHEETS_WITHOUT_ROWS)))
def test_a_sheet_without_rows_has_its_sentence(read, number):
    assert SHEETS_WITHOUT_ROWS[number][1] in read[f"{number}.csv"]["sentence"]


def test_a_folder_without_structures_has_its_sentence(read):
    assert "The folder empty holds no structure" in read["empty"]["sentence"]


def test_a_sheet_without_rows_ends_the_run_with_one_sentence(run, tmp_path, stub_store):
    (tmp_path / "s.csv").write_text("id,structure,pae\n")
    done = run("-stub", "--input", tmp_path / "s.csv", "--reference", stub_store, succeed=False)
    assert "has a header but no protein" in done.stdout
    assert "Submitted process" not in done.stdout
    assert "\tat " not in done.stdout + done.stderr  # no stack trace


def test_files_of_a_folder_are_paired_by_name(read):
    rows = read["models"]["rows"]
    assert {row["id"]: (row["structure"], row["pae"]) for row in rows if row["reason"] is None} == MODELS
    reasons = {row["id"]: row["reason"] for row in rows}
    assert reasons.pop("several") == "the folder several holds structures of several names, and one is needed"
    assert list(reasons) == sorted(MODELS)


def test_a_run_without_any_good_input_still_ends_with_a_ledger(run, tmp_path, stub_store):
    run("-stub", "--input", write_sheet(tmp_path / "s.csv", [("a", "no.pdb", "")]), "--reference", stub_store)
    assert tasks(tmp_path / "results") == {"CHECK_RUN": 1, "WRITE_RESULTS": 1}
    assert (tmp_path / "results" / "ledger.tsv").exists()
    assert read_table(tmp_path / "results" / "ledger.tsv") == []  # a stub's ledger is empty
