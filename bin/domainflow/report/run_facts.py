"""Say what a run was made with: versions, engines, parameters, checksums. The same for every workflow."""

from collections.abc import Mapping
from typing import Any

from domainflow import __version__

__all__ = ["facts", "frame"]

SHOWN_LETTERS = 16
"""Letters shown of a checksum."""
_PARSING = (
    "parameters", "search_engine", "alignment_engine", "min_block", "structure_evidence", "foldseek_evalue",
    "foldseek_sensitivity", "hh_database", "uniref", "query_profiles", "skip_addss",
)  # fmt: skip
PARAMETERS: dict[str, tuple[str, ...]] = {
    "domains": (*_PARSING, "leave_out", "domass_engine", "compat"),
    "training": (*_PARSING, "labels", "train_queries", "seed"),
    "reference": ("domains", "structures", "obsolete", "profiles", "dpam_data"),
    "codons": (
        "codon_engine", "codon_mode", "codon_frame", "codon_genetic_code", "codon_own_code", "codon_sample",
        "codon_dup_ids", "codon_ir_copies", "codon_soft_mask", "codon_partial", "codon_ambiguous",
        "codon_max_ambiguous", "codon_internal_stop", "codon_skip_ambiguous", "codon_rscu_families",
        "codon_exclude_stops", "codon_rscu_include_stops", "codon_cai_reference", "codon_cai_zero",
        "codon_cai_exclude", "codon_optimal", "codon_trna", "codon_trna_domain", "codon_tai_exclude",
    ),
}  # fmt: skip
"""By workflow: the parameters that shape its results, in the order shown. A workflow with a report has an entry."""
COST = "pipeline_info/cost.html"
"""The page on CPU and memory that the run writes when it has ended (``functions/cost_page.nf``)."""


def facts(workflow: str, record: Mapping[str, Any]) -> list[list[str]]:
    """Return name and value of each fact in the provenance of a workflow's run; parameters of others are left out."""
    versions = record.get("versions", {})
    found = [["versions", ", ".join(f"{name} {text}" for name, text in sorted(versions.items()))]]
    given = record.get("parameters", {})
    asked = {name: given.get(name) for name in PARAMETERS[workflow]}
    found += [[f"--{name}", str(value)] for name, value in asked.items() if value not in (None, "", "none")]
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
        "rows_note": None,
        "columns": [],
        "domains": None,
        "t_groups": {},
        "thresholds": {},
        "sections": [],
        "facts": facts(workflow, record),
        "files": [],
        "cost": COST,
        "headline": None,
    }
