"""Gather what the steps wrote into the results of a run: tables, exports, ledger, proteins, cost of each batch."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from domainflow.codons.comparison import compare_groups
from domainflow.codons.compute_indices import GENES_SCHEMA
from domainflow.codons.exports import exported
from domainflow.codons.final_ledger import MOST_LISTED, Outcomes, SampleParts, write_final_ledger
from domainflow.codons.genetic_codes import CODONS, GeneticCode
from domainflow.codons.merge_counts import BATCH_COLUMNS, CountedBatch, Merged
from domainflow.codons.settings import IndexSettings
from domainflow.codons.tables import in_groups, tsv_bytes, write_header, write_tsv
from domainflow.codons.totals import Totals
from domainflow.codons.usage import (
    amino_acid_table,
    codon_usage,
    composition,
    usage_conventions,
    usage_table,
)
from domainflow.run.errors import InconsistencyError

__all__ = ["find_parts", "inputs_of", "summary_text", "usage_of_sample", "write_all"]

STATUSES = ("ok", "no_gene", "rejected", "failed")


def find_parts(folder: Path, samples: Sequence[Mapping[str, Any]]) -> list[SampleParts]:
    """Return the parts of each sample that are in the folder of the steps' files.

    Parameters
    ----------
    folder : Path
    samples : sequence of mapping
        ``sample`` and ``files`` (names), in the order of the run's input.
    """
    found = []
    for given in samples:
        name = given["sample"]
        planned, merged = folder / f"{name}.batches.json", folder / f"{name}.merged.json"
        genes = folder / f"{name}.genes.parquet"
        found.append(
            SampleParts(
                name,
                list(given["files"]),
                json.loads(planned.read_text()) if planned.exists() else None,
                Merged.from_json(json.loads(merged.read_text())) if merged.exists() else None,
                genes if genes.exists() else None,
            )
        )
    return found


def usage_of_sample(
    merged: Merged, settings: IndexSettings, codes: Mapping[int, GeneticCode]
) -> tuple[pa.Table, pa.Table]:
    """Return a sample's rows of ``codon_usage.tsv`` and ``amino_acid_usage.tsv``, those of each genetic code."""
    totals, own = merged.totals, settings._replace(mode=merged.mode)
    return _usage({(merged.sample, merged.group): totals.by_code}, totals.ambiguous_by_code, own, codes)


def write_all(
    folder: Path,
    parts: Sequence[SampleParts],
    out: Path,
    settings: IndexSettings,
    codes: Mapping[int, GeneticCode],
) -> Outcomes:
    """Write every result; return what became of the genes.

    Raises
    ------
    InconsistencyError
        If a row of the ledger is missing, or a counted gene has no indices.
    """
    done = [part for part in parts if part.lost_at is None]
    merged = [part.merged for part in done if part.merged is not None]
    _write_usage(out, merged, settings, codes)
    if settings.per_sequence:
        _write_genes(out, done)
    groups = _by_group(merged)
    if groups:
        _write_groups(out, groups, settings, codes)
    _write_batches(out / "batches.tsv", parts)
    _write_cost(folder, out / "codon_batches.tsv")
    _write_proteins(folder, out / "translated.faa", parts)
    outcome = write_final_ledger(out / "ledger.tsv", folder, parts)
    _write_summary(out / "summary.json", parts, codes)
    return outcome


def inputs_of(folder: Path, parts: Sequence[SampleParts]) -> dict[str, Any]:
    """Return, for provenance.json, checksums of the samples' files and what their CAI refers to."""
    read = [
        (part.sample, json.loads(path.read_text()) if path.exists() else None, kind)
        for kind in ("inputs", "indices")
        for part in parts
        for path in [folder / f"{part.sample}.{kind}.json"]
    ]
    return {kind: {sample: value for sample, value, of in read if of == kind} for kind in ("inputs", "indices")}


def summary_text(parts: Sequence[SampleParts], outcome: Outcomes) -> str:
    """Return the last lines of a run."""
    totals = Totals.empty()
    for part in parts:
        if part.merged is not None and part.lost_at is None:
            totals = totals.plus(part.merged.totals)
    flags = ", ".join(f"{n} {name}" for name, n in totals.codes.items())
    numbers = ", ".join(f"{outcome.statuses[status]} {status}" for status in STATUSES)
    lines = [
        f"{outcome.statuses.total()} genes and files: {numbers}",
        f"{int(totals.counts.sum())} codons" + (f"; codes: {flags}" if flags else ""),
    ]
    for row in outcome.unanswered[:MOST_LISTED]:
        lines.append(f"{row.status}: {row.seq_id if row.seq_id != '-' else row.file} at {row.step}: {row.reason}")
    if len(outcome.unanswered) > MOST_LISTED:
        lines.append("… and more in ledger.tsv")
    return "\n".join(lines) + "\n"


def _usage(
    labels: Mapping[tuple[str, str], Mapping[int, NDArray[np.int64]]],
    ambiguous: Mapping[int, int],
    settings: IndexSettings,
    codes: Mapping[int, GeneticCode],
) -> tuple[pa.Table, pa.Table]:
    usages, amino_acids = [], []
    for (sample, group), by_code in labels.items():
        for number, counts in by_code.items():
            key = {
                "sample": sample, "group": group, "genetic_code": number, "mode": settings.mode,
                "frame": settings.frame if settings.mode == "frame" else 0,
            }  # fmt: skip
            others = ambiguous.get(number, 0) if settings.count_ambiguous else None
            usage = codon_usage(counts, codes[number], settings, others or 0)
            usages.append(usage_table(usage, codes[number], key, usage_conventions(settings), others))
            amino_acids.append(amino_acid_table(counts, codes[number], key))
    if not usages:
        zero = np.zeros(len(CODONS), np.int64)
        empty = _usage({("", ""): {1: zero}}, {}, settings, codes)
        return empty[0].slice(0, 0), empty[1].slice(0, 0)
    return pa.concat_tables(usages), pa.concat_tables(amino_acids)


def _write_usage(
    out: Path, samples: Sequence[Merged], settings: IndexSettings, codes: Mapping[int, GeneticCode]
) -> None:
    """Write the usage tables of all samples, and the exports of each."""
    tables = [usage_of_sample(merged, settings, codes) for merged in samples]
    tables = tables or [_usage({}, {}, settings, codes)]
    for name, table in zip(
        ("codon_usage", "amino_acid_usage"), map(pa.concat_tables, zip(*tables, strict=True)), strict=True
    ):
        write_tsv(out / f"{name}.tsv", table)
        pq.write_table(table, out / f"{name}.parquet")
    (out / "exports").mkdir(exist_ok=True)
    for merged in samples:
        for number, counts in merged.totals.by_code.items():
            several = f".code_{number}" if len(merged.totals.by_code) > 1 else ""
            for ending, text in exported(codon_usage(counts, codes[number], settings), codes[number]):
                (out / "exports" / f"{merged.sample}{several}.{ending}").write_text(text)


def _by_group(samples: Sequence[Merged]) -> dict[tuple[str, int], NDArray[np.int64]]:
    """Return the counts of each group the user named, by its label and genetic code."""
    found: dict[tuple[str, int], NDArray[np.int64]] = {}
    for merged in samples:
        for number, counts in merged.totals.by_code.items() if merged.group else ():
            key = (merged.label, number)
            found[key] = found.get(key, np.zeros(len(CODONS), np.int64)) + counts
    return found


def _write_groups(
    out: Path,
    groups: Mapping[tuple[str, int], NDArray[np.int64]],
    settings: IndexSettings,
    codes: Mapping[int, GeneticCode],
) -> None:
    labels: dict[tuple[str, str], dict[int, NDArray[np.int64]]] = {}
    for (group, number), counts in groups.items():
        labels.setdefault(("", group), {})[number] = counts
    without = settings._replace(count_ambiguous=False)
    write_tsv(out / "group_usage.tsv", _usage(labels, {}, without, codes)[0].drop_columns(["sample"]))
    write_tsv(out / "comparison.tsv", compare_groups(groups, codes, settings.families))


def _write_genes(out: Path, done: Sequence[SampleParts]) -> None:
    """Write the genes of all samples as TSV and Parquet, in row groups of one size."""
    names = GENES_SCHEMA.names[:-1]
    schema = pa.schema([_plain(field) for field in GENES_SCHEMA])
    with (
        (out / "per_sequence.tsv").open("wb") as stream,
        pq.ParquetWriter(out / "per_sequence.parquet", schema, compression="zstd") as writer,
    ):
        write_header(stream, names)
        for table in in_groups(_genes(done, schema)):
            writer.write_table(table)
            stream.write(tsv_bytes(table.select(names)))


def _genes(done: Sequence[SampleParts], schema: pa.Schema) -> Iterator[pa.Table]:
    for part in done:
        assert part.genes is not None
        assert part.merged is not None
        n = 0
        with pq.ParquetFile(part.genes) as opened:
            for batch in opened.iter_batches():
                n += len(batch)
                yield pa.Table.from_batches([batch]).cast(schema)
        if n != part.merged.totals.counted:
            raise InconsistencyError(
                f"{part.merged.totals.counted} genes of {part.sample} were counted, {n} have indices"
            )


def _plain(field: pa.Field) -> pa.Field:
    """Return the field of a column without its dictionary."""
    return pa.field(field.name, field.type.value_type) if pa.types.is_dictionary(field.type) else field


def _write_batches(path: Path, parts: Sequence[SampleParts]) -> None:
    lines: list[tuple[str, ...]] = [BATCH_COLUMNS]
    for part in parts:
        planned = [CountedBatch(batch["name"], batch["first"], batch["rows"], None) for batch in part.planned or []]
        lines += [batch.row(part.sample) for batch in (planned if part.merged is None else part.merged.batches)]
    path.write_text("".join("\t".join(line) + "\n" for line in lines))


def _write_cost(folder: Path, path: Path) -> None:
    """Join what each batch cost: time and memory, which differ from run to run."""
    lines = [line for cost in sorted(folder.glob("*.cost.tsv")) for line in cost.read_text().splitlines()[1:]]
    path.write_text("\n".join(["batch\twall_s\tcpu_s\tpeak_rss_mib", *lines]) + "\n")


def _write_proteins(folder: Path, path: Path, parts: Sequence[SampleParts]) -> None:
    """Join the proteins of all batches, if they were wanted."""
    names = [batch["name"] for part in parts for batch in part.planned or []]
    found = [folder / f"{name}.faa" for name in names if (folder / f"{name}.faa").exists()]
    if found:
        with path.open("wb") as stream:
            for one in found:
                with one.open("rb") as source:
                    shutil.copyfileobj(source, stream)


def _write_summary(path: Path, parts: Sequence[SampleParts], codes: Mapping[int, GeneticCode]) -> None:
    """Write totals, composition and preferred codons of each sample."""
    samples = []
    for part in parts:
        if part.merged is None:
            samples.append({"sample": part.sample, "complete": False})
            continue
        t = part.merged.totals
        plain = {
            name: value
            for name, value in t.to_json().items()
            if name not in ("by_code", "ambiguous_by_code", "sha256_of_counts")
        }
        tables = [_code_summary(number, counts, codes[number]) for number, counts in t.by_code.items()]
        samples.append(
            {
                "sample": part.sample,
                "group": part.merged.group,
                "mode": part.merged.mode,
                "complete": part.lost_at is None and part.merged.lost_rows == 0,
                "codons": int(t.counts.sum()),
                **plain,
                "genetic_codes": tables,
            }
        )
    path.write_text(json.dumps({"samples": samples}, indent=1) + "\n")


def _code_summary(number: int, counts: NDArray[np.int64], code: GeneticCode) -> dict[str, Any]:
    usage = codon_usage(counts, code, IndexSettings())
    seen = counts > 0
    preferred = [CODONS[codon] for codon in range(len(CODONS)) if usage.rscu[codon] > 1]
    freq = usage.freq[~np.isnan(usage.freq)]
    return {
        "genetic_code": number,
        "name": code.name,
        "codons": int(counts.sum()),
        "codons_seen": int(seen.sum()),
        "freq_mean": float(freq.mean()) if len(freq) else None,
        "freq_max": float(freq.max()) if len(freq) else None,
        "freq_min": float(freq.min()) if len(freq) else None,
        **composition(counts, code),
        "preferred": preferred,
    }
