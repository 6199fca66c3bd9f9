"""Real runs of the workflow codons: results, resume, lost tasks, bad input."""

import csv
import gzip
import json
import os
import signal
import subprocess
import time
from collections import Counter

import numpy as np
import pytest

from pipeline.conftest import read_table, tasks, tasks_of, trace
from report_page import run_inside

CODONS = ("--workflow", "codons")
N_GENES = 23
RESULTS = ("codon_usage.tsv", "codon_usage.parquet", "amino_acid_usage.tsv", "per_sequence.tsv", "per_sequence.parquet")
"""Files that do not depend on batches, splits or compression, byte for byte."""


@pytest.fixture(scope="module")
def genes():
    """Made-up genes as FASTA records."""
    rng = np.random.default_rng(1)
    sense = [a + b + c for a in "ACGT" for b in "ACGT" for c in "ACGT" if a + b + c not in ("TAA", "TAG", "TGA")]
    return [f">g{number} [gene=rps{number}]\nATG{''.join(rng.choice(sense, 40))}TAA\n" for number in range(N_GENES)]


def write_samples(path, rows, header=("sample", "file", "genetic_code", "group", "reference")):
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def contents(results):
    return {name: (results / name).read_bytes() for name in RESULTS}


@pytest.fixture(scope="module")
def plain(run_in, genes, tmp_path_factory):
    """Results of one file in one batch."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "genes.fa").write_text("".join(genes))
    run_in(folder, *CODONS, "--input", write_samples(folder / "s.csv", [("a", "genes.fa", 1, "", "self")]))
    return folder / "results"


def test_the_readmes_example(run, tmp_path):
    done = run("-profile", "test", *CODONS, "--codon_translate")
    results = tmp_path / "results"
    assert "127 genes and files: 127 ok, 0 no_gene, 0 rejected, 0 failed" in done.stdout
    usage = read_table(results / "codon_usage.tsv")
    assert Counter(row["sample"] for row in usage) == {"gc_rich": 64, "at_rich": 64, "circle": 64}
    summary = json.loads((results / "summary.json").read_text())["samples"]
    assert [sample["complete"] for sample in summary] == [True] * 3
    assert sum(sample["codons"] for sample in summary) == sum(int(row["count"]) for row in usage)
    rich, poor = (sample["genetic_codes"][0]["gc3s"] for sample in summary[:2])
    assert rich > 0.6 > 0.4 > poor
    # genes of ribosomal proteins follow their genome's preferences most
    per_gene = read_table(results / "per_sequence.tsv")
    assert len(per_gene) == 127
    cai = [
        [float(row["cai"]) for row in per_gene if row["sample"] == "gc_rich"][part] for part in (slice(8), slice(8, 60))
    ]
    assert np.mean(cai[0]) > np.mean(cai[1])
    assert {row["group_a"] for row in read_table(results / "comparison.tsv")} == {"gc_rich", "at_rich"}
    plots = {path.name for path in (results / "plots").iterdir()}
    assert {"enc_gc3s.png", "enc_gc3s.svg", "enc_gc3s.tsv"} <= plots
    assert {path.name for path in (results / "exports").iterdir()} >= {"circle.cusp", "circle.json"}
    assert (results / "translated.faa").read_text().count(">") == 126  # the pseudogene has a stop inside
    provenance = json.loads((results / "pipeline_info" / "provenance.json").read_text())
    assert set(provenance["inputs"]) == {"gc_rich", "at_rich", "circle"}
    assert "Report: results/report.html" in done.stdout
    page = run_inside(results / "report.html")
    assert [status["number"] for status in page["statuses"]] == [127, 0, 0, 0]
    assert page["rows"]["id"] == [row["seq_id"] for row in read_table(results / "ledger.tsv")]
    titles = [section["title"] for section in page["sections"]]
    assert {"Indices", "ENC against GC3s", "RSCU, genetic code 11", "How the groups differ", "Samples"} <= set(titles)
    assert titles.count("RSCU of circle, genetic code 11") == 1
    assert ["--codon_cai_zero", "0.5"] in page["facts"]
    assert "translated.faa" in {file["path"] for file in page["files"]}
    missing = [file["path"] for file in page["files"] if not (results / file["path"]).exists()]
    assert missing == []


def test_batches_files_compression_and_order_change_nothing(run, genes, plain, tmp_path):
    (tmp_path / "one.fa").write_text("".join(genes[:9]))
    (tmp_path / "two.fa.gz").write_bytes(gzip.compress("".join(genes[9:]).encode()))
    (tmp_path / "back.fa").write_text("".join(genes[::-1]))
    rows = [("a", "one.fa", 1, "", "self"), ("a", "two.fa.gz", 1, "", ""), ("b", "back.fa", 1, "", "self")]
    run(*CODONS, "--input", write_samples(tmp_path / "s.csv", rows), "--codon_batch_size", 4, "--outdir", "both")
    assert tasks(tmp_path / "both")["COUNT_CODONS"] == 12
    one, two = (
        [{**row, "sample": ""} for row in read_table(tmp_path / "both" / "per_sequence.tsv") if row["sample"] == name]
        for name in "ab"
    )
    assert one == two[::-1]
    usage = read_table(tmp_path / "both" / "codon_usage.tsv")
    assert [{**row, "sample": ""} for row in usage[:64]] == [{**row, "sample": ""} for row in usage[64:]]
    run(*CODONS, "--input", write_samples(tmp_path / "s.csv", rows[:2]), "--codon_batch_size", 5)
    assert contents(tmp_path / "results") == contents(plain)
    batches = read_table(tmp_path / "results" / "batches.tsv")
    assert [int(row["n_seq"]) for row in batches] == [5, 5, 5, 5, 3]
    assert [row["status"] for row in read_table(tmp_path / "results" / "ledger.tsv")] == ["ok"] * N_GENES


def test_only_what_depends_on_a_change_runs_again(run, genes, tmp_path):
    results = tmp_path / "results"

    def start(n, *options):
        file = tmp_path / "genes.fa"
        if not file.exists() or file.read_text().count(">") != n:
            file.write_text("".join(genes[:n]))
        sheet = write_samples(tmp_path / "s.csv", [("a", "genes.fa", 1, "", "")])
        run("-resume", *CODONS, "--input", sheet, "--codon_batch_size", 10, *options)
        return tasks_of(results, "COMPLETED")

    start(20)
    last = {("PLOT_CODON_USAGE", "-"), ("WRITE_RESULTS", "-"), ("WRITE_CODONS_REPORT", "-")}
    assert start(20) == set()
    assert start(20, "--codon_cai_reference", "ribosomal") == {("COMPUTE_INDICES", "a"), *last}
    # three genes more: the batches before are not counted again
    again = start(23, "--codon_cai_reference", "ribosomal")
    counted = {
        ("PREPARE_GENES", "a"),
        ("COUNT_CODONS", "a.batch-000002"),
        ("MERGE_COUNTS", "a"),
        ("COMPUTE_INDICES", "a"),
    }
    assert again == counted | last
    # another length of the report's list: counts, indices and pictures stay
    assert start(23, "--codon_cai_reference", "ribosomal", "--codon_top", 5) == last - {("PLOT_CODON_USAGE", "-")}


def test_a_run_killed_between_two_batches_goes_on(run, root, genes, plain, tmp_path):
    (tmp_path / "genes.fa").write_text("".join(genes))
    sheet = write_samples(tmp_path / "s.csv", [("a", "genes.fa", 1, "", "self")])
    config = tmp_path / "slow.config"
    config.write_text("process { withName: 'COUNT_CODONS' { maxForks = 1 ; beforeScript = 'sleep 2' } }\n")
    options = ["-c", str(config), *CODONS, "--input", str(sheet), "--codon_batch_size", "6"]
    command = [str(root / "tools" / "nextflow"), "run", str(root / "main.nf"), "-ansi-log", "false", *options]
    with (tmp_path / "out").open("w") as out:
        head = subprocess.Popen(command, cwd=tmp_path, stdout=out, stderr=out, start_new_session=True)
        while head.poll() is None and (tmp_path / "out").read_text().count("COUNT_CODONS") < 3:
            time.sleep(0.2)
        os.killpg(head.pid, signal.SIGKILL)
        head.wait()
    assert not (tmp_path / "results" / "ledger.tsv").exists()
    run("-resume", *options)
    assert tasks(tmp_path / "results", "CACHED")["COUNT_CODONS"] >= 1
    assert contents(tmp_path / "results") == contents(plain)


def test_a_lost_batch_is_named_and_the_others_are_counted(run, genes, tmp_path):
    (tmp_path / "genes.fa").write_text("".join(genes))
    sheet = write_samples(tmp_path / "s.csv", [("a", "genes.fa", 1, "", "self"), ("b", "genes.fa", 1, "", "")])
    config = tmp_path / "kill.config"
    kill = "grep -q a.batch-000001 .command.sh && kill -9 $$ || true"
    killed = f"withName: 'COUNT_CODONS' {{ beforeScript = '''{kill}''' }}"
    undrawn = "withName: 'PLOT_CODON_USAGE' { beforeScript = 'exit 1' }"
    config.write_text(f"process {{\n{killed}\n{undrawn}\n}}\n")
    done = run("-c", config, *CODONS, "--input", sheet, "--codon_batch_size", 10)
    lost = [row for row in trace(tmp_path / "results") if row["tag"] == "a.batch-000001"]
    ledger = read_table(tmp_path / "results" / "ledger.tsv")
    assert [(row["exit"], row["attempt"]) for row in lost] == [("137", "1"), ("137", "2"), ("137", "3")]
    statuses = [(row["sample"], row["status"], row["step"]) for row in ledger]
    assert statuses[:10] == [("a", "ok", "COUNT_CODONS")] * 10
    assert statuses[10:20] == [("a", "failed", "COUNT_CODONS")] * 10
    assert len(ledger) == 2 * N_GENES
    assert "10 failed" in done.stdout
    summary = json.loads((tmp_path / "results" / "summary.json").read_text())["samples"]
    assert [sample["complete"] for sample in summary] == [False, True]
    # without the pictures, whose task is lost, there is a report of all the rest
    page = run_inside(tmp_path / "results" / "report.html")
    assert Counter(page["rows"]["status"]) == Counter(row["status"] for row in ledger)
    assert "svg" not in {section["kind"] for section in page["sections"]}


def test_bad_input_has_its_rows_and_stops_nothing(run, genes, tmp_path):
    (tmp_path / "good $x.fa").write_text("".join(genes[:2]))
    (tmp_path / "notes.txt").write_text("nothing")
    rows = [
        ("a", "good $x.fa", "11", "", ""), ("a", "gone.fa", "", "", ""), ("a", "notes.txt", "", "", ""),
        ("b", "good $x.fa", "99", "", ""), ("c", "good*.fa", "x", "", ""), ("d", "", "", "", ""),
    ]  # fmt: skip
    done = run(*CODONS, "--input", write_samples(tmp_path / "s.csv", rows), "--strict", succeed=False)
    assert "5 inputs have no answer, which --strict does not allow" in done.stdout + done.stderr
    ledger = read_table(tmp_path / "results" / "ledger.tsv")
    assert [(row["sample"], row["status"], row["codes"]) for row in ledger] == [
        ("a", "ok", "-"), ("a", "ok", "-"), ("a", "rejected", "C001"), ("a", "rejected", "C001"),
        ("b", "rejected", "C012"), ("c", "rejected", "C001"), ("d", "rejected", "C001"),
    ]  # fmt: skip
    reasons = [row["reason"] for row in ledger[2:]]
    assert reasons[0] == "there is no file gone.fa"
    assert reasons[2].startswith("there is no genetic code 99; the numbers are 1, 2, 3")
    assert reasons[3:] == ["the genetic code 'x' is no number", "no file is given"]
    assert len(read_table(tmp_path / "results" / "per_sequence.tsv")) == 2
    assert {row["genetic_code"] for row in read_table(tmp_path / "results" / "codon_usage.tsv")} == {"11"}


def test_stubs_and_frames_and_own_codes(run, genes, tmp_path):
    (tmp_path / "genes.fa").write_text("".join(genes[:3]))
    run("-stub", *CODONS, "--input", "genes.fa", "--outdir", "stub")
    assert {"PREPARE_GENES", "WRITE_CODONS_REPORT"} <= tasks(tmp_path / "stub").keys()
    own = [
        "TGA W" if codon == "TGA" else f"{codon} *" if codon in ("TAA", "TAG") else f"{codon} A" for codon in CODON_LIST
    ]
    (tmp_path / "own.txt").write_text("\n".join(own))
    options = ("--codon_mode", "frame", "--codon_frame", 1, "--codon_own_code", "own.txt", "--codon_genetic_code", 0)
    run(*CODONS, "--input", "genes.fa", *options, "--report", "false")
    assert "WRITE_CODONS_REPORT" not in tasks(tmp_path / "results")
    usage = read_table(tmp_path / "results" / "codon_usage.tsv")
    assert {(row["sample"], row["mode"], row["frame"], row["genetic_code"]) for row in usage} == {
        ("genes", "frame", "1", "0")
    }
    assert {row["aa"] for row in usage} == {"A", "W", "*"}
    # a mistake in the reference ends the run with one sentence
    done = run(*CODONS, "--input", "genes.fa", "--codon_cai_reference", "nobody", succeed=False)
    assert "no file or reference set 'nobody'; the built-in ones are b_subtilis_1423" in done.stdout + done.stderr


CODON_LIST = [one + two + three for one in "TCAG" for two in "TCAG" for three in "TCAG"]
