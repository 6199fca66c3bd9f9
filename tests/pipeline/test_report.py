"""The report of a run: equal runs give equal bytes, and only what changed is drawn again."""

import gemmi
import pytest

from pipeline.conftest import read_table, tasks, tasks_of, write_sheet

N_PROTEINS = 6
BUCKETS = 2
CUT = 5
"""Residues that the changed protein loses."""


def report_files(results):
    """Content of all files that belong to the report, by name."""
    folders = [results / name for name in ("view", "multiqc", "report_data") if (results / name).exists()]
    names = ("report.html", "domains.jsonl", "domains.gff3", "ted_like.tsv", "chopping.tsv")
    paths = [results / name for name in names] + [path for folder in folders for path in folder.iterdir()]
    return {str(path.relative_to(results)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def six(small_proteins):
    """Six proteins; they are in both buckets."""
    return [(name, path, "") for name, path in small_proteins[: N_PROTEINS * 3 : 3]]


@pytest.fixture(scope="module")
def drawn(run_in, tmp_path_factory, small_store, six):
    """A run with all that belongs to a report: its folder, its results, its arguments."""
    folder = tmp_path_factory.mktemp("drawn")
    sheet = write_sheet(folder / "samples.csv", six)
    given = ("--input", sheet, "--reference", small_store, "--buckets", BUCKETS, "--save_superpositions")
    run_in(folder, *given)
    return folder, folder / "results", given


def test_every_protein_with_an_answer_has_its_files(drawn):
    _, results, _ = drawn
    found = {row["protein"]: row["status"] for row in read_table(results / "ledger.tsv")}
    assert len(found) == N_PROTEINS
    for name in (name for name, status in found.items() if status in ("ok", "no_domain")):
        for ending in ("pml", "cxc", "cif.gz"):
            assert (results / "view" / f"{name}.{ending}").stat().st_size > 0
    superposed = {path.name.split("_nD")[0] for path in (results / "view").glob("*_nD*.pdb")}
    assert superposed
    assert superposed <= {row["protein"] for row in read_table(results / "domains.tsv") if row["template"] != "na"}
    assert tasks(results)["DRAW_PROTEINS"] == BUCKETS


def test_equal_runs_give_equal_bytes(run_in, tmp_path, drawn):
    _, results, given = drawn
    run_in(tmp_path, *given)
    assert report_files(tmp_path / "results") == report_files(results)


def test_a_changed_protein_is_drawn_alone(run_in, drawn, six, tmp_path):
    folder, results, given = drawn
    before = report_files(results)
    (name, path, _), *others = six
    shorter = tmp_path / path.name
    structure = gemmi.read_structure(str(path))
    chain = structure[0][0]
    for _ in range(CUT):
        del chain[-1]
    structure.write_pdb(str(shorter))
    sheet = write_sheet(folder / "samples.csv", [(name, shorter, ""), *others])
    run_in(folder, "-resume", *given[2:], "--input", sheet)
    again = {bucket for process, bucket in tasks_of(results, "COMPLETED") if process == "DRAW_PROTEINS"}
    assert len(again) == 1
    after = report_files(results)
    assert {known for known in before if known.endswith(".cif.gz") and before[known] != after[known]} == {
        f"view/{name}.cif.gz"
    }
    assert before["report.html"] != after["report.html"]


def test_a_run_without_report_has_the_same_tables(run_in, drawn, tmp_path):
    folder, _, given = drawn
    without = tmp_path / "without"
    run_in(folder, "-resume", *given, "--report", "false", "--outdir", without)
    assert {path.name for path in without.iterdir()} == {
        "domains.tsv", "dpam_domains.tsv", "ledger.tsv", "pipeline_info", "unused_files.tsv",
    }  # fmt: skip
    assert tasks(without)["DRAW_PROTEINS"] == 0
