"""Drop stray pairs: pairs that are far from all others and contribute little to S.

In proteins with repeats, the best-scoring alignment often takes one copy of a domain plus stray blocks of the other
copies. The next round aligns the remaining residues of the query (`domainflow.domains.alignment_rounds`). It would not
find the other copies whole, because the stray blocks are missing. A group G of pairs far from all others contributes

    2 Σ_(k in G, l) s_kl - Σ_(k, l in G) s_kl

to S. The group is dropped if this is little, and if no pair of it is inside the folding units that give z. The group
that contributes least is dropped first.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.native.z_score import UnitClasses, best_units
from domainflow.kernels.compile import exact_kernel

__all__ = ["without_strays"]

FAR = 150
"""Residues; stray pairs are farther than this from all others, in one of the chains."""
LARGEST_SHARE = 0.05
"""Largest share of S that a group of stray pairs contributes."""


@exact_kernel
def without_strays(
    scores: NDArray[np.float64],
    pairs: NDArray[np.int32],
    number: NDArray[np.int32],
    query: UnitClasses,
    template: UnitClasses,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return an alignment without its stray pairs.

    Parameters
    ----------
    scores : ndarray, shape=(n, n), dtype=float64
        s_kl of the n aligned pairs.
    pairs : ndarray, shape=(2, n), dtype=int32
    number : ndarray, shape=(L,), dtype=int32
        Place of each residue of the query in the whole chain; the query may be the remaining residues of it.
    query, template : UnitClasses

    Returns
    -------
    scores : ndarray, shape=(m, m), dtype=float64
    pairs : ndarray, shape=(2, m), dtype=int32
        The remaining pairs; their z is no lower.
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
    """Return the place after the group that begins with pair `first`: each pair of it is near the pair before."""
    place = first + 1
    while place < pairs.shape[1]:
        along_query = number[pairs[0, place]] - number[pairs[0, place - 1]]
        if max(along_query, pairs[1, place] - pairs[1, place - 1]) > FAR:
            break
        place += 1
    return place
