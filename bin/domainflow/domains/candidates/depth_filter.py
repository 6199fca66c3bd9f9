"""Keep search hits on residues that few better hits cover (DPAM step 4).

In the order of e-values, each hit adds one to the depth of its query residues. A hit is kept if at least 10 of its
residues then have a depth of 100 or less (Zhang et al., *Protein Science* 2023, 32:e4548).
"""

import numpy as np
import pandas as pd

from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import SearchHit

__all__ = ["filter_by_depth"]


def filter_by_depth(hits: pd.DataFrame, length: int, parameters: DpamParameters) -> list[SearchHit]:
    """Return the search hits that pass the depth filter, sorted by e-value.

    Rejected hits also count in the depth. A template may occur in several rows.

    Parameters
    ----------
    hits : DataFrame
        Foldseek's columns. ``target`` up to its first dot is the UID; ``qstart`` and ``qend`` are 1-based and
        inclusive. Rows of equal e-value keep their order.
    length : int
        Residues of the query.
    parameters : DpamParameters

    Returns
    -------
    list of SearchHit

    Raises
    ------
    ValueError
        If a hit lies outside the query: the search numbered another chain.
    """
    depth = np.zeros(length + 1, np.int64)
    kept = []
    ordered = hits.iloc[np.argsort(hits["evalue"].to_numpy(float), kind="stable")]
    columns = zip(ordered["target"], ordered["evalue"], ordered["qstart"], ordered["qend"], strict=True)
    for target, evalue, first, last in columns:
        if not 1 <= first <= last <= length:
            raise ValueError(f"hit {target} lies at {first}-{last}, outside the query's 1-{length}")
        covered = depth[first : last + 1]
        covered += 1
        if np.count_nonzero(covered <= parameters.depth_limit) >= parameters.depth_residues:
            kept.append(SearchHit(str(target).partition(".")[0], float(evalue), int(first), int(last)))
    return kept
