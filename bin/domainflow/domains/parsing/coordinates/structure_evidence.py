"""Decide for which proteins coordinates are evidence, and prepare that evidence.

Without PAE a pair of residues that no hit covers has a probability of at most (0.95 x 0.5 x 0.5)^(1/3) = 0.62, and
DPAM joins from 0.64. So a region without hits is never a domain, whatever it looks like. There the coordinates speak:
`structure_probability` estimates which residues belong together, `uncovered_domains` finds and extends domains,
`domain_ends` moves their ends.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parsing.coordinates.structure_probability import structure_probabilities, structure_terms
from domainflow.structures.b_factors import plddt_of
from domainflow.structures.dssp import chain_breaks
from domainflow.structures.protein import Protein

__all__ = [
    "STRUCTURE_EVIDENCE", "StructureEvidence", "ordered_residues", "structure_evidence", "unbonded_residues",
    "uses_structure",
]  # fmt: skip

STRUCTURE_EVIDENCE = ("auto", "always", "never")
"""Proteins to use it for: those without PAE, all, none."""
PLDDT_WINDOW = 11
"""Residues over which pLDDT is averaged."""
DISORDERED_PLDDT = 50.0
"""Mean pLDDT below which a residue counts as disordered (Tunyasuvunakool et al., *Nature* 2021, 596:590)."""


class StructureEvidence(NamedTuple):
    """Evidence from the coordinates of a protein of L residues.

    Attributes
    ----------
    probabilities : ndarray, shape=(L, L), dtype=float32
        That two residues are of one domain.
    contacts : ndarray, shape=(L, L), dtype=bool
        Residues that touch.
    breaks : ndarray, shape=(L,), dtype=bool
        True for a residue that is not bonded to the one before it.
    ordered : ndarray, shape=(L,), dtype=bool
        False where a model's confidence says disorder. Resolved residues of an experiment are ordered.
    """

    probabilities: NDArray[np.float32]
    contacts: NDArray[np.bool_]
    breaks: NDArray[np.bool_]
    ordered: NDArray[np.bool_]


def uses_structure(choice: str, has_pae: bool) -> bool:
    """Return whether coordinates are evidence for a protein, by a choice of `STRUCTURE_EVIDENCE`."""
    return choice == "always" or (choice == "auto" and not has_pae)


def structure_evidence(protein: Protein) -> StructureEvidence:
    """Compute the evidence of a protein."""
    terms = structure_terms(protein.backbone)
    masks = unbonded_residues(protein), ordered_residues(protein)
    return StructureEvidence(structure_probabilities(terms), terms.contacts, *masks)


def unbonded_residues(protein: Protein) -> NDArray[np.bool_]:
    """Mask of the residues that are not bonded to the one before them; the first is none of them."""
    return np.concatenate([[False], chain_breaks(protein.backbone)])


def ordered_residues(protein: Protein) -> NDArray[np.bool_]:
    """Mask of the residues that confidence does not call disordered; all of them without pLDDT."""
    values = plddt_of(protein)
    if values is None:
        return np.ones(len(protein), bool)
    sums = np.cumsum(np.concatenate([[0.0], values]))
    half, places = PLDDT_WINDOW // 2, np.arange(len(values))
    first, last = np.maximum(places - half, 0), np.minimum(places + half + 1, len(values))
    return (sums[last] - sums[first]) / (last - first) >= DISORDERED_PLDDT
