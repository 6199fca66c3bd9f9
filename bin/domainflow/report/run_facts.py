"""Say what a run was made with: versions, engines, parameters, checksums. The same for every workflow."""

from collections.abc import Mapping
from typing import Any

from domainflow import __version__

__all__ = ["facts", "frame"]

SHOWN_LETTERS = 16
"""Letters shown of a checksum."""
PARAMETERS = (
    "parameters", "search_engine", "alignment_engine", "domass_engine", "leave_out", "min_block", "compat", "seed",
    "foldseek_evalue", "foldseek_sensitivity", "hh_database", "uniref", "query_profiles", "skip_addss", "train_queries",
    "domains", "structures", "obsolete", "profiles", "dpam_data",
)  # fmt: skip
"""Parameters that shape results, of the workflows that have a report."""


def facts(record: Mapping[str, Any]) -> list[list[str]]:
    """Return name and value of each fact in a run's provenance."""
    versions = record.get("versions", {})
    found = [["versions", ", ".join(f"{name} {text}" for name, text in sorted(versions.items()))]]
    given = record.get("parameters", {})
    found += [[f"--{name}", str(given[name])] for name in PARAMETERS if given.get(name) not in (None, "", "none")]
    for engine, known in sorted(record.get("engines", {}).items()):
        found.append([engine, ", ".join(f"{name} {value}" for name, value in known.items())])
    found += [[name, f"{text[:SHOWN_LETTERS]}…"] for name, text in sorted(record.get("files", {}).items())]
    return found


def frame(workflow: str, noun: tuple[str, str], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a run's page that every workflow has; those without a value are empty."""
    return {
        "title": f"domainflow {workflow}",
        "workflow": workflow,
        "version": __version__,
        "noun": list(noun),
        "statuses": [],
        "rows": {"id": [], "status": [], "step": [], "reason": [], "length": []},
        "columns": [],
        "domains": None,
        "t_groups": {},
        "thresholds": {},
        "sections": [],
        "facts": facts(record),
        "files": [],
        "headline": None,
    }
