"""Write the ledger of a training: the outcome of each protein, one row per protein."""

from collections.abc import Collection, Iterable, Sequence

from domainflow.domains.results import counts, unanswered
from domainflow.run.ledger import NOTHING, PASSED, LedgerRow

__all__ = ["training_rows", "training_summary"]

NOT_LABELLED = "no known domain: the protein was not used in the training"


def training_rows(parsed: Iterable[LedgerRow], labelled: Collection[str]) -> list[LedgerRow]:
    """Return the final rows: a protein that was parsed is ``ok``, with a remark if it has no known domain.

    Parameters
    ----------
    parsed : iterable of LedgerRow
        One row per protein, ``passed`` if it was parsed.
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
    """Return the last lines of a run."""
    lines = [counts(ledger), *unanswered(ledger)]
    if unknown := set(labelled) - {row.protein for row in ledger}:
        lines.append(f"{len(unknown)} labelled proteins are not among them, e.g. {min(unknown)}")
    return "\n".join(lines) + "\n"
