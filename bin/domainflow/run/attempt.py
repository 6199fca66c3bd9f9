"""Do the work of one protein and catch its errors, so that one bad protein does not stop the others.

A bad input gives the status ``rejected`` with its reason, any other error ``failed`` with its cause.
"""

import sys
import traceback
from collections.abc import Callable
from typing import TypeVar

from domainflow.run.errors import EngineError, InputError, MissingProgramError, ProgramError, StoreError
from domainflow.run.ledger import LedgerRow, sentence

__all__ = ["TASK_ERRORS", "attempt"]

Result = TypeVar("Result")

TASK_ERRORS = (MemoryError, MissingProgramError, EngineError, StoreError, OSError)
"""Errors that are not caused by one protein and would hit the others as well. The task ends with their exit code."""


def attempt(protein: str, step: str, work: Callable[[], Result]) -> Result | LedgerRow:
    """Return the result of the work, or the protein's ledger row if it fails.

    Parameters
    ----------
    protein, step : str
        Id of the protein, and name of the process, for the row.
    work : callable
        Does the step for this protein.

    Raises
    ------
    `TASK_ERRORS`
    """
    try:
        return work()
    except InputError as error:
        return LedgerRow(protein, "rejected", step, sentence(str(error)))
    except ProgramError as error:
        return LedgerRow(protein, "failed", step, sentence(str(error)))
    except TASK_ERRORS:
        raise
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        reason = f"an error in domainflow, not in your file; please report it ({type(error).__name__}: {error})"
        return LedgerRow(protein, "failed", step, sentence(reason))
