"""Write the domains of a run for other tools: JSON lines, GFF3, the tables of TED and of Merizo, MultiQC's section."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from domainflow.domains.results import STATUSES, DomainRow
from domainflow.report.payload import NONE, domain_values
from domainflow.report.tool_files import GFF3_HEADER, gff3_lines
from domainflow.run.ledger import NOTHING, LedgerRow
from domainflow.structures.ranges import parse_range, runs

__all__ = ["MOST_GENERAL", "general_statistics", "multiqc", "write_tool_tables"]

MOST_GENERAL = 500
"""Largest number of proteins with rows in MultiQC's general statistics; of more, only the bars are written."""
TED_COLUMNS = (
    "ted_id", "chopping", "nres_domain", "num_segments", "plddt", "num_helix_strand", "num_helix", "num_strand",
    "ecod_label", "probability", "label",
)  # fmt: skip
"""Columns that TED's tables have, with ECOD's T-group in the place of CATH's label, and ours."""
CHOPPING_COLUMNS = ("chain_id", "nres", "nres_dom", "nres_non_dom", "ndom", "chopping")


def write_tool_tables(folder: Path, ledger: Sequence[LedgerRow], domains: Sequence[DomainRow]) -> None:
    """Write domains.jsonl, domains.gff3, ted_like.tsv, chopping.tsv and the sections in multiqc/."""
    rows_of: dict[str, list[DomainRow]] = {}
    for row in domains:
        rows_of.setdefault(row.protein, []).append(row)
    lengths = {row.protein: int(row.length) for row in ledger if row.length != NOTHING}
    found = {name: rows for name, rows in rows_of.items() if name in lengths}
    (folder / "domains.jsonl").write_text("".join(json_lines(domains)))
    (folder / "domains.gff3").write_text(
        GFF3_HEADER + "".join(gff3_lines(name, lengths[name], rows) for name, rows in found.items())
    )
    _write(folder / "ted_like.tsv", TED_COLUMNS, (_ted_row(row, place) for row, place in _numbered(domains)))
    chopped = (_chopping_row(row.protein, lengths[row.protein], rows_of.get(row.protein, [])) for row in _with(ledger))
    _write(folder / "chopping.tsv", CHOPPING_COLUMNS, chopped)
    (folder / "multiqc").mkdir(exist_ok=True)
    sections = {"domainflow": multiqc(ledger, rows_of), "domainflow_proteins": general_statistics(ledger, rows_of)}
    for name, content in sections.items():
        if content is not None:
            (folder / "multiqc" / f"{name}_mqc.json").write_text(json.dumps(content, indent=1) + "\n")


def json_lines(domains: Iterable[DomainRow]) -> Iterator[str]:
    """Yield one JSON object a domain, in the order of domains.tsv; null where a value is unknown."""
    for row in domains:
        values = {"protein": row.protein, **domain_values(row), "chain": None if row.chain == NONE else row.chain}
        yield json.dumps(values, ensure_ascii=False) + "\n"


def multiqc(ledger: Sequence[LedgerRow], rows_of: Mapping[str, Sequence[DomainRow]]) -> dict[str, Any]:
    """Return MultiQC's custom content: bars of statuses and of labels."""
    statuses = Counter(row.status for row in ledger)
    labels = Counter(row.label for rows in rows_of.values() for row in rows)
    return {
        "id": "domainflow",
        "section_name": "domainflow",
        "description": "Domains of protein structures, classified in ECOD.",
        "plot_type": "bargraph",
        "pconfig": {"id": "domainflow_outcome", "title": "domainflow: proteins and domains", "ylab": "Number"},
        "data": {
            "Proteins": {status: statuses[status] for status in STATUSES},
            "Domains": dict(sorted(labels.items())),
        },
    }


def general_statistics(
    ledger: Sequence[LedgerRow], rows_of: Mapping[str, Sequence[DomainRow]]
) -> dict[str, Any] | None:
    """Return MultiQC's general statistics, one row a protein; None for more than `MOST_GENERAL`."""
    if len(ledger) > MOST_GENERAL:
        return None
    data = {}
    for row in ledger:
        found = rows_of.get(row.protein, [])
        assigned = sum(domain.assignment != "miss" for domain in found)
        data[row.protein] = {"status": row.status, "domains": len(found), "assigned": assigned}
    headers = [
        {"status": {"title": "Status", "description": "Outcome of the protein"}},
        {"domains": {"title": "Domains", "format": "{:d}"}},
        {"assigned": {"title": "Assigned", "description": "Domains with a T-group", "format": "{:d}"}},
    ]
    return {"id": "domainflow_proteins", "plot_type": "generalstats", "pconfig": headers, "data": data}


def _ted_row(row: DomainRow, place: int) -> tuple[object, ...]:
    segments = runs(np.sort(parse_range(row.range)))
    chopping = "_".join(f"{first}-{last}" for first, last in segments)
    return (
        f"{row.protein}_TED{place:02d}", chopping, row.length, len(segments), row.plddt,
        int(row.helices) + int(row.strands), row.helices, row.strands, row.t_group, row.probability, row.label,
    )  # fmt: skip


def _chopping_row(protein: str, length: int, rows: Sequence[DomainRow]) -> tuple[object, ...]:
    """Return Merizo's and Chainsaw's columns: segments joined by ``_``, domains by ``,``."""
    texts = ["_".join(f"{a}-{b}" for a, b in runs(np.sort(parse_range(row.range)))) for row in rows]
    inside = len(np.unique(np.concatenate([np.empty(0, int), *(parse_range(row.range) for row in rows)])))
    return protein, length, inside, length - inside, len(rows), ",".join(texts) or NONE


def _numbered(domains: Iterable[DomainRow]) -> Iterator[tuple[DomainRow, int]]:
    places: Counter[str] = Counter()
    for row in domains:
        places[row.protein] += 1
        yield row, places[row.protein]


def _with(ledger: Iterable[LedgerRow]) -> Iterator[LedgerRow]:
    """Yield the proteins with an answer."""
    yield from (row for row in ledger if row.status in ("ok", "no_domain"))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in (columns, *rows)))
