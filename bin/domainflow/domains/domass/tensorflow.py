"""Run the DOMASS network in TensorFlow, and read the checkpoint published with DPAM (DPAM step 16).

TensorFlow takes seconds to load and is not needed to parse proteins or assign domains: it is imported when first used.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domainflow.domains.domass.network import VARIABLES, Network, network_from_arrays
from domainflow.run.errors import MissingProgramError, StoreError

__all__ = ["load_tensorflow", "probabilities", "read_checkpoint"]


def load_tensorflow() -> Any:
    """Import TensorFlow and return the module.

    Raises
    ------
    MissingProgramError
        If it is not installed.
    """
    # Log errors only. No oneDNN: its order of summation depends on the processor.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        import tensorflow
    except ImportError:
        raise MissingProgramError(
            "TensorFlow is not installed; run: pip install -r requirements-train.txt (or use --domass_engine numpy)"
        ) from None
    return tensorflow


def probabilities(network: Network, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Compute the same as `domainflow.domains.domass.network.probabilities`, to 1e-5."""
    tf = load_tensorflow()
    rows = tf.constant(features, tf.float32)
    hidden = tf.nn.relu(tf.matmul(rows, network.hidden_kernel) + network.hidden_bias)
    classes = tf.nn.softmax(tf.matmul(hidden, network.output_kernel) + network.output_bias)
    return classes[:, 1].numpy()


def read_checkpoint(prefix: Path) -> Network:
    """Read the network of a TensorFlow checkpoint such as DPAM's ``domass_epo29``.

    Parameters
    ----------
    prefix : Path
        File prefix of the checkpoint: the network is in ``PREFIX.index`` and ``PREFIX.data-00000-of-00001``. Variables
        other than the four of `domainflow.domains.domass.network.VARIABLES` are ignored.

    Raises
    ------
    StoreError
        If there is no such checkpoint, or one of the four variables is missing or has another shape.
    MissingProgramError
        If TensorFlow is not installed.
    """
    tf = load_tensorflow()
    name = Path(prefix).name
    if not Path(f"{prefix}.index").is_file():
        raise StoreError(f"there is no {name}.index; give the file prefix of the checkpoint, such as DIR/domass_epo29")
    try:
        reader = tf.train.load_checkpoint(str(prefix))
        present = reader.get_variable_to_shape_map()
        arrays = {variable: reader.get_tensor(variable) for variable in VARIABLES if variable in present}
    except (tf.errors.OpError, ValueError):
        raise StoreError(f"the checkpoint {name} is damaged or incomplete; get its files again") from None
    return network_from_arrays(arrays, f"the checkpoint {name}", {"converted_from": name})
