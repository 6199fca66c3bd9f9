"""Make DaliLite's own file of a chain, ``CODE.dat``: coordinates, secondary structure and folding units."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from domainflow.alignment.dalilite.programs import IMPORT, DaliLite
from domainflow.run.errors import ProgramError

__all__ = ["BYTES_OF_IMPORT", "CHAIN", "SMALLEST_CHAIN", "dat_length", "import_chain"]

CHAIN = "A"
"""Chain name in every PDB text of the project. With it, a code of four characters becomes one of five."""
BYTES_OF_IMPORT = 2_000_000
"""Space that the import of a chain of some 2,000 residues takes: the structure, its DSSP file and the result."""
SMALLEST_CHAIN = 30
"""Residues; DaliLite ignores shorter chains."""
_FIRST_LINE = re.compile(rb">>>> (?P<code>\w{5}) +(?P<residues>\d+) +\d+ ")


def import_chain(dalilite: DaliLite, pdb: str, name: str, length: int, parent: Path) -> bytes | None:
    """Return a chain as DaliLite's ``.dat`` file; None if it has fewer than 30 residues.

    Parameters
    ----------
    dalilite : DaliLite
    pdb : str
        ATOM lines of chain A, every residue with N, CA, C and O.
    name : str
        Four characters, the beginning of the chain's code.
    length : int
        Residues of the chain.
    parent : Path
        Folder for a temporary folder.

    Raises
    ------
    ProgramError
        If DaliLite makes no file, or one with another number of residues.
    """
    if length < SMALLEST_CHAIN:
        return None
    with TemporaryDirectory(prefix="i", dir=parent) as made:
        folder = Path(made)
        (folder / "x.pdb").write_text(pdb)
        done = dalilite.run(folder, IMPORT, "--pdbfile", "x.pdb", "--pdbid", name, "--dat", "./")
        path = folder / f"{name}{CHAIN}.dat"
        dat = path.read_bytes() if path.is_file() else b""
    found = dat_length(dat, name + CHAIN)
    if found is None:
        raise ProgramError(f"DaliLite's import.pl made no file of the chain ({_last_line(done.stderr)})")
    if found != length:
        raise ProgramError(f"DaliLite's import.pl kept {found} of the chain's {length} residues")
    return dat


def dat_length(dat: bytes, code: str) -> int | None:
    """Return the number of residues in the first line of a ``.dat`` file; None if it is not the file of this code."""
    first = _FIRST_LINE.match(dat)
    if first is None or first["code"].decode() != code:
        return None
    return int(first["residues"])


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
