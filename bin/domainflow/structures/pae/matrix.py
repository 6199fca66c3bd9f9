"""Define what every layout of PAE is read as, and the checks that all of them pass."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from domainflow.run.errors import InputError

__all__ = ["LARGEST_SIDE", "MATRIX_KEYS", "PaeMatrix", "check_shape", "numbers", "squeezed"]

LARGEST_SIDE = 20_000
"""Tokens; a matrix of more is not read, whatever a file claims."""
MATRIX_KEYS = (
    "predicted_aligned_error", "pae", "token_pair_pae", "full_pae", "pae_matrix", "pae_output", "aligned_error",
)  # fmt: skip
"""Names of the matrix in the files of predictors, from AlphaFold DB to Protenix."""


class PaeMatrix(NamedTuple):
    """PAE of n tokens: of a chain's residues alone, or of all that was predicted.

    Attributes
    ----------
    values : ndarray, shape=(n, n), dtype=float64
        PAE in Å; each row belongs to the token that is aligned on.
    chains, residues : list of n str, or None
        Chain and residue number of each token, where the file gives them.
    """

    values: NDArray[np.float64]
    chains: list[str] | None = None
    residues: list[str] | None = None


def numbers(values: Any, name: str) -> NDArray[np.float64]:
    """Return values of a file as an array.

    Raises
    ------
    InputError
        If they are not numbers in rows of equal length.
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InputError(
            f"the PAE in {name} is not a matrix of numbers with rows of equal length; give the original file"
        ) from None


def squeezed(values: ArrayLike) -> NDArray[Any]:
    """Return an array without leading dimensions of one, which are the predictor's batch."""
    array = np.asarray(values)
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    return array


def check_shape(shape: Sequence[int], name: str) -> None:
    """Check that a matrix is square and not larger than `LARGEST_SIDE`.

    Raises
    ------
    InputError
    """
    if len(shape) != 2 or shape[0] != shape[1]:
        found = " x ".join(str(side) for side in shape) or "a single number"
        raise InputError(f"the PAE in {name} is not square ({found}); give the complete matrix")
    if shape[0] > LARGEST_SIDE:
        raise InputError(f"the PAE in {name} is for {shape[0]} residues; domainflow takes at most {LARGEST_SIDE}")
