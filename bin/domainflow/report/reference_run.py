"""The page of a run of the workflow reference: what became of every domain of the table, and what the templates are."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domainflow.reference.ledger import NOTHING, read_reference_ledger
from domainflow.report.run_facts import frame
from domainflow.templates.store import TemplateStore

__all__ = ["reference_run"]

STATUSES = (
    ("ok", "good", "it became a template"),
    ("incomplete", "nothing", "it became a template that lacks something; the reason says what"),
    ("left_out", "rejected", "it did not become a template; the reason says why"),
)
COUNTS = {
    "templates": "templates",
    "residues": "residues",
    "t_groups": "T-groups",
    "h_groups": "H-groups",
    "with_self_z": "templates with a z against themselves",
    "with_weights": "templates with position weights",
    "with_homologues": "templates with scores of their homologues",
}
LARGEST = 12
"""T-groups shown."""
FILES = {
    "ledger.tsv": "what became of every domain of the table",
    "reference.json": "contents, sources, versions",
    "templates.arrow": "templates",
    "statistics.arrow": "their statistics",
}


def reference_run(folder: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of the page, from a reference's folder and the content of its ``reference.json``."""
    store = TemplateStore.open(folder)
    ledger = read_reference_ledger(folder / "ledger.tsv")
    lengths = {uid: store.length(store.row(uid)) for uid in store.uids}
    groups = {uid: store.t_group(store.row(uid)) for uid in store.uids}
    names = {store.t_group(row): store.t_group_name(row) for row in range(len(store))}
    page = frame("reference", ("template", "templates"), record)
    page["statuses"] = [dict(zip(("name", "kind", "words"), status, strict=True)) for status in STATUSES]
    page["rows"] = {
        "id": [row.id for row in ledger],
        "status": [row.status for row in ledger],
        "step": [None] * len(ledger),
        "reason": [None if row.reason == NOTHING else row.reason for row in ledger],
        "length": [lengths.get(row.uid) for row in ledger],
    }
    page["columns"] = [
        {"name": "uid", "title": "UID", "kind": "text", "values": [row.uid for row in ledger]},
        {"name": "t_group", "title": "T-group", "kind": "text", "values": [groups.get(row.uid) for row in ledger]},
    ]
    counts = record["counts"]
    largest = sorted(Counter(groups.values()).items(), key=lambda item: (-item[1], item[0]))[:LARGEST]
    page["sections"] = [
        {
            "title": "Contents", "note": None, "place": "top", "kind": "table",
            "data": {
                "columns": [{"title": "", "kind": "text"}, {"title": "number", "kind": "number", "digits": 0}],
                "rows": [[title, counts[name]] for name, title in COUNTS.items()],
            },
        },
        {
            "title": "Largest T-groups", "note": None, "place": "top", "kind": "bars",
            "data": {"unit": "templates", "rows": [[group, number, names[group]] for group, number in largest]},
        },
    ]  # fmt: skip
    page["files"] = [{"path": name, "what": what} for name, what in FILES.items()]
    return page
