"""The page of a run of the workflow domains: its ledger, its domains by doubt, its T-groups."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from domainflow.domains.parameters import parameter_set
from domainflow.domains.results import DomainRow, read_rows
from domainflow.report.draw_protein import thresholds_of
from domainflow.report.payload import domain_values
from domainflow.report.run_facts import frame
from domainflow.report.words import note_in_words, short_reason
from domainflow.run.ledger import NOTHING, LedgerRow, read_ledger

__all__ = ["STATUSES", "domains_run", "ledger_columns"]

STATUSES = (
    ("ok", "good", "domains were found"),
    ("no_domain", "nothing", "the protein was parsed, and no domain was found"),
    ("rejected", "rejected", "the input cannot be used; the reason says why"),
    ("failed", "failed", "a step failed; the reason says which and why"),
)
"""Status, kind and meaning."""
FILES = {
    "domains.tsv": "domains, one a row",
    "ledger.tsv": "what became of every input",
    "dpam_domains.tsv": "DPAM's own summary",
    "domains.jsonl": "domains as JSON lines",
    "domains.gff3": "domains as GFF3",
    "ted_like.tsv": "domains in TED's columns",
    "chopping.tsv": "domains in the columns of Merizo and Chainsaw",
    "left_out.tsv": "templates that were left out",
}
INFO = {
    "pipeline_info/provenance.json": "versions, parameters, checksums",
    "pipeline_info/execution_report.html": "CPU, memory and time of each step",
}
NO_PROFILES = "HH-suite was not run, so there is no evidence from sequence profiles."


def domains_run(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of the page, from the results in a folder and the run's provenance."""
    ledger = read_ledger(folder / "ledger.tsv")
    page = frame("domains", ("protein", "proteins"), record)
    page["statuses"] = [dict(zip(("name", "kind", "words"), status, strict=True)) for status in STATUSES]
    page["thresholds"] = thresholds_of(parameter_set(record["parameters"]["parameters"]))
    found = _domain_columns(ledger, read_rows(folder / "domains.tsv"), page["thresholds"])
    page["domains"], page["t_groups"], plddt = found
    page["rows"] = ledger_columns(ledger) | {"plddt": [plddt.get(row.protein) for row in ledger]}
    page["files"] = [{"path": name, "what": what} for name, what in FILES.items() if (folder / name).exists()]
    page["files"] += [{"path": name, "what": what} for name, what in INFO.items()]
    page["headline"] = None if record.get("hhsuite") else NO_PROFILES
    return page


def ledger_columns(ledger: Sequence[LedgerRow]) -> dict[str, list[Any]]:
    """Return the columns of a ledger; None where a value is unknown."""
    lengths = [int(row.length) if row.length.isdigit() else None for row in ledger]
    return {
        "id": [row.protein for row in ledger],
        "status": [row.status for row in ledger],
        "step": [None if row.step == NOTHING else row.step for row in ledger],
        "reason": [None if row.reason == NOTHING else note_in_words(row.reason) for row in ledger],
        "length": lengths,
    }


def _domain_columns(
    ledger: Sequence[LedgerRow], domains: Iterable[DomainRow], thresholds: Mapping[str, Sequence[float]]
) -> tuple[dict[str, list[Any]], dict[str, str], dict[str, float]]:
    """Return the columns of the domains, the names of their T-groups, and each protein's mean pLDDT in domains.

    Each domain has the place of its protein's row. Equal texts are one object, since there may be a million domains.
    """
    place = {row.protein: number for number, row in reversed(list(enumerate(ledger)))}
    texts = ("name", "range", "label", "t_group", "clarity")
    columns: dict[str, list[Any]] = {name: [] for name in ("row", *texts, "probability", "doubt", "why")}
    known: dict[str | None, str | None] = {}
    groups: dict[str, str] = {}
    sums: dict[str, tuple[float, int]] = {}
    for row in domains:
        values = domain_values(row)
        columns["row"].append(place[row.protein])
        for name in texts:
            columns[name].append(known.setdefault(values[name], values[name]))
        columns["probability"].append(values["probability"])
        columns["doubt"].append(round(values["doubt"], 3))
        columns["why"].append(short_reason(values, thresholds))
        if row.t_group != "na":
            groups.setdefault(row.t_group, row.t_group_name)
        if row.plddt != "na":
            total, residues = sums.get(row.protein, (0.0, 0))
            sums[row.protein] = total + float(row.plddt) * int(row.length), residues + int(row.length)
    return columns, groups, {name: round(total / residues, 1) for name, (total, residues) in sums.items()}
