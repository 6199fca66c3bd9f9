"""The colours of page, scripts and pictures, in one place.

Domains: Okabe and Ito's colours for all kinds of colour vision (jfly.uni-koeln.de/color), then darker ones.
pLDDT: the four colours of the AlphaFold Database.
"""

__all__ = ["DOMAIN_COLOURS", "LABEL_COLOURS", "LINKER_COLOUR", "PLDDT_COLOURS", "domain_colour"]

DOMAIN_COLOURS = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c6d31", "#6a51a3", "#4d7c0f", "#b5179e",
)  # fmt: skip
LINKER_COLOUR = "#c4cbd3"
"""Of residues in no domain."""
LABEL_COLOURS = {
    "good_domain": "#1f6f4a",
    "partial_domain": "#a06a00",
    "low_confidence": "#b3362b",
    "simple_topology": "#5f6b78",
}
PLDDT_COLOURS = (
    (90.0, "#0053d6", "very high (90 and more)"),
    (70.0, "#65cbf3", "confident (70 to 90)"),
    (50.0, "#ffdb13", "low (50 to 70)"),
    (0.0, "#ff7d45", "very low (below 50)"),
)
"""Least pLDDT of a class, its colour, its name."""


def domain_colour(number: int) -> str:
    """Return the colour ``#rrggbb`` of a protein's domain, counted from 0."""
    return DOMAIN_COLOURS[number % len(DOMAIN_COLOURS)]
