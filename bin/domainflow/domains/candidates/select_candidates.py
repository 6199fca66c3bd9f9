"""Choose the templates worth aligning with a protein (DPAM steps 4 to 6)."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from domainflow.domains.candidates.depth_filter import filter_by_depth
from domainflow.domains.candidates.sequence_hits import ChainDomain, map_sequence_hits
from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import SearchHit, TemplateMapping
from domainflow.sequences.hhr import ProfileHit

__all__ = ["Candidates", "select_candidates"]


class Candidates(NamedTuple):
    """Search hits kept (step 4), HH-suite hits on templates (step 5), and UIDs to align, ascending (step 6)."""

    hits: list[SearchHit]
    mappings: list[TemplateMapping]
    uids: list[str]


def select_candidates(
    length: int,
    hits: pd.DataFrame,
    profile_hits: Sequence[ProfileHit],
    chain_domains: Mapping[str, Sequence[ChainDomain]],
    left_out: Collection[str],
    parameters: DpamParameters,
) -> Candidates:
    """Select the templates to align.

    Parameters
    ----------
    length : int
        Residues of the protein.
    hits : DataFrame
        Foldseek's columns; see `filter_by_depth`.
    profile_hits : sequence of ProfileHit
        Hits of HH-suite; empty without it.
    chain_domains : mapping of a hit's name to templates
        See `domainflow.domains.candidates.template_chains`.
    left_out : collection of str
        UIDs of the templates left out.
    parameters : DpamParameters
    """
    kept = filter_by_depth(hits, length, parameters)
    mapped = [row for row in map_sequence_hits(profile_hits, chain_domains, parameters) if row.uid not in left_out]
    return Candidates(kept, mapped, sorted({row.uid for row in kept} | {row.uid for row in mapped}))
