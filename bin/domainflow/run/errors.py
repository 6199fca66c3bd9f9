"""Exceptions and exit codes, defined in one place for the retry rules and the ledger."""

import sys
from collections.abc import Callable

__all__ = [
    "EXIT_AFFINITY",
    "EXIT_BAD_INPUT",
    "EXIT_BAD_REFERENCE",
    "EXIT_ENGINE",
    "EXIT_INCONSISTENT",
    "EXIT_IO",
    "EXIT_NO_MEMORY",
    "EXIT_NO_PROGRAM",
    "EXIT_OK",
    "EXIT_USAGE",
    "AffinityError",
    "EngineError",
    "InputError",
    "InconsistencyError",
    "MissingProgramError",
    "ProgramError",
    "StoreError",
    "exit_code",
]

EXIT_OK = 0
EXIT_USAGE = 2
"""The executable was called with unknown arguments: a mistake in the workflow. The code is argparse's own."""
EXIT_AFFINITY = 3
"""The task may use fewer CPUs than it asked for, and ``--affinity strict`` does not allow that."""
EXIT_BAD_REFERENCE = 65
"""The template store cannot be used. A retry does not help, and every task would fail."""
EXIT_BAD_INPUT = 66
"""The input itself (``--input``) cannot be used. A retry does not help."""

EXIT_ENGINE = 69
"""A program that works on all proteins at once failed. It would fail again, and no protein has a result without it."""
EXIT_INCONSISTENT = 70
"""Numbers that must agree do not: a mistake in domainflow, which would spoil every result. The code is sysexits.h's."""
EXIT_IO = 74
"""Reading or writing failed because of the machine (disk full, stale file handle). The task is retried."""
EXIT_NO_MEMORY = 137
"""The task had too little memory. It ends with the code of a killed task, so that it is retried with more."""
EXIT_NO_PROGRAM = 127
"""A program or library that the task needs is not installed, so every task would fail. The code is the shell's own."""


class AffinityError(RuntimeError):
    """A task may use fewer CPUs than it asked for; the message is one sentence."""


class InputError(ValueError):
    """A user's file or id cannot be used. The message is one sentence for the ledger and says how to correct it."""


class ProgramError(RuntimeError):
    """A program failed on one protein; the message is one sentence for the ledger."""


class EngineError(RuntimeError):
    """A program that works on all proteins at once failed; the message is one sentence."""


class StoreError(ValueError):
    """A reference cannot be used; the message says which file, what was found and what was expected."""


class InconsistencyError(AssertionError):
    """Numbers that must agree do not, so that something was lost or counted twice; the message says which."""


class MissingProgramError(RuntimeError):
    """A program or library is not installed; the message says how to install it."""


def exit_code(main: Callable[[], None]) -> int:
    """Run an executable's `main` and return its exit code; an error that ends the task is printed as one sentence."""
    try:
        main()
    except AffinityError as error:
        print(error, file=sys.stderr)
        return EXIT_AFFINITY
    except StoreError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_REFERENCE
    except InputError as error:
        text = str(error)
        print(f"The{text[3:]}." if text.startswith("the ") else f"{text}.", file=sys.stderr)
        return EXIT_BAD_INPUT
    except InconsistencyError as error:
        print(f"A mistake in domainflow; please report it: {error}.", file=sys.stderr)
        return EXIT_INCONSISTENT
    except MissingProgramError as error:
        print(error, file=sys.stderr)
        return EXIT_NO_PROGRAM
    except EngineError as error:
        print(error, file=sys.stderr)
        return EXIT_ENGINE
    except OSError as error:
        print(f"Reading or writing failed: {error}", file=sys.stderr)
        return EXIT_IO
    except MemoryError:
        print("The task ran out of memory; give it more.", file=sys.stderr)
        return EXIT_NO_MEMORY
    return EXIT_OK
