"""The page of a run of the workflow training: the proteins it learned from, and how good the network is."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from domainflow.report.domains_run import STATUSES, ledger_columns
from domainflow.report.run_facts import frame
from domainflow.run.ledger import read_ledger

__all__ = ["training_run"]

MEANINGS = {"ok": "the protein was parsed; a remark says if it has no known domain"}
FILES = {
    "domass.npz": "the network",
    "report.md": "its accuracy in a cross-validation",
    "reliability.svg": "its calibration",
    "ledger.tsv": "what became of every protein",
}
PLOT = "Share of right rows by the network's probability: a calibrated network lies on the diagonal."


def training_run(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of the page, from the results in a folder and the run's provenance."""
    page = frame("training", ("protein", "proteins"), record)
    page["statuses"] = [
        {"name": name, "kind": kind, "words": MEANINGS.get(name, words)}
        for name, kind, words in STATUSES
        if name != "no_domain"
    ]
    page["rows"] = ledger_columns(read_ledger(folder / "ledger.tsv"))
    page["sections"] = list(_sections((folder / "report.md").read_text()))
    if (folder / "reliability.svg").exists():
        picture = {"svg": (folder / "reliability.svg").read_text(), "alt": PLOT}
        page["sections"].append(
            {"title": "Calibration", "note": PLOT, "place": "bottom", "kind": "svg", "data": picture}
        )
    page["files"] = [{"path": name, "what": what} for name, what in FILES.items() if (folder / name).exists()]
    return page


def _sections(text: str) -> Iterator[dict[str, Any]]:
    """Yield the paragraphs and tables of a Markdown text, each as a section of its own."""
    title = "Accuracy"
    for piece in (piece.strip() for piece in text.split("\n\n")):
        lines = piece.splitlines()
        if not piece or lines[0].startswith("!["):
            continue
        section = {"title": title, "note": None, "place": "bottom"}
        if lines[0].startswith("#"):
            title = lines[0].lstrip("# ")
        elif lines[0].startswith("|"):
            header, _, *rows = ([cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines)
            data = {"columns": [{"title": cell, "kind": "text"} for cell in header], "rows": rows}
            yield section | {"kind": "table", "data": data}
        else:
            yield section | {"kind": "text", "data": [" ".join(lines).replace("**", "")]}
