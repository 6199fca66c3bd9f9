"""Under which names HH-suite's hits may mean a template, and where its residues lie there (DPAM step 5).

In a database of our own a hit is named by the template's UID, and its columns are the residues with coordinates. In one
of PDB chains, such as pdb70, it is named like ``6C14_C``, and its columns are positions in the chain.
"""

import numpy as np

from domainflow.domains.candidates.sequence_hits import ChainDomain
from domainflow.structures.ranges import parse_range
from domainflow.templates.store import TemplateStore

__all__ = ["chain_domains"]

NO_POSITION = 0
"""Of a residue that has no column; columns count from 1."""


def chain_domains(store: TemplateStore) -> dict[str, list[ChainDomain]]:
    """Templates by UID and by PDB chain, in the store's order.

    A template whose range spans several chains, is unknown or has author numbers that cannot be counted with, is found
    by its UID only.
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
        inside = (index >= 1) & (index <= length)  # a published map may lack residues or reach beyond the sequence
        columns[index[inside] - 1] = number[inside]
        domains[uid] = [ChainDomain(uid, template_id, length, letter, columns, in_chain)]
        if in_chain is not None:
            chain = f"{store.pdb(row).upper()}_{letter}"
            domains.setdefault(chain, []).append(ChainDomain(uid, template_id, length, letter, in_chain))
    return domains
