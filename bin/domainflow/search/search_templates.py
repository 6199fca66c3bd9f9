"""Search a bucket's proteins against all templates (DPAM step 3).

A protein that cannot be searched fails alone.
"""

from collections.abc import Sequence

import pandas as pd

from domainflow.run.attempt import TASK_ERRORS
from domainflow.run.isolation import Died, isolated
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

    step.heartbeat.begin()
    together = _found_together(step, proteins, search)
    if together is None:
        # At least one protein cannot be searched. One by one, the others still can.
        alone = step.each(proteins, lambda protein: search([protein])[0], row)
        return {protein.id: found.hits for protein, found in alone}
    for protein, found in zip(proteins, together, strict=True):
        step.add(row(protein, found))
    return {protein.id: found.hits for protein, found in zip(proteins, together, strict=True)}


def _found_together(step: Step, proteins: Sequence[Protein], search: BucketSearch) -> list[Found] | None:
    """Return what is found for all proteins of a bucket, or None if this fails or kills its process."""
    try:
        if not step.task.isolate:
            return search(proteins)
        found = isolated(f"a bucket of {len(proteins)} proteins", lambda: search(proteins), step.task.memory_bytes)
        return None if isinstance(found, Died) else found
    except TASK_ERRORS:
        raise
    except Exception:
        return None
