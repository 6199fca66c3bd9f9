"""Choose the structure file that each domain of a table is cut from, and the domains that are cut together.

A file named after a domain is used as a whole. Other domains are cut from the file of their entry. If the entry has no
file but is obsolete, the file of its successor is used.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from domainflow.reference.domain_table import UNKNOWN, DomainEntry
from domainflow.run.errors import InputError, StoreError
from domainflow.structures.compressed import read_bytes

__all__ = ["DATABASE", "bucket_count", "buckets", "is_own_file", "read_obsolete", "with_files"]

DATABASE = "structure_db.dat"
"""ProMod3's file with the structures of all entries."""
ENDINGS = (".cif", ".mmcif", ".bcif", ".pdb", ".ent", ".fcz")
"""File name endings in order of preference, each plain before packed."""
PACKED = (".gz", ".bz2", ".xz", ".zst")
PER_BUCKET = 250
"""Domains per bucket; a bucket takes some ten seconds, most of which is spent on the domains."""
MOST_BUCKETS = 1024
_OBSOLETE = re.compile(r"OBSLTE +\S+ +(\w+)((?: +\w+)*) *", re.IGNORECASE)


def read_obsolete(path: Path) -> dict[str, list[str]]:
    """Read the successors by obsolete entry, lower case, from the PDB's ``obsolete.dat`` (OBSLTE, date, old, new …).

    Raises
    ------
    StoreError
        If the file cannot be read or has no such line.
    """
    try:
        lines = read_bytes(path).decode("latin-1").lower().splitlines()
    except InputError as error:
        raise StoreError(str(error)) from None
    matches = [match for match in map(_OBSOLETE.fullmatch, lines) if match]
    if not matches:
        raise StoreError(f"{path.name} lists no obsolete entry; its lines must be of the form OBSLTE date old new")
    return {match[1]: match[2].split() for match in matches}


def with_files(
    entries: Iterable[DomainEntry], names: Sequence[str], obsolete: Mapping[str, Sequence[str]]
) -> list[DomainEntry]:
    """Return entries with the file of each, or the reason why it has none.

    Parameters
    ----------
    entries : iterable of DomainEntry
    names : sequence of str
        Names of the existing files. If one is `DATABASE`, it holds every entry.
    obsolete : mapping
        Successors by obsolete entry.
    """
    by_name: dict[str, str] = {}
    for name in sorted(names):
        by_name.setdefault(name.lower(), name)
    return [entry if entry.reason else _with_file(entry, by_name, obsolete) for entry in entries]


def is_own_file(entry: DomainEntry) -> bool:
    """True if the entry's file holds the domain alone, so that it need not be cut."""
    return entry.id.lower() != entry.pdb and entry.file.lower() in _file_names(entry.id)


def bucket_count(domains: int) -> int:
    """Return the number of buckets: a power of two, so that one more domain seldom changes it."""
    count = 1
    while count * PER_BUCKET < domains and count < MOST_BUCKETS:
        count *= 2
    return count


def buckets(entries: Iterable[DomainEntry], count: int) -> dict[int, list[DomainEntry]]:
    """Usable entries by bucket; all entries of one structure file share the bucket given by the file's name."""
    parts: dict[int, list[DomainEntry]] = {}
    for entry in entries:
        if not entry.reason:
            key = f"{entry.pdb} {entry.file}" if entry.file == DATABASE else entry.file
            number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % count
            parts.setdefault(number, []).append(entry)
    return {number: parts[number] for number in sorted(parts)}


def _with_file(entry: DomainEntry, names: Mapping[str, str], obsolete: Mapping[str, Sequence[str]]) -> DomainEntry:
    if DATABASE in names:
        if entry.pdb == UNKNOWN:
            return replace(entry, reason=f"it names no entry (column pdb) to take from {DATABASE}")
        return replace(entry, file=names[DATABASE])
    own = _found(entry.id, names)
    if own and entry.id.lower() != entry.pdb:
        return replace(entry, file=own)
    if entry.pdb == UNKNOWN:
        return replace(entry, reason=f"there is no file {entry.id}.cif or .pdb, and it names no entry (column pdb)")
    seen: list[str] = []
    waiting = [entry.pdb]
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        file = _found(name, names)
        if file:
            note = f"entry {entry.pdb} is obsolete; its successor {name} was used" if seen else ""
            return replace(entry, file=file, note=note)
        seen.append(name)
        waiting += obsolete.get(name, ())
    reason = f"there is no structure file of entry {entry.pdb}"
    if len(seen) > 1:
        reason += f", which is obsolete, nor of {' or '.join(seen[1:])}"
    elif entry.pdb in obsolete:
        reason += ", which is obsolete and has no successor"
    return replace(entry, reason=reason)


def _found(stem: str, names: Mapping[str, str]) -> str:
    return next((names[name] for name in _file_names(stem) if name in names), "")


def _file_names(stem: str) -> list[str]:
    """Names a file of this entry or domain may have, lower case, the preferred first."""
    stem = stem.lower()
    plain = [f"{stem}{ending}" for ending in ENDINGS] + [f"pdb{stem}.ent"]
    return [name + packed for name in plain for packed in ("", *PACKED)]
