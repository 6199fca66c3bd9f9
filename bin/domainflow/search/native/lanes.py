"""Encode templates and pack them 128 side by side, as the search kernels read them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import StoreError
from domainflow.search.native.scoring import PADDING, background_frequencies, encode
from domainflow.search.native.smith_waterman import LANES

__all__ = ["PackedTemplates", "pack_templates"]


class PackedTemplates(NamedTuple):
    """N templates with R residues in all, packed into B blocks with C columns in all.

    Attributes
    ----------
    uids : list of str
    ca : ndarray, shape=(R, 3), dtype=float32
        CA atoms in Å of all templates, concatenated.
    letters, residues : ndarray, shape=(R,), dtype=uint8
        Codes of all templates, concatenated.
    offsets : ndarray, shape=(N+1,), dtype=int64
        Row of each template's first residue in these arrays, and R at the end.
    lengths : ndarray, shape=(N,), dtype=int64
    lane_letters, lane_residues : ndarray, shape=(C, 128), dtype=uint8
        The same codes, one template per lane; `PADDING` after the template's end.
    block_first, block_columns : ndarray, shape=(B,), dtype=int64
        First column and number of columns of each block.
    order : ndarray, shape=(N,), dtype=int64
        Template of each lane, longest first, so that a block holds templates of similar length.
    background : ndarray, shape=(20,), dtype=float64
        Amino acid frequencies of all templates.
    """

    uids: Sequence[str]
    ca: NDArray[np.float32]
    letters: NDArray[np.uint8]
    residues: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    lengths: NDArray[np.int64]
    lane_letters: NDArray[np.uint8]
    lane_residues: NDArray[np.uint8]
    block_first: NDArray[np.int64]
    block_columns: NDArray[np.int64]
    order: NDArray[np.int64]
    background: NDArray[np.float64]


def pack_templates(
    uids: Sequence[str], sequences: Sequence[str], letters: Sequence[str], ca: NDArray[np.float32]
) -> PackedTemplates:
    """Encode and pack templates.

    Parameters
    ----------
    uids : sequence of str
    sequences, letters : sequence of str
        Amino acids and structure letters of each template's residues with coordinates.
    ca : ndarray, shape=(R, 3), dtype=float32
        CA atoms of the same residues in Å, all templates concatenated.

    Raises
    ------
    StoreError
        If a template does not have as many structure letters as residues.
    """
    for uid, sequence, states in zip(uids, sequences, letters, strict=True):
        if len(sequence) != len(states):
            raise StoreError(
                f"template {uid} has {len(sequence)} residues but {len(states)} structure letters; "
                "build the template store again"
            )
    lengths = np.array([len(sequence) for sequence in sequences], np.int64)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    coded_letters = encode("".join(letters))
    coded_residues = encode("".join(sequences))

    order = np.argsort(-lengths, kind="stable")
    block_columns = lengths[order[::LANES]]
    block_first = (np.cumsum(block_columns) - block_columns).astype(np.int64)
    lane_letters = np.full((int(block_columns.sum()), LANES), PADDING, np.uint8)
    lane_residues = lane_letters.copy()
    for place, template in enumerate(order):
        block, lane = divmod(place, LANES)
        columns = slice(block_first[block], block_first[block] + lengths[template])
        inside = slice(offsets[template], offsets[template + 1])
        lane_letters[columns, lane] = coded_letters[inside]
        lane_residues[columns, lane] = coded_residues[inside]
    return PackedTemplates(
        uids,
        np.ascontiguousarray(ca, np.float32),
        coded_letters,
        coded_residues,
        offsets,
        lengths,
        lane_letters,
        lane_residues,
        block_first,
        block_columns,
        order,
        background_frequencies(coded_residues),
    )
