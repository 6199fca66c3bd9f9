"""Measure how far the ends of found domains are from the known ones."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.ranges import parse_range
from evaluation.agreement import best_partners
from evaluation.compare import SAME_DOMAIN, Results
from evaluation.known import Known

__all__ = ["WITHIN", "ends_of", "table_of_ends"]

WITHIN = (1, 3, 8)
"""Distances of the table, in residues."""
TERMINUS = 3
"""Known ends this near to an end of the chain are no choice, and are left out."""


def ends_of(domain: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the first and the last residue of each segment of a domain, 1-based and ascending."""
    breaks = np.flatnonzero(np.diff(domain) > 1)
    return np.sort(np.concatenate([domain[:1], domain[breaks], domain[breaks + 1], domain[-1:]])).astype(np.int64)


def distances(known: Sequence[NDArray], found: Sequence[NDArray], length: int) -> list[float]:
    """Return the distance of each known end to the nearest end of the domain that matches best, if one does."""
    measured: list[float] = []
    for domain, partner in zip(known, best_partners(known, found), strict=True):
        if partner.place is not None and partner.jaccard >= SAME_DOMAIN:
            ends = ends_of(found[partner.place])
            inner = [end for end in ends_of(domain) if TERMINUS < end < length - TERMINUS + 1]
            measured += [float(np.abs(ends - end).min()) for end in inner]
    return measured


def table_of_ends(results: Results, known: Mapping[str, Known]) -> list[str]:
    """Return the rows of a table: multiples of five (`dpam_range`) beside the ends that were moved (`range`)."""
    lengths = dict(zip(results.ledger["protein"], results.ledger["length"], strict=True))
    lines = [
        "| ends | known ends | within ± 1 | ± 3 | ± 8 |",
        "|---|---|---|---|---|",
    ]
    for name, column in (("DPAM's chunks of five", "dpam_range"), ("moved", "range")):
        measured: list[float] = []
        for protein in results.ledger["protein"]:
            if protein in known:
                rows = results.domains[results.domains["protein"] == protein]
                found = [parse_range(text) for text in rows[column]]
                wanted = [parse_range(text) for text in known[protein].ranges]
                measured += distances(wanted, found, int(lengths[protein]))
        shares = " | ".join(f"{np.mean(np.array(measured) <= limit):.3f}" for limit in WITHIN)
        lines.append(f"| {name} | {len(measured)} | {shares} |")
    return lines
