"""Compute the probability that two residues share a domain, from four kinds of evidence (DPAM step 13).

The evidence is their distance, their PAE, hits of HH-suite (sequence) and structure alignments. Each is looked up in a
table of bins, and the four probabilities are multiplied::

    P = P_distance^a * P_PAE^b * P_sequence^c * P_structure^d        (v2: a = b = c = d = 1/4)

If n hits contain both residues, and the best has score m, the value looked up has a bonus. For sequence it is
m + 10 n - 10 (n <= 10) or m + 100, for structure m + n - 1 (n <= 5) or m + 5. Without a hit it is 20 and 1, which give
0.5 (Zhang et al., *Protein Science* 2023, 32:e4548). Without PAE its factor is left out, and the other three exponents
are scaled to add up to 1.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.evidence.accepted import AcceptedHit
from domainflow.domains.parameters import BinTable, DpamParameters
from domainflow.domains.rows import SequenceHit
from domainflow.kernels.compile import checked_kernel

__all__ = ["best_and_count", "closest_atom_distances", "look_up", "pair_probabilities"]

NO_SEQUENCE_HIT = 20.0
NO_STRUCTURE_HIT = 1.0
MOST_SEQUENCE_HITS = 10
MOST_STRUCTURE_HITS = 5
BONUS_PER_SEQUENCE_HIT = 10.0
FULL_SEQUENCE_BONUS = 100.0
FULL_STRUCTURE_BONUS = 5.0


def look_up(table: BinTable, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Look up the probabilities of values in the bins of a table; same shape."""
    bins = np.searchsorted(np.asarray(table.bounds, float), values, side="left" if table.upper else "right")
    return np.asarray(table.probabilities)[bins]


def pair_probabilities(
    atoms: NDArray[np.floating],
    atom_residue: NDArray[np.integer],
    pae: NDArray[np.float64] | None,
    accepted: Sequence[AcceptedHit],
    parameters: DpamParameters,
) -> NDArray[np.float64]:
    """Compute the combined probability of every residue pair.

    Parameters
    ----------
    atoms : ndarray, shape=(A, 3)
        All atoms of the model, Å.
    atom_residue : ndarray, shape=(A,)
        0-based residue of each atom, ascending; every residue has an atom.
    pae : ndarray, shape=(L, L), or None
        Predicted aligned error, Å; both directions are averaged.
    accepted : sequence of AcceptedHit
        Evidence; its raw ranges are used.
    parameters : DpamParameters

    Returns
    -------
    ndarray, shape=(L, L), dtype=float64
        Symmetric; the diagonal has no meaning.
    """
    distances = closest_atom_distances(
        np.ascontiguousarray(atoms, np.float64), np.ascontiguousarray(atom_residue, np.int64)
    )
    by_distance, by_pae, by_sequence, by_structure = parameters.exponents
    if pae is None:
        total = by_distance + by_sequence + by_structure
        by_distance, by_sequence, by_structure = by_distance / total, by_sequence / total, by_structure / total

    # factors are multiplied into one array: for thousands of residues each takes hundreds of megabytes
    product = look_up(parameters.distance_table, distances) ** by_distance
    length = len(distances)
    del distances
    if pae is not None:
        product *= look_up(parameters.pae_table, (pae + pae.T) / 2) ** by_pae
    sequence = [row for row in accepted if isinstance(row.hit, SequenceHit)]
    product *= _sequence_factor(*best_and_count(sequence, length), parameters) ** by_sequence
    structure = [row for row in accepted if not isinstance(row.hit, SequenceHit)]
    product *= _structure_factor(*best_and_count(structure, length), parameters) ** by_structure
    return product


def _sequence_factor(
    best: NDArray[np.float32], count: NDArray[np.int16], parameters: DpamParameters
) -> NDArray[np.float64]:
    """Look up the probability from the best HH-suite hit and the bonus for several."""
    bonus = BONUS_PER_SEQUENCE_HIT * count - np.float32(parameters.sequence_bonus_offset)
    score = best + np.where(count > MOST_SEQUENCE_HITS, np.float32(FULL_SEQUENCE_BONUS), bonus)
    return look_up(parameters.sequence_table, np.where(count > 0, score, np.float32(NO_SEQUENCE_HIT)))


def _structure_factor(
    best: NDArray[np.float32], count: NDArray[np.int16], parameters: DpamParameters
) -> NDArray[np.float64]:
    """Look up the probability from the best alignment and the bonus for several."""
    score = best + np.where(count > MOST_STRUCTURE_HITS, np.float32(FULL_STRUCTURE_BONUS), count - np.float32(1))
    return look_up(parameters.structure_table, np.where(count > 0, score, np.float32(NO_STRUCTURE_HIT)))


def best_and_count(rows: Sequence[AcceptedHit], length: int) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """Find the best score and the number of hits that contain both residues of a pair; two arrays of shape (L, L).

    Single precision suffices: scores that equal a whole number of the tables are exact in it.
    """
    residues = np.concatenate([np.empty(0, np.int64)] + [np.unique(row.query) - 1 for row in rows])
    ends = np.cumsum([0] + [len(np.unique(row.query)) for row in rows])
    scores = np.array([row.score for row in rows], np.float32)
    best = np.zeros((length, length), np.float32)
    count = np.zeros((length, length), np.int16)
    _accumulate(residues, ends, scores, best, count)
    return best, count


@checked_kernel
def _accumulate(
    residues: NDArray[np.int64],
    ends: NDArray[np.int64],
    scores: NDArray[np.float32],
    best: NDArray[np.float32],
    count: NDArray[np.int16],
) -> None:
    """Raise `best` to the score and `count` by one for all residue pairs of each hit (residues[ends[k]:ends[k+1]])."""
    for k in range(scores.shape[0]):
        score = scores[k]
        for a in range(ends[k], ends[k + 1]):
            i = residues[a]
            for b in range(ends[k], ends[k + 1]):
                j = residues[b]
                count[i, j] += 1
                best[i, j] = max(best[i, j], score)


@checked_kernel
def closest_atom_distances(atoms: NDArray[np.float64], atom_residue: NDArray[np.integer]) -> NDArray[np.float64]:
    """Compute the smallest distance between any atom of one residue and any of another.

    Parameters
    ----------
    atoms : ndarray, shape=(A, 3), dtype=float64
        Å.
    atom_residue : ndarray, shape=(A,), dtype=int64
        0-based residues, ascending; every residue has an atom.

    Returns
    -------
    ndarray, shape=(L, L), dtype=float64
        Å; symmetric, 0 on the diagonal.
    """
    length = atom_residue[-1] + 1
    starts = np.zeros(length + 1, np.int64)
    for atom in range(atom_residue.shape[0]):
        starts[atom_residue[atom] + 1] += 1
    for residue in range(length):
        starts[residue + 1] += starts[residue]
    distances = np.zeros((length, length))
    for i in range(length):
        for j in range(i + 1, length):
            closest = np.inf
            for a in range(starts[i], starts[i + 1]):
                x, y, z = atoms[a, 0], atoms[a, 1], atoms[a, 2]
                for b in range(starts[j], starts[j + 1]):
                    dx, dy, dz = atoms[b, 0] - x, atoms[b, 1] - y, atoms[b, 2] - z
                    closest = min(closest, dx * dx + dy * dy + dz * dz)
            distances[i, j] = distances[j, i] = np.sqrt(closest)
    return distances
