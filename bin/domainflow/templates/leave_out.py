"""Exclude templates that (nearly) are the query: those of its own PDB entry, or more than 70 % identical to it.

Proteins of known structure test or train the method badly while such templates are used. Without them the query is as
new to the reference as a protein of unknown structure.
"""

import re
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from domainflow.templates.store import TemplateStore

__all__ = ["CHOICES", "pdb_entry", "related_templates", "template_entries", "without_templates"]

CHOICES = ("none", "related")
"""Values of ``--leave_out``."""
HIGHEST_IDENTITY = 0.70
"""Share of identical residues above which a template counts as the query itself, as in Zhang et al. 2023."""
SHORTEST_MATCH = 30
"""Aligned residues below which an identity is not significant."""

_ENTRY = re.compile(r"(?:pdb)?([0-9][A-Za-z0-9]{3})(?:[_.-]|$)")


def pdb_entry(name: str) -> str | None:
    """Return the PDB entry, lower case, that an id or file name begins with (``1GVH_A``, ``1gvh``); else None."""
    match = _ENTRY.match(name)
    return match[1].lower() if match else None


def related_templates(protein: str, hits: pd.DataFrame, entry_of: Mapping[str, str]) -> list[str]:
    """UIDs of the templates left out for a query, ascending.

    Parameters
    ----------
    protein : str
        The query's id; its PDB entry is read from it (`pdb_entry`).
    hits : DataFrame
        Foldseek's columns ``target``, ``fident`` (fraction) and ``alnlen`` (residues).
    entry_of : mapping of UID to PDB entry
        Of all templates; the value may be longer than the entry (``1gvh_a``).
    """
    alike = (hits["fident"].to_numpy() > HIGHEST_IDENTITY) & (hits["alnlen"].to_numpy() >= SHORTEST_MATCH)
    identical = {target.partition(".")[0] for target in hits["target"][np.asarray(alike, bool)]}
    own = pdb_entry(protein)
    return sorted(identical | {uid for uid, entry in entry_of.items() if own is not None and pdb_entry(entry) == own})


def template_entries(store: TemplateStore) -> dict[str, str]:
    """Return the PDB entry of each template, by UID, in lower case."""
    return {uid: store.pdb(row).lower() for row, uid in enumerate(store.uids)}


def without_templates(hits: pd.DataFrame, uids: Collection[str]) -> pd.DataFrame:
    """Return the hits on all templates but these."""
    return hits[~hits["target"].str.partition(".")[0].isin(uids)] if len(uids) else hits
