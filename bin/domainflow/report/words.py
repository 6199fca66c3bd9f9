"""Say in words why a domain has its T-group and label: steps 17, 23 and 24 of DPAM.

A domain is a mapping with the fields that a protein's payload has of it; None where a value is unknown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["note_in_words", "reason", "short_reason"]

CLARITY = {
    "good": "No other T-group is about as probable.",
    "ok": "Another T-group of the same homologous group is about as probable.",
    "bad": "A T-group of another homologous group is about as probable.",
}
UNRELATED = "without a relative in the reference"
"""A domain that no template was scored for."""


def short_reason(domain: Mapping[str, Any]) -> str:
    """Return one clause for a table; fields ``label``, ``t_group``, ``probability``, ``clarity``, ``parts``."""
    label, probability = domain["label"], domain.get("probability")
    unrelated = domain.get("t_group") is None and "," not in (domain.get("parts") or "")
    if label == "low_confidence":
        if probability is not None:
            return f"not assigned: best p {probability:.2f}"
        return UNRELATED if unrelated else "no template fits the whole domain"
    if label == "simple_topology":
        return "few helices and strands" + (f", {UNRELATED}" if unrelated else "")
    if domain.get("clarity") == "bad":
        return "another homologous group is as probable"
    if label == "partial_domain":
        return "part of its template, or of unusual length"
    return "" if probability is None else f"p {probability:.2f}"


def reason(domain: Mapping[str, Any], thresholds: Mapping[str, Sequence[float]]) -> str:
    """Return the paragraph that says why a domain got its T-group and its label.

    Parameters
    ----------
    domain : mapping
        A domain of a protein's payload with its ``alternatives`` and ``passed_over``.
    thresholds : mapping
        ``probability``, ``dali_z``, ``template_coverage`` and ``length_ratio``, each a list of limits.
    """
    needed = thresholds["probability"][0]
    parts = _missing(domain, needed) if domain["assignment"] == "miss" else _assigned(domain, needed)
    parts += [f"{entry['template_id']} was passed over: {entry['why']}." for entry in domain.get("passed_over") or []]
    counts = _count(domain["helices"], "helix", "helices"), _count(domain["strands"], "strand", "strands")
    tail = ", fewer than a fold needs" if domain["label"] == "simple_topology" else ""
    return " ".join([*parts, f"It has {counts[0]} and {counts[1]}{tail}."])


def _missing(domain: Mapping[str, Any], needed: float) -> list[str]:
    """Return why no T-group was assigned."""
    scored = [entry for entry in domain.get("alternatives") or [] if entry["probability"] is not None]
    if not scored:
        parts = [f"No T-group is assigned: this is a domain {UNRELATED}."]
        if domain.get("evidence") == "coordinates":
            parts.append("It was found from its coordinates alone: no template and no PAE speaks for it.")
        return parts
    best = max(scored, key=lambda entry: entry["probability"])
    name = " ".join(str(value) for value in (best["t_group"], best["t_group_name"]) if value)
    p = best["probability"]
    parts = [f"No T-group is assigned. The most probable template is {best['template_id']} ({name})."]
    if p >= needed:
        return [*parts, f"A part of this domain reaches p {p:.2f} with it, but the whole domain meets no rule."]
    parts.append(f"Its probability is {p:.2f}; {needed:g} is needed.")
    z = best["dali_z"]
    if z is not None:
        parts.append(f"Its DALI z is {z:.1f}" + (", hardly above chance." if z < 3 else "."))
    return parts


def _assigned(domain: Mapping[str, Any], needed: float) -> list[str]:
    """Return what the assignment rests on."""
    name = " ".join(str(value) for value in (domain["t_group"], domain["t_group_name"]) if value)
    verb = "Assigned" if domain["assignment"] == "full" else "Assigned in part"
    p, z, coverage = domain["probability"], domain["dali_z"], domain["template_coverage"]
    known = [] if p is None else [f"probability {p:.3f} ({needed:g} is needed)"]
    known += [] if z is None else [f"DALI z {z:.1f}"]
    parts = [f"{verb} to {name}" + (": " + ", ".join(known) if known else "") + "."]
    if coverage is not None:
        parts.append(f"{100 * coverage:.0f} % of template {domain['template_id']} is covered.")
    if domain["length_ratio"] is not None:
        parts.append(f"The length is {domain['length_ratio']:.2f} of what is usual in the T-group.")
    if domain.get("source"):
        parts.append(f"The answer is that of the part {domain['source']}.")
    return [*parts, *([CLARITY[domain["clarity"]]] if domain.get("clarity") in CLARITY else [])]


def note_in_words(note: str | None) -> str | None:
    """Return a note of the ledger as the page shows it: ``pae=absent`` is for programs."""
    return None if note is None else note.replace("pae=absent", "no PAE")


def _count(number: int, one: str, many: str) -> str:
    """Return a number with its noun, in singular or plural."""
    return f"{number} {one if number == 1 else many}"
