"""Make a `Protein` from a user's structure and PAE: one chain, complete, numbered 1..L, with secondary structure.

DPAM steps 1 (sequence and coordinates) and 11 (secondary structure elements).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.run.protein_ids import valid_id
from domainflow.structures.dssp import assign_states, chain_breaks
from domainflow.structures.pae.read_pae import read_pae
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.protein import Protein
from domainflow.structures.secondary_structure import elements
from domainflow.structures.structure_file import read_structure

__all__ = ["ProteinFiles", "prepare_protein"]

CLOSEST_NEIGHBOURS = 1.0
"""Å; CA atoms of neighbours are 2.9 Å (cis) to 3.8 Å (trans) apart. Closer ones lie on top of each other."""
LISTED_BREAKS = 10


class ProteinFiles(NamedTuple):
    """One input: the user's name for the protein, its structure file, and its PAE file or None."""

    id: str
    structure: Path
    pae: Path | None

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> "ProteinFiles":
        """Make it from an entry with ``id``, ``structure`` and ``pae``, which may be null."""
        return cls(entry["id"], Path(entry["structure"]), Path(entry["pae"]) if entry["pae"] else None)


def prepare_protein(id: str, structure: Path, pae: Path | None) -> Protein:
    """Read, check and complete one input.

    Parameters
    ----------
    id : str
        The user's name for the protein.
    structure : Path
        PDB or mmCIF of one protein chain, gzipped or not.
    pae : Path or None
        Predicted aligned error of the same model in any layout of `domainflow.structures.pae`.

    Raises
    ------
    InputError
        If the id or a file cannot be used. The message is one sentence for the ledger.
    """
    reason = valid_id(id)
    if reason:
        raise InputError(reason)
    chain = read_structure(structure)
    model = parse_pdb_text(chain.pdb)
    notes = list(chain.notes)
    if np.median(np.linalg.norm(np.diff(model.backbone[:, 1], axis=0), axis=1)) < CLOSEST_NEIGHBOURS:
        raise InputError(f"{structure.name} has its residues on top of each other; give a model with real coordinates")
    breaks = np.flatnonzero(chain_breaks(model.backbone))
    if breaks.size:
        notes.append(_break_note(breaks))
    matrix = None
    if pae is None:
        notes.append("pae=absent")
    else:
        matrix = read_pae(pae, chain.tokens)
        if len(chain.kept) < chain.file_length:
            matrix = matrix[np.ix_(chain.kept, chain.kept)]
    states = assign_states(model.backbone, model.sequence)
    return Protein(
        id=id,
        sequence=model.sequence,
        backbone=model.backbone,
        cbeta=model.cbeta,
        atoms=model.atoms,
        atom_residue=model.atom_residue,
        states=states,
        elements=elements(states),
        pae=matrix,
        notes=tuple(notes),
        pdb=chain.pdb,
    )


def _break_note(breaks: NDArray[np.intp]) -> str:
    """Return a note with the number of chain breaks and the residues before them (numbered 1..L)."""
    places = ", ".join(str(number + 1) for number in breaks[:LISTED_BREAKS])
    more = ", …" if breaks.size > LISTED_BREAKS else ""
    if breaks.size == 1:
        return f"1 chain break, after residue {places}"
    return f"{breaks.size} chain breaks, after residues {places}{more}"
