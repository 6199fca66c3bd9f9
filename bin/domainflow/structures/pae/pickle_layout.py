"""Read PAE from the pickle that AlphaFold 2 leaves (``result_model_1_ptm_pred_0.pkl``).

A pickle can run any program when it is read. This reader builds NumPy arrays, plain values and nothing else: every
other name in the file ends the reading.
"""

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.structures.pae.matrix import MATRIX_KEYS, PaeMatrix, numbers, squeezed

__all__ = ["pae_of_pickle"]


class _ArrayClass:
    """Stands for NumPy's array class in a pickle, so that nothing can be made with it directly."""


def _reconstruct(*_: Any) -> NDArray[Any]:
    """Return an empty array; its state follows. The file cannot ask for memory that it does not fill."""
    return np.empty(0)


def _frombuffer(buffer: bytes, kind: Any, shape: Any, order: str) -> NDArray[Any]:
    return np.frombuffer(buffer, dtype=kind).reshape(shape, order="F" if order == "F" else "C")


def _scalar(kind: Any, content: bytes = b"") -> Any:
    return np.frombuffer(content, dtype=kind, count=1)[0]


def _dtype(text: str, *_: Any) -> np.dtype[Any]:
    if not isinstance(text, str) or len(text) > 8:
        raise pickle.UnpicklingError("not a plain type")
    return np.dtype(text)


def _encode(text: str, *_: Any) -> bytes:
    return text.encode("latin-1")


def _jax_array(make: Callable[..., Any], arguments: Any, state: Any, *_: Any) -> Any:
    array = make(*arguments)
    array.__setstate__(state)
    return array


_ALLOWED: dict[tuple[str, str], Any] = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _reconstruct for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _scalar for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _frombuffer for core in ("core", "_core")},
    ("numpy", "ndarray"): _ArrayClass,
    ("numpy", "dtype"): _dtype,
    ("_codecs", "encode"): _encode,
    ("collections", "OrderedDict"): OrderedDict,
    ("jax._src.array", "_reconstruct_array"): _jax_array,
    ("jax._src.device_array", "reconstruct_device_array"): _jax_array,
    ("jax.interpreters.xla", "_reconstruct_device_array"): _jax_array,
}


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str, /) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name}") from None


def pae_of_pickle(content: bytes, name: str) -> PaeMatrix:
    """Return the PAE of a pickle.

    Raises
    ------
    InputError
        If the pickle is damaged, holds anything but arrays and plain values, or holds no PAE.
    """
    # A damaged pickle raises many kinds of exception; too large a claim is a MemoryError. The file causes all of them.
    try:
        document = _ArraysOnly(io.BytesIO(content)).load()
    except Exception as error:
        found = f"holds {str(error)[:60]}, which is not read" if isinstance(error, pickle.UnpicklingError) else ""
        reason = found if found.count(".") else "is damaged"
        raise InputError(f"the pickle {name} {reason}; give the PAE as JSON or as a NumPy array") from None
    if isinstance(document, dict):
        for key in MATRIX_KEYS:
            if key in document:
                return PaeMatrix(squeezed(numbers(document[key], name)))
    raise InputError(f"{name} holds no PAE; only models with pTM have 'predicted_aligned_error' in their pickle")
