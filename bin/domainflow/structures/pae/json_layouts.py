"""Read PAE from JSON.

* AlphaFold DB: a list with one object, ``predicted_aligned_error``; in 2021 flat lists ``residue1``, ``residue2`` and
  ``distance``.
* AlphaFold 3 and its server: ``pae`` with ``token_chain_ids`` and ``token_res_ids``.
* ColabFold: ``pae`` or ``predicted_aligned_error``. Protenix: ``token_pair_pae``.
* A bare matrix.
"""

import json
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.structures.file_kind import decode_text
from domainflow.structures.pae.matrix import MATRIX_KEYS, PaeMatrix, numbers, squeezed

__all__ = ["pae_of_json"]

FLAT_KEYS = ("residue1", "residue2", "distance")
TOKEN_KEYS = ("token_chain_ids", "token_res_ids")
_ADVICE = "give the file that holds a matrix 'pae' or 'predicted_aligned_error'"


def pae_of_json(content: bytes, name: str) -> PaeMatrix:
    """Return the PAE of a JSON file.

    Raises
    ------
    InputError
        If the file is not valid JSON or holds no PAE.
    """
    try:
        document = json.loads(decode_text(content) if content[:1] in b"\xef\xff\xfe" else content)
    except (ValueError, RecursionError):
        raise InputError(f"{name} is not valid JSON (it may have been cut off); copy or download it again") from None
    if isinstance(document, list) and document and isinstance(document[0], dict):
        document = document[0]
    if isinstance(document, dict):
        for key in MATRIX_KEYS:
            if key in document:
                values = squeezed(numbers(document[key], name))
                return PaeMatrix(values, *_tokens(document, len(values) if values.ndim else 0))
        if all(key in document for key in FLAT_KEYS):
            first, second, error = (numbers(document[key], name) for key in FLAT_KEYS)
            return _from_flat(first, second, error, name)
    elif isinstance(document, list) and document and isinstance(document[0], list):
        return PaeMatrix(squeezed(numbers(document, name)))
    raise InputError(f"{name} holds no PAE; {_ADVICE}")


def _tokens(document: dict[str, Any], count: int) -> tuple[list[str] | None, list[str] | None]:
    """Return chain and residue number of each token, where the file gives one of each a token."""
    found = [document.get(key) for key in TOKEN_KEYS]
    if not all(isinstance(values, list) and len(values) == count for values in found):
        return None, None
    chains, residues = ([str(value) for value in values or ()] for values in found)
    return chains, residues


def _from_flat(
    first: NDArray[np.float64], second: NDArray[np.float64], error: NDArray[np.float64], name: str
) -> PaeMatrix:
    """Return the matrix of flat lists, which must name each pair of the residues in them exactly once."""
    damaged = InputError(f"the PAE in {name} does not give every residue pair once; give the original file")
    if first.ndim != 1 or first.shape != second.shape or first.shape != error.shape or first.size == 0:
        raise damaged
    side = isqrt(first.size)
    if side * side != first.size or not (np.isin(first, np.arange(1, side + 1)).all() and (second >= 1).all()):
        raise damaged
    if not (second <= side).all() or (second != np.floor(second)).any():
        raise damaged
    place = (first.astype(np.int64) - 1) * side + second.astype(np.int64) - 1
    if (np.bincount(place, minlength=first.size) != 1).any():
        raise damaged
    matrix = np.empty(first.size)
    matrix[place] = error
    return PaeMatrix(matrix.reshape(side, side), None, [str(number) for number in range(1, side + 1)])
