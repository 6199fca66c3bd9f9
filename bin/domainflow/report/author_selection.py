"""Name residues as PyMOL and ChimeraX select them in the user's own file: insertion codes, negative numbers, gaps.

In both programs a range of numbers also covers residues with insertion codes. So a range is written only where it
covers the wanted residues and no others; elsewhere each residue is named.
"""

import re
from collections.abc import Iterable, Sequence

from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.ranges import runs

__all__ = ["chimerax_residues", "pymol_residues"]

_LABEL = re.compile(r"(-?\d+)(.*)")
ITEMS = 100  # of up to six letters each
"""Items of one term of a selection; PyMOL cuts words of more than a thousand letters."""


def pymol_residues(author: AuthorNumbers, residues: Iterable[int]) -> str:
    """Return a PyMOL selection of residues (1-based, of L).

    Examples
    --------
    >>> pymol_residues(AuthorNumbers("B", ("-1", "0", "1", "52", "52A")), [1, 2, 3, 5])
    'chain B and (resi \\\\-1-1+52A)'
    """
    items = [_pymol_item(first, last) for first, last in _items(author.labels, residues)]
    terms = ["resi " + "+".join(items[start : start + ITEMS]) for start in range(0, len(items), ITEMS)]
    chain = f"chain {author.chain} and " if author.chain.isalnum() else ""
    return f"{chain}({' or '.join(terms)})"


def chimerax_residues(author: AuthorNumbers, residues: Iterable[int]) -> str:
    """Return the residues as a ChimeraX specifier without the model, such as ``/B:-1-1,52A``."""
    items = [first if first == last else f"{first}-{last}" for first, last in _items(author.labels, residues)]
    chain = f"/{author.chain}" if author.chain.isalnum() else ""
    return f"{chain}:{','.join(items)}"


def _pymol_item(first: str, last: str) -> str:
    first, last = (re.sub("^-", r"\\-", label) for label in (first, last))
    return first if first == last else f"{first}-{last}"


def _items(labels: Sequence[str], residues: Iterable[int]) -> list[tuple[str, str]]:
    """Return first and last label of each range that holds the wanted residues alone."""
    numbers = [int(found[1]) if (found := _LABEL.fullmatch(label)) else 0 for label in labels]
    held: dict[int, set[int]] = {}
    for place, value in enumerate(numbers, start=1):
        held.setdefault(value, set()).add(place)
    wanted = set(residues)
    # a number is whole if all residues that have it are wanted, with whatever insertion code
    whole = sorted(value for value, places in held.items() if places <= wanted)
    covered = set().union(*(held[value] for value in whole))
    items = []
    for first, last in runs(whole):
        if first < last:
            items.append((str(first), str(last)))
        else:
            items += [(labels[place - 1], labels[place - 1]) for place in sorted(held[first])]
    return items + [(labels[place - 1], labels[place - 1]) for place in sorted(wanted - covered)]
