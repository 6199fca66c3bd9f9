"""Say what became of each protein that a network is trained with: one row each, whatever became of it."""

from collections.abc import Collection, Iterable, Sequence

from domainflow.domains.results import counts, unanswered
from domainflow.run.ledger import NOTHING, PASSED, LedgerRow

__all__ = ["training_rows", "training_summary"]

NOT_LABELLED = "no known domain: nothing was learnt from it"


def training_rows(parsed: Iterable[LedgerRow], labelled: Collection[str]) -> list[LedgerRow]:
    """Return the final rows: a protein that was parsed is ``ok``, one without a known domain says so.

    Parameters
    ----------
    parsed : iterable of LedgerRow
        One row a protein, ``passed`` if it was parsed.
    labelled : collection of str
        Proteins with known domains.
    """
    rows = []
    for row in parsed:
        if row.status == PASSED:
            notes = [] if row.reason == NOTHING else [row.reason]
            if row.protein not in labelled:
                notes.append(NOT_LABELLED)
            row = row._replace(status="ok", reason="; ".join(notes) or NOTHING)
        rows.append(row)
    return rows


def training_summary(ledger: Sequence[LedgerRow], labelled: Collection[str]) -> str:
    """Return the lines that a run ends with."""
    lines = [counts(ledger), *unanswered(ledger)]
    if unknown := set(labelled) - {row.protein for row in ledger}:
        lines.append(f"{len(unknown)} labelled proteins are not among them, e.g. {min(unknown)}")
    return "\n".join(lines) + "\n"
