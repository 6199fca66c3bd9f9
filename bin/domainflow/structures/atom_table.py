"""Define `AtomTable`: the atoms of a structure file as columns of text, nothing selected or converted yet.

Numbers stay text because preparation copies them (DPAM step 1).
"""

from dataclasses import dataclass, field

__all__ = ["AtomTable"]


@dataclass
class AtomTable:
    """Table of A atoms of the first model, in the order of the file; every column is a list of A values.

    Attributes
    ----------
    chain, residue : list of str
        Chain and residue number: label ids in mmCIF; in PDB the chain letter, number and insertion code.
    author_chain, author_residue : list of str
        The same in the numbers of the file's author, insertion code included; equal to these in PDB.
    residue_name, atom_name, alternate, x, y, z, occupancy, b_factor, element : list of str
        As in the file, blanks stripped; `alternate` is empty if an atom has no alternate location.
    hetero : list of bool
        True for HETATM.
    polymer : list of bool
        False for atoms that are not part of a chain: mmCIF atoms without a position in the sequence, and HETATM that
        `domainflow.structures.chain_links` finds not bonded.
    parents : dict of str to str
        Standard residue that each modified residue is made from, as the file declares it; empty if it names none.
    models : int
        Number of models in the file.
    ordered : bool
        True if residue numbers are positions in the sequence, and so define the order of the residues.
    notes : list of str
        What was done to read the file, one clause each.
    """

    chain: list[str] = field(default_factory=list)
    residue: list[str] = field(default_factory=list)
    author_chain: list[str] = field(default_factory=list)
    author_residue: list[str] = field(default_factory=list)
    residue_name: list[str] = field(default_factory=list)
    atom_name: list[str] = field(default_factory=list)
    alternate: list[str] = field(default_factory=list)
    x: list[str] = field(default_factory=list)
    y: list[str] = field(default_factory=list)
    z: list[str] = field(default_factory=list)
    occupancy: list[str] = field(default_factory=list)
    b_factor: list[str] = field(default_factory=list)
    element: list[str] = field(default_factory=list)
    hetero: list[bool] = field(default_factory=list)
    polymer: list[bool] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    models: int = 1
    ordered: bool = False
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.chain)
