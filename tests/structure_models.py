"""Chains of made-up packed domains, for tests of the evidence from coordinates."""

import numpy as np

from domainflow.domains.parsing.coordinates.structure_evidence import StructureEvidence
from domainflow.domains.parsing.coordinates.structure_probability import structure_probabilities, structure_terms

HELIX_RISE, HELIX_TURN, HELIX_RADIUS = 1.5, np.radians(100), 2.3
BUNDLE_SPACING = 9.0
HELIX_LENGTH = 18
LINKER = 4


def helix(length, place, up):
    """Backbone of a helix along z at a place (x, y) in Å."""
    atoms = np.zeros((length, 4, 3))
    for atom, (radius, turn, rise) in enumerate(((1.55, -0.46, -0.9), (2.3, 0, 0), (1.6, 0.46, 1.1), (2.0, 0.4, 2.3))):
        angle = np.arange(length) * HELIX_TURN + turn
        z = np.arange(length) * HELIX_RISE + rise
        z = z if up else (length - 1) * HELIX_RISE - z
        angle = angle if up else -angle
        atoms[:, atom] = np.stack([place[0] + radius * np.cos(angle), place[1] + radius * np.sin(angle), z], axis=1)
    return atoms


def bundle(helices=6, offset=(0.0, 0.0, 0.0)):
    """Backbone of a bundle of antiparallel helices in two rows, with straight links; shape (L, 4, 3)."""
    pieces = []
    for number in range(helices):
        place = (BUNDLE_SPACING * (number // 2), BUNDLE_SPACING * ((number + number // 2) % 2))
        pieces.append(helix(HELIX_LENGTH, place, number % 2 == 0))
        if number:
            pieces.insert(-1, link(pieces[-2][-1], pieces[-1][0], LINKER))
    return np.concatenate(pieces) + np.array(offset)


def link(start, end, length):
    """Backbone of residues on a straight line from one residue to another."""
    shares = np.linspace(0, 1, length + 2)[1:-1, None, None]
    return start + shares * (end - start)


def two_bundles(helices=6, distance=80.0, linker=8):
    """Two bundles that do not touch, and a link; returns the backbone and the 1-based residues of the second."""
    first, second = bundle(helices), bundle(helices, (distance, 0, 0))
    between = link(first[-1], second[0], linker)
    backbone = np.concatenate([first, between, second])
    return backbone, np.arange(len(first) + linker + 1, len(backbone) + 1)


def evidence_of(backbone, ordered=None, breaks=()):
    """The evidence of a backbone."""
    terms = structure_terms(backbone)
    mask = np.zeros(len(backbone), bool)
    mask[list(breaks)] = True
    known = np.ones(len(backbone), bool) if ordered is None else ordered
    return StructureEvidence(structure_probabilities(terms), terms.contacts, mask, known)
