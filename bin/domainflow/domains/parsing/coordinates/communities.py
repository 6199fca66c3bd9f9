"""Divide a chain's contact graph into communities, and count how often two residues share one.

Residues of a domain touch each other more than others. Communities of the contact graph are such sets. They are found
by moving residues to the community with the largest gain of modularity, then communities as a whole, until nothing
gains (Blondel et al., *J. Stat. Mech.* 2008, P10008). A resolution γ weighs what is expected by chance (Reichardt and
Bornholdt, *Phys. Rev. E* 2006, 74:016110)::

    gain of residue i in community c = k(i, c) - γ k(i) K(c) / 2m

k(i, c) is the weight of the contacts between them, k(i) and K(c) are all weights of each, m is the sum of all.

The graph has a contact where CB atoms are closer than 10 Å, with the weight 1 / (1 + exp(d - 7)), and 1 between
neighbours in the chain. Several resolutions and orders of residues give several partitions. Weights are
rounded to multiples of 1/1024, γ is a ratio, gains are compared in integers, and orders come from a fixed sequence.
So the sums have no order of their own, and processors agree.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.kernels.compile import checked_kernel

__all__ = ["GRAPH_DISTANCE", "PARTITIONS", "contact_graph", "partition", "shared_communities"]

GRAPH_DISTANCE = 10.0
"""CB distance in Å up to which the graph has a contact."""
MIDDLE_DISTANCE = 7.0
"""Distance in Å at which a contact weighs one half."""
UNIT = 1024
"""Weights are multiples of 1/UNIT."""
RESOLUTIONS = (3, 5, 7, 10, 14, 20)
"""γ in tenths: from few large communities to many small ones."""
ORDERS = 4
"""Number of orders of residues at each resolution."""
PARTITIONS = len(RESOLUTIONS) * ORDERS
"""Number of partitions in all."""
MOST_PASSES = 50
"""Passes over all residues after which a level ends in any case."""


def contact_graph(distances: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the contact graph as rows of neighbours.

    Parameters
    ----------
    distances : ndarray, shape=(L, L)
        CB distances, Å.

    Returns
    -------
    starts : ndarray, shape=(L + 1,), dtype=int64
        The neighbours of residue i are ``neighbours[starts[i]:starts[i + 1]]``.
    neighbours : ndarray, dtype=int64
    weights : ndarray, dtype=int64
        In units of 1/1024.
    """
    length = len(distances)
    close = distances < GRAPH_DISTANCE
    places = np.arange(length)
    np.fill_diagonal(close, False)
    close[places[:-1], places[1:]] = close[places[1:], places[:-1]] = True
    first, second = np.nonzero(close)
    weights = 1 / (1 + np.exp(distances[first, second].astype(np.float64) - MIDDLE_DISTANCE))
    weights[np.abs(first - second) == 1] = 1.0
    units = np.rint(weights * UNIT).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=length))]).astype(np.int64)
    return starts, second.astype(np.int64), units


def shared_communities(distances: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Count the partitions in which two residues share a community; shape (L, L), 0 to `ORDERS` times 6."""
    starts, neighbours, weights = contact_graph(distances)
    counts = np.zeros(distances.shape, np.uint8)
    for resolution in RESOLUTIONS:
        for order in range(ORDERS):
            _count_shared(partition(starts, neighbours, weights, resolution, order), counts)
    return counts


@checked_kernel
def _count_shared(community: NDArray[np.int64], counts: NDArray[np.uint8]) -> None:
    for i in range(community.shape[0]):
        for j in range(community.shape[0]):
            if community[i] == community[j]:
                counts[i, j] += 1


@checked_kernel
def partition(
    starts: NDArray[np.int64],
    neighbours: NDArray[np.int64],
    weights: NDArray[np.int64],
    resolution: int,
    order: int,
) -> NDArray[np.int64]:
    """Return the community of every residue, numbered from 0 in order of the first residue.

    Parameters
    ----------
    starts, neighbours, weights : ndarray
        From `contact_graph`.
    resolution : int
        γ in tenths.
    order : int
        Number of the order in which residues are visited.
    """
    length = starts.shape[0] - 1
    community = np.arange(length)
    total = weights.sum()
    inside = np.zeros(length, np.int64)  # weight within a node: a community of the level below
    while True:
        found = _move_nodes(starts, neighbours, weights, inside, total, resolution, order)
        number = _number_communities(found)
        size = number.max() + 1
        for residue in range(length):
            community[residue] = number[community[residue]]
        if size == starts.shape[0] - 1:
            return _number_communities(community)
        starts, neighbours, weights, inside = _join_nodes(starts, neighbours, weights, inside, number, size)


@checked_kernel
def _move_nodes(
    starts: NDArray[np.int64],
    neighbours: NDArray[np.int64],
    weights: NDArray[np.int64],
    inside: NDArray[np.int64],
    total: int,
    resolution: int,
    order: int,
) -> NDArray[np.int64]:
    """Move nodes between communities while that gains, and return their communities."""
    size = starts.shape[0] - 1
    degree = inside.copy()
    for node in range(size):
        for edge in range(starts[node], starts[node + 1]):
            degree[node] += weights[edge]
    community, sums = np.arange(size), degree.copy()
    visits = _shuffled(size, order)
    to_community = np.zeros(size, np.int64)
    for _ in range(MOST_PASSES):
        moved = False
        for node in visits:
            own = community[node]
            for edge in range(starts[node], starts[node + 1]):
                to_community[community[neighbours[edge]]] += weights[edge]
            sums[own] -= degree[node]
            best, most = own, 10 * total * to_community[own] - resolution * degree[node] * sums[own]
            for edge in range(starts[node], starts[node + 1]):
                other = community[neighbours[edge]]
                gain = 10 * total * to_community[other] - resolution * degree[node] * sums[other]
                if gain > most or (gain == most and best != own and other < best):
                    best, most = other, gain
            for edge in range(starts[node], starts[node + 1]):
                to_community[community[neighbours[edge]]] = 0
            sums[best] += degree[node]
            if best != own:
                community[node] = best
                moved = True
        if not moved:
            break
    return community


@checked_kernel
def _shuffled(size: int, order: int) -> NDArray[np.int64]:
    """Return 0 to size - 1 in the order of that number; order 0 is ascending."""
    places = np.arange(size)
    if order == 0:
        return places
    state = order
    for place in range(size - 1, 0, -1):
        state = (state * 1103515245 + 12345) % 2147483648  # the generator of the C standard's example
        other = (state // 65536) % (place + 1)
        places[place], places[other] = places[other], places[place]
    return places


@checked_kernel
def _number_communities(community: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number communities from 0 in order of their first member."""
    names = np.full(community.max() + 1, -1, np.int64)
    numbers = np.empty(community.shape[0], np.int64)
    size = 0
    for place in range(community.shape[0]):
        if names[community[place]] < 0:
            names[community[place]] = size
            size += 1
        numbers[place] = names[community[place]]
    return numbers


@checked_kernel
def _join_nodes(
    starts: NDArray[np.int64],
    neighbours: NDArray[np.int64],
    weights: NDArray[np.int64],
    inside: NDArray[np.int64],
    number: NDArray[np.int64],
    size: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the graph whose nodes are the communities of a graph."""
    members = np.argsort(number, kind="mergesort")
    new_starts, new_inside = np.zeros(size + 1, np.int64), np.zeros(size, np.int64)
    new_neighbours, new_weights = np.empty(neighbours.shape[0], np.int64), np.empty(neighbours.shape[0], np.int64)
    sums, edges, place = np.zeros(size, np.int64), 0, 0
    for node in range(size):
        first_edge = edges
        while place < members.shape[0] and number[members[place]] == node:
            member = members[place]
            new_inside[node] += inside[member]
            for edge in range(starts[member], starts[member + 1]):
                other = number[neighbours[edge]]
                if other == node:
                    new_inside[node] += weights[edge]
                else:
                    if sums[other] == 0:
                        new_neighbours[edges] = other
                        edges += 1
                    sums[other] += weights[edge]
            place += 1
        for edge in range(first_edge, edges):
            new_weights[edge] = sums[new_neighbours[edge]]
            sums[new_neighbours[edge]] = 0
        new_starts[node + 1] = edges
    return new_starts, new_neighbours[:edges].copy(), new_weights[:edges].copy(), new_inside
