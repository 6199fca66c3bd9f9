"""Read the protein chains of a structure file that templates are cut from: whole PDB entries, with missing residues.

A chain is laid out along its sequence, not along its coordinates. Place i is residue i of SEQRES (label_seq_id of
mmCIF), and residues that were not observed keep their place. Their author numbers come from ``pdbx_poly_seq_scheme`` or
``REMARK 465``, or are counted from their neighbours. A file without sequence is laid out by its residue numbers:
residues are missing where the numbers jump and the chain is broken.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import gemmi
import numpy as np
from numpy.typing import NDArray

from domainflow.reference.segments import number_key
from domainflow.run.errors import InputError
from domainflow.structures.compressed import read_bytes
from domainflow.structures.file_kind import Kind, decode_text, file_kind
from domainflow.structures.formats.binary_cif import binary_cif_document
from domainflow.structures.formats.foldcomp import pdb_of_foldcomp

__all__ = ["EntryChain", "laid_out", "read_entry"]

BACKBONE = ("N", "CA", "C", "O")
AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
BROKEN = 2.5
"""Distance from C to the next N in Å above which the chain is broken; a peptide bond has 1.33 Å."""
_MISSING = re.compile(r"REMARK 465 +(?:[0-9]+ +)?[A-Z0-9]{1,3} +(\S) +(-?[0-9]+)([A-Za-z]?) *")


@dataclass(frozen=True)
class EntryChain:
    """A chain whose sequence has S places.

    Attributes
    ----------
    name : str
        The authors' name of the chain (auth_asym_id).
    numbers : list of str
        Author number of every place, with insertion code (``27A``); empty where it is unknown.
    sequence : str
        S amino acids, X where unknown or missing.
    backbone : ndarray, shape=(S, 4, 3)
        N, CA, C, O in Å; NaN unless all four are present.
    complete : bool
        True if the file has the whole sequence, False if places come from residue numbers alone.
    labelled : bool
        True for mmCIF, where places are label_seq_id.
    """

    name: str
    numbers: list[str]
    sequence: str
    backbone: NDArray[np.float64]
    complete: bool = True
    labelled: bool = False

    def __len__(self) -> int:
        return len(self.numbers)


def read_entry(path: Path) -> dict[str, EntryChain]:
    """Read the protein chains of the first model of a structure file in any format, packed or not, by name.

    mmCIF chains have the authors' names. A chain is also found by its label, unless that is another chain's name.

    Raises
    ------
    InputError
        If the file cannot be read or holds no protein chain.
    """
    content = read_bytes(path)
    structure, schemes = _structure(content, path.name)
    unseen = _unseen_numbers(structure)
    chains: dict[str, EntryChain] = {}
    labels: dict[str, EntryChain] = {}
    parents = {change.res_id.name: change.parent_comp_id for change in structure.mod_residues}
    for chain in structure[0] if len(structure) else ():
        polymer = chain.get_polymer()
        if not len(polymer) or polymer.check_polymer_type() != gemmi.PolymerType.PeptideL:
            continue
        residues = list(polymer.first_conformer())
        label = polymer.subchain_id()
        entity = structure.get_entity_of(polymer)
        names = [gemmi.Entity.first_mon(name) for name in entity.full_sequence] if entity is not None else []
        at = [(residue.label_seq or 0) - 1 for residue in residues]
        if names and all(0 <= place < len(names) for place in at):
            numbers = [""] * len(names)
            for place, residue in zip(at, residues, strict=True):
                numbers[place] = str(residue.seqid)
            numbers = _filled(numbers, schemes.get(label) or unseen.get(chain.name, []))
            chains[chain.name] = _chain(chain.name, numbers, names, residues, at, parents, True, bool(schemes))
        else:
            names, numbers, at = laid_out(residues)
            chains[chain.name] = _chain(chain.name, numbers, names, residues, at, parents, False, False)
        labels[label] = chains[chain.name]
    if not chains:
        raise InputError(f"{path.name} holds no protein chain")
    return {**labels, **chains} if schemes else chains


def laid_out(residues: list[gemmi.Residue]) -> tuple[list[str], list[str], list[int]]:
    """Lay out residues by their numbers, for a file without sequence; return names, author numbers and places.

    Where numbers jump and the chain is broken, each missing residue gets a place with an empty name.
    """
    names: list[str] = []
    numbers: list[str] = []
    places: list[int] = []
    for index, residue in enumerate(residues):
        number = str(residue.seqid)
        if index:
            lacking = range(number_key(numbers[-1])[0] + 1, number_key(number)[0])
            if lacking and _is_broken(residues[index - 1], residue):
                names += [""] * len(lacking)
                numbers += map(str, lacking)
        places.append(len(names))
        names.append(residue.name)
        numbers.append(number)
    return names, numbers, places


def _structure(content: bytes, name: str) -> tuple[gemmi.Structure, dict[str, list[str]]]:
    """Read the file; for mmCIF also return the author numbers of every polymer's places, by label."""
    kind = file_kind(content)
    try:
        if kind is Kind.BINARY_CIF:
            return _mmcif_structure(binary_cif_document(content, name))
        if kind is Kind.MMCIF or b"_atom_site." in content:
            return _mmcif_structure(gemmi.cif.read_string(decode_text(content)))
        text = pdb_of_foldcomp(content, name) if kind is Kind.FOLDCOMP else decode_text(content)
        structure = gemmi.read_pdb_string(text)
    except InputError:
        raise
    except (ValueError, RuntimeError, IndexError):
        raise InputError(f"{name} is neither PDB nor mmCIF, or damaged; copy or download it again") from None
    structure.setup_entities()
    structure.assign_label_seq_id()
    return structure, {}


def _mmcif_structure(document: gemmi.cif.Document) -> tuple[gemmi.Structure, dict[str, list[str]]]:
    block = document[0]
    structure = gemmi.make_structure_from_block(block)
    structure.setup_entities()
    return structure, _schemes(block) or {"": []}


def _schemes(block: gemmi.cif.Block) -> dict[str, list[str]]:
    schemes: dict[str, list[str]] = {}
    for label, number, code in block.find("_pdbx_poly_seq_scheme.", ["asym_id", "pdb_seq_num", "pdb_ins_code"]):
        text = gemmi.cif.as_string(number) + gemmi.cif.as_string(code).strip(".?")
        places = schemes.setdefault(gemmi.cif.as_string(label), [])
        places.append(text if re.fullmatch("-?[0-9]+[A-Za-z]?", text) else "")
    return schemes


def _unseen_numbers(structure: gemmi.Structure) -> dict[str, list[str]]:
    """Author numbers of residues that a PDB file lists as missing, by chain."""
    unseen: dict[str, list[str]] = {}
    for line in structure.raw_remarks:
        match = _MISSING.fullmatch(line.rstrip())
        if match:
            unseen.setdefault(match[1], []).append(match[2] + match[3])
    return unseen


def _filled(numbers: list[str], known: list[str]) -> list[str]:
    """Fill in missing author numbers: from `known`, for all places or for the missing ones, else from neighbours."""
    gaps = [place for place, number in enumerate(numbers) if not number]
    if len(known) == len(numbers):
        return [number or given for number, given in zip(numbers, known, strict=True)]
    filled = list(numbers)
    if len(known) == len(gaps):
        for place, number in zip(gaps, known, strict=True):
            filled[place] = number
        return filled
    observed = [place for place, number in enumerate(numbers) if number]
    taken = set(numbers)
    for place in gaps:
        before = max((other for other in observed if other < place), default=min(observed))
        counted = str(number_key(numbers[before])[0] + place - before)
        filled[place] = "" if counted in taken else counted
    return filled


def _chain(
    name: str,
    numbers: list[str],
    names: list[str],
    residues: list[gemmi.Residue],
    places: list[int],
    parents: Mapping[str, str],
    complete: bool,
    labelled: bool,
) -> EntryChain:
    backbone = np.full((len(numbers), 4, 3), np.nan)
    for place, residue in zip(places, residues, strict=True):
        atoms = dict(_positions(residue))
        if all(atom in atoms for atom in BACKBONE):
            backbone[place] = [atoms[atom] for atom in BACKBONE]
    letters = "".join(_letter(name, parents) for name in names)
    return EntryChain(name, numbers, letters, backbone, complete, labelled)


def _positions(residue: gemmi.Residue) -> Iterator[tuple[str, list[float]]]:
    """Yield the first location of every atom."""
    for atom in residue.first_conformer():
        yield atom.name, atom.pos.tolist()


def _letter(name: str, parents: Mapping[str, str]) -> str:
    for candidate in (name, parents.get(name, "")):
        letter = gemmi.find_tabulated_residue(candidate).one_letter_code.upper() if candidate else ""
        if letter and letter in AMINO_ACIDS:
            return letter
    return "X"


def _is_broken(residue: gemmi.Residue, following: gemmi.Residue) -> bool:
    """True unless a peptide bond joins the two residues."""
    carbon, nitrogen = residue.find_atom("C", "*"), following.find_atom("N", "*")
    return carbon is None or nitrogen is None or carbon.pos.dist(nitrogen.pos) > BROKEN
