"""Find secondary structure elements: helices and strands that are long enough, numbered along the chain.

The string of states is cut at every ``--``. A piece with at least 3 ``E`` or 6 ``H`` is an element. Its residues belong
to it, except single ``-`` (DPAM step 11; Zhang et al., *Protein Science* 2023, 32:e4548).
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["elements"]

MIN_STRAND_RESIDUES = 3
MIN_HELIX_RESIDUES = 6
GAP = "--"


def elements(states: str) -> NDArray[np.int32]:
    """Return the number of the element that each residue belongs to.

    Parameters
    ----------
    states : str
        L letters ``H``, ``E`` or ``-``.

    Returns
    -------
    ndarray, shape=(L,), dtype=int32
        From 1 in the order of the chain; 0 = in no element.

    Notes
    -----
    An element may hold both letters: a helix that runs into a strand over one residue is one element.

    Examples
    --------
    >>> elements("EEE--HHHHH--E-EE").tolist()
    [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 2]
    """
    numbers = np.zeros(len(states), np.int32)
    first = count = 0
    for piece in states.split(GAP):
        if piece.count("E") >= MIN_STRAND_RESIDUES or piece.count("H") >= MIN_HELIX_RESIDUES:
            count += 1
            for offset, state in enumerate(piece):
                if state != "-":
                    numbers[first + offset] = count
        first += len(piece) + len(GAP)
    return numbers
