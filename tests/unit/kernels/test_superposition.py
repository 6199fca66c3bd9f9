"""Least-squares superposition."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from domainflow.kernels.superposition import horn_matrix, rotation_matrix, superpose, transform


@pytest.mark.parametrize("seed", range(10))
def test_a_moved_copy_is_moved_back(seed):
    rng = np.random.default_rng(seed)
    points = rng.normal(0, 10, (30, 3))
    turn, shift = Rotation.random(rng=rng), rng.normal(0, 50, 3)
    rotation, translation, deviation = superpose(
        (turn.apply(points) + shift).astype(np.float32), points.astype(np.float32)
    )
    np.testing.assert_allclose(rotation, turn.as_matrix(), atol=1e-4)
    np.testing.assert_allclose(translation, shift, atol=1e-3)
    assert deviation < 1e-2


@pytest.mark.parametrize("seed", range(10))
def test_no_rotation_is_better(seed):
    """Compare with Kabsch's solution as scipy computes it."""
    rng = np.random.default_rng(seed)
    fixed, moving = rng.normal(0, 10, (2, 12, 3)).astype(np.float32)
    rotation, _, deviation = superpose(fixed, moving)
    best, residual = Rotation.align_vectors(fixed - fixed.mean(axis=0), moving - moving.mean(axis=0))
    np.testing.assert_allclose(rotation, best.as_matrix(), atol=1e-4)
    assert deviation == pytest.approx(residual / np.sqrt(12), rel=1e-4)


def test_a_mirror_image_is_rotated_not_reflected():
    points = np.random.default_rng(0).normal(0, 10, (20, 3)).astype(np.float32)
    rotation, _, deviation = superpose(points * np.array([1, 1, -1], np.float32), points)
    assert np.linalg.det(rotation) == pytest.approx(1, abs=1e-6)
    assert deviation > 1


def test_moved_points_are_rows_of_coordinates():
    points = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    quarter = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], float)
    np.testing.assert_allclose(transform(points, quarter, np.array([10.0, 0, 0])), [[8, 5], [1, 4], [3, 6]])


@pytest.mark.parametrize("seed", range(10))
def test_a_quaternion_is_turned_into_its_rotation(seed):
    turn = Rotation.random(rng=np.random.default_rng(seed))
    x, y, z, w = turn.as_quat()
    np.testing.assert_allclose(rotation_matrix(w, x, y, z), turn.as_matrix(), atol=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_horns_matrix_gives_the_overlap_after_any_rotation(seed):
    """Expect q K q = Σ_k U x_k · y_k for the rotation U of a quaternion q (Horn 1987)."""
    rng = np.random.default_rng(seed)
    moving, fixed = rng.normal(0, 10, (2, 12, 3))
    turn = Rotation.random(rng=rng)
    quaternion = np.roll(turn.as_quat(), 1)
    overlap = (turn.apply(moving) * fixed).sum()
    assert quaternion @ horn_matrix(moving.T @ fixed) @ quaternion == pytest.approx(overlap)
