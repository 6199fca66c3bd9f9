"""A template is superposed on the part of a model that it is aligned with."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from domainflow.report.superpose import given_rmsd, refit

RNG = np.random.default_rng(26)
POINTS = RNG.normal(scale=10, size=(30, 3))
TURN = Rotation.from_rotvec([0.3, -1.2, 0.7])
SHIFT = np.array([5.0, -40.0, 12.5])


def test_a_moved_copy_fits_exactly():
    fit = refit(POINTS, TURN.apply(POINTS) + SHIFT)
    assert fit.rmsd < 1e-4
    np.testing.assert_allclose(fit.rotation, TURN.as_matrix(), atol=1e-5)
    np.testing.assert_allclose(fit.moved(POINTS), TURN.apply(POINTS) + SHIFT, atol=1e-4)


def test_the_mirror_image_is_no_fit():
    fit = refit(POINTS, POINTS * [1, 1, -1])
    assert np.linalg.det(fit.rotation) == pytest.approx(1, abs=1e-5)
    assert fit.rmsd > 1


def test_rmsd_of_pairs_that_are_apart():
    """Points at ±1 on two axes fitted to points at ±2: each is 1 Å off."""
    cross = np.array([[-1.0, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0]])
    assert refit(cross, 2 * cross).rmsd == pytest.approx(1)


def test_a_hits_own_superposition_is_wrong_for_a_domain_that_turned():
    """The first half kept its place, the second turned: a fit of all pairs suits neither half."""
    model = np.vstack([POINTS[:15], TURN.apply(POINTS[15:]) + SHIFT])
    whole = refit(POINTS, model)
    rows = tuple(",".join(map(str, row)) for row in whole.rotation)
    own = given_rmsd(rows, ",".join(map(str, whole.shift)), POINTS[15:], model[15:])
    assert own > 5
    assert refit(POINTS[15:], model[15:]).rmsd < 1e-4


def test_a_hit_without_superposition_has_no_rmsd():
    assert given_rmsd(("na", "na", "na"), "na", POINTS, POINTS) is None
