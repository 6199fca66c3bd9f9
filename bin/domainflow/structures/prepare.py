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
from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.b_factors import meaning_of_b_factors
from domainflow.structures.dssp import assign_states, chain_breaks
from domainflow.structures.pae.read_pae import read_pae
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.protein import Protein
from domainflow.structures.secondary_structure import elements
from domainflow.structures.structure_file import StructureChain, read_structure

__all__ = ["ProteinFiles", "prepare_protein"]

CLOSEST_NEIGHBOURS = 1.0
"""Å; CA atoms of neighbours are 2.9 Å (cis) to 3.8 Å (trans) apart. Closer ones lie on top of each other."""
LISTED_BREAKS = 10


class ProteinFiles(NamedTuple):
    """One input: the user's name for the protein, its structure file, and its PAE file or None.

    `pae_required` is False for PAE that domainflow itself found beside the structure.
    """

    id: str
    structure: Path
    pae: Path | None
    pae_required: bool = True

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> "ProteinFiles":
        """Make it from an entry with ``id``, ``structure``, ``pae`` (may be null) and perhaps ``found``."""
        pae = Path(entry["pae"]) if entry["pae"] else None
        return cls(entry["id"], Path(entry["structure"]), pae, not entry.get("found"))


def prepare_protein(id: str, structure: Path, pae: Path | None, pae_required: bool = True) -> Protein:
    """Read, check and complete one input.

    Parameters
    ----------
    id : str
        The user's name for the protein.
    structure : Path
        Structure of one protein chain, in any format of `domainflow.structures.formats`, packed or not.
    pae : Path or None
        Predicted aligned error of the same model in any layout of `domainflow.structures.pae`.
    pae_required : bool
        False if PAE that cannot be used costs the PAE (with a note), not the protein.

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
    matrix = _pae_of(chain, pae, pae_required, notes)
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
        author=AuthorNumbers(chain.chain, tuple(chain.author_labels)),
        confidence=meaning_of_b_factors(chain.pdb, matrix is not None),
    )


def _pae_of(chain: StructureChain, pae: Path | None, required: bool, notes: list[str]) -> NDArray[np.float64] | None:
    """Return the PAE of the chain's complete residues, or None with a note."""
    if pae is None:
        notes.append("pae=absent")
        return None
    try:
        matrix = read_pae(pae, chain.tokens)
    except InputError as error:
        if required:
            raise
        notes.append(f"pae=absent: {error}")
        return None
    return matrix if len(chain.kept) == chain.file_length else matrix[np.ix_(chain.kept, chain.kept)]


def _break_note(breaks: NDArray[np.intp]) -> str:
    """Return a note with the number of chain breaks and the residues before them (numbered 1..L)."""
    places = ", ".join(str(number + 1) for number in breaks[:LISTED_BREAKS])
    more = ", …" if breaks.size > LISTED_BREAKS else ""
    if breaks.size == 1:
        return f"1 chain break, after residue {places}"
    return f"{breaks.size} chain breaks, after residues {places}{more}"
