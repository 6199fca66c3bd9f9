"""Write the domains of a run for other tools: JSON lines, GFF3, the tables of TED and of Merizo, MultiQC's section."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

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


class _Found(NamedTuple):
    """Numbers of one protein: its domains, those with a T-group, residues in domains; and its chopping."""

    domains: int
    assigned: int
    inside: int
    chopping: str


NOTHING_FOUND = _Found(0, 0, 0, NONE)


def write_tool_tables(folder: Path, ledger: Sequence[LedgerRow], domains: Iterable[DomainRow], hh_suite: bool) -> None:
    """Write domains.jsonl, domains.gff3, ted_like.tsv, chopping.tsv and the sections in multiqc/.

    Parameters
    ----------
    folder : Path
    ledger : sequence of LedgerRow
    domains : iterable of DomainRow
        The domains of each protein together; they are read once, one protein after another.
    hh_suite : bool
        Whether HH-suite was run. If not, the probability of sequence profiles is unknown, not zero.
    """
    lengths = {row.protein: int(row.length) for row in ledger if row.length != NOTHING}
    found: dict[str, _Found] = {}
    labels: Counter[str] = Counter()
    with ExitStack() as stack:
        lines, features, ted = (
            stack.enter_context((folder / name).open("w")) for name in ("domains.jsonl", "domains.gff3", "ted_like.tsv")
        )
        features.write(GFF3_HEADER)
        ted.write(_line(TED_COLUMNS))
        for protein, group in groupby(domains, key=lambda row: row.protein):
            rows = list(group)
            found[protein] = _found(rows)
            labels.update(row.label for row in rows)
            lines.writelines(json_line(row, hh_suite) for row in rows)
            ted.writelines(_line(_ted_row(row, place)) for place, row in enumerate(rows, start=1))
            if protein in lengths:
                features.write(gff3_lines(protein, lengths[protein], rows))
    with (folder / "chopping.tsv").open("w") as chopped:
        chopped.write(_line(CHOPPING_COLUMNS))
        for row in ledger:
            if row.status in ("ok", "no_domain"):
                chopped.write(_line(_chopping_row(row.protein, lengths[row.protein], found.get(row.protein))))
    (folder / "multiqc").mkdir(exist_ok=True)
    counts = {name: (one.domains, one.assigned) for name, one in found.items()}
    sections = {"domainflow": multiqc(ledger, labels), "domainflow_proteins": general_statistics(ledger, counts)}
    for name, content in sections.items():
        if content is not None:
            (folder / "multiqc" / f"{name}_mqc.json").write_text(json.dumps(content, indent=1) + "\n")


def json_line(row: DomainRow, hh_suite: bool) -> str:
    """Return the JSON object of a domain; null where a value is unknown."""
    values = {"protein": row.protein, **domain_values(row), "chain": None if row.chain == NONE else row.chain}
    if not hh_suite:
        values["hh_probability"] = None
    return json.dumps(values, ensure_ascii=False) + "\n"


def multiqc(ledger: Sequence[LedgerRow], labels: Mapping[str, int]) -> dict[str, Any]:
    """Return MultiQC's custom content: bars of statuses and of labels."""
    statuses = Counter(row.status for row in ledger)
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


def general_statistics(ledger: Sequence[LedgerRow], counts: Mapping[str, tuple[int, int]]) -> dict[str, Any] | None:
    """Return MultiQC's general statistics, one row a protein; None for more than `MOST_GENERAL`.

    Parameters
    ----------
    ledger : sequence of LedgerRow
    counts : mapping of protein to (int, int)
        Its domains, and those of them with a T-group.
    """
    if len(ledger) > MOST_GENERAL:
        return None
    data = {}
    for row in ledger:
        domains, assigned = counts.get(row.protein, (0, 0))
        data[row.protein] = {"status": row.status, "domains": domains, "assigned": assigned}
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


def _found(rows: Sequence[DomainRow]) -> _Found:
    """Return the numbers of a protein; segments are joined by ``_``, domains by ``,``."""
    residues = [np.sort(parse_range(row.range)) for row in rows]
    texts = ["_".join(f"{a}-{b}" for a, b in runs(one)) for one in residues]
    assigned = sum(row.assignment != "miss" for row in rows)
    return _Found(len(rows), assigned, len(np.unique(np.concatenate(residues))), ",".join(texts))


def _chopping_row(protein: str, length: int, found: _Found | None) -> tuple[object, ...]:
    """Return Merizo's and Chainsaw's columns."""
    domains, _, inside, chopping = found or NOTHING_FOUND
    return protein, length, inside, length - inside, domains, chopping


def _line(cells: Iterable[object]) -> str:
    return "\t".join(map(str, cells)) + "\n"
