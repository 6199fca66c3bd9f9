"""List the names of HH-suite's hits that stand for each template, and its residues' columns there (DPAM step 5).

In a database made by domainflow the name of a hit is the template's UID, and its columns are the residues with
coordinates. In a database of PDB chains, such as pdb70, a name is like ``6C14_C``, and columns are positions in the
chain.
"""

import numpy as np

from domainflow.domains.candidates.sequence_hits import ChainDomain
from domainflow.structures.ranges import parse_range
from domainflow.templates.store import TemplateStore

__all__ = ["chain_domains"]

NO_POSITION = 0
"""Position of a residue without a column; columns count from 1."""


def chain_domains(store: TemplateStore) -> dict[str, list[ChainDomain]]:
    """Templates by UID and by PDB chain, in the store's order.

    A template is found by its UID only if its range is unknown, spans several chains or has author numbers that cannot
    be counted.
    """
    domains: dict[str, list[ChainDomain]] = {}
    for row, uid in enumerate(store.uids):
        template_id, length, place = store.template_id(row), store.length(row), store.range(row)
        letters = {segment.rpartition(":")[0] for segment in place.split(",")}
        letter = letters.pop() if len(letters) == 1 else ""
        try:
            in_chain = parse_range(place) if letter else None
        except ValueError:
            letter, in_chain = "", None
        columns = np.full(length, NO_POSITION, np.int64)
        number = np.arange(1, int(store.lengths[row]) + 1)
        known = store.sequence_index(row)
        index = number if known is None else known
        inside = (index >= 1) & (index <= length)  # a published map may lack residues or extend beyond the sequence
        columns[index[inside] - 1] = number[inside]
        domains[uid] = [ChainDomain(uid, template_id, length, letter, columns, in_chain)]
        if in_chain is not None:
            chain = f"{store.pdb(row).upper()}_{letter}"
            domains.setdefault(chain, []).append(ChainDomain(uid, template_id, length, letter, in_chain))
    return domains
