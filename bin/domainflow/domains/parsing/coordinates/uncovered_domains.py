"""Find domains among residues that other evidence left over, and extend domains by them, from coordinates alone.

The domains of step 13 are groups that stay together; small ones with few contacts inside are given up. All other
residues form chunks of at most five, never across a break of the chain. The two groups with the largest mean
probability join while that mean is above a threshold (average linkage). Two domains of step 13 never join. Residues
that joined in segments of under three are free again. A new group is a domain if it is large and packed like one.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.parsing.clustering import CHUNK_LENGTH, CHUNK_RESIDUES
from domainflow.domains.parsing.coordinates.structure_evidence import StructureEvidence
from domainflow.domains.parsing.coordinates.structure_probability import LEAST_SEPARATION
from domainflow.domains.rows import Residues
from domainflow.kernels.compile import checked_kernel
from domainflow.structures.ranges import runs

__all__ = ["extend_domains", "join_groups", "kept_domains"]

LINK = 0.5
"""Mean probability above which two groups join."""
DOMAIN_RESIDUES = 40
"""Least number of residues of a new domain."""
DOMAIN_CONTACTS = 1.75
"""Least mean number of contacts that a residue of a new domain has within it. Disordered stretches have fewer."""
PIECE_CONTACTS = 2.2
"""The same for a domain of step 13 that is shorter than `DOMAIN_RESIDUES`. With fewer it is a piece of a domain."""


def extend_domains(
    domains: Sequence[Residues],
    usable: NDArray[np.bool_],
    evidence: StructureEvidence,
) -> list[Residues]:
    """Extend domains by residues of none, and add new domains.

    Parameters
    ----------
    domains : sequence of ndarray
        1-based residues of step 13's domains that are kept.
    usable : ndarray, shape=(L,), dtype=bool
        False for residues that stay without a domain.
    evidence : StructureEvidence

    Returns
    -------
    list of ndarray
        1-based residues, sorted by mean residue.
    """
    groups = np.full(len(usable), -1, np.int64)
    for number in range(len(domains) - 1, -1, -1):
        groups[domains[number] - 1] = number
    fixed = size = len(domains)
    for chunk in _chunks(usable & (groups < 0), evidence.breaks):
        groups[chunk] = size
        size += 1
    joined = join_groups(groups, size, fixed, evidence.probabilities, LINK)
    found = []
    for number in np.unique(joined):
        members = np.flatnonzero((groups >= 0) & (joined[groups] == number)) + 1
        if number < fixed:
            found.append(np.union1d(domains[number], _without_crumbs(np.union1d(domains[number], members))))
            continue
        members = _without_crumbs(members)
        if len(members) >= DOMAIN_RESIDUES and _is_packed(members, evidence.contacts, DOMAIN_CONTACTS):
            found.append(members)
    return sorted(found, key=lambda domain: float(domain.mean()))


def kept_domains(domains: Sequence[Residues], evidence: StructureEvidence) -> list[Residues]:
    """Return step 13's domains without loose pieces: small ones with few contacts inside."""
    return [
        domain
        for domain in domains
        if len(domain) >= DOMAIN_RESIDUES or _is_packed(domain, evidence.contacts, PIECE_CONTACTS)
    ]


def _chunks(free: NDArray[np.bool_], breaks: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """Yield the chunks of each unbroken stretch of free residues, 0-based.

    They end at multiples of five, like those of step 13.
    """
    places = np.flatnonzero(free)
    ends = (np.diff(places) > 1) | breaks[places[1:]] | (places[1:] % CHUNK_LENGTH == 0)
    yield from np.split(places, np.flatnonzero(ends) + 1)


def _without_crumbs(members: Residues) -> Residues:
    """Return residues without those of segments that are shorter than a chunk may be."""
    segments = [np.arange(first, last + 1) for first, last in runs(members) if last - first + 1 >= CHUNK_RESIDUES]
    return np.concatenate([np.empty(0, np.int64), *segments])


def _is_packed(members: Residues, contacts: NDArray[np.bool_], least: float) -> bool:
    """Return whether residues have a mean number of contacts among each other of at least `least`."""
    return contacts[np.ix_(members - 1, members - 1)].sum() >= least * len(members)


@checked_kernel
def join_groups(
    groups: NDArray[np.int64], size: int, fixed: int, probabilities: NDArray[np.floating], link: float
) -> NDArray[np.int64]:
    """Join groups of residues by average linkage.

    Parameters
    ----------
    groups : ndarray, shape=(L,), dtype=int64
        Group of each residue, -1 for none.
    size : int
        Number of groups.
    fixed : int
        Groups below this number never join with each other.
    probabilities : ndarray, shape=(L, L)
    link : float
        Groups join while their mean probability is above this.

    Returns
    -------
    ndarray, shape=(size,), dtype=int64
        The lowest of the groups that a group has joined.
    """
    counts, sums = np.zeros((size, size), np.int64), np.zeros((size, size))
    for i in range(groups.shape[0]):
        for j in range(i + LEAST_SEPARATION, groups.shape[0]):
            if groups[i] >= 0 and groups[j] >= 0 and groups[i] != groups[j]:
                a, b = min(groups[i], groups[j]), max(groups[i], groups[j])
                counts[a, b] += 1
                sums[a, b] += probabilities[i, j]
    joined = np.arange(size)
    while True:
        best, first, second = link, -1, -1
        for a in range(size):
            if joined[a] != a:
                continue
            for b in range(max(a + 1, fixed), size):
                if joined[b] == b and sums[a, b] > best * counts[a, b]:
                    best, first, second = sums[a, b] / counts[a, b], a, b
        if first < 0:
            return joined
        for group in range(size):
            if joined[group] == second:
                joined[group] = first
        for group in range(size):
            if group != first and group != second:
                a, b = min(first, group), max(first, group)
                c, d = min(second, group), max(second, group)
                counts[a, b] += counts[c, d]
                sums[a, b] += sums[c, d]
