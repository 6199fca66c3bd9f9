"""Read the predicted aligned error (PAE) of a chain, in every layout that predictors and databases have used.

* JSON of AlphaFold DB: a list with one object, ``predicted_aligned_error``.
* JSON of AlphaFold DB in 2021: flat lists ``residue1``, ``residue2``, ``distance``.
* JSON of AlphaFold 3 and ColabFold: an object with ``pae`` or ``predicted_aligned_error``.
* HDF5: one dataset of L² or L×L values, row by row.

Each file may be gzipped.
"""

import io
import json
from math import isqrt
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.structures.compressed import read_bytes

__all__ = ["read_pae"]

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
MATRIX_KEYS = ("predicted_aligned_error", "pae")
FLAT_KEYS = ("residue1", "residue2", "distance")
DATASET_NAMES = ("dist", "distance", *MATRIX_KEYS)


def read_pae(path: Path, length: int) -> NDArray[np.float64]:
    """Read the PAE matrix of a chain of L residues.

    Parameters
    ----------
    path : Path
    length : int
        L, the number of residues of the structure that the file must belong to.

    Returns
    -------
    ndarray, shape=(L, L), dtype=float64
        PAE in Å; each row belongs to the residue that is aligned on (``residue1`` of the flat layout).

    Raises
    ------
    InputError
        If the file cannot be read or holds no PAE in a known layout. Also if the matrix is not L x L, or holds negative
        or non-finite values.
    """
    content = read_bytes(path)
    if content.startswith(HDF5_MAGIC):
        matrix = _from_hdf5(content, path.name, length)
    else:
        matrix = _from_json(content, path.name)
    _check_shape(matrix.shape, path.name, length)
    if not np.isfinite(matrix).all():
        raise InputError(f"the PAE in {path.name} holds values that are not finite; give the original file")
    if (matrix < 0).any():
        raise InputError(f"the PAE in {path.name} holds negative values; give the original file")
    return matrix


def _check_shape(shape: tuple[int, ...], name: str, length: int) -> None:
    if len(shape) != 2 or shape[0] != shape[1]:
        found = " x ".join(str(side) for side in shape) or "a single number"
        raise InputError(f"the PAE in {name} is not square ({found}); give the complete matrix")
    if shape[0] != length:
        raise InputError(
            f"the PAE in {name} is for {shape[0]} residues, the structure has {length}; "
            "give PAE and structure of the same model"
        )


def _from_json(content: bytes, name: str) -> NDArray[np.float64]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise InputError(f"{name} is not valid JSON (it may have been cut off); copy or download it again") from None
    if isinstance(document, list) and document and isinstance(document[0], dict):
        document = document[0]
    if isinstance(document, dict):
        for key in MATRIX_KEYS:
            if key in document:
                return _numbers(document[key], name)
        if all(key in document for key in FLAT_KEYS):
            first, second, error = (_numbers(document[key], name) for key in FLAT_KEYS)
            return _from_flat(first, second, error, name)
    elif isinstance(document, list) and document and isinstance(document[0], list):
        return _numbers(document, name)
    raise InputError(f"{name} holds no PAE: neither 'predicted_aligned_error' nor 'pae'; give the predictor's PAE file")


def _numbers(value: object, name: str) -> NDArray[np.float64]:
    try:
        return np.array(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise InputError(
            f"the PAE in {name} is not a matrix of numbers with rows of equal length; give the original file"
        ) from None


def _from_flat(
    first: NDArray[np.float64], second: NDArray[np.float64], error: NDArray[np.float64], name: str
) -> NDArray[np.float64]:
    """Return the matrix of three flat lists, which must name each residue pair exactly once."""
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
    return matrix.reshape(side, side)


def _from_hdf5(content: bytes, name: str, length: int) -> NDArray[np.float64]:
    # A damaged file makes h5py raise many kinds of exception. None of them can have another cause than the file.
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            known = [key for key in (*DATASET_NAMES, *file) if isinstance(file.get(key), h5py.Dataset)]
            if not known:
                raise InputError(f"{name} holds no PAE; an HDF5 file needs a dataset 'dist' of L x L values")
            dataset = file[known[0]]
            shape: tuple[int, ...] = dataset.shape or ()
            if dataset.ndim == 1 and isqrt(shape[0]) ** 2 == shape[0]:
                shape = (isqrt(shape[0]), isqrt(shape[0]))
            # Check before reading: a damaged file may claim any size.
            _check_shape(shape, name, length)
            return np.asarray(dataset[()], dtype=np.float64).reshape(shape)
    except (InputError, MemoryError):
        raise
    except Exception:
        raise InputError(f"{name} is a damaged HDF5 file; copy or download it again") from None
