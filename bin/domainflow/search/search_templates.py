"""Search a bucket's proteins against all templates (DPAM step 3).

A protein that cannot be searched fails alone.
"""

from collections.abc import Sequence

import pandas as pd

from domainflow.run.attempt import TASK_ERRORS
from domainflow.run.ledger import LedgerRow
from domainflow.run.step import Step
from domainflow.search.engine import BucketSearch, Found
from domainflow.structures.protein import Protein

__all__ = ["search_templates"]


def search_templates(step: Step, proteins: Sequence[Protein], search: BucketSearch) -> dict[str, pd.DataFrame]:
    """Return the hits of each protein that could be searched, keyed by the protein's id.

    Parameters
    ----------
    step : Step
        Gets a ledger row for every protein.
    proteins : sequence of Protein
    search : callable
        An open engine, see `domainflow.search.engine`.
    """

    def row(protein: Protein, found: Found) -> LedgerRow:
        return step.passed(protein.id, found.notes)

    try:
        known = dict(zip((protein.id for protein in proteins), search(proteins), strict=True))
    except TASK_ERRORS:
        raise
    except Exception:
        # At least one protein cannot be searched. One by one, the others still can.
        alone = step.each(proteins, lambda protein: search([protein])[0], row)
        return {protein.id: found.hits for protein, found in alone}
    return {protein.id: found.hits for protein, found in step.each(proteins, lambda p: known[p.id], row)}
