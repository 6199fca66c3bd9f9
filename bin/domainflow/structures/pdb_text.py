"""Read the minimal PDB text that preparation writes: ATOM lines of one complete chain, residues 1..L, fixed columns.

Archives hold prepared models in this form. `domainflow.structures.structure_file` reads the files of users.
"""

from typing import NamedTuple

import gemmi
import numpy as np
from numpy.typing import NDArray

__all__ = ["ModelText", "parse_pdb_text"]

_BACKBONE = ("N", "CA", "C", "O")


class ModelText(NamedTuple):
    """Arrays of a prepared model; see `domainflow.structures.protein.Protein`."""

    sequence: str
    backbone: NDArray[np.float32]
    cbeta: NDArray[np.float32]
    atoms: NDArray[np.float64]
    atom_residue: NDArray[np.int32]


def parse_pdb_text(pdb: str) -> ModelText:
    """Return arrays of L residues and A atoms from ATOM lines.

    Raises
    ------
    ValueError
        If a residue lacks a backbone atom or a number between 1 and L.
    """
    lines = [line for line in pdb.splitlines() if line.startswith("ATOM")]
    residue = np.array([int(line[22:26]) for line in lines], np.int64) - 1
    atoms = np.array([(line[30:38], line[38:46], line[46:54]) for line in lines], np.float64)
    length = int(residue.max()) + 1
    backbone = np.full((length, 4, 3), np.nan, np.float32)
    cbeta = np.full((length, 3), np.nan, np.float32)
    letters = ["X"] * length
    for row, line in enumerate(lines):
        name = line[12:16].strip()
        if name in _BACKBONE:
            backbone[residue[row], _BACKBONE.index(name)] = atoms[row]
        elif name == "CB":
            cbeta[residue[row]] = atoms[row]
        if name == "CA":
            letters[residue[row]] = _letter(line[17:20].strip())
    if np.isnan(backbone).any():
        incomplete = int(np.isnan(backbone).any(axis=(1, 2)).argmax()) + 1
        raise ValueError(f"residue {incomplete} of a prepared model has no complete backbone")
    return ModelText("".join(letters), backbone, cbeta, atoms, residue.astype(np.int32))


def _letter(residue_name: str) -> str:
    letter = gemmi.find_tabulated_residue(residue_name).one_letter_code.upper()
    return letter if letter in "ACDEFGHIKLMNPQRSTVWY" and letter else "X"
