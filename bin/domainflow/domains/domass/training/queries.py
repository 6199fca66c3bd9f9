"""Templates as queries: chains of one domain whose answer is known, to train the DOMASS network with.

A query's own PDB entry and templates nearly identical to it must be left out of what it is compared with
(``--leave_out related``); so only templates whose homologous group has another entry can be answered.
"""

from collections import defaultdict
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from domainflow.run.protein_ids import valid_id
from domainflow.structures.backbone_pdb import backbone_lines
from domainflow.templates.leave_out import pdb_entry
from domainflow.templates.store import TemplateStore

__all__ = ["TrainingQuery", "choose_queries", "fair_h_groups", "training_query"]

LEAST_ENTRIES = 2
"""PDB entries in a homologous group for one of its templates to have a relative elsewhere."""
SHORTEST = 30
"""Residues; shorter chains are not aligned."""


class TrainingQuery(NamedTuple):
    """A template as a protein; its id begins with the PDB entry, so that this can be left out."""

    id: str
    pdb: str
    length: int
    h_group: str
    t_group: str


def fair_h_groups(store: TemplateStore) -> set[str]:
    """Homologous groups with templates of at least two PDB entries."""
    entries: dict[str, set[str]] = defaultdict(set)
    for row in range(len(store)):
        name = store.pdb(row).lower()
        entries[store.h_group(row)].add(pdb_entry(name) or name)
    return {group for group, found in entries.items() if len(found) >= LEAST_ENTRIES}


def choose_queries(store: TemplateStore, count: int, seed: int) -> list[int]:
    """Rows of templates, one of each homologous group of `fair_h_groups` in turn until there are enough.

    Parameters
    ----------
    store : TemplateStore
    count : int
        Fewer are given if the store has no more.
    seed : int
        Draws the order inside a group, and of the groups in a turn.
    """
    fair = fair_h_groups(store)
    members: dict[str, list[int]] = defaultdict(list)
    for row in range(len(store)):
        if store.h_group(row) in fair and store.lengths[row] >= SHORTEST and valid_id(_id(store, row)) is None:
            members[store.h_group(row)].append(row)
    generator = np.random.default_rng(seed)
    drawn = [generator.permutation(members[group]).tolist() for group in sorted(members)]
    turns = [[row for row in turn if row is not None] for turn in zip_longest(*drawn)]
    return [int(row) for turn in turns for row in generator.permutation(turn)][:count]


def training_query(store: TemplateStore, row: int) -> TrainingQuery:
    """A template as a protein."""
    sequence = store.sequences[row]
    pdb = "".join(f"{line}\n" for line in (*backbone_lines(sequence, store.backbone(row)), "END"))
    return TrainingQuery(_id(store, row), pdb, len(sequence), store.h_group(row), store.t_group(row))


def _id(store: TemplateStore, row: int) -> str:
    return f"{store.pdb(row).upper()}_{store.chain(row)}_{store.uids[row]}"
