"""What can go wrong, as exceptions and exit codes: one place, so that retry rules and the ledger can read them."""

import sys
from collections.abc import Callable

__all__ = [
    "EXIT_BAD_REFERENCE",
    "EXIT_IO",
    "EXIT_NO_MEMORY",
    "EXIT_NO_PROGRAM",
    "EXIT_OK",
    "EXIT_USAGE",
    "InputError",
    "MissingProgramError",
    "ProgramError",
    "StoreError",
    "exit_code",
]

EXIT_OK = 0
EXIT_USAGE = 2
"""The executable was called with arguments it does not take (argparse's own code): a mistake in the workflow."""
EXIT_BAD_REFERENCE = 65
"""The template store cannot be used: trying again does not help, and every task would meet it."""

EXIT_IO = 74
"""Reading or writing failed for a reason of the machine's (disk full, stale file handle): tried again."""
EXIT_NO_MEMORY = 137
"""The task had too little memory: the code of a killed one, so that it is tried again with more."""
EXIT_NO_PROGRAM = 127
"""A program or library that the task needs is not installed: a shell's own code for it, every task would meet it."""


class InputError(ValueError):
    """A user's file or id cannot be used; the message is one sentence for the ledger and says what to do."""


class ProgramError(RuntimeError):
    """A program failed on one protein; the message is one sentence for the ledger."""


class StoreError(ValueError):
    """A reference cannot be used; the message says which file, what was found and what was expected."""


class MissingProgramError(RuntimeError):
    """A program or library is not installed; the message says how to install it."""


def exit_code(main: Callable[[], None]) -> int:
    """Run an executable's `main` and give the code it should end with; what ends a task is told in one sentence."""
    try:
        main()
    except StoreError as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_REFERENCE
    except MissingProgramError as error:
        print(error, file=sys.stderr)
        return EXIT_NO_PROGRAM
    except OSError as error:
        print(f"Reading or writing failed: {error}", file=sys.stderr)
        return EXIT_IO
    except MemoryError:
        print("The task ran out of memory; give it more.", file=sys.stderr)
        return EXIT_NO_MEMORY
    return EXIT_OK
