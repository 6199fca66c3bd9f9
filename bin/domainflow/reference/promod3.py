"""Read backbones from ProMod3's structure database, ``structure_db.dat`` of Debian's package promod3-data.

The file has nine blocks: chains, then sequence, coordinates and six more with one entry per residue of all chains. The
first three and the sequence profile are read through a memory map (Studer et al., *PLoS Computational Biology* 2021,
17:e1008667; format version 2, little endian).
"""

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import StoreError

__all__ = ["Promod3Chain", "Promod3Database"]

MAGIC = (1234, 2)
"""First two numbers of the file: mark of the format and its version."""
CHAIN_COUNT_AT = 77
"""Offset of the number of chains in bytes; the bytes before it are settings of ProMod3."""
GRID = 0.01
"""Å per step of the coordinates, which are integers."""
CHAIN = np.dtype(
    [
        ("id_length", "<u4"), ("pdb", "S4"), ("chain_length", "<u4"), ("chain", "S1"), ("first", "<u4"),
        ("length", "<u2"), ("number", "<i2"), ("shift", "<f4", 3),
    ]
)  # fmt: skip
"""`first` counts residues of all chains. `shift` was subtracted to fit 16 bits; it is not needed here."""
COORDINATES = np.dtype(("<i2", (4, 3)))
BETWEEN = (np.dtype(("<i2", 2)), np.dtype("<u2"), np.dtype("<u2"), np.dtype("S1"))
"""Blocks between coordinates and profile: phi and psi, accessibility, depth, DSSP state."""
PROFILE = np.dtype(("<u2", 20))
"""Frequencies of ACDEFGHIKLMNPQRSTVWY in 1e-4."""
PROFILE_UNIT = 1e-4


class Promod3Chain(NamedTuple):
    """L residues without gaps: one-letter codes, and N, CA, C, O of shape (L, 4, 3) in Å (float64, exact to 0.01)."""

    sequence: str
    backbone: NDArray[np.float64]


class Promod3Database:
    """Chains of the database by PDB id and chain name.

    Raises
    ------
    StoreError
        If the file is missing, cut off or of another format.
    """

    def __init__(self, path: Path) -> None:
        try:
            content = np.memmap(path, mode="r", dtype=np.uint8)
        except (OSError, ValueError):
            raise StoreError(f"{path} cannot be read; give structure_db.dat of Debian's package promod3-data") from None
        if len(content) < CHAIN_COUNT_AT + 8 or tuple(content[:8].view("<u4").tolist()) != MAGIC:
            raise StoreError(f"{path} is not version 2 of ProMod3's structure database; give its structure_db.dat")
        try:
            chains, position = _block(content, CHAIN_COUNT_AT, CHAIN)
            self._sequence, position = _block(content, position, np.dtype("S1"))
            self._coordinates, self._after = _block(content, position, COORDINATES)
        except ValueError:
            raise StoreError(f"{path} is cut off; copy or unpack it again") from None
        self._content = content
        self._chains = {(row["pdb"].decode(), row["chain"].decode()): row for row in chains}

    def __contains__(self, key: object) -> bool:
        return key in self._chains

    def profile(self, pdb: str, name: str) -> NDArray[np.float32]:
        """Amino-acid frequencies of a chain's L residues among its homologues.

        Shape (L, 20), in the order ACDEFGHIKLMNPQRSTVWY.

        Raises
        ------
        KeyError
            If the database does not hold the chain.
        """
        row = self._chains[pdb, name]
        residues = slice(int(row["first"]), int(row["first"]) + int(row["length"]))
        return (self._profiles[residues] * PROFILE_UNIT).astype(np.float32)

    @cached_property
    def _profiles(self) -> NDArray[np.uint16]:
        position = self._after
        for kind in BETWEEN:
            _, position = _block(self._content, position, kind)
        return _block(self._content, position, PROFILE)[0]

    def chain(self, pdb: str, name: str) -> Promod3Chain:
        """Return one chain.

        Parameters
        ----------
        pdb : str
            PDB id, upper case.
        name : str
            Chain name, one letter.

        Raises
        ------
        KeyError
            If the database does not hold it.
        """
        row = self._chains[pdb, name]
        residues = slice(int(row["first"]), int(row["first"]) + int(row["length"]))
        sequence = self._sequence[residues].tobytes().decode()
        return Promod3Chain(sequence, self._coordinates[residues].astype(np.float64) * GRID)


def _block(content: NDArray[np.uint8], position: int, kind: np.dtype) -> tuple[NDArray, int]:
    """Return the entries of the block whose count is at a byte offset, and the offset after it.

    Raises
    ------
    ValueError
        If the file ends before the block does.
    """
    count = int(content[position : position + 8].view("<u8")[0]) if position + 8 <= len(content) else -1
    end = position + 8 + count * kind.itemsize
    if count < 0 or end > len(content):
        raise ValueError
    return np.frombuffer(content.data, kind, count, position + 8), end
