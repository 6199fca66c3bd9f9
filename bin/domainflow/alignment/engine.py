"""Define the interface of an alignment engine: its arguments and its result."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.protein import Protein
from domainflow.templates.store import TemplateStore

__all__ = [
    "Alignment",
    "AlignmentEngine",
    "Chain",
    "EngineSettings",
    "Job",
    "LostAlignment",
    "OpenEngine",
    "OpenedEngine",
    "backbone_chain",
    "heavy_atom_chain",
]

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
    pdb : str
        ATOM lines in PDB format, chain A, residues 1..L, for engines that read files. Empty if there are none.
    """

    backbone: NDArray[np.float32]
    sequence: str
    atoms: NDArray[np.float64]
    atom_residue: NDArray[np.int32]
    pdb: str = ""

    def __len__(self) -> int:
        return len(self.backbone)


def heavy_atom_chain(protein: Protein) -> Chain:
    """Return the chain of a protein, without hydrogen; `pdb` is the protein's own, with hydrogen."""
    elements = [line[76:78].strip() for line in protein.pdb.splitlines() if line.startswith("ATOM")]
    heavy = np.array([element not in HYDROGEN for element in elements], np.bool_)
    return Chain(protein.backbone, protein.sequence, protein.atoms[heavy], protein.atom_residue[heavy], protein.pdb)


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
        DALI's S over all pairs; NaN if the engine does not report it.
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


@dataclass(frozen=True)
class LostAlignment:
    """A pair that an engine could not align, and the cause as a clause for the ledger."""

    cause: str


AlignmentEngine = Callable[[Chain, Sequence[Job]], list[Alignment | LostAlignment | None]]
"""``engine(query, jobs)`` returns one result per job; None means that nothing was found. Threads may call it."""


@dataclass(frozen=True)
class EngineSettings:
    """Settings of an engine besides chains and templates; an engine reads those that it has.

    Attributes
    ----------
    threads : int
        CPUs of the task.
    min_block : int
        Fewest pairs of a gapless block, for the native engine.
    workers : int
        Calls of an external program at a time.
    templates : int
        Templates that the task's proteins are aligned with.
    imported : Path or None
        The templates as the external program reads them (`domainflow.alignment.dalilite.template_archive`).
    scratch : str
        Folder on the node for temporary files. Empty: `$TMPDIR`, else /tmp; ``off``: the task's folder.
    task_folder : Path
        Folder for temporary files if the node has no usable scratch.
    node_cache : Path or None
        Folder on the node where tasks share the templates.
    node_cache_bytes : int
        Largest size of that folder.
    """

    threads: int = 1
    min_block: int = 4
    workers: int = 1
    templates: int = 0
    imported: Path | None = None
    scratch: str = ""
    task_folder: Path = Path()
    node_cache: Path | None = None
    node_cache_bytes: int = 0


@dataclass(frozen=True)
class OpenedEngine:
    """An engine that is ready to align with the templates of one store.

    Attributes
    ----------
    align : callable
    proteins : int
        Proteins to align at a time.
    notes : callable
        Returns what went wrong with the task as a whole so far, one clause each, for the ledger.
    """

    align: AlignmentEngine
    proteins: int
    notes: Callable[[], list[str]]


OpenEngine = Callable[[TemplateStore, EngineSettings], AbstractContextManager[OpenedEngine]]
"""``open_engine(store, settings)`` returns a context manager of an `OpenedEngine`."""
