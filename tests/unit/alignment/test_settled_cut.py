"""The cut of a part of a chain, beside the same rules in slow and obvious steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from domainflow.alignment.folding_units.settled_cut import LEAST_CONTACTS, best_bisection
from domainflow.alignment.folding_units.slowest_mode import SHIFT, _factor, _solve
from domainflow.alignment.folding_units.unit_cut import SEGMENT, separation


def smoothed(side, adjacent):
    """Move runs of less than ten residues to the other side, the shortest first, until none is left that can."""
    side = side.copy()
    while True:
        starts = [i for i in range(len(side)) if i == 0 or side[i] != side[i - 1] or not adjacent[i]]
        runs = list(zip(starts, [*starts[1:], len(side)], strict=True))
        short = [
            (end - begin, begin, end)
            for begin, end in runs
            if end - begin < SEGMENT and (adjacent[begin] or (end < len(side) and adjacent[end]))
        ]
        if not short:
            return side
        _, begin, end = min(short)
        side[begin:end] = ~side[begin:end]


def slow_bisection(order, adjacent, mass, contacts):
    best, best_side = -1.0, np.zeros(len(order), bool)
    prefix = np.zeros(len(order), bool)
    for residue in order[:-1]:
        prefix[residue] = True
        side = smoothed(prefix, adjacent)
        if min(side.sum(), (~side).sum()) < SEGMENT:
            continue
        touching = float(contacts[np.ix_(side, ~side)].sum())
        tau2 = separation(int(mass[side].sum()), int(mass.sum()), max(touching, LEAST_CONTACTS))
        if tau2 > best:
            best, best_side = tau2, side
    return best_side, best


def sparse(contacts):
    """Start, neighbours and weights of a symmetric matrix, the diagonal included, in compressed sparse rows."""
    rows = [np.flatnonzero(row) for row in contacts]
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int32)
    neighbour = np.concatenate(rows).astype(np.int32)
    weight = np.concatenate([contacts[i, row] for i, row in enumerate(rows)]).astype(np.float64)
    return start, neighbour, weight


def chain(draw, size):
    """Contacts of residues near in the chain, and of some others; stretches; atoms."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    contacts = np.diag(np.full(size, 9.0))
    for i in range(size - 1):
        contacts[i, i + 1] = contacts[i + 1, i] = rng.integers(1, 9)
    for _ in range(int(rng.integers(0, 3 * size))):
        i, j = rng.integers(0, size, 2)
        contacts[i, j] = contacts[j, i] = rng.integers(1, 9)
    adjacent = rng.random(size) > draw(st.sampled_from([0.0, 0.05, 0.3]))
    adjacent[0] = False
    return rng, contacts, adjacent, rng.integers(4, 15, size)


@given(st.data())
def test_the_cut_is_that_of_the_rules(data):
    size = data.draw(st.integers(20, 60))
    rng, contacts, adjacent, mass = chain(data.draw, size)
    order = rng.permutation(size)
    if data.draw(st.booleans()):  # parts of the chain one after the other, as along a mode
        order = np.argsort(np.arange(size) % 20 + rng.normal(0, 2, size), kind="mergesort")
    side, tau2 = best_bisection(order, adjacent, mass, *sparse(contacts))
    expected, expected_tau2 = slow_bisection(order, adjacent, mass, contacts)
    assert tau2 == expected_tau2
    np.testing.assert_array_equal(side, expected)


@given(st.data())
def test_the_factor_is_that_of_the_shifted_walk(data):
    size = data.draw(st.integers(2, 40))
    rng, contacts, _, _ = chain(data.draw, size)
    start, neighbour, weight = sparse(contacts)
    scale = 1.0 / np.sqrt(contacts.sum(1) - contacts.diagonal())
    walked = rng.permutation(size)
    place = np.argsort(walked)
    walk = np.eye(size) * (1 + SHIFT) - (contacts - np.diag(contacts.diagonal())) * np.outer(scale, scale)
    walk = walk[np.ix_(walked, walked)]

    upper, lower, end = _factor(walked, place, scale[walked], start, neighbour, weight)
    dense = np.zeros((size, size))
    for j in range(size):
        dense[j, j : end[j]] = upper[j, : end[j] - j]
        for k in range(j, end[j]):
            assert lower[k, lower.shape[1] - 1 + j - k] == dense[j, k]
    np.testing.assert_allclose(dense.T @ dense, walk, atol=1e-12)

    right = rng.normal(size=size)
    found = right.copy()
    _solve(upper, lower, end, found)
    np.testing.assert_allclose(walk @ found, right, atol=1e-6)
