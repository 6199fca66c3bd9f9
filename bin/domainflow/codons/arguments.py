"""Define what the executables of the workflow codons share: the user's own genetic code, and what a task cost."""

import argparse
import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domainflow.codons.genetic_codes import GeneticCode, known_codes, read_own_code
from domainflow.run.errors import InputError, StoreError

__all__ = ["Cost", "codes_of", "parser_of", "read_job"]

KIB = 1024


class Cost:
    """Time and memory of a task, from when this is made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()

    def write(self, path: Path, name: str) -> None:
        """Write a table of one row: seconds of wall and CPU, and MiB of the largest memory."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
        wall, cpu = time.monotonic() - self._wall, time.process_time() - self._cpu
        path.write_text(f"batch\twall_s\tcpu_s\tpeak_rss_mib\n{name}\t{wall:.3f}\t{cpu:.3f}\t{peak:.1f}\n")


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
