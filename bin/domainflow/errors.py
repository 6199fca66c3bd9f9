"""What can go wrong, as exceptions and exit codes: one place, so that retry rules and the ledger can read them."""

__all__ = ["EXIT_BAD_REFERENCE", "EXIT_OK", "EXIT_USAGE", "InputError", "StoreError"]

EXIT_OK = 0
EXIT_USAGE = 2
"""The executable was called with arguments it does not take: a mistake in the workflow, never retried."""
EXIT_BAD_REFERENCE = 65
"""The template store cannot be read or has another version: retrying does not help."""


class InputError(ValueError):
    """A user's file or id cannot be used; the message is one sentence for the ledger and says what to do."""


class StoreError(ValueError):
    """A reference cannot be used; the message says which file, what was found and what was expected."""
