"""Make a `Protein` from a user's structure and PAE: one chain, complete, numbered 1..L, with secondary structure.

DPAM steps 1 (sequence and coordinates) and 11 (secondary structure elements).
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.run.protein_ids import valid_id
from domainflow.structures.author_numbers import AuthorNumbers
from domainflow.structures.b_factors import meaning_of_b_factors
from domainflow.structures.dssp import assign_states, chain_breaks
from domainflow.structures.fragments import Fragment, first_position, join_fragments
from domainflow.structures.pae.read_pae import read_pae
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.protein import Protein
from domainflow.structures.secondary_structure import elements
from domainflow.structures.structure_file import StructureChain, read_structure

__all__ = ["ProteinFiles", "prepare_input", "prepare_protein"]

CLOSEST_NEIGHBOURS = 1.0
"""Å; CA atoms of neighbours are 2.9 Å (cis) to 3.8 Å (trans) apart. Closer ones lie on top of each other."""
LISTED_BREAKS = 10


class ProteinFiles(NamedTuple):
    """One input: the user's name for the protein, its structure file, and its PAE file or None.

    `pae_required` is False for PAE that domainflow itself found beside the structure. `more` has structure and PAE of
    the other fragments of a long protein, in their order.
    """

    id: str
    structure: Path
    pae: Path | None
    pae_required: bool = True
    more: tuple[tuple[Path, Path | None], ...] = ()

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> "ProteinFiles":
        """Make it from an entry with ``id``, ``structure``, ``pae`` (or null) and perhaps ``found`` and ``more``."""
        pairs = [
            (Path(structure), Path(pae) if pae else None)
            for structure, pae in [(entry["structure"], entry["pae"]), *entry.get("more", [])]
        ]
        return cls(entry["id"], *pairs[0], not entry.get("found"), tuple(pairs[1:]))


def prepare_input(files: ProteinFiles) -> Protein:
    """Read, check and complete one input: a protein, or the fragments of a long one.

    Raises
    ------
    InputError
        If the id or a file cannot be used. The message is one sentence for the ledger.
    """
    if not files.more:
        return prepare_protein(files.id, files.structure, files.pae, files.pae_required)
    fragments = []
    for structure, pae in [(files.structure, files.pae), *files.more]:
        chain = read_structure(structure)
        number = re.search(r"-F(\d+)", structure.name)
        matrix = _pae_of(chain, pae, files.pae_required, [])
        fragments.append(Fragment(int(number[1]) if number else 1, chain.pdb, chain.author_labels, matrix))
    joined = join_fragments(fragments, files.id)
    labels = tuple(str(position) for position in joined.positions)
    author = AuthorNumbers("A", labels, tuple(joined.fragments))
    return _protein(files.id, joined.pdb, author, joined.notes, joined.pae, files.structure.name)


def prepare_protein(id: str, structure: Path, pae: Path | None, pae_required: bool = True) -> Protein:
    """Read, check and complete one protein.

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
    notes = list(chain.notes)
    place = _place_of_fragment(id, chain.author_labels)
    if place:
        notes.append(place)
    notes_of_pae: list[str] = []
    matrix = _pae_of(chain, pae, pae_required, notes_of_pae)
    author = AuthorNumbers(chain.chain, tuple(chain.author_labels))
    return _protein(id, chain.pdb, author, notes, matrix, structure.name, notes_of_pae)


def _protein(
    id: str,
    pdb: str,
    author: AuthorNumbers,
    notes: list[str],
    pae: NDArray[np.float64] | None,
    name: str,
    last_notes: Sequence[str] = (),
) -> Protein:
    """Make the protein of a chain that is read: check its geometry, and find its breaks and secondary structure."""
    model = parse_pdb_text(pdb)
    if np.median(np.linalg.norm(np.diff(model.backbone[:, 1], axis=0), axis=1)) < CLOSEST_NEIGHBOURS:
        raise InputError(f"{name} has its residues on top of each other; give a model with real coordinates")
    breaks = np.flatnonzero(chain_breaks(model.backbone))
    found = [_break_note(breaks)] if breaks.size else []
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
        pae=pae,
        notes=(*notes, *found, *last_notes),
        pdb=pdb,
        author=author,
        confidence=meaning_of_b_factors(pdb, pae is not None),
    )


def _place_of_fragment(id: str, labels: Sequence[str]) -> str:
    """Return a note with the place of a later fragment of a long protein, as AlphaFold DB names it; else nothing."""
    match = re.fullmatch(r"AF-(.+)-F(\d+)", id)
    if match is None or int(match[2]) < 2:
        return ""
    start = first_position(int(match[2]), labels)
    first, last = (int(label) + start - 1 if label.isdigit() else label for label in (labels[0], labels[-1]))
    return f"fragment {match[2]} of {match[1]}: its residues {first}-{last}"


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
