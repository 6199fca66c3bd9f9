"""Find the fragments of long proteins among the inputs (``AF-X-F1`` … ``AF-X-Fn``), and make one input of them."""

import re
from collections.abc import Sequence
from itertools import groupby

from domainflow.inputs.file_names import accession
from domainflow.inputs.rows import InputRow

__all__ = ["MOST_FRAGMENTS", "fragment_number", "with_joined_fragments"]

MOST_FRAGMENTS = 43
"""Fragments of a protein that fits the PDB format: 1,400 residues and 42 steps of 200, of 9,999 at most."""


def fragment_number(name: str) -> int:
    """Return n of ``AF-X-Fn``, or 0 for another name."""
    match = re.fullmatch(r"AF-.+-F(\d+)", name)
    return int(match[1]) if match else 0


def with_joined_fragments(rows: Sequence[InputRow]) -> list[InputRow]:
    """Return the rows with one row in the place of all fragments of a protein, sorted by id.

    Proteins of more than `MOST_FRAGMENTS` stay apart; the ledger then says each fragment's place.
    """
    # most batches have none, and this is called for each part of a proteome
    if not any(row.id.startswith("AF-") and not row.id.endswith("-F1") for row in rows):
        return sorted(rows, key=lambda row: row.id)
    joined = []
    for name, members in groupby(sorted(rows, key=lambda row: accession(row.id)), key=lambda row: accession(row.id)):
        found = list(members)
        numbers = [fragment_number(row.id) for row in found]
        usable = all(row.reason is None for row in found) and 0 not in numbers and len(set(numbers)) == len(numbers)
        if len(found) < 2 or not usable or max(numbers) > MOST_FRAGMENTS:
            joined += found
            continue
        first, *rest = sorted(found, key=lambda row: fragment_number(row.id))
        more = tuple((row.structure or "", row.pae) for row in rest)
        joined.append(first._replace(id=name, more=more))
    return sorted(joined, key=lambda row: row.id)
