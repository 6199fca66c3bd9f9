"""Doubt about a domain: a number to sort by, 0 (sure) to 1. It is no probability."""

__all__ = ["doubt"]

LOW_CONFIDENCE = 0.7
"""Least doubt of a domain without a confident assignment."""
SIMPLE_TOPOLOGY = 0.55
PARTIAL = 0.3
CLARITY = {"bad": 0.3, "ok": 0.12}
"""Added for an unclear T-group."""
MOST_ASSIGNED = 0.69
"""Largest doubt of an assigned domain."""


def doubt(label: str, probability: float | None, clarity: str | None) -> float:
    """Return the doubt about a domain, three digits.

    Parameters
    ----------
    label : str
        DPAM's label, e.g. ``good_domain``.
    probability : float, optional
        Of the assigned template; None counts as 0.
    clarity : str, optional
        ``good``, ``ok`` or ``bad``.
    """
    missing = 1 - (probability or 0)
    if label == "low_confidence":
        return round(LOW_CONFIDENCE + (1 - LOW_CONFIDENCE) * missing, 3)
    if label == "simple_topology":
        return SIMPLE_TOPOLOGY
    extra = CLARITY.get(clarity or "", 0) + (PARTIAL if label == "partial_domain" else 0)
    return round(min(MOST_ASSIGNED, missing + extra), 3)
