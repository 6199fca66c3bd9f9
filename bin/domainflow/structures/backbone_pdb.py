"""Write a backbone in PDB format: one chain A, residues 1..L."""

from collections.abc import Iterator

import gemmi
import numpy as np
from numpy.typing import NDArray

__all__ = ["backbone_lines"]

ATOMS = ("N", "CA", "C", "O")


def backbone_lines(sequence: str, backbone: NDArray[np.floating]) -> Iterator[str]:
    """Yield ATOM lines without their line ends, then ``TER``.

    Parameters
    ----------
    sequence : str
        L one-letter codes.
    backbone : ndarray, shape=(L, 4, 3)
        N, CA, C, O in Å.
    """
    serial = 0
    for number, (letter, atoms) in enumerate(zip(sequence, backbone, strict=True), start=1):
        residue = gemmi.expand_one_letter(letter, gemmi.ResidueKind.AA) or "UNK"
        for name, (x, y, z) in zip(ATOMS, atoms.tolist(), strict=True):
            serial = serial % 99_999 + 1
            yield (
                f"ATOM  {serial:>5d}  {name:<3s} {residue} A{number:>4d}    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00"
                f"           {name[0]}"
            )
    yield "TER"
