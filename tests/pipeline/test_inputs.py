"""Samplesheets and folders: what becomes of every row, without any science (`-stub`)."""

import json

import pytest

from pipeline.conftest import read_table, tasks, write_sheet

NASTY_NAMES = ["a b$(touch owned).pdb", "x';touch owned;'.pdb", 'q"uote.pdb', "st*r[1].pdb", "ü.pdb"]
NASTY_IDS = ["$(touch owned)", "../up", "a/b", "-rf", "a b", "", "tab\tid", "x" * 81, "dot.", "new\nline"]


@pytest.fixture
def reference(tmp_path):
    path = tmp_path / "reference.arrow"
    path.write_text("stub")
    return path


def prepared_entries(folder):
    """What PREPARE was given, of all buckets."""
    entries = {}
    for path in folder.glob("work/*/*/.command.in"):
        given = json.loads(path.read_text())
        if isinstance(given, list):
            entries.update({entry["id"]: entry for entry in given})
    return entries


def report_inputs(folder):
    """What REPORT was told of every input."""
    for path in folder.glob("work/*/*/.command.in"):
        given = json.loads(path.read_text())
        if isinstance(given, dict):
            return given["inputs"]
    return None


def test_ten_thousand_ids_make_as_many_tasks_as_buckets_ask_for(run, tmp_path, reference):
    (tmp_path / "a.pdb").write_text("x")
    many = write_sheet(tmp_path / "many.csv", [(f"p{n}", "a.pdb", "") for n in range(10_000)])
    few = write_sheet(tmp_path / "few.csv", [(f"p{n}", "a.pdb", "") for n in range(60)])
    counts = []
    for sheet in (many, few):
        results = tmp_path / sheet.stem
        run("-stub", "--input", sheet, "--reference", reference, "--buckets", 4, "--outdir", results)
        counts.append(tasks(results))
    assert counts[0] == counts[1] == {
        "PREPARE": 4, "FOLDSEEK_SEARCH": 1, "SELECT_CANDIDATES": 4, "DALI_ALIGN": 4, "PARSE_DOMAINS": 4, "REPORT": 1,
    }  # fmt: skip


def test_names_that_a_shell_would_mind_do_no_harm(run, tmp_path, reference):
    for name in NASTY_NAMES:
        (tmp_path / name).write_text("x")
    (tmp_path / "a.pdb").write_text("x")
    rows = [(f"p{n}", name, "") for n, name in enumerate(NASTY_NAMES)]
    rows += [(name, "a.pdb", "") for name in NASTY_IDS]
    run("-stub", "--input", write_sheet(tmp_path / "s.csv", rows), "--reference", reference)
    entries = prepared_entries(tmp_path)
    assert sorted(entries) == [f"p{n}" for n in range(len(NASTY_NAMES))]
    assert [entries[f"p{n}"]["structure"].split("/", 2)[2] for n in range(len(NASTY_NAMES))] == NASTY_NAMES
    reasons = {entry["id"]: entry["reason"] for entry in report_inputs(tmp_path)}
    assert len(reasons) == len(rows)
    assert all(reasons[name] for name in NASTY_IDS)
    assert not list(tmp_path.rglob("owned"))
    assert not (tmp_path.parent / "up").exists()


def test_rows_that_cannot_be_tried_have_their_sentence(run, tmp_path, reference):
    (tmp_path / "a.pdb").write_text("x")
    (tmp_path / "folder").mkdir()
    rows = [
        ("good", "a.pdb", ""), ("good", "a.pdb", ""), ("gone", "nope.pdb", ""), ("nopae", "a.pdb", "nope.json"),
        ("none", "", ""), ("dir", "folder", ""), ("", "a.pdb", ""),
    ]  # fmt: skip
    sheet = write_sheet(tmp_path / "s.csv", rows)
    sheet.write_bytes(b"\xef\xbb\xbf" + sheet.read_bytes().replace(b"none,,", b'\r\n"none",,'))
    run("-stub", "--input", sheet, "--reference", reference)
    reasons = [entry["reason"] for entry in report_inputs(tmp_path)]
    assert reasons == [
        None,
        "the id stands in row 1 already; this row (2) is left out",
        "there is no file nope.pdb",
        "there is no file nope.json",
        "no structure is given",
        "folder is a folder, not a file",
        "row 7 of the samplesheet has no id",
    ]


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
        "alone": ("alone.pdb", None),
        "both": ("both.cif", None),
    }
    models.mkdir()
    (models / "P0CG48").mkdir()
    for name, files in expected.items():
        folder = models / name if name == "P0CG48" else models
        for file in files:
            if file:
                (folder / file).write_text("x")
    for extra in (
        "both.pdb", "kinase_unrelaxed_rank_001_alphafold2_ptm_model_3_seed_000.pdb",
        "kinase_relaxed_rank_002_alphafold2_ptm_model_1_seed_000.pdb", "three_summary_confidences.json", "notes.txt",
        "lonely.json",
    ):  # fmt: skip
        (models / extra).write_text("x")
    run("-stub", "--input", models, "--reference", reference)
    found = {
        name: (entry["structure"].split("/", 2)[2], entry["pae"] and entry["pae"].split("/", 2)[2])
        for name, entry in prepared_entries(tmp_path).items()
    }
    assert found == expected


def test_a_run_without_any_good_input_still_ends_with_a_ledger(run, tmp_path, reference):
    run("-stub", "--input", write_sheet(tmp_path / "s.csv", [("a", "no.pdb", "")]), "--reference", reference)
    assert tasks(tmp_path / "results") == {"REPORT": 1}
    assert (tmp_path / "results" / "ledger.tsv").exists()
    assert read_table(tmp_path / "results" / "ledger.tsv") == []  # a stub's ledger is empty
