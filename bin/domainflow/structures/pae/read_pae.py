"""Read the predicted aligned error (PAE) of a chain from the file of any predictor, compressed or not.

The kind of file is told from its content; the modules beside this one read a family of layouts each.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.structures.compressed import read_bytes
from domainflow.structures.file_kind import Kind, file_kind
from domainflow.structures.pae.array_layouts import pae_of_hdf5, pae_of_npy, pae_of_npz, pae_of_text
from domainflow.structures.pae.json_layouts import pae_of_json
from domainflow.structures.pae.matrix import PaeMatrix, check_shape
from domainflow.structures.pae.pickle_layout import pae_of_pickle
from domainflow.structures.pae.tokens_of_chain import pae_of_chain
from domainflow.structures.tokens import ChainTokens

__all__ = ["read_pae"]

_READERS: dict[Kind, Callable[[bytes, str], PaeMatrix]] = {
    Kind.JSON: pae_of_json,
    Kind.HDF5: pae_of_hdf5,
    Kind.NUMPY_ARCHIVE: pae_of_npz,
    Kind.NUMPY_ARRAY: pae_of_npy,
    Kind.PICKLE: pae_of_pickle,
    Kind.NUMBERS: pae_of_text,
}
_NO_PAE = (Kind.PDB, Kind.MMCIF, Kind.BINARY_CIF, Kind.FOLDCOMP, Kind.SPREADSHEET, Kind.FASTA, Kind.WEB_PAGE)


def read_pae(path: Path, chain: int | ChainTokens) -> NDArray[np.float64]:
    """Read the PAE matrix of a chain of L residues.

    Parameters
    ----------
    path : Path
    chain : int or ChainTokens
        L, or the names and numbers of the chain's L amino acids in the structure that the file must belong to.

    Returns
    -------
    ndarray, shape=(L, L), dtype=float64
        PAE in Å; each row belongs to the residue that is aligned on (``residue1`` of the flat layout).

    Raises
    ------
    InputError
        If the file cannot be read or holds no PAE in a known layout. Also if the matrix does not fit the chain, or
        holds negative or non-finite values.
    """
    content, name = read_bytes(path), path.name
    kind = file_kind(content)
    if kind in _NO_PAE:
        raise InputError(f"{name} holds no PAE, it is {kind.value}; give the file with the PAE, or none")
    pae = _READERS.get(kind, pae_of_json)(content, name)
    check_shape(pae.values.shape, name)
    tokens = ChainTokens.of_length(chain) if isinstance(chain, int) else chain
    matrix = pae_of_chain(pae, tokens, name)
    if not np.isfinite(matrix).all():
        raise InputError(f"the PAE in {name} holds values that are not finite; give the original file")
    if (matrix < 0).any():
        raise InputError(f"the PAE in {name} holds negative values; give the original file")
    return matrix
