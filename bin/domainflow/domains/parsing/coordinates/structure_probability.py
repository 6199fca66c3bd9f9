"""Estimate from coordinates alone the probability that two residues are of one domain.

Four terms enter a logistic function::

    log(P / (1 - P)) = b0 + b1 distance + b2 community + b3 cut + b4 log separation

* *distance*: between the CB atoms, at most 60 Å.
* *community*: share of the contact graph's partitions in which both residues are in one community.
* *cut*: cost of the cheapest cut between them, at most 3. The unit is half of a residue's mean number of contacts.
* *separation*: in sequence, in residues.

`structure_weights` says what the weights were fitted on.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parsing.coordinates.communities import PARTITIONS, shared_communities
from domainflow.domains.parsing.coordinates.contiguous_cuts import cheapest_cuts
from domainflow.domains.parsing.coordinates.residue_contacts import cbeta_distances, contact_matrix, ideal_cbeta
from domainflow.domains.parsing.coordinates.structure_weights import STRUCTURE_WEIGHTS, StructureWeights
from domainflow.kernels.compile import checked_kernel

__all__ = ["LEAST_SEPARATION", "StructureTerms", "pair_terms", "structure_probabilities", "structure_terms"]

FARTHEST = 60.0
"""Å; two residues farther apart count as that far."""
MOST_COST = 3.0
"""A cut that costs more counts as that much."""
LEAST_SEPARATION = 6
"""Pairs closer in sequence say nothing on domains."""


class StructureTerms(NamedTuple):
    """Terms of all pairs of L residues, each of shape (L, L) and symmetric, and contacts.

    Attributes
    ----------
    distances : ndarray, dtype=float32
        Between CB atoms, Å.
    communities : ndarray, dtype=uint8
        Number of partitions in which two residues share a community.
    cuts : ndarray, dtype=float32
        Cost of the cheapest cut, divided by half of the mean number of contacts a residue; infinite without a cut.
    contacts : ndarray, dtype=bool
        Residues that touch.
    """

    distances: NDArray[np.float32]
    communities: NDArray[np.uint8]
    cuts: NDArray[np.float32]
    contacts: NDArray[np.bool_]


def structure_terms(backbone: NDArray[np.floating]) -> StructureTerms:
    """Compute the terms for a backbone of N, CA, C, O, shape (L, 4, 3) in Å."""
    distances = cbeta_distances(ideal_cbeta(backbone))
    contacts = contact_matrix(distances)
    cuts = cheapest_cuts(contacts)
    cuts /= np.float32(max(contacts.sum() / len(backbone), 1.0) / 2)
    return StructureTerms(distances, shared_communities(distances), cuts, contacts)


def pair_terms(terms: StructureTerms, first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the formula's factors of N pairs, 1 for the intercept first.

    Parameters
    ----------
    terms : StructureTerms
    first, second : ndarray, shape=(N,)
        0-based residues, `first` < `second`.

    Returns
    -------
    ndarray, shape=(N, 5), dtype=float64
        In the order of `StructureWeights`.
    """
    columns = (
        np.ones(len(first)),
        np.minimum(terms.distances[first, second], FARTHEST),
        terms.communities[first, second] / PARTITIONS,
        np.minimum(terms.cuts[first, second], MOST_COST),
        np.log(second - first),
    )
    return np.stack(columns, axis=1).astype(np.float64)


def structure_probabilities(
    terms: StructureTerms, weights: StructureWeights = STRUCTURE_WEIGHTS
) -> NDArray[np.float32]:
    """Compute the probability of every pair; shape (L, L), symmetric, 1 on the diagonal."""
    return _probabilities(terms.distances, terms.communities, terms.cuts, np.array(weights))


@checked_kernel
def _probabilities(
    distances: NDArray[np.float32],
    communities: NDArray[np.uint8],
    cuts: NDArray[np.float32],
    weights: NDArray[np.float64],
) -> NDArray[np.float32]:
    length = distances.shape[0]
    probabilities = np.ones((length, length), np.float32)
    by_separation = weights[4] * np.log(np.maximum(np.arange(length), 1).astype(np.float64))
    for i in range(length):
        for j in range(i + 1, length):
            logit = (
                weights[0]
                + weights[1] * min(distances[i, j], FARTHEST)
                + weights[2] * communities[i, j] / PARTITIONS
                + weights[3] * min(cuts[i, j], MOST_COST)
                + by_separation[j - i]
            )
            probabilities[i, j] = probabilities[j, i] = 1.0 / (1.0 + np.exp(-logit))
    return probabilities
