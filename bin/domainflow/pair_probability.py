"""Probability that two residues belong to one domain, from distance, PAE, sequence and structure evidence.

Each kind of evidence is looked up in a table of bins, and the four are multiplied::

    P = P_distance^a * P_PAE^b * P_sequence^c * P_structure^d        (v2: a = b = c = d = 1/4)

For n hits that hold both residues, the best of score m: sequence m + 10 n - 10 (n <= 10) or m + 100; structure
m + n - 1 (n <= 5) or m + 5; without any, 20 and 1, which mean 0.5 (DPAM step 13; Zhang et al., *Protein Science* 2023,
32:e4548). Without PAE its factor is the one that leaves P as the other three have it: their exponents are scaled to 1.
"""

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.evidence import AcceptedHit
from domainflow.hits import SequenceHit
from domainflow.parameters import BinTable, DpamParameters

__all__ = ["best_and_count", "closest_atom_distances", "look_up", "pair_probabilities"]

NO_SEQUENCE_HIT = 20.0
NO_STRUCTURE_HIT = 1.0
MOST_SEQUENCE_HITS = 10
MOST_STRUCTURE_HITS = 5
BONUS_PER_SEQUENCE_HIT = 10.0
FULL_SEQUENCE_BONUS = 100.0
FULL_STRUCTURE_BONUS = 5.0


def look_up(table: BinTable, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Probabilities of values by the bins of a table; same shape."""
    bins = np.searchsorted(np.asarray(table.bounds, float), values, side="left" if table.upper else "right")
    return np.asarray(table.probabilities)[bins]


def pair_probabilities(
    atoms: NDArray[np.floating],
    atom_residue: NDArray[np.integer],
    pae: NDArray[np.float64] | None,
    accepted: Sequence[AcceptedHit],
    parameters: DpamParameters,
) -> NDArray[np.float64]:
    """Combined probability of every residue pair.

    Parameters
    ----------
    atoms : ndarray, shape=(A, 3)
        All atoms of the model, Å.
    atom_residue : ndarray, shape=(A,)
        0-based residue of each atom, ascending, every residue present.
    pae : ndarray, shape=(L, L), or None
        Predicted aligned error, Å; both directions are averaged.
    accepted : sequence of AcceptedHit
        Evidence; the raw ranges count.
    parameters : DpamParameters

    Returns
    -------
    ndarray, shape=(L, L), dtype=float64
        Symmetric; the diagonal has no meaning.
    """
    distances = closest_atom_distances(
        np.ascontiguousarray(atoms, np.float64), np.ascontiguousarray(atom_residue, np.int64)
    )
    length = len(distances)
    sequence = [row for row in accepted if isinstance(row.hit, SequenceHit)]
    structure = [row for row in accepted if not isinstance(row.hit, SequenceHit)]
    weight = dict(zip(("distance", "pae", "sequence", "structure"), parameters.exponents, strict=True))
    factors = [(look_up(parameters.distance_table, distances), weight["distance"])]
    if pae is not None:
        factors.append((look_up(parameters.pae_table, (pae + pae.T) / 2), weight["pae"]))

    best, count = best_and_count(sequence, length)
    bonus = np.where(
        count > MOST_SEQUENCE_HITS,
        FULL_SEQUENCE_BONUS,
        BONUS_PER_SEQUENCE_HIT * count - parameters.sequence_bonus_offset,
    )
    score = np.where(count > 0, best + bonus, NO_SEQUENCE_HIT)
    factors.append((look_up(parameters.sequence_table, score), weight["sequence"]))

    best, count = best_and_count(structure, length)
    score = np.where(
        count > 0, best + np.where(count > MOST_STRUCTURE_HITS, FULL_STRUCTURE_BONUS, count - 1), NO_STRUCTURE_HIT
    )
    factors.append((look_up(parameters.structure_table, score), weight["structure"]))
    return _weighted_product(factors)


def _weighted_product(factors: list[tuple[NDArray[np.float64], float]]) -> NDArray[np.float64]:
    """Product of factors to their exponents, which are scaled to sum 1; equal exponents are applied once."""
    total = sum(exponent for _, exponent in factors)
    exponents = {exponent for _, exponent in factors}
    if len(exponents) == 1:
        product = factors[0][0].copy()
        for factor, _ in factors[1:]:
            product *= factor
        return product ** (1 / len(factors))
    product = np.ones_like(factors[0][0])
    for factor, exponent in factors:
        product *= factor ** (exponent / total if abs(total - 1) > 1e-9 else exponent)
    return product


def best_and_count(rows: Sequence[AcceptedHit], length: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Best score and number of the hits that hold both residues of a pair; two arrays of shape (L, L)."""
    residues = np.concatenate([np.empty(0, np.int64)] + [np.unique(row.query) - 1 for row in rows])
    ends = np.cumsum([0] + [len(np.unique(row.query)) for row in rows])
    scores = np.array([row.score for row in rows], np.float64)
    best = np.zeros((length, length))
    count = np.zeros((length, length), np.int64)
    _accumulate(residues, ends, scores, best, count)
    return best, count


@njit(cache=True, nogil=True)
def _accumulate(residues, ends, scores, best, count):  # type: ignore[no-untyped-def]
    """Raise `best` to the score and `count` by one for all residue pairs of each hit (residues[ends[k]:ends[k+1]])."""
    for k in range(scores.shape[0]):
        score = scores[k]
        for a in range(ends[k], ends[k + 1]):
            i = residues[a]
            for b in range(ends[k], ends[k + 1]):
                j = residues[b]
                count[i, j] += 1
                best[i, j] = max(best[i, j], score)


@njit(cache=True, nogil=True)
def closest_atom_distances(atoms, atom_residue):  # type: ignore[no-untyped-def]
    """Smallest distance between any atom of one residue and any of another.

    Parameters
    ----------
    atoms : ndarray, shape=(A, 3), dtype=float64
        Å.
    atom_residue : ndarray, shape=(A,), dtype=int64
        0-based residues, ascending, none missing.

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
