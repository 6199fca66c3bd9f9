"""What a result came from: versions, parameters and checksums, for ``pipeline_info/provenance.json``."""

import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from domainflow import __version__

__all__ = ["file_checksum", "provenance"]

LIBRARIES = (
    "biopython", "gemmi", "h5py", "mini3di", "numba", "numpy", "pandas", "pyarrow", "scipy", "scoring-matrices",
)  # fmt: skip
"""Distributions that shape results."""


def file_checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def provenance(run: Mapping[str, Any], files: Iterable[Path]) -> dict[str, Any]:
    """The run's own record with the versions of this machine's libraries and checksums added.

    Parameters
    ----------
    run : mapping
        What the workflow knows: its version, parameters, checksums of its code.
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
