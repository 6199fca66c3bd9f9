"""Search a bucket's proteins against all templates (DPAM step 3), so that one that cannot be searched fails alone."""

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
    """Return the hits of each protein that could be searched; `step` has a row of each.

    Parameters
    ----------
    step : Step
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
        # one of them cannot be searched: search one by one
        return {p.id: found for p, found in step.each(proteins, lambda protein: engine([protein], store, 1)[0])}
    return {p.id: found for p, found in step.each(proteins, lambda protein: tables[protein.id])}
