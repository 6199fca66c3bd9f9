"""Map HH-suite hits on PDB chains, or on templates themselves, to ECOD domains (DPAM step 5).

A column of an alignment counts if both chains have a residue there and the PDB chain's residue belongs to a domain. It
gives a pair (query residue, position in the domain's sequence). A domain with at least 10 pairs gives a row. Every
domain of a chain is mapped, as in v2.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from domainflow.domains.parameters import DpamParameters
from domainflow.domains.rows import Residues, TemplateMapping
from domainflow.sequences.hhr import ProfileHit
from domainflow.structures.ranges import NO_RESIDUES, runs

__all__ = ["ChainDomain", "map_sequence_hits"]


class ChainDomain(NamedTuple):
    """A domain, and the positions of its residues in the sequence that hits are on.

    `positions` holds, for residue 1, 2, … of the domain's sequence (sequence index), its position in the sequence of
    the hit: a PDB chain or the domain's own profile. It is 0 for a residue without one. `chain_positions` holds the
    positions in the PDB chain if `positions` are those in the profile.
    """

    uid: str
    template_id: str
    length: int
    chain_letter: str
    positions: Residues
    chain_positions: Residues | None = None


def map_sequence_hits(
    hits: Iterable[ProfileHit], domains: Mapping[str, Sequence[ChainDomain]], parameters: DpamParameters
) -> list[TemplateMapping]:
    """Return the rows of all domains that the hits cover, in the order of the report.

    Parameters
    ----------
    hits : iterable of ProfileHit
    domains : mapping of a hit's name (a chain, ``6C14_C``, or a UID) to its domains
        Hits with other names are skipped.
    parameters : DpamParameters

    Raises
    ------
    ValueError
        If the two rows of an alignment differ in length.
    """
    seen: dict[str, int] = {}
    rows = []
    for hit in hits:
        seen[hit.chain] = seen.get(hit.chain, 0) + 1
        if len(hit.query_row) != len(hit.template_row):
            raise ValueError(f"the rows of the alignment with {hit.chain} differ in length")
        query_is_residue = np.array([letter != "-" for letter in hit.query_row], bool)
        template_is_residue = np.array([letter != "-" for letter in hit.template_row], bool)
        both = query_is_residue & template_is_residue
        query = (hit.query_start - 1 + np.cumsum(query_is_residue))[both]
        position = (hit.template_start - 1 + np.cumsum(template_is_residue))[both]
        for domain in domains.get(hit.chain, ()):
            index_of = {int(p): index for index, p in enumerate(domain.positions, start=1)}
            aligned = zip(query.tolist(), position.tolist(), strict=True)
            pairs = [(q, p, index_of[p]) for q, p in aligned if p in index_of]
            if len(pairs) < parameters.mapped_pairs:
                continue
            mapped_query, mapped_position, index = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
            chain_range = _chain_range(domain, mapped_position, index)
            rows.append(
                TemplateMapping(
                    f"{hit.chain}_{seen[hit.chain]}", domain.uid, domain.template_id, hit.report,
                    round(len(pairs) / domain.length, 3),
                    round(int(index.max() - index.min() + 1) / domain.length, 3),
                    mapped_query, index, chain_range,
                )
            )  # fmt: skip
    return rows


def _chain_range(domain: ChainDomain, positions: Residues, index: Residues) -> str:
    """Return the range of the mapped residues in the PDB chain (``A:4-10,A:12-40``); ``na`` without a single chain."""
    if not domain.chain_letter:
        return NO_RESIDUES
    if domain.chain_positions is not None:
        known = index[index <= len(domain.chain_positions)]
        positions = domain.chain_positions[known - 1]
    parts = [f"{domain.chain_letter}:{first}-{last}" for first, last in runs(np.unique(positions))]
    return ",".join(parts) or NO_RESIDUES
