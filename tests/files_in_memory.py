"""Files as bytes: what a function saves, and HDF5."""

import io
from typing import Any

import h5py
import numpy as np

__all__ = ["hdf5", "saved"]


def saved(function: Any, *values: Any, **named: Any) -> bytes:
    """Return what a function such as `numpy.save` writes to a file."""
    buffer = io.BytesIO()
    function(buffer, *values, **named)
    return buffer.getvalue()


def hdf5(values: np.ndarray, name: str = "dist") -> bytes:
    """Return an HDF5 file with one data set."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file[name] = values
    return buffer.getvalue()
