"""Unpack FoldComp files with the library of that name.

The library is machine code that trusts its input. It runs in a process of its own, so that a damaged file cannot end
the task, and with a bound on its memory and time.
"""

import resource
import subprocess
import sys

from domainflow.run.errors import InputError

__all__ = ["pdb_of_foldcomp"]

MOST_MEMORY = 2 * 1024**3
"""Bytes of address space of the unpacking process."""
LONGEST = 60
"""Seconds that a file may take; the longest protein takes less than one."""
_RESIDUES = slice(4, 6)
"""Bytes of the header with the number of residues."""
_UNPACK = (
    "import sys, foldcomp; "
    "sys.stdout.buffer.write(foldcomp.decompress(sys.stdin.buffer.read())[1].encode('utf-8', 'replace'))"
)


def pdb_of_foldcomp(content: bytes, name: str) -> str:
    """Return the PDB text that a FoldComp file holds.

    Raises
    ------
    InputError
        If the file cannot be unpacked to as many residues as its header says.
    """
    expected = int.from_bytes(content[_RESIDUES], "little")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _UNPACK], input=content, capture_output=True, timeout=LONGEST, preexec_fn=_limit
        )
    except subprocess.TimeoutExpired:
        done = None
    text = done.stdout.decode("utf-8", "replace") if done is not None and done.returncode == 0 else ""
    if not expected or sum(line[:4] == "ATOM" and line[12:16] == " CA " for line in text.splitlines()) != expected:
        raise InputError(f"{name} is a damaged FoldComp file; copy or download it again")
    return text


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
