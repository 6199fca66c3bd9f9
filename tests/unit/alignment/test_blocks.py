"""Gapless blocks of alignments."""

import numpy as np
import pytest

from domainflow.alignment.native.blocks import block_bounds


@pytest.mark.parametrize(
    ("query", "template", "bounds"),
    [
        ([], [], [0]),
        ([5], [3], [0, 1]),
        ([0, 1, 2], [4, 5, 6], [0, 3]),
        ([0, 1, 3, 4], [4, 5, 6, 7], [0, 2, 4]),
        ([0, 1, 2, 3], [4, 5, 8, 9], [0, 2, 4]),
        ([0, 2, 4], [0, 2, 4], [0, 1, 2, 3]),
    ],
)
def test_a_block_ends_where_either_chain_has_a_gap(query, template, bounds):
    assert block_bounds(np.array([query, template], np.int32)).tolist() == bounds
