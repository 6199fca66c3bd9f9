"""Samplesheets and folders: what becomes of every row, without any science (`-stub`)."""

import json

import pytest

from pipeline.conftest import read_table, tasks, write_sheet

NASTY_NAMES = [
    "a b$(touch owned).pdb", "x';touch owned;'.pdb", 'q"uote.pdb', "st*r[1].pdb", "star.pdb", "{x,y}.pdb", "ü.pdb",
    "$HOME.pdb", "-rf.pdb", "back\\slash.pdb", "comma, and more.pdb", "two\ntouch owned\n.pdb", "tab\t.pdb", "#&!~.pdb",
]  # fmt: skip
NASTY_IDS = ["$(touch owned)", "../up", "a/b", "-rf", "a b", "", "tab\tid", "x" * 81, "dot.", "new\nline"]


@pytest.fixture
def reference(tmp_path):
    path = tmp_path / "reference.arrow"
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


def test_ten_thousand_ids_make_as_many_tasks_as_buckets_ask_for(run, tmp_path, reference):
    (tmp_path / "a.pdb").write_text("x")
    sheet = write_sheet(tmp_path / "s.csv", [(f"p{n}", "a.pdb", "") for n in range(10_000)])
    run("-stub", "--input", sheet, "--reference", reference, "--buckets", 4)
    assert tasks(tmp_path / "results") == {
        "CHECK_RUN": 1, "PREPARE_PROTEINS": 4, "SEARCH_TEMPLATES": 1, "SELECT_CANDIDATES": 4, "ALIGN_TEMPLATES": 4,
        "PARSE_DOMAINS": 4, "SCORE_DOMAINS": 1, "ASSIGN_DOMAINS": 4, "WRITE_RESULTS": 1,
    }  # fmt: skip


def test_names_that_a_shell_would_mind_do_no_harm(run, tmp_path, reference):
    for name in NASTY_NAMES:
        (tmp_path / name).write_text(name)
    rows = [(f"p{n}", name, name) for n, name in enumerate(NASTY_NAMES)]
    rows += [(name, "star.pdb", "") for name in NASTY_IDS]
    run("-stub", "--input", write_sheet(tmp_path / "s.csv", rows), "--reference", reference, env={"LC_ALL": "C"})
    entries = prepared_entries(tmp_path)
    assert sorted(entries) == sorted(f"p{n}" for n in range(len(NASTY_NAMES)))
    for n, name in enumerate(NASTY_NAMES):
        entry = entries[f"p{n}"]
        assert (entry["folder"] / entry["structure"]).read_text() == name
        assert (entry["folder"] / entry["pae"]).read_text() == name
    reasons = {entry["id"]: entry["reason"] for entry in report_inputs(tmp_path)}
    assert len(reasons) == len(rows)
    assert all(reasons[name] for name in NASTY_IDS)
    assert not list(tmp_path.rglob("owned"))
    assert not (tmp_path.parent / "up").exists()


def test_rows_that_cannot_be_tried_have_their_sentence(run, tmp_path, reference):
    (tmp_path / "a.pdb").write_text("x")
    (tmp_path / "a, b.pdb").write_text("x")
    (tmp_path / "folder").mkdir()
    # byte order mark, CRLF, blank rows, blanks around fields, quotes, short and long rows
    lines = [
        "\ufeffid,structure,pae", "", ' good , "a, b.pdb" ,', "good,a.pdb,", ",,", "gone,nope.pdb,",
        'nopae,a.pdb,"nope.json"', "none,,", "short", "dir,folder,", ",a.pdb,", "long,a.pdb,,,", "comma,a, b.pdb,c",
        "cloud,s3://bucket/a.pdb,", '"a ""b""",a.pdb,', "last,a.pdb",
    ]  # fmt: skip
    (tmp_path / "s.csv").write_bytes("\r\n".join(lines).encode())
    run("-stub", "--input", tmp_path / "s.csv", "--reference", reference)
    rows = report_inputs(tmp_path)
    reasons = [(entry["id"], entry["reason"]) for entry in rows if entry["id"] not in ("cloud", 'a "b"')]
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
    others = {entry["id"]: entry["reason"] for entry in rows}
    assert "cannot be read" in others["cloud"]
    assert "an id must be" in others['a "b"']


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("id,structure,pae\n", "has a header but no protein"),
        ("name,file\na,b\n", "has no column id and structure"),
    ],
)
def test_a_sheet_without_rows_ends_the_run_with_one_sentence(run, tmp_path, reference, text, sentence):
    (tmp_path / "s.csv").write_text(text)
    done = run("-stub", "--input", tmp_path / "s.csv", "--reference", reference, succeed=False)
    assert sentence in done.stdout


def test_files_of_a_folder_are_paired_by_name(run, tmp_path, reference):
    models = tmp_path / "models"
    expected = {
        "AF-P12931-F1": ("AF-P12931-F1-model_v4.cif.gz", "AF-P12931-F1-predicted_aligned_error_v4.json"),
        "kinase": (
            "kinase_relaxed_rank_001_alphafold2_ptm_model_3_seed_000.pdb",
            "kinase_scores_rank_001_alphafold2_ptm_model_3_seed_000.json",
        ),
        "three": ("three_model.cif", "three_confidences.json"),
        "plain": ("plain.pdb.gz", "plain.json.gz"),
        "P0CG48": ("model.cif.gz", "pae.hdf"),
        "Q5VSL9": ("ranked_model.pdb", None),
        "fold_x_model_0": ("fold_x_model_0.cif", "fold_x_full_data_0.json"),
        "named": ("named.ent", "named.pae.json.gz"),
        "alone": ("alone.pdb", None),
        "both": ("both.cif", None),
    }
    models.mkdir()
    nested = ("P0CG48", "Q5VSL9", "several")
    for name in nested:
        (models / name).mkdir()
    for name, files in expected.items():
        folder = models / name if name in nested else models
        for file in files:
            if file:
                (folder / file).write_text("x")
    for extra in (
        "both.pdb", "kinase_unrelaxed_rank_001_alphafold2_ptm_model_3_seed_000.pdb",
        "kinase_relaxed_rank_002_alphafold2_ptm_model_1_seed_000.pdb", "three_summary_confidences.json", "notes.txt",
        "lonely.json", "named.json", "fold_x_summary_confidences_0.json", "fold_x_job_request.json", ".hidden.pdb",
        "several/a.pdb", "several/b.pdb",
    ):  # fmt: skip
        (models / extra).write_text("x")
    run("-stub", "--input", models, "--reference", reference)
    found = {
        name: (entry["structure"].split("/", 2)[2], entry["pae"] and entry["pae"].split("/", 2)[2])
        for name, entry in prepared_entries(tmp_path).items()
    }
    assert found == expected
    reasons = {entry["id"]: entry["reason"] for entry in report_inputs(tmp_path)}
    assert reasons.pop("several") == "the folder several holds structures of several names, and one is needed"
    assert reasons == dict.fromkeys(sorted(expected))


def test_a_run_without_any_good_input_still_ends_with_a_ledger(run, tmp_path, reference):
    run("-stub", "--input", write_sheet(tmp_path / "s.csv", [("a", "no.pdb", "")]), "--reference", reference)
    assert tasks(tmp_path / "results") == {"CHECK_RUN": 1, "WRITE_RESULTS": 1}
    assert (tmp_path / "results" / "ledger.tsv").exists()
    assert read_table(tmp_path / "results" / "ledger.tsv") == []  # a stub's ledger is empty
