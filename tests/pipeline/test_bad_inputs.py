"""A batch with every kind of bad input among good ones: the good ones are answered, nothing is lost."""

import gzip
import json

import numpy as np
import pytest

from pipeline.conftest import read_table, tasks, tasks_of, write_pdb, write_sheet

GOOD = ("good", "gapped", "offset", "withpae")


@pytest.fixture
def batch(tmp_path, mini_ecod, small_rows):
    """Samplesheet of good and bad inputs; rows in a fixed order."""
    row = small_rows[0]
    sequence, backbone = mini_ecod.sequences[row], mini_ecod.backbone(row)
    length = len(sequence)
    good = write_pdb(tmp_path / "good.pdb", sequence, backbone)
    text = good.read_text()
    files = {
        "text.pdb": "This is not a structure.\n",
        "empty.pdb": "",
        "ca_only.pdb": "".join(line + "\n" for line in text.splitlines() if line[12:16].strip() == "CA"),
        "two_chains.pdb": text + text.replace(" A", " B"),
        "nan.pdb": text.replace(text[30:38], "     NaN", 1),
        "letters.pdb": text.replace(text[17:20], "ZZZ"),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "cut.pdb.gz").write_bytes(gzip.compress(text.encode())[:-200])
    write_pdb(tmp_path / "tiny.pdb", sequence[:9], backbone[:9])
    keep = np.r_[0:30, 36:length]
    write_pdb(tmp_path / "gapped.pdb", "".join(np.array(list(sequence))[keep]), backbone[keep])
    write_pdb(tmp_path / "offset.pdb", sequence, backbone, first=101)
    pae = {"whole": np.full((length, length), 3.0), "small": np.zeros((5, 5)), "inf": np.full((length, length), np.inf)}
    for name, matrix in pae.items():
        (tmp_path / f"{name}.json").write_text(json.dumps([{"predicted_aligned_error": matrix.tolist()}]))
    (tmp_path / "nonsense.json").write_text("[1, 2")
    rows = [
        ("good", "good.pdb", ""), ("text", "text.pdb", ""), ("empty", "empty.pdb", ""), ("cut", "cut.pdb.gz", ""),
        ("ca_only", "ca_only.pdb", ""), ("two_chains", "two_chains.pdb", ""), ("nan", "nan.pdb", ""),
        ("gapped", "gapped.pdb", ""), ("wrong_side", "good.pdb", "small.json"), ("infinite", "good.pdb", "inf.json"),
        ("nonsense", "good.pdb", "nonsense.json"), ("tiny", "tiny.pdb", ""), ("letters", "letters.pdb", ""),
        ("missing", "nowhere.pdb", ""), ("good", "good.pdb", ""), ("$(touch owned)", "good.pdb", ""),
        ("../up", "good.pdb", ""), ("offset", "offset.pdb", ""), ("withpae", "good.pdb", "whole.json"),
    ]  # fmt: skip
    return write_sheet(tmp_path / "samples.csv", rows), rows


def test_every_input_has_its_row_and_the_good_ones_are_answered(run, tmp_path, batch, small_store):
    sheet, rows = batch
    done = run("--input", sheet, "--reference", small_store, "--save_intermediates")
    results = tmp_path / "results"
    ledger = read_table(results / "ledger.tsv")
    assert [row["protein"] for row in ledger] == [name for name, _, _ in rows]
    status = {row["protein"]: row for row in reversed(ledger)}
    for name in GOOD:
        assert status[name]["status"] in ("ok", "no_domain"), status[name]
    bad = [row for number, row in enumerate(ledger) if row["protein"] not in GOOD or number == 14]
    assert len(bad) == len(rows) - len(GOOD)
    for row in bad:
        assert row["status"] == "rejected", row
        assert len(row["reason"]) > 10, row
        assert "Traceback" not in row["reason"]
        assert "Error:" not in row["reason"]
    assert "renumbered" in status["offset"]["reason"]
    assert "break" in status["gapped"]["reason"]
    assert "pae=absent" in status["good"]["reason"]
    assert "pae=absent" not in status["withpae"]["reason"]
    assert not list(tmp_path.rglob("owned"))
    assert not (tmp_path.parent / "up").exists()
    answered = {row["protein"] for row in read_table(results / "domains.tsv")}
    assert answered == {row["protein"] for row in ledger if row["status"] == "ok"}
    assert answered <= set(GOOD)
    # the last lines say so
    assert f"{len(rows)} proteins" in done.stdout
    assert f"{len(bad)} rejected" in done.stdout
    # DPAM's own files, for the good ones only
    for step, ending in (("step14", ".domains"), ("step15", ".data"), ("step16", ".result"), ("step24", "_domains")):
        written = {path.name for path in (results / "intermediates" / step).iterdir()}
        assert written == {f"{name}{ending}" for name in GOOD}
    summary = read_table(results / "dpam_domains.tsv")
    assert len(summary[0]) == 14
    assert [row["Range"] for row in summary] == [row["range"] for row in read_table(results / "domains.tsv")]
    table = (results / "intermediates" / "step4" / "good.foldseek").read_text()
    assert {len(line.split("\t")) for line in table.splitlines()} == {12}
    record = json.loads((results / "pipeline_info" / "provenance.json").read_text())
    assert record["parameters"]["parameters"] == "v2"
    assert {len(checksum) for checksum in record["files"].values()} == {64}
    assert "domass.npz" in record["files"]
    assert set(record["versions"]) >= {"domainflow", "nextflow", "python", "numpy", "gemmi"}


def test_strict_fails_after_the_results_are_written(run, tmp_path, mini_ecod, small_rows, small_store):
    write_pdb(tmp_path / "a.pdb", mini_ecod.sequences[small_rows[0]], mini_ecod.backbone(small_rows[0]))
    sheet = write_sheet(tmp_path / "s.csv", [("a", "a.pdb", ""), ("b", "gone.pdb", "")])
    done = run("--input", sheet, "--reference", small_store, "--strict", "--save_intermediates", succeed=False)
    assert "--strict" in done.stdout + done.stderr
    ledger = read_table(tmp_path / "results" / "ledger.tsv")
    assert [row["status"] for row in ledger][1] == "rejected"
    assert (tmp_path / "results" / "domains.tsv").exists()
    assert (tmp_path / "results" / "intermediates" / "step14" / "a.domains").exists()


def test_a_file_that_is_no_store_ends_the_run_with_one_sentence(run, tmp_path, mini_ecod, small_rows):
    write_pdb(tmp_path / "a.pdb", mini_ecod.sequences[small_rows[0]], mini_ecod.backbone(small_rows[0]))
    (tmp_path / "not.arrow").write_text("not a store")
    sheet = write_sheet(tmp_path / "s.csv", [("a", "a.pdb", "")])
    done = run("--input", sheet, "--reference", tmp_path / "not.arrow", succeed=False)
    assert "not.arrow" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_wrong_network_ends_the_run_at_its_beginning(run, tmp_path, small_proteins, small_store):
    (tmp_path / "other.npz").write_text("not a network")
    sheet = write_sheet(tmp_path / "s.csv", [(name, path, "") for name, path in small_proteins])
    done = run(
        "--input", sheet, "--reference", small_store, "--domass_network", tmp_path / "other.npz", "--buckets", 2,
        succeed=False,
    )  # fmt: skip
    assert "other.npz" in done.stdout
    assert "Traceback" not in done.stdout
    assert "CHECK_RUN" in {process for process, _ in tasks_of(tmp_path / "results", "FAILED")}
    assert "SCORE_DOMAINS" not in tasks(tmp_path / "results")
