"""Choose templates as queries to train the DOMASS network: chains of one domain with a known assignment.

Templates of the query's own PDB entry and nearly identical templates must be left out (``--leave_out related``). A
query is therefore useful only if its homologous group has templates of another entry.
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
"""Smallest number of PDB entries in a homologous group whose templates have a homologue in another entry."""
SHORTEST = 30
"""Smallest number of residues; shorter chains are not aligned."""


class TrainingQuery(NamedTuple):
    """A template as a protein; its id begins with the PDB entry, so that this entry can be left out."""

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
    """Return rows of templates, one of each homologous group of `fair_h_groups` in turn until there are enough.

    Parameters
    ----------
    store : TemplateStore
    count : int
        Number of rows; fewer are returned if the store has no more.
    seed : int
        Seed of the random order of templates in a group, and of groups in a turn.
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
    """Return a template as a protein."""
    sequence = store.sequences[row]
    pdb = "".join(f"{line}\n" for line in (*backbone_lines(sequence, store.backbone(row)), "END"))
    return TrainingQuery(_id(store, row), pdb, len(sequence), store.h_group(row), store.t_group(row))


def _id(store: TemplateStore, row: int) -> str:
    return f"{store.pdb(row).upper()}_{store.chain(row)}_{store.uids[row]}"
