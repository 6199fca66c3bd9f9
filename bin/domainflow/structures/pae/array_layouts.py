"""Read PAE from files of arrays: NumPy's ``.npz`` and ``.npy``, HDF5, and tables of numbers as text.

Boltz writes ``pae_NAME_model_0.npz`` with the array ``pae``. Arrays of one or more batches of one are taken apart. No
array of Python objects is read, and none that is larger than a matrix of `LARGEST_SIDE` tokens.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable
from math import isqrt

import h5py
import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.structures.file_kind import decode_text
from domainflow.structures.pae.matrix import LARGEST_SIDE, MATRIX_KEYS, PaeMatrix, check_shape, numbers, squeezed

__all__ = ["pae_of_hdf5", "pae_of_npy", "pae_of_npz", "pae_of_text"]

DATASET_NAMES = ("dist", "distance", *MATRIX_KEYS)
LARGEST_ARRAY = 8 * LARGEST_SIDE**2 + 1024
"""Bytes of a NumPy array that is unpacked."""


def pae_of_npy(content: bytes, name: str) -> PaeMatrix:
    """Return the PAE of a NumPy array (.npy).

    Raises
    ------
    InputError
        If the file is damaged or does not hold numbers.
    """
    return PaeMatrix(squeezed(numbers(_array(content, name), name)))


def pae_of_npz(content: bytes, name: str) -> PaeMatrix:
    """Return the PAE of a NumPy archive (.npz): the array of a known name, else the only square matrix.

    Raises
    ------
    InputError
        If the archive is damaged, or holds no PAE.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
            key = _key(members)
            if key is not None:
                return pae_of_npy(_member(archive, members[key], name), name)
            arrays = [squeezed(_array(_member(archive, member, name), name)) for member in members.values()]
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise InputError(f"{name} is a damaged NumPy archive; copy or download it again") from None
    square = [array for array in arrays if array.ndim == 2 and array.shape[0] == array.shape[1] > 1]
    if len(square) != 1:
        raise InputError(f"{name} holds no PAE; a NumPy archive needs an array 'pae' of L x L values")
    return PaeMatrix(numbers(square[0], name))


def pae_of_text(content: bytes, name: str) -> PaeMatrix:
    """Return the PAE of a text of numbers, a row of the matrix on each line.

    Raises
    ------
    InputError
        If a line holds something else, or lines differ in length.
    """
    rows = [line.replace(",", " ").replace(";", " ").split() for line in decode_text(content).splitlines()]
    return PaeMatrix(numbers([row for row in rows if row], name))


def pae_of_hdf5(content: bytes, name: str) -> PaeMatrix:
    """Return the PAE of an HDF5 file: one dataset of L² or L x L values, row by row.

    Raises
    ------
    InputError
        If the file is damaged or holds no such dataset.
    """
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
            while len(shape) > 2 and shape[0] == 1:
                shape = shape[1:]
            # Check before reading: a damaged file may claim any size.
            check_shape(shape, name)
            return PaeMatrix(np.asarray(dataset[()], dtype=np.float64).reshape(shape))
    except (InputError, MemoryError):
        raise
    except Exception:
        raise InputError(f"{name} is a damaged HDF5 file; copy or download it again") from None


def _key(names: Iterable[str]) -> str | None:
    known = set(names)
    return next((key for key in DATASET_NAMES if key in known), None)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    with archive.open(member) as stream:
        content = stream.read(LARGEST_ARRAY + 1)
    if len(content) > LARGEST_ARRAY:
        raise InputError(f"{name} holds more than {LARGEST_ARRAY // 1024**2} MB; give the PAE of a single protein")
    return content


def _array(content: bytes, name: str) -> NDArray[np.generic]:
    """Return a NumPy array whose header does not claim more than the file holds."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = header(stream)
        count = int(np.prod(shape, dtype=np.float64))
        if kind.hasobject or count * kind.itemsize > len(content):
            raise ValueError
        stream.seek(0)
        return np.lib.format.read_array(stream, allow_pickle=False)
    except MemoryError:
        raise
    except Exception:
        # NumPy reads the header with Python's own parser, which raises many kinds of exception on a damaged one.
        raise InputError(f"{name} is a damaged NumPy array; copy or download it again") from None
