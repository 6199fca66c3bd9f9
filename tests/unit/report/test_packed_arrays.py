"""Coordinates and matrices come back as a browser unpacks them."""

import base64
import zlib

import numpy as np
import pytest

from domainflow.report.packed_arrays import (
    PAE_LEVELS,
    PROBABILITY_LEVELS,
    packed_coordinates,
    packed_matrix,
    packed_pae,
)
from domainflow.structures.thinned import thinned

RNG = np.random.default_rng(7)


def unpacked(packed):
    """The values of a packed matrix."""
    side = packed["side"]
    differences = np.frombuffer(zlib.decompress(base64.b64decode(packed["data"])), np.uint8).reshape(side, side)
    return np.array(packed["levels"])[np.cumsum(differences, axis=0, dtype=np.uint8)]


@pytest.mark.parametrize("spread", [20, 2000])
def test_coordinates_are_those_of_ca_and_o(spread):
    backbone = RNG.normal(scale=spread, size=(50, 4, 3)).astype(np.float32)
    packed = packed_coordinates(backbone)
    whole = np.frombuffer(base64.b64decode(packed["xyz"]), "<i2").reshape(50, 2, 3)
    found = whole * packed["unit"] + packed["middle"]
    np.testing.assert_allclose(found, backbone[:, [1, 3]], atol=packed["unit"] * 0.51)
    assert packed["unit"] == 0.01 if spread == 20 else packed["unit"] > 0.01


def test_values_go_to_the_closest_level():
    cells = np.array([[0.0, 0.6, 31.7], [6.9, 7.1, 30.2], [0.4, 16, 29]])
    assert unpacked(packed_matrix(cells, 1, PAE_LEVELS)).tolist() == [[0, 1, 31], [6, 8, 31], [0, 17, 29]]


def test_a_matrix_keeps_its_directions():
    cells = np.triu(np.ones((9, 9)))
    assert unpacked(packed_matrix(cells, 1, PROBABILITY_LEVELS)).tolist() == cells.tolist()


@pytest.mark.parametrize(("length", "side", "cell"), [(512, 512, 1), (513, 257, 2), (1536, 512, 3)])
def test_a_large_pae_is_thinned(length, side, cell):
    packed = packed_pae(np.full((length, length), 12.0))
    assert (packed["side"], packed["cell"]) == (side, cell)
    assert set(unpacked(packed).ravel()) == {12}


def test_cells_are_means_and_the_last_are_smaller():
    cells, k = thinned(np.arange(25.0).reshape(5, 5), 3)
    assert k == 2
    assert cells.tolist() == [[3, 5, 6.5], [13, 15, 16.5], [20.5, 22.5, 24]]
