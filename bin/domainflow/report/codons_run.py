"""The page of a run of the workflow codons: what became of every gene, indices and usage of groups, pictures."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from domainflow.codons.codes import SENTENCES
from domainflow.codons.ledger import read_gene_rows
from domainflow.report.codon_pictures import picture_sections
from domainflow.report.codon_tables import (
    comparison_table,
    frequent_tables,
    index_table,
    medians,
    read_usage,
    rscu_tables,
    sample_table,
    table,
)
from domainflow.report.gene_rows import GeneRows, gene_columns, read_rows, rows_note
from domainflow.report.run_facts import SHOWN_LETTERS, frame

__all__ = ["codons_run"]

STATUSES = (
    ("ok", "good", "the gene was counted; its codes, if any, are remarks"),
    ("no_gene", "nothing", "the file holds no gene"),
    ("rejected", "rejected", "the gene or file cannot be used; the reason says why"),
    ("failed", "failed", "a step failed; the reason says which and why"),
)
FILES = {
    "ledger.tsv": "what became of every gene and file",
    "codon_usage.tsv": "counts, frequencies and RSCU of each sample",
    "amino_acid_usage.tsv": "amino acids of each sample",
    "per_sequence.tsv": "composition and indices of each gene",
    "per_sequence.parquet": "the same, with the 64 counts of each gene",
    "group_usage.tsv": "codon usage of groups",
    "comparison.tsv": "how groups differ, by amino acid",
    "batches.tsv": "batches, with checksums of their counts",
    "summary.json": "totals, composition and preferred codons of each sample",
    "translated.faa": "proteins",
    "exports": "codon usage for other programs",
    "plots": "pictures as PNG and SVG, and the table behind each",
}
INFO = {
    "pipeline_info/provenance.json": "versions, parameters, checksums",
    "pipeline_info/execution_report.html": "CPU, memory and time of each step",
}
FRAMES = "Samples with mode=frame are statistics of triplets of any DNA, not codon usage of genes."
MOST_FILES = 100
"""Files of the input whose checksums are shown."""


def codons_run(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of the page, from the results in a folder and the run's provenance.

    Genes are read one by one or one column at a time, so that a million of them fits any machine.
    """
    samples = json.loads((folder / "summary.json").read_text())["samples"]
    rows = read_rows(read_gene_rows(folder / "ledger.tsv"))
    page = frame("codons", ("gene or file", "genes and files"), record)
    page["statuses"] = [
        {"name": name, "kind": kind, "words": words, "number": rows.statuses[name]} for name, kind, words in STATUSES
    ]
    page["rows"], page["columns"] = gene_columns(rows.kept)
    page["rows_note"] = rows_note(rows)
    page["sections"] = list(_sections(folder, record, samples, rows))
    page["files"] = [{"path": name, "what": what} for name, what in FILES.items() if (folder / name).exists()]
    page["files"] += [{"path": name, "what": what} for name, what in INFO.items()]
    page["headline"] = f"{sum(sample.get('codons', 0) for sample in samples):,} codons"
    return page


def _sections(
    folder: Path, record: Mapping[str, Any], samples: Sequence[Mapping[str, Any]], rows: GeneRows
) -> Iterator[dict[str, Any]]:
    """Yield the sections: codes and indices above the ledger, the others below it."""
    labels = _labels(samples)
    if any(sample.get("mode") == "frame" for sample in samples):
        yield {"title": "No genes", "note": None, "place": "top", "kind": "text", "data": [FRAMES]}
    if rows.codes:
        counted = [[code.name, said, rows.codes[code.name or ""]] for code, said in SENTENCES.items()]
        columns = [("code", None), ("meaning", None), ("rows", 0)]
        yield table("Codes", "rows with each", columns, [row for row in counted if row[2]], "top")
    genes, label_of = (
        folder / "per_sequence.parquet",
        {s["sample"]: name for name, many in labels.items() for s in many},
    )
    yield index_table(labels, medians(genes, label_of) if genes.exists() else None)
    pictures = list(picture_sections(folder / "plots"))
    yield from (picture for picture in pictures if not picture["wide"])
    usage, given = read_usage(folder, list(labels)), record["parameters"]
    yield from rscu_tables(usage, len(labels))
    yield from frequent_tables(usage, int(given["codon_top"]), int(given["codon_min_count"]))
    yield from (picture for picture in pictures if picture["wide"])
    if (differences := comparison_table(folder / "comparison.tsv")) is not None:
        yield differences
    yield sample_table(samples, record.get("indices", {}))
    if files := [
        [sample, name, f"{checksum[:SHOWN_LETTERS]}…"]
        for sample, named in record.get("inputs", {}).items()
        for name, checksum in (named or {}).items()
    ]:
        note = f"the first {MOST_FILES} of {len(files):,}" if len(files) > MOST_FILES else None
        columns = [("sample", None), ("file", None), ("SHA-256", None)]
        yield table("Files of the input", note, columns, files[:MOST_FILES], "bottom")


def _labels(samples: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the counted samples by group, in the order of the input; one without a group is a group of its own."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for sample in samples:
        if "counted" in sample:
            name = sample["group"] or sample["sample"]
            found.setdefault(f"{name} (frame)" if sample["mode"] == "frame" else name, []).append(sample)
    return found
