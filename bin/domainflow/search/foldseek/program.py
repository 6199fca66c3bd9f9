"""Run Foldseek's commands: their environment, options and errors."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from domainflow.run.errors import EngineError, MissingProgramError
from domainflow.run.provenance import file_checksum
from domainflow.search.engine import SearchSettings

__all__ = ["foldseek_record", "foldseek_version", "option_words", "run_foldseek", "search_options"]

PROGRAM = "foldseek"
MAX_SEQS = 1_000_000
"""Most templates of a query that pass the prefilter, as in DPAM v2: in effect all."""
MIN_UNGAPPED_SCORE = 30
"""Lowest score of an ungapped alignment that passes the prefilter: the default of ``foldseek search``."""
QUIET = ("-v", "2")
"""Print warnings and errors only."""

_NO_MEMORY = re.compile(r"\bKilled\b|bad_alloc|allocate memory|not enough memory", re.IGNORECASE)
"""Signs of too little memory. A search is a script of several commands, and ends with 1 when one of them is killed."""
_NO_SPACE = re.compile(r"No space left|disk quota", re.IGNORECASE)
_KILLED = (-9, 137)


def run_foldseek(folder: Path, *arguments: object) -> str:
    """Run a command of Foldseek in a folder and return what it printed.

    Threads of the caller may be bound to cores (``OMP_PROC_BIND``). Foldseek refuses to work then, so it is told
    otherwise.

    Raises
    ------
    MissingProgramError
        If Foldseek is not on the PATH.
    MemoryError, OSError
        If it had too little memory or disk space.
    EngineError
        If it ends with another status than 0; the message has the last line that it printed.
    """
    command = [PROGRAM, *map(str, arguments)]
    try:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | {"OMP_PROC_BIND": "false"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise MissingProgramError(
            "foldseek cannot be found: put it on the PATH, use a container that has it, or give --search_engine native"
        ) from None
    if done.returncode == 0:
        return done.stdout
    print(done.stdout, file=sys.stderr)
    if done.returncode in _KILLED or _NO_MEMORY.search(done.stdout):
        raise MemoryError
    said = [line.strip() for line in done.stdout.splitlines() if line.strip()] or ["it printed nothing"]
    sentence = f"foldseek {command[1]} ended with status {done.returncode}: {said[-1]}"
    if _NO_SPACE.search(done.stdout):
        raise OSError(sentence)
    raise EngineError(sentence)


def foldseek_version() -> str:
    """Return what ``foldseek version`` prints."""
    return run_foldseek(Path(), "version").strip()


def search_options(settings: SearchSettings) -> dict[str, float]:
    """Return the options of a search that decide which hits there are."""
    return {
        "-e": settings.evalue,
        "-s": settings.sensitivity,
        "--max-seqs": MAX_SEQS,
        "--min-ungapped-score": MIN_UNGAPPED_SCORE,
    }


def option_words(settings: SearchSettings) -> list[str]:
    """Return these options as words of a command. Foldseek reads whole numbers without an exponent only."""
    return [word for option, value in search_options(settings).items() for word in (option, f"{value:.10g}")]


def foldseek_record(settings: SearchSettings) -> dict[str, Any]:
    """Return version, checksum and options, for provenance.json.

    A Foldseek built from an archive of its source prints no version, only that there is none; the checksum tells.
    """
    version = foldseek_version()
    program = Path(str(shutil.which(PROGRAM)))
    return {"version": version, "sha256": file_checksum(program), "options": search_options(settings)}
