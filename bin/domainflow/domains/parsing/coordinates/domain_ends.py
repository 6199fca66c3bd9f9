"""Move the ends of domains from chunks of five residues to where the structure supports them.

DPAM decides on chunks of five residues, so that its domains end at multiples of five. Here each end may move by up to
five residues:

* An end beside ordered residues of no domain moves outward, but not across a break of the chain. So domains reach to
  where their structure ends.
* An end between two domains moves to the nearest place that is not inside a helix or strand. A break of the chain is
  better than any other such place. If up to ten residues between two domains are of none, the place is among them.

The probability of single residues (`structure_probability`) was tried for the choice of the place. It found fewer of
the known ends of the chains in docs/results.md, because it hardly varies within five residues.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.rows import Residues
from domainflow.structures.ranges import runs

__all__ = ["MOST_MOVED", "move_ends"]

MOST_MOVED = 5
"""Residues that an end may move: those of one chunk."""
INSIDE_ELEMENT, OUTSIDE, AT_BREAK = 0, 1, 2
"""Ranks of places; the largest is the best."""


def move_ends(
    domains: Sequence[Residues],
    elements: NDArray[np.int32],
    unbonded: NDArray[np.bool_],
    ordered: NDArray[np.bool_],
) -> list[Residues]:
    """Return the domains with their ends moved.

    Parameters
    ----------
    domains : sequence of ndarray
        1-based residues. A residue of several domains stays in the first of them.
    elements : ndarray, shape=(L,), dtype=int32
        Secondary structure element of each residue, 0 = none.
    unbonded : ndarray, shape=(L,), dtype=bool
        True for a residue that is not bonded to the one before it.
    ordered : ndarray, shape=(L,), dtype=bool
        False for residues that no domain gains.

    Returns
    -------
    list of ndarray
        In the same order; they share no residues. But a domain that would lose all of its own keeps those it had.
    """
    owner = np.full(len(elements), -1, np.int64)
    for number in range(len(domains) - 1, -1, -1):
        owner[domains[number] - 1] = number
    within = np.concatenate([[False], (elements[1:] == elements[:-1]) & (elements[1:] > 0)])
    places = np.where(unbonded, AT_BREAK, np.where(within, INSIDE_ELEMENT, OUTSIDE))
    _fill_from_domains(owner, ordered, places)
    _move_between_domains(owner, places)
    found = [np.flatnonzero(owner == number) + 1 for number in range(len(domains))]
    return [new if len(new) else old for new, old in zip(found, domains, strict=True)]


def _fill_from_domains(owner: NDArray[np.int64], ordered: NDArray[np.bool_], places: NDArray[np.int64]) -> None:
    """Give ordered residues of no domain to the domains beside them, in place."""
    length = len(owner)
    for first, last in runs(np.flatnonzero((owner < 0) & ordered)):
        left = owner[first - 1] if first > 0 else -1
        right = owner[last + 1] if last + 1 < length else -1
        if left >= 0 and right >= 0 and last - first + 1 <= 2 * MOST_MOVED:
            place = _best_place(places, first, last + 1, (first + last + 1) // 2)
            owner[first:place], owner[place : last + 1] = left, right
            continue
        breaks = (
            np.flatnonzero(places[first : last + 2] == AT_BREAK) + first
        )  # each before a residue of the run or behind it
        if left >= 0:
            owner[first : min(first + MOST_MOVED, breaks.min(initial=last + 1))] = left
        if right >= 0:
            owner[max(last + 1 - MOST_MOVED, breaks.max(initial=first)) : last + 1] = right


def _move_between_domains(owner: NDArray[np.int64], places: NDArray[np.int64]) -> None:
    """Move the places where two domains meet, from the first to the last, in place."""
    least = 0
    for place in (np.flatnonzero(owner[1:] != owner[:-1]) + 1).tolist():
        left, right = owner[place - 1], owner[place]
        if left >= 0 and right >= 0 and left != right:
            end = place
            while end < len(owner) and owner[end] == right:
                end += 1
            # the end of a domain's run stays apart from its beginning
            first, last = max(least + 1, place - MOST_MOVED), min(end - 1, place + MOST_MOVED)
            new = _best_place(places, first, last, place) if first <= last else place
            owner[min(new, place) : max(new, place)] = left if new > place else right
            least = new
        else:
            least = place


def _best_place(places: NDArray[np.int64], first: int, last: int, wanted: int) -> int:
    """Return the best place from first to last; of equals the nearest to the wanted one, then the first."""
    return min(
        range(first, last + 1), key=lambda place: (-places[place] if place < len(places) else 0, abs(place - wanted))
    )
