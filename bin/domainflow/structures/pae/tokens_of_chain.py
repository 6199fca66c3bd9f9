"""Take the rows and columns of one chain out of the PAE of all tokens that were predicted."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.structures.pae.matrix import PaeMatrix
from domainflow.structures.tokens import ChainTokens

__all__ = ["pae_of_chain"]


def pae_of_chain(pae: PaeMatrix, chain: ChainTokens, name: str) -> NDArray[np.float64]:
    """Return the PAE of a chain of n amino acids, shape (n, n).

    The file's own chains and residue numbers decide where it has them. Otherwise the size does: that of the chain
    alone, or that of all the structure file holds.

    Raises
    ------
    InputError
        If the PAE does not fit the chain.
    """
    length = len(chain.numbers)
    if pae.chains is not None and pae.residues is not None:
        places = _by_name(pae.chains, pae.residues, chain)
        if places is not None:
            return pae.values[np.ix_(places, places)]
    if len(pae.values) == length:
        return pae.values
    if len(pae.values) == chain.count and min(chain.places) >= 0:
        return pae.values[np.ix_(chain.places, chain.places)]
    if pae.chains is None and pae.residues is not None:
        places = _by_number([*range(len(pae.values))], pae.residues, chain)
        if places is not None:
            return pae.values[np.ix_(places, places)]
    raise InputError(
        f"the PAE in {name} is for {len(pae.values)} residues, the structure has {length}; "
        "give PAE and structure of the same model"
    )


def _by_name(chains: Sequence[str], residues: Sequence[str], chain: ChainTokens) -> list[int] | None:
    """Return the token of each amino acid, found by chain and number; None if some have none."""
    known = Counter(chains)
    names = [name for name in dict.fromkeys(chain.names) if name in known] or (list(known) if len(known) == 1 else [])
    for name in names:
        tokens = [place for place, other in enumerate(chains) if other == name]
        places = _by_number(tokens, residues, chain)
        if places is None:
            firsts = [group[0] for group in _groups(tokens, residues)]
            places = firsts if len(firsts) == len(chain.numbers) else None
        if places is not None:
            return places
    return None


def _by_number(tokens: Sequence[int], residues: Sequence[str], chain: ChainTokens) -> list[int] | None:
    """Return the token of each amino acid by its number, in the file's labels or the author's numbers."""
    groups = {residues[group[0]]: group for group in _groups(tokens, residues)}
    for kind in (0, 1):
        wanted = [number[kind] for number in chain.numbers]
        if all(number in groups for number in wanted):
            # of a modified residue with a token for each atom, CA is the second
            return [groups[number][min(1, len(groups[number]) - 1)] for number in wanted]
    return None


def _groups(tokens: Sequence[int], residues: Sequence[str]) -> list[list[int]]:
    """Return the tokens of each residue: neighbours with the same number."""
    groups: list[list[int]] = []
    for place in tokens:
        if groups and residues[groups[-1][0]] == residues[place]:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups
