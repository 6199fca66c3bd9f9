"""Define `Protein`: one input chain as every later step reads it, complete and numbered 1..L."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.author_numbers import AuthorNumbers

__all__ = ["Protein"]


@dataclass(frozen=True)
class Protein:
    """A prepared protein of L residues and A atoms.

    Attributes
    ----------
    id : str
        The user's name for the protein.
    sequence : str
        L one-letter codes; X for a residue whose type is unknown.
    backbone : ndarray, shape=(L, 4, 3), dtype=float32
        N, CA, C, O in Å, always complete.
    cbeta : ndarray, shape=(L, 3), dtype=float32
        CB in Å; NaN where the file has none.
    atoms : ndarray, shape=(A, 3), dtype=float64
        All atoms in Å, exactly as in `pdb`, because later steps compare distances with whole numbers.
    atom_residue : ndarray, shape=(A,), dtype=int32
        0-based residue of each atom, ascending.
    states : str
        L secondary structure states: ``H`` (DSSP G, H, I), ``E`` (DSSP E, B) or ``-``.
    elements : ndarray, shape=(L,), dtype=int32
        Number of the secondary structure element a residue belongs to, from 1; 0 = none.
    pae : ndarray, shape=(L, L), dtype=float64, or None
        Predicted aligned error in Å; each row belongs to the residue that is aligned on. None: the user gave none.
    notes : tuple of str
        Changes and findings of preparation, one clause each, for the ledger.
    pdb : str
        ATOM lines in PDB format, chain A, residues 1..L.
    author : AuthorNumbers
        Chain and residue numbers of the user's own file; by default A and 1..L.
    confidence : str
        Meaning of the B factors in `pdb`: ``pLDDT`` (0 to 100), ``pLDDT/100`` (0 to 1), ``B factor`` or ``none``.
    """

    id: str
    sequence: str
    backbone: NDArray[np.float32]
    cbeta: NDArray[np.float32]
    atoms: NDArray[np.float64]
    atom_residue: NDArray[np.int32]
    states: str
    elements: NDArray[np.int32]
    pae: NDArray[np.float64] | None
    notes: tuple[str, ...]
    pdb: str
    author: AuthorNumbers = field(default_factory=lambda: AuthorNumbers("A", ()))
    confidence: str = "none"

    def __post_init__(self) -> None:
        """Number the residues from 1 where no numbers are given."""
        if not self.author.labels:
            object.__setattr__(self, "author", AuthorNumbers.counted(len(self.sequence), self.author.chain))

    def __len__(self) -> int:
        return len(self.sequence)
