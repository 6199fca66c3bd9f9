"""Read the PDB chains of mini-ECOD's templates: those with several known domains, and those with one."""

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domainflow.reference.promod3 import Promod3Database
from domainflow.structures.ranges import parse_range

__all__ = ["TemplateChain", "single_chains_to_fit", "template_chains"]

MOST_SHARED = 0.5
"""Share of a template's residues that a longer template of the chain may have; with more it is a copy of that one."""
WHOLE = 0.9
"""Least share of a chain that its only template covers."""


class TemplateChain(NamedTuple):
    """A PDB chain (entry in capitals) and its templates side by side: residues (1-based) and T-group of each."""

    pdb: str
    chain: str
    domains: list[NDArray[np.int64]]
    t_groups: list[str]

    @property
    def name(self) -> str:
        """Return the id as a protein, for example ``1A62_A``."""
        return f"{self.pdb}_{self.chain}"


def template_chains(database: Promod3Database, table: Path) -> tuple[list[TemplateChain], list[TemplateChain]]:
    """Return all chains with several domains, and all that one template covers almost wholly, sorted by their ids.

    Parameters
    ----------
    database : Promod3Database
        The structure database with the chains.
    table : Path
        ``domains.tsv`` of the reference.
    """
    templates = defaultdict(list)
    for row in pd.read_csv(table, sep="\t", dtype=str, keep_default_na=False).itertuples():
        chain = row.range[0]
        residues = parse_range(row.range.replace(f"{chain}:", ""))
        templates[row.pdb.upper(), chain].append((residues, row.t_group))
    several, single = [], []
    for (pdb, chain), known in sorted(templates.items(), key=lambda item: item[0]):
        found = TemplateChain(pdb, chain, [], [])
        for residues, t_group in sorted(known, key=lambda domain: len(domain[0]), reverse=True):
            if all(np.isin(residues, domain).mean() < MOST_SHARED for domain in found.domains):
                found.domains.append(residues)
                found.t_groups.append(t_group)
        if len(found.domains) > 1:
            several.append(found)
        elif len(found.domains[0]) >= WHOLE * len(database.chain(pdb, chain).sequence):
            single.append(found)
    return several, single


def single_chains_to_fit(database: Promod3Database, table: Path) -> list[TemplateChain]:
    """Return the chains with one domain that the evidence from coordinates is fitted on: as many as with several."""
    several, single = template_chains(database, table)
    picked = np.random.default_rng(0).permutation(len(single))[: len(several)]
    return [single[place] for place in sorted(picked)]
