"""Check protein ids: they become file names, table cells and folders of archives on any system."""

import re

__all__ = ["valid_id"]

LONGEST_ID = 80
"""Characters. DALI, Foldseek and file systems all accept a name of this length with a suffix."""


def valid_id(text: str) -> str | None:
    """Return the reason why an id is not allowed, as one sentence for the user; None if it is allowed.

    Examples
    --------
    >>> valid_id("AF-P12345-F1") is None
    True
    >>> valid_id("P1/2")
    "the id 'P1/2' holds '/'; use letters, digits, '.', '_' and '-' only"
    """
    if not text:
        return "the id is empty; give every protein a name"
    shown = ascii(text)
    if len(shown) > LONGEST_ID + 2:
        shown = f"{shown[:LONGEST_ID]}~'"
    if len(text) > LONGEST_ID:
        return f"the id {shown} is {len(text)} characters long; use at most {LONGEST_ID}"
    foreign = re.search(r"[^A-Za-z0-9._-]", text)
    if foreign:
        character = "a blank" if foreign[0] == " " else ascii(foreign[0])
        return f"the id {shown} holds {character}; use letters, digits, '.', '_' and '-' only"
    if not text[0].isalnum():
        return f"the id {shown} begins with '{text[0]}'; begin it with a letter or a digit"
    if text.endswith("."):
        return f"the id {shown} ends with '.'; leave the last '.' out"
    return None
