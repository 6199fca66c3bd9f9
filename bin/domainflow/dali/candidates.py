"""From seeds to the answer: alignments by rigid superposition, the best few refined coarsely, fewer finely.

Candidates are ranked by z, which tells a domain from a long chance alignment, and some by S. Two gates give up pairs
in which nothing looks like a hit.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from domainflow.dali.cells import local_similarity, rigid_cells
from domainflow.dali.dynamic_programming import forward, free_path
from domainflow.dali.refinement import knock_out_blocks, refine
from domainflow.dali.score import Geometry
from domainflow.dali.settings import Settings
from domainflow.dali.superposition import move, superpose
from domainflow.dali.trimming import trim_alignment
from domainflow.dali.units import Units, unit_z
from domainflow.dali.workspace import Workspace

__all__ = ["NO_ANSWER", "best_candidate"]

f32 = np.float32
REACHES = f32(8.0), f32(7.0)
"""Å; pairs further apart score nothing in the first and second rigid alignment."""
FEWEST_SUPERPOSED = 6
FEWEST_TRIMMED = 8
"""Pairs of a rigid alignment below which it is dropped, and before trimming."""
SHARED = 0.7
"""Two candidates with a larger share of identical pairs are the same."""
COARSE_GAIN, FINE_GAIN = 0.01, 0.0005
"""Relative gain of S below which coarse and fine refinement stop."""
NO_ANSWER = -1
FREE = 1
"""Shortest block before the fine refinement."""


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def best_candidate(
    query: Geometry,
    template: Geometry,
    query_units: Units,
    template_units: Units,
    seeds: NDArray[np.float64],
    settings: Settings,
    work: Workspace,
) -> int:
    """Index of the answer among the candidates in `work.p`, `work.q` and `work.pairs`; -1 if there is none.

    Parameters
    ----------
    query, template : Geometry
    query_units, template_units : Units
    seeds : ndarray, shape=(N, 3, 4)
        Superpositions of the template on the query, best first.
    settings : Settings
    work : Workspace
        With room for at least N candidates.
    """
    number = 0
    for x in range(len(seeds)):
        number += _rigid_alignment(query, template, seeds[x], work.p[number], work.q[number], work, number)
    for x in range(number):
        _rate(query, template, query_units, template_units, x, work)
    if number == 0 or work.z[:number].max() < settings.rigid_gate:
        return NO_ANSWER

    local_similarity(query, template, work.local)
    coarse = _pick_coarse(number, max(settings.fewest_coarse, int(len_or_more(len(seeds), settings) * settings.coarse_share)), settings.coarse_by_score, work)
    for x in coarse:
        work.pairs[x], work.s[x] = refine(
            query,
            template,
            work.p[x],
            work.q[x],
            work.pairs[x],
            settings.coarse_phases,
            COARSE_GAIN,
            FREE,
            settings.corridor,
            work,
        )
        _rate(query, template, query_units, template_units, x, work)
    if work.z[coarse].max() < settings.coarse_gate:
        return NO_ANSWER
    return 0
