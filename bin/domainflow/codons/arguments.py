"""Define what the executables of the workflow codons share: their arguments, and the user's own genetic code."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domainflow.codons.genetic_codes import GeneticCode, known_codes, read_own_code
from domainflow.run.errors import InputError, StoreError

__all__ = ["codes_of", "parser_of", "read_job"]


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of ``--own-code`` and ``--out-dir``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--own-code", type=Path, help="the user's own genetic code, number 0")
    parser.add_argument("--out-dir", type=Path, default=Path(), help="folder to write to")
    return parser


def codes_of(path: Path | None) -> dict[int, GeneticCode]:
    """Return all genetic codes, the user's own among them.

    Raises
    ------
    StoreError
        If the file cannot be read: every task would fail.
    """
    try:
        return known_codes(None if path is None else read_own_code(path))
    except InputError as error:
        raise StoreError(f"The genetic code cannot be used: {error}.") from None


def read_job() -> Mapping[str, Any]:
    """Return the JSON object of standard input."""
    job: Mapping[str, Any] = json.load(sys.stdin)
    return job
