"""Superposition of paired CA atoms."""

import numpy as np
import pytest
from numpy.typing import NDArray

from domainflow.search.native.superposition import aligned_lddt, aligned_tm, neighbours, superpose

RNG = np.random.default_rng(5)


def chain(length: int) -> NDArray[np.float32]:
    """Return CA atoms of a random walk in steps of 3.8 Å."""
    steps = RNG.normal(size=(length, 3))
    return (3.8 * steps / np.linalg.norm(steps, axis=1)[:, None]).cumsum(axis=0).astype(np.float32)


def rotation() -> NDArray[np.float64]:
    matrix, _ = np.linalg.qr(RNG.normal(size=(3, 3)))
    return matrix * np.sign(np.linalg.det(matrix))


def moved(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return (points @ rotation().T + RNG.normal(size=3) * 20).astype(np.float32)


def test_superposition_recovers_a_rigid_motion() -> None:
    points, turn, step = chain(40), rotation(), np.array([5.0, -3.0, 12.0])
    found, shift = np.empty((3, 3)), np.empty(3)
    superpose(points, (points @ turn.T + step).astype(np.float32), np.ones(40), found, shift)
    np.testing.assert_allclose(found, turn, atol=1e-4)
    np.testing.assert_allclose(shift, step, atol=1e-3)


def test_superposition_never_mirrors() -> None:
    points = chain(30)
    found, shift = np.empty((3, 3)), np.empty(3)
    superpose(points, points * np.float32([1, 1, -1]), np.ones(30), found, shift)
    assert np.linalg.det(found) == pytest.approx(1)


def test_the_same_structure_scores_its_share_of_the_length() -> None:
    points = chain(60)
    tm, local = aligned_tm(points, moved(points), 60.0, 60.0)
    assert tm == pytest.approx(1, abs=1e-4)
    assert local == pytest.approx(1, abs=1e-4)
    assert aligned_tm(points, moved(points), 120.0, 60.0)[0] == pytest.approx(0.5, abs=1e-4)
    assert aligned_lddt(points, moved(points), neighbours(points)) == pytest.approx(1)


def test_of_two_rigid_halves_one_is_superposed() -> None:
    points = chain(80)
    other = np.concatenate([moved(points[:40]), moved(points[40:]) + np.float32(80)])
    tm, _ = aligned_tm(points, other, 80.0, 80.0)
    assert 0.5 <= tm < 0.65


def test_unrelated_structures_score_low() -> None:
    assert aligned_tm(chain(100), chain(100), 100.0, 100.0)[0] < 0.4
    points = chain(100)
    assert aligned_lddt(points, chain(100), neighbours(points)) < 0.5


@pytest.mark.parametrize("pairs", [1, 2, 3])
def test_few_pairs(pairs: int) -> None:
    points = chain(pairs)
    assert aligned_tm(points, moved(points), 20.0, 20.0)[0] == pytest.approx(pairs / 20, abs=1e-4)


def test_neighbours_are_counted_within_15_angstroms_on_both_sides() -> None:
    points = np.float32([[0, 0, 0], [14.9, 0, 0], [29.7, 0, 0], [60, 0, 0]])
    assert neighbours(points).tolist() == [1, 2, 1, 0]


def test_neighbours_that_are_not_aligned_count_as_lost() -> None:
    # Twenty of sixty residues keep all distances. Each is scored on all its neighbours, as in Foldseek.
    points = chain(60)
    around = neighbours(points)[20:40]
    inside = neighbours(points[20:40])
    expected = np.mean(inside / around)
    assert aligned_lddt(points[20:40], moved(points[20:40]), around) == pytest.approx(expected)
