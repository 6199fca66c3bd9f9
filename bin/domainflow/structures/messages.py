"""Show names and numbers of a user's file in a sentence for the ledger."""

from collections.abc import Sequence

__all__ = ["count", "listed", "shown"]

SHOWN = 12
"""Most characters of a name or number from the file that a message shows."""
LISTED = 10
"""Most residues that a note names."""


def shown(text: str) -> str:
    """Return text from a file, shortened to fit in a message."""
    printable = "".join(character if character.isprintable() else "?" for character in text[:SHOWN])
    return printable if len(text) <= SHOWN else f"{printable}…"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless the number is 1."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def listed(items: Sequence[str]) -> str:
    """Return the first items joined by commas, with the number of all if there are more."""
    return ", ".join(items[:LISTED]) + (f", … ({len(items)})" if len(items) > LISTED else "")
