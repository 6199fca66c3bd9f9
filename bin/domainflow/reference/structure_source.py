"""Domains of a table; each is cut from its structure file on request."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from domainflow.reference.cut_template import cut_domain, whole_domain
from domainflow.reference.domain_table import DomainEntry
from domainflow.reference.entry import EntryChain, read_entry
from domainflow.reference.promod3 import Promod3Database
from domainflow.reference.segments import parse_segments
from domainflow.reference.structure_files import DATABASE, is_own_file
from domainflow.run.errors import InputError, StoreError
from domainflow.templates.store_format import ReferenceDomain

__all__ = ["StructureSource"]


class StructureSource:
    """Domains by UID.

    Parameters
    ----------
    entries : sequence of DomainEntry
        Each with its file.
    folder : Path
        Folder of the files.

    Attributes
    ----------
    uids : list of str
        Ordered so that domains of one file follow each other.

    Raises
    ------
    StoreError
        If ProMod3's database exists but cannot be read.
    """

    def __init__(self, entries: Sequence[DomainEntry], folder: Path) -> None:
        self._entries = {entry.uid: entry for entry in entries}
        self.uids = [entry.uid for entry in sorted(entries, key=lambda entry: (entry.file, entry.pdb, entry.uid))]
        self._folder = folder
        databases = {entry.file for entry in entries if entry.file.lower() == DATABASE}
        self._database = Promod3Database(folder / databases.pop()) if databases else None
        self._chains = lru_cache(maxsize=1)(lambda name: read_entry(folder / name))

    def domain(self, uid: str) -> ReferenceDomain:
        """Cut one domain.

        Raises
        ------
        StoreError
            If it cannot be cut; the message is the reason.
        """
        entry = self._entries[uid]
        if self._database is not None:
            return cut_domain(entry, self._database_chains(entry, self._database))
        try:
            chains: Mapping[str, EntryChain] = self._chains(entry.file)
        except InputError as error:
            raise StoreError(str(error)) from None
        return whole_domain(entry, chains) if is_own_file(entry) else cut_domain(entry, chains)

    def _database_chains(self, entry: DomainEntry, database: Promod3Database) -> dict[str, EntryChain]:
        """Read the chains of an entry that the domain names; residues are numbered from 1, as they are stored."""
        chains = {}
        for name in dict.fromkeys(segment.chain for segment in parse_segments(entry.range)):
            try:
                sequence, backbone = database.chain(entry.pdb.upper(), name)
            except KeyError:
                raise StoreError(f"the structure database lacks chain {name} of entry {entry.pdb}") from None
            numbers = [str(number) for number in range(1, len(sequence) + 1)]
            chains[name] = EntryChain(name, numbers, sequence, backbone)
        return chains
