"""The last step: one row per gene whatever happened to the tasks, and the same bytes whatever the batches were."""

import json

import pytest

from domainflow.codons.compute_indices import GENES_SCHEMA, gene_tables, method_of_sample
from domainflow.codons.count_codons import count_file
from domainflow.codons.ledger import COLUMNS, write_entries
from domainflow.codons.merge_counts import BATCH_COLUMNS, Merged, merge_counts
from domainflow.codons.prepare_genes import GeneFile, prepare_genes
from domainflow.codons.settings import CountSettings, IndexSettings, PrepareSettings
from domainflow.codons.tables import read_tsv, write_parquet
from domainflow.codons.totals import Totals
from domainflow.codons.write_results import find_parts, inputs_of, summary_text, write_all
from domainflow.run.errors import InconsistencyError
from unit.codons.conftest import CODES

GENES = "".join(f">g{number}\nATG{'GCTAAATTT' * (number + 3)}TAA\n" for number in range(7))


@pytest.fixture
def run(tmp_path):
    """Do the steps of samples in one folder, as their tasks would; return the results' folder and last lines."""

    def steps(texts, lose=(), batch_size=3, out="results", groups=None, **settings):
        folder = tmp_path / f"parts of {out}"
        folder.mkdir()
        chosen = IndexSettings(**settings)
        for sample, text in texts.items():
            (folder / f"{sample}.fa").write_text(text)
            if f"{sample} PREPARE_GENES" in lose:
                continue
            file = GeneFile(f"{sample}.fa", folder / f"{sample}.fa", None, 1, None)
            batches = prepare_genes([file], folder, sample, PrepareSettings(batch_size=batch_size), CODES)
            planned = [{"name": batch.name, "first": batch.first, "rows": batch.rows} for batch in batches]
            (folder / f"{sample}.batches.json").write_text(json.dumps(planned))
            (folder / f"{sample}.inputs.json").write_text(json.dumps({file.name: "checksum"}))
            write_entries(folder / f"{sample}.entries.arrow", batches)
            kept = [batch for batch in batches if batch.name not in lose]
            for batch in kept:
                count_file(batch.path, folder, CountSettings(translate=True), CODES)
            if f"{sample} MERGE_COUNTS" in lose:
                continue
            totals = {
                batch.name: Totals.from_json(json.loads((folder / f"{batch.name}.totals.json").read_text()))
                for batch in kept
            }
            merged = merge_counts(sample, (groups or {}).get(sample, ""), "cds", planned, totals)
            (folder / f"{sample}.merged.json").write_text(json.dumps(merged.to_json()))
            assert Merged.from_json(json.loads(json.dumps(merged.to_json()))).to_json() == merged.to_json()
            if f"{sample} COMPUTE_INDICES" in lose:
                continue
            paths = [folder / f"{batch.name}.counts.arrow" for batch in kept]
            method, notes = method_of_sample("self", (None, None, None), chosen, CODES, paths, merged.totals)
            write_parquet(folder / f"{sample}.genes.parquet", gene_tables(paths, merged, method), GENES_SCHEMA)
            (folder / f"{sample}.indices.json").write_text(json.dumps(notes))
        results = tmp_path / out
        results.mkdir()
        parts = find_parts(folder, [{"sample": sample, "files": [f"{sample}.fa"]} for sample in texts])
        outcome = write_all(folder, parts, results, chosen, CODES)
        assert set(inputs_of(folder, parts)["inputs"]) == set(texts)
        return results, summary_text(parts, outcome)

    return steps


def statuses(results):
    rows = read_tsv(results / "ledger.tsv")
    assert tuple(rows[0]) == COLUMNS
    return [(row["seq_id"], row["status"], row["step"]) for row in rows]


def test_all_is_well(run):
    results, text = run({"a": GENES, "b": GENES}, groups={"a": "x", "b": "y"})
    assert statuses(results) == [(f"g{number}", "ok", "COUNT_CODONS") for number in range(7)] * 2
    assert text.startswith("14 genes and files: 14 ok, 0 no_gene, 0 rejected, 0 failed\n")
    assert {path.name for path in results.iterdir()} == {
        "amino_acid_usage.parquet", "amino_acid_usage.tsv", "batches.tsv", "codon_batches.tsv", "codon_usage.parquet",
        "codon_usage.tsv", "comparison.tsv", "exports", "group_usage.tsv", "ledger.tsv", "per_sequence.parquet",
        "per_sequence.tsv", "summary.json", "translated.faa",
    }  # fmt: skip
    assert len(read_tsv(results / "codon_usage.tsv")) == 128
    assert (results / "translated.faa").read_text().count(">") == 14
    batches = read_tsv(results / "batches.tsv")
    assert tuple(batches[0]) == BATCH_COLUMNS
    assert sum(int(row["n_counted"]) for row in batches) == 14
    # both groups are the same
    assert {row["cramers_v"] for row in read_tsv(results / "comparison.tsv")} == set()


@pytest.mark.parametrize("batch_size", [1, 2, 7, 100])
def test_batches_change_no_byte(run, batch_size):
    (one, _), (other, _) = run({"a": GENES}), run({"a": GENES}, batch_size=batch_size, out="other")
    for path in one.rglob("*"):
        if path.is_file() and path.name not in ("batches.tsv", "codon_batches.tsv"):
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes(), path.name


def test_genes_of_a_lost_batch_are_named(run):
    rejected = GENES + ">g1\nATGTAA\n>p\nMKLVEF\n"
    results, text = run({"a": rejected}, lose=("a.batch-000001", "a.batch-000002"))
    expected = [("ok", "COUNT_CODONS")] * 3 + [("failed", "COUNT_CODONS")] * 4
    # the record with an id that occurs before was rejected before its batch was lost
    expected += [("rejected", "PREPARE_GENES"), ("failed", "COUNT_CODONS")]
    assert [row[1:] for row in statuses(results)] == expected
    assert text.startswith("9 genes and files: 3 ok, 0 no_gene, 1 rejected, 5 failed")
    assert "the task of COUNT_CODONS did not finish" in text
    (sample,) = json.loads((results / "summary.json").read_text())["samples"]
    assert sample["complete"] is False
    assert len(read_tsv(results / "per_sequence.tsv")) == 3
    assert [row["n_counted"] for row in read_tsv(results / "batches.tsv")] == ["3", "", ""]


@pytest.mark.parametrize(("step", "rows"), [("PREPARE_GENES", 1), ("MERGE_COUNTS", 7), ("COMPUTE_INDICES", 7)])
def test_a_sample_whose_task_is_lost_does_not_stop_the_others(run, step, rows):
    results, text = run({"a": GENES, "b": GENES}, lose=(f"a {step}",))
    found = statuses(results)
    assert [row[1:] for row in found[:rows]] == [("failed", step)] * rows
    assert [row[1] for row in found[rows:]] == ["ok"] * 7
    assert f"{rows} failed" in text
    assert {row["sample"] for row in read_tsv(results / "codon_usage.tsv")} == {"b"}


def test_everything_lost_is_written_down_as_well(run):
    results, text = run({"a": GENES}, lose=("a PREPARE_GENES",))
    assert statuses(results) == [("-", "failed", "PREPARE_GENES")]
    assert "failed: a.fa at PREPARE_GENES" in text
    assert read_tsv(results / "codon_usage.tsv") == []


def test_the_table_of_genes_can_be_left_out(run):
    results, _ = run({"a": GENES}, per_sequence=False)
    assert not (results / "per_sequence.tsv").exists()


def test_a_row_that_is_missing_is_an_error(run, monkeypatch):
    as_ever = count_file

    def fewer(batch, out, settings, codes):
        as_ever(batch, out, settings, codes)
        ledger = next(out.glob(f"{batch.name.removesuffix('.genes.arrow')}.count.ledger.tsv"))
        ledger.write_text("\n".join(ledger.read_text().splitlines()[:-1]) + "\n")

    monkeypatch.setitem(globals(), "count_file", fewer)
    with pytest.raises(InconsistencyError, match="has 2 rows instead of 3"):
        run({"a": GENES})
