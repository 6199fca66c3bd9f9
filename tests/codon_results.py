"""Made-up results of a codons run, as WRITE_RESULTS and PLOT_CODON_USAGE leave them: tables, ledger, pictures."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from domainflow.codons.comparison import compare_groups
from domainflow.codons.genetic_codes import known_codes
from domainflow.codons.ledger import COLUMNS, GeneRow
from domainflow.codons.plots.figure_files import write_figure
from domainflow.codons.plots.gene_figures import enc_plot
from domainflow.codons.plots.usage_figures import heat_map, rscu_bars
from domainflow.codons.settings import IndexSettings
from domainflow.codons.tables import write_tsv
from domainflow.codons.usage import codon_usage, usage_conventions, usage_table

__all__ = ["GENES", "RECORD", "gene_row", "make_results"]

CODE = known_codes()[11]
GENES = 9
"""Genes of each sample in the table of genes."""
SAMPLES = (("one", "left", "cds"), ("two", "left", "cds"), ("three", "right", "cds"), ("whole", "", "frame"))
"""Name, group and mode."""
RECORD = {
    "parameters": {"codon_top": "5", "codon_min_count": "2", "codon_families": "aa", "search_engine": "native"},
    "versions": {"numpy": "2.4"},
    "files": {},
    "inputs": {"one": {"one.fa": "0123456789abcdef0123"}, "two": None},
    "indices": {"one": {"reference": "self"}, "two": None},
}


def gene_row(number: int, **values: str) -> GeneRow:
    """Return the row of a counted gene, with some values changed."""
    row = GeneRow(f"g{number}", "ok", "COUNT_CODONS", "-", "300", "100", "-", "one", "one.fa", str(number))
    return row._replace(**values)


def make_results(folder: Path, rows: Sequence[GeneRow], seed: int = 1) -> Path:
    """Write the results into a folder and return it."""
    rng = np.random.default_rng(seed)
    (folder / "plots").mkdir(parents=True)
    lines = ["\t".join(row) for row in (GeneRow(*COLUMNS), *rows)]
    (folder / "ledger.tsv").write_text("".join(f"{line}\n" for line in lines))
    counts = {name: rng.integers(1, 500, 64) for name, _, _ in SAMPLES}
    _write_summary(folder / "summary.json", counts)
    _write_usage(folder, counts)
    _write_genes(folder / "per_sequence.parquet", rng)
    genes = pq.read_table(folder / "per_sequence.parquet")
    points = pa.table({"seq_id": genes["seq_id"], "label": genes["group"], "gc3s": genes["gc3s"], "enc": genes["enc"]})
    rscu = {name: codon_usage(values, CODE, IndexSettings()).rscu for name, values in counts.items()}
    write_figure(folder / "plots", "enc_gc3s", *enc_plot(points))
    write_figure(folder / "plots", "rscu_heat_map.code_11", *heat_map(rscu, CODE))
    write_figure(folder / "plots", "rscu.left.code_11", *rscu_bars("left", rscu["one"], CODE))
    return folder


def _write_summary(path: Path, counts: dict[str, np.ndarray]) -> None:
    samples: list[dict[str, Any]] = [{"sample": "lost", "complete": False}]
    for name, group, mode in SAMPLES:
        code = {"genetic_code": 11, "gc": 0.5, "gc3s": 0.25}
        numbers = {"rows": GENES, "counted": GENES, "rejected": 0, "codons": int(counts[name].sum()), "ambiguous": 0}
        sample = {"sample": name, "group": group, "mode": mode, "complete": True, "genetic_codes": [code]}
        samples.append(sample | numbers)
    path.write_text(json.dumps({"samples": samples}))


def _write_usage(folder: Path, counts: dict[str, np.ndarray]) -> None:
    """Write ``codon_usage.tsv``, ``group_usage.tsv`` and ``comparison.tsv``."""
    settings, said = IndexSettings(), usage_conventions(IndexSettings())
    groups = {"left": counts["one"] + counts["two"], "right": counts["three"]}
    tables = [
        usage_table(
            codon_usage(counts[name], CODE, settings), CODE,
            {"sample": name, "group": group, "genetic_code": 11, "mode": mode}, said,
        )
        for name, group, mode in SAMPLES
    ]  # fmt: skip
    write_tsv(folder / "codon_usage.tsv", pa.concat_tables(tables))
    of_groups = [
        usage_table(codon_usage(values, CODE, settings), CODE, {"group": name, "genetic_code": 11, "mode": "cds"}, said)
        for name, values in groups.items()
    ]
    write_tsv(folder / "group_usage.tsv", pa.concat_tables(of_groups))
    numbered = {(name, 11): values for name, values in groups.items()}
    write_tsv(folder / "comparison.tsv", compare_groups(numbered, known_codes(), "aa"))


def _write_genes(path: Path, rng: np.random.Generator) -> None:
    """Write indices of genes; every third gene has no ENC, and no gene has tAI."""
    n = len(SAMPLES) * GENES
    without = np.arange(n) % 3 == 0
    columns = {
        "sample": [name for name, _, _ in SAMPLES for _ in range(GENES)],
        "group": [group for _, group, _ in SAMPLES for _ in range(GENES)],
        "seq_id": [f"g{number}" for number in range(n)],
        "enc": pa.array(rng.uniform(30, 61, n), mask=without),
        "tai": pa.nulls(n, pa.float64()),
        **{name: rng.random(n) for name in ("cai", "gc3s", "gc", "fop")},
    }
    pq.write_table(pa.table(columns), path)
