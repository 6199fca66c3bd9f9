"""Refining alignments by superposition."""

import numpy as np
import pytest
from numpy.typing import NDArray

from domainflow.search.native.refinement import refined_tm
from domainflow.search.native.superposition import aligned_tm

RNG = np.random.default_rng(8)


def chain(length: int) -> NDArray[np.float32]:
    """Return CA atoms of a random walk in steps of 3.8 Å."""
    steps = RNG.normal(size=(length, 3))
    return (3.8 * steps / np.linalg.norm(steps, axis=1)[:, None]).cumsum(axis=0).astype(np.float32)


def test_half_of_an_alignment_grows_to_all_of_it() -> None:
    points = chain(100)
    half = np.tile(np.arange(20, 70), (2, 1))
    assert aligned_tm(points[20:70], points[20:70], 100.0, 50.0)[0] == pytest.approx(0.5)
    assert refined_tm(points, points, half, 100.0) == pytest.approx(1.0, abs=1e-3)


def test_a_gap_is_found() -> None:
    # The template lacks ten residues of the query; the initial alignment ends before them.
    query = chain(120)
    template = np.concatenate([query[10:60], query[70:110]])
    begin = np.array([np.arange(10, 55), np.arange(45)])
    assert refined_tm(query, template, begin, 90.0) == pytest.approx(1.0, abs=1e-3)


def test_a_good_alignment_stays_as_good() -> None:
    query = chain(80)
    template = (query + RNG.normal(0, 0.5, (80, 3))).astype(np.float32)
    pairs = np.tile(np.arange(80), (2, 1))
    assert refined_tm(query, template, pairs, 80.0) >= aligned_tm(query, template, 80.0, 80.0)[0] - 0.01


@pytest.mark.parametrize("pairs", [1, 2, 4])
def test_few_pairs(pairs: int) -> None:
    query, template = chain(30), chain(25)
    begin = np.array([np.arange(5, 5 + pairs), np.arange(3, 3 + pairs)])
    least = aligned_tm(query[begin[0]], template[begin[1]], 25.0, 25.0)[0]
    assert least > 0
    assert least - 0.01 <= refined_tm(query, template, begin, 25.0) <= 1
