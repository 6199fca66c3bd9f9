"""Run one step over a bucket's proteins, so that a protein that fails fails alone.

A bad input becomes ``rejected`` with its sentence, any other error ``failed`` with its cause; the others go on.
"""

import sys
import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

from domainflow.errors import InputError, MissingProgramError, ProgramError, StoreError
from domainflow.ledger import NOTHING, PASSED, LedgerRow, sentence

__all__ = ["THE_TASKS_TROUBLE", "attempt", "passed"]

Result = TypeVar("Result")

THE_TASKS_TROUBLE = (MemoryError, MissingProgramError, StoreError, OSError)
"""What is no protein's fault and would meet the others too: the task ends with a code that says what to do."""


def attempt(protein: str, step: str, work: Callable[[], Result], rows: list[LedgerRow]) -> Result | None:
    """Result of `work`, or None after a row that says why there is none.

    Parameters
    ----------
    protein, step : str
        Whose row it is.
    work : callable
        Does the step for this protein.
    rows : list of LedgerRow
        Gets a row if the work fails; a row for success is the caller's.
    """
    try:
        return work()
    except InputError as error:
        rows.append(LedgerRow(protein, "rejected", step, sentence(str(error))))
    except ProgramError as error:
        rows.append(LedgerRow(protein, "failed", step, sentence(str(error))))
    except THE_TASKS_TROUBLE:
        raise
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        reason = f"an error in domainflow, not in your file; please report it ({type(error).__name__}: {error})"
        rows.append(LedgerRow(protein, "failed", step, sentence(reason)))
    return None


def passed(proteins: Iterable[str], step: str) -> list[LedgerRow]:
    """Rows for proteins that came through a step with nothing to say."""
    return [LedgerRow(protein, PASSED, step, NOTHING) for protein in proteins]
