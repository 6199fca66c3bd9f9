"""Align one query with a list of templates in one call of compiled code, in preallocated memory."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.chain import SMALLEST_CHAIN, PreparedChain, TemplateChains, prepare_template
from domainflow.alignment.native.pairwise import Settings, align_prepared
from domainflow.alignment.native.workspace import Buffers, fitted
from domainflow.kernels.compile import exact_kernel
from domainflow.kernels.superposition import superpose

__all__ = ["TemplateAlignments", "align_many"]


class TemplateAlignments(NamedTuple):
    """Alignments of a query of L residues with J templates.

    Attributes
    ----------
    size : ndarray, shape=(J,), dtype=int64
        Number of aligned pairs; 0 if nothing was found.
    pairs : ndarray, shape=(J, 2, N), dtype=int32
        0-based residues of query and template.
    score, z : ndarray, shape=(J,), dtype=float64
        S and z with DaliLite's rounding.
    rotation : ndarray, shape=(J, 3, 3), dtype=float64
    translation : ndarray, shape=(J, 3), dtype=float64
        Moves the template onto the query, in Å.
    """

    size: NDArray[np.int64]
    pairs: NDArray[np.int32]
    score: NDArray[np.float64]
    z: NDArray[np.float64]
    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]


def align_many(
    query: PreparedChain,
    templates: TemplateChains,
    rows: NDArray[np.int64],
    min_block: int,
    settings: Settings,
    least_z: float,
    memory: Buffers,
) -> TemplateAlignments:
    """Align a query with templates.

    Parameters
    ----------
    query : PreparedChain
    templates : TemplateChains
    rows : ndarray of int64
        Rows of the templates to align with; templates of fewer than 30 residues are not aligned.
    min_block : int
        Fewest pairs of a gapless block.
    settings : Settings
    least_z : float
        Alignments with a lower z are dropped.
    memory : Buffers
        For chains as long as the query and the longest of the templates; each thread needs its own.
    """
    lengths = templates.first_residue[rows + 1] - templates.first_residue[rows]
    longest = int(max(lengths, default=0))
    found = _no_alignments(len(rows), min(query.length, longest))
    _align_all(query, templates, rows, min_block, settings, least_z, memory, found)
    return found


def _no_alignments(count: int, longest: int) -> TemplateAlignments:
    """Return memory for `count` alignments of up to `longest` pairs, all of them empty."""
    return TemplateAlignments(
        np.zeros(count, np.int64),
        np.empty((count, 2, longest), np.int32),
        np.zeros(count),
        np.zeros(count),
        np.zeros((count, 3, 3)),
        np.zeros((count, 3)),
    )


@exact_kernel
def _align_all(
    query: PreparedChain,
    templates: TemplateChains,
    rows: NDArray[np.int64],
    min_block: int,
    settings: Settings,
    least_z: float,
    memory: Buffers,
    found: TemplateAlignments,
) -> None:
    """Align the query with all templates; write the alignments to `found`."""
    for job in range(rows.shape[0]):
        row = rows[job]
        if templates.first_residue[row + 1] - templates.first_residue[row] < SMALLEST_CHAIN:
            continue
        template = prepare_template(templates, row, memory)
        space = fitted(memory, query.ca.shape[0], template.ca.shape[0])
        alignment = align_prepared(query, template, min_block, settings, space)
        size = alignment.pairs.shape[1]
        if size == 0 or alignment.z < least_z:
            continue
        found.size[job] = size
        found.pairs[job, :, :size] = alignment.pairs
        found.score[job], found.z[job] = alignment.score, alignment.z
        rotation, translation, _ = superpose(query.ca[alignment.pairs[0]], template.ca[alignment.pairs[1]])
        found.rotation[job] = rotation
        found.translation[job] = translation
