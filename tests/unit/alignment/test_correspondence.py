"""The second axis of a correspondence analysis, in DaliLite's single precision."""

import numpy as np
import pytest

from domainflow.alignment.folding_units.correspondence import CYCLES, FIRST_START, SECOND_START, second_axis


def graph_of(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the compressed sparse rows of a dense matrix."""
    row, column = np.nonzero(weight)
    start = np.searchsorted(row, np.arange(len(weight) + 1)).astype(np.int32)
    return start, column.astype(np.int32), weight[row, column]


def two_parts(sizes: tuple[int, int], between: float) -> np.ndarray:
    """Return two cliques, with contacts between the last residue of one and the first of the other."""
    one, other = sizes
    weight = np.full((one + other, one + other), 0.0)
    weight[:one, :one] = weight[one:, one:] = 3.0
    np.fill_diagonal(weight, 16.0)
    weight[one - 1, one] = weight[one, one - 1] = between
    return weight


def plainly(weight: np.ndarray) -> np.ndarray:
    """Compute the second axis in single precision, one operation at a time."""
    single = np.float32

    def total(values):
        result = single(0)
        for value in values:
            result = single(result + value)
        return result

    def averaged(scores):
        return [
            single(total([single(single(w) * scores[j]) for j, w in enumerate(row) if w]) / total(map(single, row)))
            for row in weight
        ]

    first = None
    for level in (FIRST_START, SECOND_START):
        scores, before = [single(level)] * len(weight), single(0)
        for cycle in range(CYCLES + 1):
            if cycle:
                scores = averaged(averaged(scores))
            if first is not None:
                along = total([single(a * b) for a, b in zip(scores, first, strict=True)])
                scores = [single(a - single(along * b)) for a, b in zip(scores, first, strict=True)]
            length = np.sqrt(total([single(1e-9), *[single(a * a) for a in scores]]))
            scores = [single(a / length) for a in scores]
            if cycle and single(abs(single(length - before)) / length) < single(1e-5):
                break
            before = length
        first = first or scores
    return np.array(scores)


@pytest.mark.parametrize(("sizes", "between"), [((12, 15), 1.0), ((9, 30), 4.0), ((25, 25), 2.0)])
def test_every_bit_is_that_of_the_plain_way(sizes, between):
    weight = two_parts(sizes, between)
    scores = second_axis(*graph_of(weight))
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(scores, plainly(weight))


def test_parts_that_touch_little_are_on_different_sides():
    scores = second_axis(*graph_of(two_parts((12, 15), 1.0)))
    assert len(set(np.sign(scores[:12]).tolist())) == len(set(np.sign(scores[12:]).tolist())) == 1
    assert scores[0] * scores[-1] < 0


def test_where_one_mode_is_much_slower_than_all_others_the_axis_is_that_mode():
    weight = two_parts((12, 15), 1.0)
    scale = 1 / np.sqrt(weight.sum(axis=1))
    mode = np.linalg.eigh(weight * scale[:, None] * scale)[1][:, -2] * scale
    scores = second_axis(*graph_of(weight)).astype(np.float64)
    scores -= scores.mean()
    mode -= mode.mean()
    assert abs(mode @ scores) / np.linalg.norm(mode) / np.linalg.norm(scores) > 0.99999
