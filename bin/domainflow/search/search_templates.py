"""Search a bucket's proteins against all templates (DPAM step 3).

A protein that cannot be searched fails alone.
"""

from collections.abc import Sequence

import pandas as pd

from domainflow.run.attempt import TASK_ERRORS
from domainflow.run.step import Step
from domainflow.search.engine import SearchEngine
from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["search_templates"]


def search_templates(
    step: Step, proteins: Sequence[Protein], store: TemplateStore, engine: SearchEngine, threads: int
) -> dict[str, pd.DataFrame]:
    """Return the hits of each protein that could be searched, keyed by the protein's id.

    Parameters
    ----------
    step : Step
        Gets a ledger row for every protein.
    proteins : sequence of Protein
    store : TemplateStore
    engine : callable
        See `domainflow.search.engine`.
    threads : int
    """
    try:
        tables = dict(zip((protein.id for protein in proteins), engine(proteins, store, threads), strict=True))
    except TASK_ERRORS:
        raise
    except Exception:
        # At least one protein cannot be searched. One by one, the others still can.
        return {p.id: found for p, found in step.each(proteins, lambda protein: engine([protein], store, 1)[0])}
    return {p.id: found for p, found in step.each(proteins, lambda protein: tables[protein.id])}
