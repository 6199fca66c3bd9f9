"""The page of a run of the workflow domains: its ledger, its domains by doubt, its T-groups."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domainflow.domains.parameters import parameter_set
from domainflow.domains.results import DomainRow, parse_rows
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
    domains = parse_rows((folder / "domains.tsv").read_text())
    page = frame("domains", ("protein", "proteins"), record)
    page["statuses"] = [dict(zip(("name", "kind", "words"), status, strict=True)) for status in STATUSES]
    page["rows"] = ledger_columns(ledger) | {"plddt": _plddt(ledger, domains)}
    page["t_groups"] = {row.t_group: row.t_group_name for row in domains if row.t_group != "na"}
    page["thresholds"] = thresholds_of(parameter_set(record["parameters"]["parameters"]))
    page["domains"] = _domain_columns(ledger, domains, page["thresholds"])
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


def _plddt(ledger: Sequence[LedgerRow], domains: Sequence[DomainRow]) -> list[float | None]:
    """Return the mean pLDDT of each protein's residues in domains."""
    sums: dict[str, tuple[float, int]] = {}
    for row in domains:
        if row.plddt != "na":
            total, residues = sums.get(row.protein, (0.0, 0))
            sums[row.protein] = total + float(row.plddt) * int(row.length), residues + int(row.length)
    means = {name: round(total / residues, 1) for name, (total, residues) in sums.items()}
    return [means.get(row.protein) for row in ledger]


def _domain_columns(
    ledger: Sequence[LedgerRow], domains: Sequence[DomainRow], thresholds: Mapping[str, Sequence[float]]
) -> dict[str, list[Any]]:
    """Return the columns of the domains, each with the place of its protein's row."""
    place = {row.protein: number for number, row in reversed(list(enumerate(ledger)))}
    values = [domain_values(row) for row in domains]
    names = ("name", "range", "label", "t_group", "probability", "clarity", "doubt")
    columns: dict[str, list[Any]] = {"row": [place[row.protein] for row in domains]}
    columns |= {name: [value[name] for value in values] for name in names}
    columns["doubt"] = [round(doubt, 3) for doubt in columns["doubt"]]
    return columns | {"why": [short_reason(value, thresholds) for value in values]}
