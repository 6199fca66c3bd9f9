"""A batch with every kind of bad input among good ones: the good ones are answered, nothing is lost."""

import gzip
import json
import subprocess
import sys

import numpy as np
import pytest

from domainflow.run.errors import EXIT_BAD_REFERENCE
from pipeline.conftest import attempts, read_table, tasks, write_pdb, write_sheet

GOOD = ("good", "gapped", "offset", "withpae")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An empty folder inside another one."""
    path = tmp_path_factory.mktemp("batch") / "run"
    path.mkdir()
    return path


@pytest.fixture(scope="module")
def rows(folder, mini_ecod, small_rows):
    """Rows of a samplesheet of good and bad inputs; their files are in the folder."""
    row = small_rows[0]
    sequence, backbone = mini_ecod.sequences[row], mini_ecod.backbone(row)
    length = len(sequence)
    good = write_pdb(folder / "good.pdb", sequence, backbone)
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
        (folder / name).write_text(content)
    (folder / "cut.pdb.gz").write_bytes(gzip.compress(text.encode())[:-200])
    write_pdb(folder / "tiny.pdb", sequence[:9], backbone[:9])
    keep = np.r_[0:30, 36:length]
    write_pdb(folder / "gapped.pdb", "".join(np.array(list(sequence))[keep]), backbone[keep])
    write_pdb(folder / "offset.pdb", sequence, backbone, first=101)
    pae = {"whole": np.full((length, length), 3.0), "small": np.zeros((5, 5)), "inf": np.full((length, length), np.inf)}
    for name, matrix in pae.items():
        (folder / f"{name}.json").write_text(json.dumps([{"predicted_aligned_error": matrix.tolist()}]))
    (folder / "nonsense.json").write_text("[1, 2")
    return [
        ("good", "good.pdb", ""), ("text", "text.pdb", ""), ("empty", "empty.pdb", ""), ("cut", "cut.pdb.gz", ""),
        ("ca_only", "ca_only.pdb", ""), ("two_chains", "two_chains.pdb", ""), ("nan", "nan.pdb", ""),
        ("gapped", "gapped.pdb", ""), ("wrong_side", "good.pdb", "small.json"), ("infinite", "good.pdb", "inf.json"),
        ("nonsense", "good.pdb", "nonsense.json"), ("tiny", "tiny.pdb", ""), ("letters", "letters.pdb", ""),
        ("missing", "nowhere.pdb", ""), ("good", "good.pdb", ""), ("$(touch owned)", "good.pdb", ""),
        ("../up", "good.pdb", ""), ("offset", "offset.pdb", ""), ("withpae", "good.pdb", "whole.json"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def strict_run(run_in, folder, rows, small_store):
    """A run of these with --strict: it fails, since not all can be answered."""
    sheet = write_sheet(folder / "samples.csv", rows)
    given = ("--input", sheet, "--reference", small_store, "--buckets", 2, "--save_intermediates")
    return run_in(folder, *given, "--strict", succeed=False)


def test_every_input_has_its_row_and_the_good_ones_are_answered(strict_run, folder, rows):
    results = folder / "results"
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
    assert not list(folder.parent.rglob("owned"))
    assert not (folder.parent / "up").exists()
    answered = {row["protein"] for row in read_table(results / "domains.tsv")}
    assert answered == {row["protein"] for row in ledger if row["status"] == "ok"}
    assert answered <= set(GOOD)
    # the last lines say so
    assert f"{len(rows)} proteins" in strict_run.stdout
    assert f"{len(bad)} rejected" in strict_run.stdout
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


def test_strict_fails_after_the_results_are_written(strict_run, folder):
    assert "--strict" in strict_run.stdout + strict_run.stderr
    assert (folder / "results" / "ledger.tsv").exists()
    assert (folder / "results" / "domains.tsv").exists()
    assert (folder / "results" / "intermediates" / "step14" / "good.domains").exists()


def test_a_file_that_is_no_store_is_one_sentence(root, tmp_path):
    (tmp_path / "not.arrow").write_text("not a store")
    network = ["--network", root / "assets" / "domass.npz"]
    command = [sys.executable, root / "bin" / "check_run.py", "--reference", "not.arrow", *network]
    done = subprocess.run(command, cwd=tmp_path, text=True, capture_output=True)
    assert done.returncode == EXIT_BAD_REFERENCE
    assert "not.arrow" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_network_ends_the_run_at_its_beginning(run, tmp_path, small_proteins, small_store):
    (tmp_path / "other.npz").write_text("not a network")
    sheet = write_sheet(tmp_path / "s.csv", [(name, path, "") for name, path in small_proteins[:8]])
    done = run(
        "--input", sheet, "--reference", small_store, "--domass_network", tmp_path / "other.npz", "--buckets", 2,
        succeed=False,
    )  # fmt: skip
    assert "other.npz" in done.stdout
    assert "Traceback" not in done.stdout
    assert attempts(tmp_path / "results", "CHECK_RUN") == [(str(EXIT_BAD_REFERENCE), "1")]
    assert "SCORE_DOMAINS" not in tasks(tmp_path / "results")
