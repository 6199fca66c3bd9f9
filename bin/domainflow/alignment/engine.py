"""Define the interface of an alignment engine: its arguments and its result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = ["Alignment", "AlignmentEngine", "Chain", "Job", "backbone_chain", "heavy_atom_chain"]

HYDROGEN = "H", "D"


@dataclass(frozen=True)
class Chain:
    """Query chain of L residues and A atoms other than hydrogen, for an alignment engine.

    Attributes
    ----------
    backbone : ndarray, shape=(L, 4, 3), dtype=float32
        N, CA, C, O in Å.
    sequence : str
        L one-letter codes.
    atoms : ndarray, shape=(A, 3), dtype=float64
        All these atoms in Å, the backbone included.
    atom_residue : ndarray, shape=(A,), dtype=int32
        0-based residue of each atom, ascending.
    """

    backbone: NDArray[np.float32]
    sequence: str
    atoms: NDArray[np.float64]
    atom_residue: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.backbone)


def heavy_atom_chain(protein: Protein) -> Chain:
    """Return the chain of a protein, without hydrogen."""
    elements = [line[76:78].strip() for line in protein.pdb.splitlines() if line.startswith("ATOM")]
    heavy = np.array([element not in HYDROGEN for element in elements], np.bool_)
    return Chain(protein.backbone, protein.sequence, protein.atoms[heavy], protein.atom_residue[heavy])


def backbone_chain(backbone: NDArray[np.float32], sequence: str) -> Chain:
    """Return a chain of N, CA, C, O alone, shape (L, 4, 3), in Å."""
    residues = np.repeat(np.arange(len(backbone), dtype=np.int32), backbone.shape[1])
    return Chain(backbone, sequence, backbone.reshape(-1, 3).astype(np.float64), residues)


@dataclass(frozen=True)
class Alignment:
    """Sequential structure alignment of a query with a template.

    Attributes
    ----------
    z : float
        DALI's z-score: the largest over all pairs of folding units, one of each chain.
    query, template : ndarray, shape=(n,), dtype=int32
        0-based residues of the whole query chain and of the template, both ascending.
    rotation : ndarray, shape=(3, 3), dtype=float64
    translation : ndarray, shape=(3,), dtype=float64
        ``x' = rotation @ x + translation`` moves the template onto the query, in Å.
    query_length, template_length : int
        Number of residues that the engine aligned; residues of earlier alignments are masked.
    score : float
        DALI's S over all pairs.
    """

    z: float
    query: NDArray[np.int32]
    template: NDArray[np.int32]
    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]
    query_length: int
    template_length: int
    score: float


Job = tuple[int, NDArray[np.int64]]
"""Row of a template in the store, and the 0-based residues of the query to align with it."""

AlignmentEngine = Callable[[Chain, TemplateStore, Sequence[Job], int, int], list[Alignment | None]]
"""``engine(query, store, jobs, threads, min_block)`` returns one alignment, or None, per job."""
