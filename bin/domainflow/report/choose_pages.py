"""Choose the proteins that have a page in the report: the most doubtful ones, and a few without a domain.

All proteins of a run are compared, so the choice does not depend on how they are spread over buckets.
"""

from collections.abc import Iterable
from typing import NamedTuple

from domainflow.domains.results import DomainRow
from domainflow.report.doubt import doubt
from domainflow.report.payload import known, number
from domainflow.run.ledger import LedgerRow

__all__ = ["ANSWERED", "Candidate", "candidates_of", "chosen_proteins"]

ANSWERED = ("ok", "no_domain")
"""Statuses of proteins that can be drawn."""
PROTEINS_PER_EMPTY = 10
"""One page in so many goes to a protein without a domain, if there are more proteins than pages."""


class Candidate(NamedTuple):
    """A protein that can be drawn: its id, its residues, and the doubt about its weakest domain (None: no domain)."""

    protein: str
    length: int
    doubt: float | None


def candidates_of(ledger: Iterable[LedgerRow], rows: Iterable[DomainRow]) -> list[Candidate]:
    """Return the proteins that can be drawn, in the order of the ledger.

    Parameters
    ----------
    ledger : iterable of LedgerRow
        One row per protein.
    rows : iterable of DomainRow
        Domains in any order.
    """
    weakest: dict[str, float] = {}
    for row in rows:
        own = doubt(row.label, number(row.probability), known(row.clarity))
        weakest[row.protein] = max(own, weakest.get(row.protein, 0.0))
    answered = (row for row in ledger if row.status in ANSWERED)
    return [Candidate(row.protein, int(row.length), weakest.get(row.protein)) for row in answered]


def chosen_proteins(candidates: Iterable[Candidate], most: int) -> list[str]:
    """Return the proteins with a page, in the order of the pages.

    Proteins with domains come first, by the doubt about their weakest domain. Then come those without: the longest
    first, since a long chain without a domain is the stranger. They get a tenth of the pages, and all that are left.
    Of equals, the first by name comes first.

    Parameters
    ----------
    candidates : iterable of Candidate
    most : int
        Largest number of pages.
    """
    parsed: list[tuple[float, str]] = []
    empty: list[tuple[int, str]] = []
    for one in candidates:
        if one.doubt is None:
            empty.append((-one.length, one.protein))
        else:
            parsed.append((-one.doubt, one.protein))
    share = max(most // PROTEINS_PER_EMPTY, most - len(parsed))
    without = [name for _, name in sorted(empty)[:share]]
    return [name for _, name in sorted(parsed)[: most - len(without)]] + without
