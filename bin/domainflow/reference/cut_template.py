"""Cut a reference domain out of chains: any number of segments of any chains, joined in the order of the table.

The result has two numberings that must not be mixed (docs/dpam-versions.md). The first numbers all residues of the
domain's sequence, including missing ones. The second numbers only residues with a complete backbone. `sequence_index`
maps the second to the first.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from domainflow.reference.domain_table import UNKNOWN, DomainEntry
from domainflow.reference.entry import EntryChain
from domainflow.reference.segments import Segment, number_key, parse_segments
from domainflow.run.errors import StoreError
from domainflow.structures.ranges import parse_range, runs
from domainflow.templates.store_format import ReferenceDomain

__all__ = ["cut_domain", "whole_domain"]

SHORTEST = 10
"""Residues with complete backbone; shorter domains cannot be aligned."""
LISTED = 6
"""Stretches of residues that a note lists; further ones are not named."""


class _Place(NamedTuple):
    """A residue of the domain: its chain, its place there (None if the file has no place for it) and its number."""

    chain: EntryChain
    place: int | None
    number: str


def cut_domain(entry: DomainEntry, chains: Mapping[str, EntryChain]) -> ReferenceDomain:
    """Cut a domain from the chains of its entry.

    `seqid_range` is used if the entry's file is mmCIF, `range` otherwise.

    Raises
    ------
    StoreError
        If a chain or the end of a segment is missing, a residue is named twice, or fewer than 10 residues have a
        complete backbone.
    """
    notes: list[str] = []
    by_place = entry.seqid_range != UNKNOWN and any(chain.labelled for chain in chains.values())
    places: list[_Place] = []
    for segment in parse_segments(entry.seqid_range if by_place else entry.range):
        chain = chains.get(segment.chain)
        if chain is None:
            known = ", ".join(sorted({chain.name for chain in chains.values()}))
            raise StoreError(f"{entry.file} has no protein chain {segment.chain}, only {known}")
        places += _by_place(chain, segment) if by_place else _by_number(chain, segment, notes)
    named = [(place.chain.name, place.number if place.place is None else place.place) for place in places]
    if len(set(named)) < len(named):
        raise StoreError("its segments overlap: every residue may be named once")
    return _domain(entry, places, notes)


def whole_domain(entry: DomainEntry, chains: Mapping[str, EntryChain]) -> ReferenceDomain:
    """Return a domain that has a file of its own: all residues of the file.

    The file's residue numbers may be the authors' or start again at 1.

    Raises
    ------
    StoreError
        If the file holds more residues than the range names, or fewer than 10 have a complete backbone.
    """
    own = list({chain.name: chain for chain in chains.values()}.values())
    try:
        cut = cut_domain(entry, chains)
    except StoreError:
        cut = None
    observed = sum(int(np.isfinite(chain.backbone[:, 0, 0]).sum()) for chain in own)
    if cut is not None and len(cut.sequence) == observed:
        return cut
    try:
        named = len(parse_range(entry.range))
    except ValueError:
        named = 0  # whole chains, or author numbers, whose residues cannot be counted
    everything = [_Place(chain, place, chain.numbers[place]) for chain in own for place in range(len(chain))]
    if named and len(everything) > named:
        raise StoreError(
            f"{entry.file} holds {len(everything)} residues, but the range names {named}; a file called after the "
            "domain must hold the domain alone (to cut a larger one, name it in the column pdb)"
        )
    notes = [f"{entry.file} holds {len(everything)} of {named} residues; the places of the missing ones are unknown"]
    missing = named - len(everything)
    return _domain(entry, everything, notes if missing > 0 else [], max(missing, 0))


def _by_place(chain: EntryChain, segment: Segment) -> list[_Place]:
    """Residues of a segment whose ends are places in the sequence."""
    try:
        first, last = (int(segment.first), int(segment.last)) if segment.first else (1, len(chain))
    except ValueError:
        raise StoreError(f"{segment} is not a range of the sequence; seqid_range has whole numbers only") from None
    if not 1 <= first <= last <= len(chain):
        raise StoreError(f"the sequence of chain {chain.name} has {len(chain)} residues, not all of {segment}")
    return [_Place(chain, place, chain.numbers[place]) for place in range(first - 1, last)]


def _by_number(chain: EntryChain, segment: Segment, notes: list[str]) -> list[_Place]:
    """Residues of a segment whose ends are author numbers.

    If no residue has the number of an end, the next one inside the segment is the end.
    """
    if not segment.first:
        return [_Place(chain, place, number) for place, number in enumerate(chain.numbers)]
    known = [(number_key(number), place) for place, number in enumerate(chain.numbers) if number]
    keys = dict(reversed(known))  # of two residues with the same number, the first is used
    low, high = number_key(segment.first), number_key(segment.last)
    first = keys.get(low, min((place for key, place in known if key >= low), default=len(chain)))
    last = keys.get(high, max((place for key, place in known if key <= high), default=-1))
    if first > last:
        raise StoreError(f"chain {chain.name} has no residue of {segment}")
    inside = [_Place(chain, place, chain.numbers[place]) for place in range(first, last + 1)]
    if chain.complete:
        absent = [number for number, key in ((segment.first, low), (segment.last, high)) if key not in keys]
        if absent:
            notes.append(f"chain {chain.name} has no residue {' and '.join(absent)}, the end of {segment}")
        return inside
    # without a sequence, only the range shows which residues are missing at its ends
    lowest, highest = number_key(chain.numbers[first])[0], number_key(chain.numbers[last])[0]
    before = [_Place(chain, None, str(number)) for number in range(low[0], lowest)]
    after = [_Place(chain, None, str(number)) for number in range(highest + 1, high[0] + 1)]
    return before + inside + after


def _domain(entry: DomainEntry, places: list[_Place], notes: list[str], unplaced: int = 0) -> ReferenceDomain:
    """Make the domain of these residues; its sequence has `unplaced` more residues at unknown places."""
    usable = [
        index for index, (chain, place, _) in enumerate(places)
        if place is not None and np.isfinite(chain.backbone[place]).all()
    ]  # fmt: skip
    if len(usable) < SHORTEST:
        raise StoreError(
            f"{len(usable)} of {len(places)} residues have a complete backbone; a template needs at least {SHORTEST}"
        )
    if len(usable) < len(places):
        notes.append(_missing_note(places, sorted(set(range(len(places))) - set(usable))))
    length = len(places) + unplaced
    if entry.length and entry.length != length:
        notes.append(f"the table gives it {entry.length} residues, its range in {entry.file} has {length}")
    chosen = [(chain, place) for chain, place, _ in (places[index] for index in usable) if place is not None]
    return ReferenceDomain(
        uid=entry.uid,
        id=entry.id,
        pdb=entry.pdb,
        chain=places[0].chain.name,
        range=_range(entry, places),
        t_group=entry.t_group,
        t_group_name=entry.t_group_name,
        h_group=entry.h_group,
        length=length,
        sequence="".join(chain.sequence[place] for chain, place in chosen),
        backbone=np.array([chain.backbone[place] for chain, place in chosen]),
        sequence_index=np.array(usable, np.int32) + 1,
        notes=tuple(notes),
    )


def _range(entry: DomainEntry, places: list[_Place]) -> str:
    """Write the range by places in the sequence.

    If the file has no sequence, the table's own range is returned, provided its numbers are plain.
    """
    if not all(place.chain.complete for place in places):
        try:
            parse_range(entry.range)
        except ValueError:
            pass
        else:
            return entry.range
    segments: list[tuple[str, list[int]]] = []
    for chain, place, _ in places:
        if place is None:
            continue
        if not segments or segments[-1][0] != chain.name or place < segments[-1][1][-1]:
            segments.append((chain.name, []))
        segments[-1][1].append(place + 1)
    return ",".join(f"{name}:{first}-{last}" for name, numbers in segments for first, last in runs(numbers))


def _missing_note(places: list[_Place], missing: list[int]) -> str:
    stretches = []
    for first, last in runs(missing):
        ends = [places[first].number or "?", places[last].number or "?"]
        stretches.append(f"{places[first].chain.name}:{ends[0]}" + (f"-{ends[1]}" if first < last else ""))
    listed = ", ".join(stretches[:LISTED]) + (", …" if len(stretches) > LISTED else "")
    return f"{len(missing)} of {len(places)} residues lack a complete backbone: {listed}"
