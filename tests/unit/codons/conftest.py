"""Genes counted in one call, and the real data that some tests need."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pytest

from domainflow.codons.compute_indices import Method, gene_tables
from domainflow.codons.count_codons import count_batch, write_counts
from domainflow.codons.genetic_codes import known_codes
from domainflow.codons.ledger import COLUMNS
from domainflow.codons.merge_counts import Merged, merge_counts
from domainflow.codons.prepare_genes import GeneFile, prepare_genes
from domainflow.codons.settings import CountSettings, IndexSettings, PrepareSettings

CODES = known_codes()


class Counted(NamedTuple):
    """What a set of files gives."""

    merged: Merged
    rows: list[dict[str, str]]
    proteins: dict[str, str]
    paths: list[Path]

    @property
    def counts(self) -> np.ndarray:
        return self.merged.totals.counts

    def genes(self, method: Method | None = None) -> list[dict[str, Any]]:
        """Rows of the table of genes."""
        chosen = method or Method(IndexSettings(mode=self.merged.mode), CODES, None, None, None)
        return pa.concat_tables(gene_tables(self.paths, self.merged, chosen)).to_pylist()


Count = Callable[..., Counted]


@pytest.fixture
def count(tmp_path: Path) -> Count:
    """Prepare and count files; texts are written to files first."""
    calls = 0

    def counted(
        *sources: Path | str | bytes,
        code: int = 1,
        genome: Path | None = None,
        prepare: Mapping[str, Any] | None = None,
        codes: Mapping[int, Any] = CODES,
        **settings: Any,
    ) -> Counted:
        nonlocal calls
        calls += 1
        folder = tmp_path / f"counted{calls}"
        folder.mkdir()
        files = [GeneFile(path.name, path, genome, code, None) for path in written(folder, sources)]
        chosen = CountSettings(translate=True)._replace(**settings)
        batches = prepare_genes(files, folder, "sample", PrepareSettings(**(prepare or {})), codes)
        lines: list[pa.Array] = []
        proteins: list[tuple[str, str]] = []
        totals, paths = {}, []
        for batch in batches:
            paths.append(folder / f"{batch.name}.counts.arrow")
            totals[batch.name] = write_counts(count_batch(batch.path, chosen, codes), paths[-1], lines, proteins)
        planned = [{"name": batch.name, "first": batch.first, "rows": batch.rows} for batch in batches]
        rows = [dict(zip(COLUMNS, line.split("\t"), strict=True)) for part in lines for line in part.to_pylist()]
        merged = merge_counts("sample", "", chosen.mode, planned, totals)
        return Counted(merged, rows, dict(proteins), paths)

    return counted


def written(folder: Path, sources: Sequence[Path | str | bytes]) -> list[Path]:
    """Return paths of sources; a text becomes a file."""
    paths = []
    for number, source in enumerate(sources):
        if isinstance(source, Path):
            paths.append(source)
            continue
        path = folder / f"text{number}.fa"
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        paths.append(path)
    return paths


@pytest.fixture(scope="session")
def fetched() -> Any:
    """The module that fetches the demo's data."""
    import fetch_codon_demo

    return fetch_codon_demo


@pytest.fixture(scope="session")
def biopython(fetched: Any) -> Path:
    """Biopython's test data, from its source package of a known checksum."""
    reason = fetched.fetch_biopython(fetched.CACHE)
    if reason:
        pytest.skip(reason)
    return fetched.CACHE / "biopython"


@pytest.fixture(scope="session")
def yeast(fetched: Any) -> Path:
    """111 genes of yeast chromosome III, from Debian's package codonw."""
    reason = fetched.fetch_yeast(fetched.CACHE)
    if reason:
        pytest.skip(reason)
    return fetched.CACHE / fetched.YEAST


@pytest.fixture(scope="session")
def codon_data(shared: Path) -> Path:
    """Genes of E. coli and ten chloroplasts beside the checkout."""
    return shared / "data" / "codon"
