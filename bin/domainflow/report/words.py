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

Limits = Mapping[str, Sequence[float]]


def short_reason(domain: Mapping[str, Any], thresholds: Limits) -> str:
    """Return one or two sentences for a table: what decided on the domain, with the limits that it was held against.

    Parameters
    ----------
    domain : mapping
        Fields ``label``, ``t_group``, ``probability``, ``clarity``, ``parts``, ``template_coverage``, ``length_ratio``,
        ``helices`` and ``strands``; the last five may be missing.
    thresholds : mapping
        As in `reason`.
    """
    label, p, needed = domain["label"], domain.get("probability"), thresholds["probability"][0]
    unrelated = domain.get("t_group") is None and "," not in (domain.get("parts") or "")
    if label == "low_confidence":
        if p is not None and p < needed:
            return f"Not assigned: the best template has p {p:.2f}, and {needed:g} is needed."
        if p is not None:
            return f"Not assigned: a part of it reaches p {p:.2f}, but no template fits the whole domain."
        return f"Not assigned: {f'it is {UNRELATED}' if unrelated else 'no template fits the whole domain'}."
    if label == "simple_topology":
        number = (domain.get("helices") or 0) + (domain.get("strands") or 0)
        few = (
            f"It has {_count(number, 'helix or strand', 'helices and strands')}; a fold needs {_elements(thresholds)}."
        )
        return few + (f" It is {UNRELATED}." if unrelated else "")
    if p is None:
        return ""
    parts = [f"p {p:.2f} ({needed:g} is needed)"]
    if domain.get("template_coverage") is not None:
        parts.append(f"{_per_cent(domain['template_coverage'])} of its template covered")
    if domain.get("length_ratio") is not None:
        parts.append(f"{domain['length_ratio']:.2f} of the usual length")
    rule = f": one of both must reach {_rule(thresholds)}" if len(parts) > 2 else ""
    kind = "Assigned in part, since it fits in part" if label == "partial_domain" else "Assigned"
    clear = {"bad": "Another homologous group is as probable. ", "ok": "Another T-group is as probable. "}
    return f"{clear.get(domain.get('clarity') or '', '')}{kind}: {', '.join(parts)}{rule}."


def reason(domain: Mapping[str, Any], thresholds: Limits) -> str:
    """Return the paragraph that says why a domain got its T-group and its label.

    Parameters
    ----------
    domain : mapping
        A domain of a protein's payload with its ``alternatives`` and ``passed_over``.
    thresholds : mapping
        ``probability``, ``dali_z``, ``template_coverage``, ``length_ratio`` and ``elements``, each a list of limits.
    """
    parts = _missing(domain, thresholds) if domain["assignment"] == "miss" else _assigned(domain, thresholds)
    parts += [f"{entry['template_id']} was passed over: {entry['why']}." for entry in domain.get("passed_over") or []]
    counts = _count(domain["helices"], "helix", "helices"), _count(domain["strands"], "strand", "strands")
    return " ".join([*parts, f"It has {counts[0]} and {counts[1]}; a fold needs {_elements(thresholds)} in all."])


def _missing(domain: Mapping[str, Any], thresholds: Limits) -> list[str]:
    """Return why no T-group was assigned."""
    needed, chance = thresholds["probability"][0], thresholds["dali_z"][0]
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
        parts.append(f"Its DALI z is {z:.1f}" + (f"; below {chance:g} is hardly above chance." if z < chance else "."))
    return parts


def _assigned(domain: Mapping[str, Any], thresholds: Limits) -> list[str]:
    """Return what the assignment rests on."""
    name = " ".join(str(value) for value in (domain["t_group"], domain["t_group_name"]) if value)
    full = domain["assignment"] == "full"
    p, z, coverage, ratio = (
        domain[field] for field in ("probability", "dali_z", "template_coverage", "length_ratio")
    )  # fmt: skip
    known = [] if p is None else [f"probability {p:.3f} ({thresholds['probability'][0]:g} is needed)"]
    known += [] if z is None else [f"DALI z {z:.1f} ({_meaning(z, thresholds['dali_z'])})"]
    verb = "Assigned" if full else "Assigned in part"
    parts = [f"{verb} to {name}" + (": " + ", ".join(known) if known else "") + "."]
    if coverage is not None:
        parts.append(f"{_per_cent(coverage)} of template {domain['template_id']} is covered.")
    if ratio is not None:
        parts.append(f"The length is {ratio:.2f} of what is usual in the T-group.")
    if coverage is not None and ratio is not None:
        rule = f"One of these shares must reach {_rule(thresholds)}"
        parts.append(f"{rule}." if full else f"{rule}; if that is not so, a domain fits in part.")
    if domain.get("source"):
        parts.append(f"The answer is that of the part {domain['source']}.")
    return [*parts, *([CLARITY[domain["clarity"]]] if domain.get("clarity") in CLARITY else [])]


def _meaning(z: float, limits: Sequence[float]) -> str:
    """Return what a DALI z says."""
    chance, fold = limits
    if z < chance:
        return f"below {chance:g} is hardly above chance"
    return (
        f"above {fold:g} is usually the same fold" if z > fold else f"between {chance:g}, chance, and {fold:g}, a fold"
    )


def _rule(thresholds: Limits) -> str:
    """Return the limits of step 23 on the two shares."""
    least, full = thresholds["template_coverage"]
    return f"{full:g}, the other {least:g}"


def _elements(thresholds: Limits) -> str:
    return f"{thresholds['elements'][0]:g}"


def _per_cent(share: float) -> str:
    return f"{100 * share:.0f} %"


def note_in_words(note: str | None) -> str | None:
    """Return a note of the ledger as the page shows it: ``pae=absent`` is for programs."""
    return None if note is None else note.replace("pae=absent", "no PAE")


def _count(number: int, one: str, many: str) -> str:
    """Return a number with its noun, in singular or plural."""
    return f"{number} {one if number == 1 else many}"
