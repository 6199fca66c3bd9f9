"""Parse a chain into domains from the probabilities of its residue pairs (DPAM step 13).

The chain is divided into chunks of 5 residues, and disordered residues are removed from them. Pairs of chunks whose
mean probability exceeds alpha_p are visited, best pair first, and join their chunks or clusters. They do not join if
the mean probability between the two, times alpha_r, is below that inside either of them. Clusters become domains after
gaps are filled and overlaps removed (Zhang et al., *Protein Science* 2023, 32:e4548).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Residues
from domainflow.kernels.compile import checked_kernel
from domainflow.structures.ranges import runs

__all__ = [
    "CHUNK_LENGTH",
    "CHUNK_RESIDUES",
    "chunk_pairs",
    "chunks",
    "cluster_chunks",
    "domains_from_clusters",
    "domains_by_clustering",
]

CHUNK_LENGTH = 5
CHUNK_RESIDUES = 3
"""Smallest number of ordered residues of a chunk."""
PAIR_SEPARATION = 5
"""Separation in sequence up to which residue pairs are ignored: they are close in any domain."""


def domains_by_clustering(
    probabilities: NDArray[np.float64], disordered: NDArray[np.bool_], parameters: DpamParameters
) -> list[Residues]:
    """Return the domains of a chain, sorted by mean residue.

    Parameters
    ----------
    probabilities : ndarray, shape=(L, L)
        Probability that two residues share a domain.
    disordered : ndarray, shape=(L,), dtype=bool
    parameters : DpamParameters

    Returns
    -------
    list of ndarray
        1-based residues of each domain, ascending. Domains may share residues at their seams.
    """
    members = chunks(disordered)
    pair_counts, pair_sums = chunk_pairs(probabilities, members)
    clusters = cluster_chunks(pair_counts, pair_sums, parameters)
    residues = [np.concatenate([members[chunk] for chunk in cluster]) for cluster in clusters]
    return domains_from_clusters(residues, parameters)


def chunks(disordered: NDArray[np.bool_]) -> list[Residues]:
    """Return the 1-based ordered residues of every chunk that has enough of them."""
    ordered = np.flatnonzero(~disordered) + 1
    number = (ordered - 1) // CHUNK_LENGTH
    members = np.split(ordered, np.flatnonzero(np.diff(number)) + 1)
    return [chunk for chunk in members if len(chunk) >= CHUNK_RESIDUES]


def chunk_pairs(
    probabilities: NDArray[np.float64], members: Sequence[Residues]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count the residue pairs between two chunks and sum their probabilities; two symmetric (C, C) arrays."""
    residues = np.concatenate([np.empty(0, np.int64), *members]) - 1
    starts = np.cumsum([0] + [len(chunk) for chunk in members])
    return _sum_pairs(probabilities, residues, starts)


@checked_kernel
def _sum_pairs(
    probabilities: NDArray[np.float64], residues: NDArray[np.int64], starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    size = starts.shape[0] - 1
    counts = np.zeros((size, size), np.int64)
    sums = np.zeros((size, size))
    for a in range(size):
        for b in range(a + 1, size):
            for p in range(starts[a], starts[a + 1]):
                for q in range(starts[b], starts[b + 1]):
                    if residues[p] + PAIR_SEPARATION < residues[q]:
                        counts[a, b] += 1
                        sums[a, b] += probabilities[residues[p], residues[q]]
            counts[b, a] = counts[a, b]
            sums[b, a] = sums[a, b]
    return counts, sums


def cluster_chunks(
    counts: NDArray[np.int64], sums: NDArray[np.float64], parameters: DpamParameters
) -> list[NDArray[np.int64]]:
    """Return clusters of chunks, each an ascending array of chunk numbers, in order of creation.

    A chunk without any pair above the threshold is in no cluster.
    """
    first, second = np.triu_indices(len(counts), 1)
    connected = counts[first, second] > 0
    first, second = first[connected], second[connected]
    means = sums[first, second] / counts[first, second]
    above = np.flatnonzero(means > parameters.pair_threshold)
    order = above[np.argsort(-means[above], kind="stable")]
    small = -1.0 if parameters.small_cluster is None else parameters.small_cluster
    cluster_of = _join_chunks(counts, sums, first[order], second[order], parameters.merge_ratio, small)
    return [np.flatnonzero(cluster_of == cluster) for cluster in np.unique(cluster_of[cluster_of >= 0])]


@checked_kernel
def _join_chunks(
    counts: NDArray[np.int64],
    sums: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    merge_ratio: float,
    small: float,
) -> NDArray[np.int64]:
    """Return the cluster number of every chunk (-1: none); a union is a new cluster with the next number."""
    size = counts.shape[0]
    cluster_of = np.full(size, -1, np.int64)
    newest = -1
    for pair in range(first.shape[0]):
        a, b = first[pair], second[pair]
        cluster_a, cluster_b = cluster_of[a], cluster_of[b]
        if cluster_a >= 0 and cluster_a == cluster_b:
            continue
        if cluster_a < 0 and cluster_b < 0:
            newest += 1
            cluster_of[a] = cluster_of[b] = newest
        elif cluster_a >= 0 and cluster_b >= 0:
            count_a, sum_a = _within(counts, sums, cluster_of, cluster_a)
            count_b, sum_b = _within(counts, sums, cluster_of, cluster_b)
            join = count_a <= small or count_b <= small
            if not join:
                count, total = _between(counts, sums, cluster_of, cluster_a, cluster_b)
                link = total / count * merge_ratio
                join = link >= sum_a / count_a or link >= sum_b / count_b
            if join:
                newest += 1
                for chunk in range(size):
                    if cluster_of[chunk] == cluster_a or cluster_of[chunk] == cluster_b:
                        cluster_of[chunk] = newest
        else:
            cluster = max(cluster_a, cluster_b)
            lone = b if cluster_a >= 0 else a
            count_in, sum_in = _within(counts, sums, cluster_of, cluster)
            # v2 compares the *sum* of probabilities here, but for two clusters the number of pairs.
            join = sum_in <= small
            if not join:
                count = 0
                total = 0.0
                for chunk in range(size):
                    if cluster_of[chunk] == cluster:
                        count += counts[chunk, lone]
                        total += sums[chunk, lone]
                join = total / count * merge_ratio >= sum_in / count_in
            if join:
                cluster_of[lone] = cluster
    return cluster_of


@checked_kernel
def _within(
    counts: NDArray[np.int64], sums: NDArray[np.float64], cluster_of: NDArray[np.int64], cluster: int
) -> tuple[int, float]:
    """Number and summed probability of the pairs inside a cluster."""
    members = np.flatnonzero(cluster_of == cluster)
    count = 0
    total = 0.0
    for i in range(members.shape[0]):
        for j in range(i + 1, members.shape[0]):
            count += counts[members[i], members[j]]
            total += sums[members[i], members[j]]
    return count, total


@checked_kernel
def _between(
    counts: NDArray[np.int64], sums: NDArray[np.float64], cluster_of: NDArray[np.int64], cluster_a: int, cluster_b: int
) -> tuple[int, float]:
    """Number and summed probability of the pairs between two clusters."""
    members_a = np.flatnonzero(cluster_of == cluster_a)
    members_b = np.flatnonzero(cluster_of == cluster_b)
    count = 0
    total = 0.0
    for i in members_a:
        for j in members_b:
            count += counts[i, j]
            total += sums[i, j]
    return count, total


def domains_from_clusters(clusters: Sequence[Residues], parameters: DpamParameters) -> list[Residues]:
    """Turn clusters of residues into domains: drop small ones, fill gaps, remove segments shared with others.

    Parameters
    ----------
    clusters : sequence of ndarray
        1-based residues, ascending.
    parameters : DpamParameters

    Returns
    -------
    list of ndarray
        1-based residues, sorted by the mean residue of the cluster.
    """
    kept = sorted((c for c in clusters if len(c) >= parameters.cluster_residues), key=lambda c: float(np.mean(c)))
    if not kept:
        return []
    occupied = np.unique(np.concatenate(kept))
    filled = [_fill_gaps(cluster, occupied, parameters) for cluster in kept]
    domains = []
    for number, domain in enumerate(filled):
        others = np.concatenate([np.empty(0, np.int64), *filled[:number], *filled[number + 1 :]])
        own = domain[~np.isin(domain, others)]
        segments = [
            np.arange(first, last + 1)
            for first, last in runs(domain)
            if np.count_nonzero((own >= first) & (own <= last)) >= parameters.unique_residues
        ]
        if sum(map(len, segments)) >= parameters.domain_residues:
            domains.append(np.concatenate(segments))
    return domains


def _fill_gaps(cluster: Residues, occupied: Residues, parameters: DpamParameters) -> Residues:
    """Fill the short gaps of a cluster, and longer gaps in which few residues belong to any cluster."""
    segments = runs(cluster)
    pieces = [np.arange(first, last + 1) for first, last in segments]
    for (_, last), (first, _) in pairwise(segments):
        gap = np.arange(last + 1, first)
        short = len(gap) <= parameters.short_gap
        mostly_free = (
            parameters.long_gap is not None
            and len(gap) <= parameters.long_gap
            and np.count_nonzero(np.isin(gap, occupied)) <= parameters.short_gap
        )
        if short or mostly_free:
            pieces.append(gap)
    return np.sort(np.concatenate(pieces))
