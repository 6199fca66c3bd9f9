"""Provenance of a result: versions, parameters and checksums, for ``pipeline_info/provenance.json``."""

import hashlib
import importlib.metadata
import json
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from domainflow import __version__

__all__ = ["CPU_RECORD", "cpu_records", "engine_records", "file_checksum", "provenance"]

LIBRARIES = (
    "biopython", "biotite", "foldcomp", "gemmi", "h5py", "jinja2", "matplotlib", "mini3di", "numba", "numpy", "pandas",
    "pyarrow", "python_codon_tables", "scipy", "scoring-matrices",
)  # fmt: skip
"""Python distributions that affect results."""
CPU_RECORD = ".cpus.json"
"""End of the name of a task's record of its CPUs (`domainflow.run.task`)."""


def file_checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def engine_records(folder: Path) -> dict[str, Any]:
    """Return versions and options of the engines' programs, from CHECK_ENGINE's ``ENGINE.engine.json`` in a folder.

    The embedded engines have no such file.
    """
    paths = sorted(folder.glob("*.engine.json"))
    return {path.name.partition(".")[0]: json.loads(path.read_text()) for path in paths}


def cpu_records(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the CPUs of the tasks of each step that works with threads, from ``*.cpus.json`` in a folder.

    Tasks that are alike are one entry, with their number as ``tasks``.
    """
    counted = Counter(path.read_text() for path in folder.glob(f"*{CPU_RECORD}"))
    records: dict[str, list[dict[str, Any]]] = {}
    for text, tasks in sorted(counted.items()):
        record = json.loads(text)
        records.setdefault(record.pop("step"), []).append(record | {"tasks": tasks})
    return records


def provenance(run: Mapping[str, Any], files: Iterable[Path]) -> dict[str, Any]:
    """Return the run's own facts with the versions of the installed libraries and checksums of files added.

    Parameters
    ----------
    run : mapping
        Facts that the workflow knows: its version, its parameters, checksums of its code.
    files : iterable of Path
        The reference's files and the network's weights.
    """
    versions = {"domainflow": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        versions[name] = importlib.metadata.version(name)
    return {
        **run,
        "versions": {**run.get("versions", {}), **versions},
        "files": {path.name: file_checksum(path) for path in files},
    }
