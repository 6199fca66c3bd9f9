"""Measure how well a score separates right rows from wrong ones, and how well probabilities are calibrated."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Calibration",
    "average_precision",
    "calibration",
    "calibration_error",
    "recall_at_precision",
    "roc_auc",
]

BINS = 10


class Calibration(NamedTuple):
    """Rows by probability, in bins of equal width; empty bins are absent.

    Attributes
    ----------
    rows : ndarray of int, shape=(b,)
    predicted : ndarray, shape=(b,)
        Mean probability.
    observed : ndarray, shape=(b,)
        Share of right rows.
    """

    rows: NDArray[np.int64]
    predicted: NDArray[np.float64]
    observed: NDArray[np.float64]


def roc_auc(right: ArrayLike, score: ArrayLike) -> float:
    """Compute the probability that a right row scores above a wrong one; ties count half, NaN without both kinds.

    Examples
    --------
    >>> roc_auc([1, 0, 1, 0], [4, 3, 2, 2])
    0.625
    """
    good, values = np.asarray(right, bool), np.asarray(score, np.float64)
    _, place, sizes = np.unique(values, return_inverse=True, return_counts=True)
    rank = (np.cumsum(sizes) - (sizes - 1) / 2)[place]
    positives, negatives = int(good.sum()), int((~good).sum())
    if not positives or not negatives:
        return float("nan")
    return float((rank[good].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(right: ArrayLike, score: ArrayLike) -> float:
    """Compute the precision averaged over the recall gained at each threshold; rows of equal score share one.

    Examples
    --------
    >>> round(average_precision([1, 0, 1, 0], [4, 3, 2, 1]), 4)
    0.8333
    """
    recall, precision = _curve(right, score)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision)) if recall.size else float("nan")


def recall_at_precision(right: ArrayLike, score: ArrayLike, precision: float = 0.95) -> float:
    """Return the largest recall at a threshold with at least this precision; 0 if there is no such threshold."""
    recall, precise = _curve(right, score)
    enough = recall[precise >= precision]
    return float(enough.max()) if enough.size else 0.0


def calibration(right: ArrayLike, probability: ArrayLike, bins: int = BINS) -> Calibration:
    """Compute the mean probability and the share of right rows, bin by bin."""
    good, values = np.asarray(right, np.float64), np.asarray(probability, np.float64)
    place = np.minimum((values * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    used = count > 0
    predicted, observed = (np.bincount(place, weights=of, minlength=bins)[used] / count[used] for of in (values, good))
    return Calibration(count[used], predicted, observed)


def calibration_error(found: Calibration) -> float:
    """Compute the expected calibration error: difference of predicted and observed, averaged over the rows.

    Examples
    --------
    >>> calibration_error(calibration([1, 0, 1, 1], [0.5, 0.5, 1.0, 1.0]))
    0.0
    """
    if not found.rows.size:
        return float("nan")
    return float(np.average(np.abs(found.predicted - found.observed), weights=found.rows))


def _curve(right: ArrayLike, score: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute recall and precision at each threshold, from the highest score down; empty without a right row."""
    good, values = np.asarray(right, bool), np.asarray(score, np.float64)
    order = np.argsort(-values, kind="stable")
    last = np.flatnonzero(np.append(np.diff(values[order]) != 0, True)) if values.size else np.empty(0, np.int64)
    hits = np.cumsum(good[order])
    if not good.any():
        return np.empty(0), np.empty(0)
    return hits[last] / hits[-1], hits[last] / (last + 1)
