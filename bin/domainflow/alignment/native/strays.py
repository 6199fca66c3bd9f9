"""Leave out what lies far from an alignment and adds little to it.

In a chain of several copies of a domain S is largest for one copy and some blocks of others that happen to fit. The
next round aligns what is left of the query (`iterative_alignment`): the copies that such blocks belong to would not be
found whole. A group G of pairs far from all others adds to S

    2 Σ_(k in G, l) s_kl - Σ_(k, l in G) s_kl

and goes if that is little and none of it lies inside the folding units that z is of; the least goes first.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.z_score import UnitClasses, best_units
from domainflow.kernels.compile import exact_kernel

__all__ = ["without_strays"]

FAR = 150
"""Residues between stray pairs and all others, in either chain."""
LARGEST_SHARE = 0.05
"""Of S that a group of stray pairs adds."""


@exact_kernel
def without_strays(
    scores: NDArray[np.float64],
    pairs: NDArray[np.int32],
    number: NDArray[np.int32],
    query: UnitClasses,
    template: UnitClasses,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """An alignment without pairs far from all others, of little score and outside the units that its z is of.

    Parameters
    ----------
    scores : ndarray, shape=(n, n), dtype=float64
        s_kl of the n aligned pairs.
    pairs : ndarray, shape=(2, n), dtype=int32
    number : ndarray, shape=(L,), dtype=int32
        Place of each of the query's residues in the whole chain, of which this may be what is left.
    query, template : UnitClasses

    Returns
    -------
    scores : ndarray, shape=(m, m), dtype=float64
    pairs : ndarray, shape=(2, m), dtype=int32
        What is left; its z is no lower.
    """
    _, query_unit, template_unit = best_units(scores, pairs, query, template)
    while True:
        least, first, last = LARGEST_SHARE * scores.sum(), 0, 0
        begin = 0
        while begin < pairs.shape[1]:
            end = _group_end(pairs, begin, number)
            inside = False
            for k in range(begin, end):
                inside |= (
                    query.member[query_unit, query.label[pairs[0, k]]]
                    and template.member[template_unit, template.label[pairs[1, k]]]
                )
            added = 2.0 * scores[begin:end].sum() - scores[begin:end, begin:end].sum()
            if not inside and added < least:
                least, first, last = added, begin, end
            begin = end
        if first == last:
            return scores, pairs
        kept = np.concatenate((np.arange(first), np.arange(last, pairs.shape[1])))
        scores, pairs = scores[kept][:, kept], pairs[:, kept]


@exact_kernel
def _group_end(pairs: NDArray[np.int32], first: int, number: NDArray[np.int32]) -> int:
    """Place after the last pair that is not far from pair `first` or from another one between them."""
    place = first + 1
    while place < pairs.shape[1]:
        along_query = number[pairs[0, place]] - number[pairs[0, place - 1]]
        if max(along_query, pairs[1, place] - pairs[1, place - 1]) > FAR:
            break
        place += 1
    return place
