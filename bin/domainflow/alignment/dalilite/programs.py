"""Find DaliLite's programs, and run them in a folder of their own."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domainflow.run.errors import MissingProgramError
from domainflow.run.provenance import file_checksum

__all__ = ["IMPORT", "MAIN", "DaliLite", "dalilite_record", "find_dalilite"]

HOME = "DALI_HOME"
"""Environment variable with DaliLite's folder, which holds ``bin/dali.pl``."""
VERSION = "DaliLite v5"
"""DaliLite does not print its version; the checksums of its programs tell builds apart."""
MAIN, IMPORT = "dali.pl", "import.pl"
COMPILED = ("serialcompare", "dsspcmbi", "puu", "puutos", "fssp")
"""Compiled programs that the Perl scripts start; the scripts do not notice when one is missing."""


@dataclass(frozen=True)
class DaliLite:
    """An installed DaliLite v5.

    Attributes
    ----------
    folder : Path
        Folder of its programs.
    """

    folder: Path

    def run(self, folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``dali.pl`` or ``import.pl`` in a folder; return its status and what it wrote to stderr.

        Paths in the arguments must be relative and short: DaliLite reads 80 characters of a path and ignores the rest.
        """
        return subprocess.run(
            ["perl", str(self.folder / script), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )


def find_dalilite() -> DaliLite:
    """Return the DaliLite of ``$DALI_HOME``, or the one whose ``dali.pl`` is on the PATH.

    Raises
    ------
    MissingProgramError
        If there is none, or a program of it or Perl is missing; the message names what is missing.
    """
    if home := os.environ.get(HOME):
        folder = Path(home) / "bin"
    else:
        found = shutil.which(MAIN)
        if found is None:
            raise MissingProgramError(
                f"DaliLite's {MAIN} cannot be found; set {HOME} or the PATH, or use a container (docs/containers.md)"
            )
        folder = Path(found).resolve().parent
    missing = [name for name in (MAIN, IMPORT, *COMPILED) if not (folder / name).is_file()]
    if missing:
        raise MissingProgramError(f"DaliLite in {folder} lacks {', '.join(missing)}; build it again (make in bin)")
    if shutil.which("perl") is None:
        raise MissingProgramError("DaliLite needs perl, which cannot be found; install it or set the PATH")
    return DaliLite(folder)


def dalilite_record() -> dict[str, Any]:
    """Return DaliLite's version and the checksums of its programs, for provenance.json; errors as `find_dalilite`."""
    folder = find_dalilite().folder
    return {"version": VERSION, "sha256": {name: file_checksum(folder / name) for name in (MAIN, IMPORT, *COMPILED)}}
