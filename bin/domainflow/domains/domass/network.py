"""Run DOMASS, the network that gives the probability that domain and template are homologous (DPAM step 16).

    h = max(0, x K0 + b0);  o = h K1 + b1;  probability = exp(o_1) / (exp(o_0) + exp(o_1))

x are the 13 numbers of step 15, unscaled; scaling is part of the weights. Shapes are those of the published network
(Zhang et al., *Protein Science* 2023, 32:e4548). A network is stored as a NumPy ``.npz`` file with the four arrays
under the names they have in DPAM's checkpoint. It also holds a text ``about`` on the training data.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from domainflow.run.errors import StoreError

__all__ = [
    "DomassEngine",
    "HIDDEN_UNITS",
    "INPUTS",
    "MISSING_RANK",
    "Network",
    "VARIABLES",
    "has_alignment",
    "has_profile_hit",
    "score_domains",
    "network_from_arrays",
    "probabilities",
    "read_network",
    "write_network",
]

INPUTS = (
    "length", "helices", "strands", "hh_probability", "hh_coverage", "hh_rank", "dali_z", "q_score", "z_tile", "q_tile",
    "dali_rank", "consensus_difference", "consensus_coverage",
)  # fmt: skip
"""The network's inputs in order, by their names in step 15's table."""
PROFILE_INPUTS = ("hh_probability", "hh_coverage", "hh_rank", "consensus_difference", "consensus_coverage")
"""Inputs that need evidence of HH-suite."""
MISSING_RANK = 100
"""Smallest rank that step 15 gives a missing hit; ranks of hits are divided by 10 and far below."""
HIDDEN_UNITS = 64
VARIABLES = {
    "dense/kernel": (len(INPUTS), HIDDEN_UNITS),
    "dense/bias": (HIDDEN_UNITS,),
    "dense_1/kernel": (HIDDEN_UNITS, 2),
    "dense_1/bias": (2,),
}
"""Names and shapes of the arrays."""
CHUNK = 4096
"""Rows computed at a time, so that memory does not grow with the table."""

_MEMBER_DATE = (1980, 1, 1, 0, 0, 0)
_FIELDS = ("hidden_kernel", "hidden_bias", "output_kernel", "output_bias")


@dataclass(frozen=True)
class Network:
    """Weights of the network.

    Attributes
    ----------
    hidden_kernel, hidden_bias : ndarray of float32, shapes (13, 64) and (64,)
    output_kernel, output_bias : ndarray of float32, shapes (64, 2) and (2,)
        Class 1 is a right assignment.
    about : mapping
        Training data and settings, as JSON values.
    """

    hidden_kernel: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output_kernel: NDArray[np.float32]
    output_bias: NDArray[np.float32]
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """The four arrays by the names of `VARIABLES`."""
        return {name: getattr(self, place) for name, place in zip(VARIABLES, _FIELDS, strict=True)}

    @property
    def reads_profiles(self) -> bool:
        """Return whether evidence of HH-suite has any effect; it has none if the training had none."""
        return bool(self.hidden_kernel[[INPUTS.index(name) for name in PROFILE_INPUTS]].any())


DomassEngine = Callable[[Network, NDArray[np.float32]], NDArray[np.float32]]
"""``engine(network, features)`` returns the probability of every row."""


def has_profile_hit(features: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Mask of the rows of features, shape (n, 13), that have evidence of HH-suite."""
    return features[:, INPUTS.index("hh_rank")] < MISSING_RANK


def has_alignment(features: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Mask of the rows of features, shape (n, 13), that have a structure alignment."""
    return features[:, INPUTS.index("dali_rank")] < MISSING_RANK


def probabilities(network: Network, features: ArrayLike) -> NDArray[np.float32]:
    """Compute the probability that each row's template is in the domain's homologous group.

    Parameters
    ----------
    network : Network
    features : array-like of float, shape=(n, 13)
        Columns as in `INPUTS`.

    Returns
    -------
    ndarray of float32, shape=(n,)

    Notes
    -----
    A row's result is the same to the last bit whatever the other rows are. With a matrix library it would not be: such
    libraries choose the order of summation by the size of the table.
    """
    rows = np.asarray(features, np.float32)
    if rows.ndim != 2 or rows.shape[1] != len(INPUTS):
        raise ValueError(f"features have the shape {rows.shape}, expected (n, {len(INPUTS)})")
    chunks = [_forward(network, rows[start : start + CHUNK]) for start in range(0, len(rows), CHUNK)]
    return np.concatenate(chunks) if chunks else np.empty(0, np.float32)


def score_domains(
    network: Network, features: NDArray[np.float32], engine: DomassEngine = probabilities
) -> NDArray[np.float32]:
    """Return the probability of each row; 0 for rows that the network cannot score.

    A network trained without HH-suite cannot score rows found by HH-suite alone: all their other inputs are values of
    missing hits, which did not occur in the training.
    """
    scores = engine(network, features)
    if network.reads_profiles:
        return scores
    return np.where(has_alignment(features), scores, np.float32(0))


def read_network(path: Path) -> Network:
    """Read a network's file.

    Raises
    ------
    StoreError
        If it cannot be read, or an array is missing, has another shape or holds values that are not finite.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as members:
            arrays = {name: members[name] for name in (*VARIABLES, "about") if name in members}
    except FileNotFoundError:
        raise StoreError(f"the network {path.name} does not exist; check its path") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError, TypeError):
        raise StoreError(f"{path.name} is not a network (a .npz file of NumPy), or damaged; make it again") from None
    try:
        about = json.loads(str(arrays.pop("about"))) if "about" in arrays else {}
    except ValueError:
        raise StoreError(f"the text about the network {path.name} is not JSON; make the file again") from None
    return network_from_arrays(arrays, path.name, about)


def network_from_arrays(arrays: Mapping[str, NDArray], source: str, about: Mapping[str, Any]) -> Network:
    """Make a network of the four arrays; others are ignored.

    Parameters
    ----------
    arrays : mapping of name to ndarray
    source : str
        Source of the arrays, for messages.
    about : mapping
        See `Network`.

    Raises
    ------
    StoreError
        If an array is missing, has another shape or holds values that are not finite.
    """
    missing = [name for name in VARIABLES if name not in arrays]
    if missing:
        raise StoreError(f"{source} lacks {', '.join(missing)}; a network has {', '.join(VARIABLES)}")
    weights: dict[str, NDArray[np.float32]] = {}
    for (name, shape), place in zip(VARIABLES.items(), _FIELDS, strict=True):
        array = np.asarray(arrays[name])
        if array.shape != shape:
            raise StoreError(f"{name} of {source} has the shape {array.shape}, expected {shape}")
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            raise StoreError(f"{name} of {source} does not hold finite decimal numbers; it cannot be used")
        weights[place] = np.ascontiguousarray(array, np.float32)
    return Network(**weights, about=about)


def write_network(path: Path, network: Network) -> None:
    """Write a network's file; equal networks give equal bytes."""
    text = json.dumps(network.about, sort_keys=True, ensure_ascii=False)
    members: dict[str, NDArray] = {**network.arrays, "about": np.array(text)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in members.items():
            buffer = io.BytesIO()
            np.save(buffer, array, allow_pickle=False)
            # np.savez would suffice, but its members' dates depend on the version of Python
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _MEMBER_DATE), buffer.getvalue())


def _forward(network: Network, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    hidden = np.maximum(_matrix_product(rows, network.hidden_kernel, network.hidden_bias), 0)
    output = _matrix_product(hidden, network.output_kernel, network.output_bias)
    parts = np.exp(output - output.max(axis=1, keepdims=True))
    return parts[:, 1] / (parts[:, 0] + parts[:, 1])


def _matrix_product(
    rows: NDArray[np.float32], kernel: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Compute rows @ kernel + bias, summed over the inputs in order."""
    total = np.zeros((len(rows), kernel.shape[1]), np.float32)
    for place, weights in enumerate(kernel):
        total += rows[:, place, None] * weights
    return total + bias
