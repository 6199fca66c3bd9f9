"""Join domains that are parts of one and match different residues of the same template (DPAM steps 19 to 22).

A template supports joining two domains if it is nearly the best of each and they match different parts of it. A
template opposes if it does not support but is nearly the best of one of them, which matches more than half of it. Two
domains are a candidate pair if, for one of them, more templates support than oppose (step 19).

A candidate pair is joined if the domains are neighbours in the chain, residues of no domain not counted, or if they
touch. They touch if at least 9 residue pairs have atoms within 8 Å (step 21). Domains joined directly or through others
become one domain (step 22).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.assignment.template_residues import (
    AssignmentFacts,
    MappedHit,
    chosen_residues,
    template_coverage,
)
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.parsing.pair_probability import closest_atom_distances
from domainflow.domains.rows import Residues

__all__ = [
    "APART",
    "NEIGHBOURS",
    "TOUCHING",
    "DomainPair",
    "JudgedPair",
    "MergedDomain",
    "candidate_pairs",
    "contact_type",
    "judge_pairs",
    "merge_domains",
    "residue_places",
]

APART, NEIGHBOURS, TOUCHING = 0, 1, 2
"""Numbers that step 21 writes for a pair."""


class DomainPair(NamedTuple):
    """Step 19: two domains, the first before the second, the templates that support joining them, and the outcome."""

    first: str
    second: str
    uids: tuple[str, ...]
    accepted: bool


class JudgedPair(NamedTuple):
    """Step 21: two domains and `APART`, `NEIGHBOURS` or `TOUCHING`."""

    first: str
    second: str
    contact: int


class MergedDomain(NamedTuple):
    """Step 22: the domains that are joined, in order, and all their 1-based residues."""

    parts: tuple[str, ...]
    residues: Residues


class _Match(NamedTuple):
    """A template matched by a domain: the matched residues, their share of it, and a flag for nearly the best."""

    domain: str
    uid: str
    residues: Residues
    coverage: float
    near_best: bool


def candidate_pairs(
    mapped: Sequence[MappedHit], facts: AssignmentFacts, parameters: DpamParameters
) -> list[DomainPair]:
    """Return all pairs with some support, template by template in order of first appearance.

    Parameters
    ----------
    mapped : sequence of MappedHit
        Step 18's rows of one protein: domain by domain.
    facts : AssignmentFacts
    parameters : DpamParameters
    """
    best: dict[str, float] = {}
    for hit in mapped:
        best[hit.domain] = max(hit.probability, best.get(hit.domain, 0.0))
    matches = []
    for hit in mapped:
        residues = chosen_residues(hit.hh_template, hit.dali_template, parameters)
        near_best = hit.probability + parameters.best_margin > best[hit.domain]
        coverage = template_coverage(hit.uid, residues, facts)
        matches.append(_Match(hit.domain, hit.uid, residues, coverage, near_best))

    by_template: dict[str, list[_Match]] = {}
    for match in matches:
        by_template.setdefault(match.uid, []).append(match)
    support: dict[tuple[str, str], set[str]] = {}
    for uid, group in by_template.items():
        for place, one in enumerate(group):
            for two in group[place + 1 :]:
                if one.near_best and two.near_best and _different_parts(one, two, parameters):
                    support.setdefault((one.domain, two.domain), set()).add(uid)

    opposing: dict[str, set[str]] = {}
    for match in matches:
        if match.near_best and match.coverage > parameters.opposing_coverage:
            opposing.setdefault(match.domain, set()).add(match.uid)
    pairs = []
    for (first, second), uids in support.items():
        accepted = any(len(uids) > len(opposing.get(domain, set()) - uids) for domain in (first, second))
        pairs.append(DomainPair(first, second, tuple(sorted(uids)), accepted))
    return pairs


def _different_parts(one: _Match, two: _Match, parameters: DpamParameters) -> bool:
    """Return whether less than a quarter of the template residues of one of the two is shared."""
    shared = len(np.intersect1d(one.residues, two.residues, assume_unique=True))
    return any(shared < parameters.shared_template * len(match.residues) for match in (one, two))


def residue_places(domains: Sequence[Residues], parameters: DpamParameters) -> NDArray[np.int64]:
    """Return the first and the last rank of every residue number among the residues of all domains.

    Ranks count from 0. A residue has one rank; with `compat_v2` a residue of two domains counts twice and has two.

    Returns
    -------
    ndarray, shape=(2, n), dtype=int64
        First and last rank of residues 0 to n - 1; -1 for residues of no domain.
    """
    members = np.sort(np.concatenate([np.empty(0, np.int64), *domains]))
    if not parameters.compat_v2:
        members = np.unique(members)
    places = np.full((2, int(members.max(initial=0)) + 1), -1, np.int64)
    residues, first, counts = np.unique(members, return_index=True, return_counts=True)
    places[0, residues], places[1, residues] = first, first + counts - 1
    return places


def contact_type(
    first: Residues,
    second: Residues,
    places: NDArray[np.int64],
    atoms: NDArray[np.floating],
    atom_residue: NDArray[np.integer],
    parameters: DpamParameters,
) -> int:
    """Return the contact of two domains.

    Parameters
    ----------
    first, second : ndarray
        1-based residues.
    places : ndarray
        From `residue_places`.
    atoms : ndarray, shape=(A, 3)
        All atoms of the model, Å.
    atom_residue : ndarray, shape=(A,)
        0-based residue of each atom, ascending.
    parameters : DpamParameters

    Returns
    -------
    int
        `APART`, `NEIGHBOURS` or `TOUCHING`.
    """
    ranks = places[:, first].ravel(), places[:, second].ravel()
    if np.abs(np.subtract.outer(*ranks)).min() <= parameters.neighbour_distance:
        return NEIGHBOURS
    chosen = np.isin(atom_residue, np.concatenate([first, second]) - 1)
    residues, rank = np.unique(atom_residue[chosen], return_inverse=True)
    distances = closest_atom_distances(
        np.ascontiguousarray(atoms[chosen], np.float64), np.ascontiguousarray(rank, np.int64)
    )
    of_first, of_second = (np.isin(residues + 1, domain) for domain in (first, second))
    contacts = np.count_nonzero(distances[np.ix_(of_first, of_second)] <= parameters.merge_contact_distance)
    return TOUCHING if contacts >= parameters.merge_contacts else APART


def judge_pairs(
    pairs: Sequence[DomainPair],
    domains: Mapping[str, Residues],
    atoms: NDArray[np.floating],
    atom_residue: NDArray[np.integer],
    parameters: DpamParameters,
) -> list[JudgedPair]:
    """Return the accepted pairs with their contact.

    Parameters
    ----------
    pairs : sequence of DomainPair
    domains : mapping of name to ndarray
        1-based residues of *all* domains of the protein.
    atoms, atom_residue : ndarray
        As for `contact_type`.
    parameters : DpamParameters
    """
    places = residue_places(list(domains.values()), parameters)
    return [
        JudgedPair(
            first, second,
            contact_type(domains[first], domains[second], places, atoms, atom_residue, parameters),
        )
        for first, second, _, accepted in pairs
        if accepted
    ]  # fmt: skip


def merge_domains(judged: Sequence[JudgedPair], domains: Mapping[str, Residues]) -> list[MergedDomain]:
    """Join domains; members of a joined domain are in the order of `domains`, joined domains in that of their first."""
    group_of = {name: place for place, name in enumerate(domains)}
    for first, second, contact in judged:
        if contact != APART:
            kept, given_up = sorted((group_of[first], group_of[second]))
            group_of = {name: kept if group == given_up else group for name, group in group_of.items()}
    groups: dict[int, list[str]] = {}
    for name, group in group_of.items():
        groups.setdefault(group, []).append(name)
    return [
        MergedDomain(tuple(names), np.unique(np.concatenate([domains[name] for name in names])))
        for names in groups.values()
        if len(names) > 1
    ]
