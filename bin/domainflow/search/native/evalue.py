"""Estimate e-values, the number of hits as good as this one that are expected by chance, on two scales.

Foldseek's scale, for a score s against a set of R template residues:

    E = (R * (1 - exp(-exp(-lambda * (s + 0.86)))))^0.32

lambda of a query is estimated from its structure letters and its length by a regression. The regression was fitted to
the lambdas of 33 queries, as read from Foldseek's own output (van Kempen et al., *Nature Biotechnology* 2024,
42:243-246; commit d5b1d3d). Its error is 0.009 (leave one out). DPAM's limits are set on this scale.

Calibrated scale, for a score s and the TM-score of the alignment, against N templates:

    E = N / 2574 * exp(4.885 - 1.65847 * s * TM / beta)

beta is the width of the Gumbel distribution (Altschul & Gish, *Methods in Enzymology* 1996, 266:460-480) of the scores
of the reversed query. These scores are a free sample of chance scores for each query.

The two numbers were fitted to 124 chains against 2,574 templates. E is then the number of hits in another X-group of
ECOD, for E between 0.05 and 10. Such hits are 20 to 35 times as frequent as the e-value on Foldseek's scale says.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["calibrated_evalues", "chance_width", "foldseek_evalues", "foldseek_lambda"]

COMMON_LETTERS = "LSN"
"""3Di letters whose share of the query predicts Foldseek's lambda."""
LAMBDA_RANGE = (0.12, 0.205)
"""Range of lambda in Foldseek's output; the regression is clipped to it."""
SCORE_SHIFT = 0.86
SIZE_EXPONENT = 0.32

CALIBRATION_TEMPLATES = 2574
CALIBRATION_OFFSET = 4.885
CALIBRATION_SLOPE = 1.65847
GUMBEL_STEPS = 60
GUMBEL_SD = 0.7797
"""Width of a Gumbel distribution with standard deviation 1: sqrt(6) / pi."""
FEWEST_TEMPLATES = 100
"""With fewer templates, the width of the chance scores is not estimated."""
TYPICAL_WIDTH = 12.6
"""Width that is used instead: the median of 34 queries against 2,574 templates."""


def foldseek_lambda(letters: str) -> float:
    """Estimate Foldseek's lambda for a query with these structure letters."""
    if not letters:
        return LAMBDA_RANGE[0]
    share = sum(letters.count(letter) for letter in COMMON_LETTERS) / len(letters)
    estimate = 0.2544 + 0.2035 * share - 0.8628 * share**2 - 0.014 * np.log(len(letters))
    return float(np.clip(estimate, *LAMBDA_RANGE))


def foldseek_evalues(scores: NDArray[np.integer], decay: float, residues: int) -> NDArray[np.float64]:
    """Return e-values on Foldseek's scale.

    Parameters
    ----------
    scores : ndarray, shape=(n,)
        Corrected scores: the score of the query minus that of the reversed query.
    decay : float
        Lambda of the query, from `foldseek_lambda`.
    residues : int
        Number of residues of all templates.

    Returns
    -------
    ndarray, shape=(n,), dtype=float64
        At most residues^0.32.
    """
    exponent = np.clip(decay * (np.asarray(scores, np.float64) + SCORE_SHIFT), -50.0, 700.0)
    return (residues * -np.expm1(-np.exp(-exponent))) ** SIZE_EXPONENT


def chance_width(backward: NDArray[np.integer], lengths: NDArray[np.integer]) -> float:
    """Estimate beta, the width of the Gumbel distribution of a query's chance scores.

    Parameters
    ----------
    backward : ndarray, shape=(N,)
        Scores of the reversed query against each template.
    lengths : ndarray, shape=(N,)
        Lengths of the templates in residues. The linear trend of the scores with the logarithm of the length is
        subtracted first.

    Returns
    -------
    float
        Maximum likelihood estimate; `TYPICAL_WIDTH` for fewer than 100 templates, or if all scores are alike.
    """
    if len(backward) < FEWEST_TEMPLATES:
        return TYPICAL_WIDTH
    scores = np.asarray(backward, np.float64)
    size = np.log(np.maximum(lengths, 1))
    size = size - size.mean()
    spread = (size * size).sum()
    slope = (size * scores).sum() / spread if spread > 0 else 0.0
    rest = scores - slope * size
    rest -= rest.min()
    width = float(rest.std()) * GUMBEL_SD
    if width < 1e-3:
        return TYPICAL_WIDTH
    mean = rest.mean()
    for _ in range(GUMBEL_STEPS):
        weights = np.exp(-rest / width)
        width = 0.5 * width + 0.5 * float(mean - (rest * weights).sum() / weights.sum())
    return width


def calibrated_evalues(products: NDArray[np.floating], width: float, templates: int) -> NDArray[np.float64]:
    """Return the numbers of hits expected in other X-groups.

    Parameters
    ----------
    products : ndarray, shape=(n,)
        Corrected score times TM-score of each alignment.
    width : float
        beta, from `chance_width`.
    templates : int
        Number of templates searched.

    Returns
    -------
    ndarray, shape=(n,), dtype=float64
    """
    scale = templates / CALIBRATION_TEMPLATES
    return scale * np.exp(CALIBRATION_OFFSET - CALIBRATION_SLOPE / width * np.asarray(products, np.float64))
