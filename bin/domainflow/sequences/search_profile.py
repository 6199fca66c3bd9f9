"""Search one protein against an HH-suite database of templates or of PDB chains (DPAM step 2)."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from domainflow.sequences.hhsuite import profile_report
from domainflow.sequences.profile_files import ProfileFiles
from domainflow.sequences.profiles import SequenceSearch, query_profile
from domainflow.structures.protein import Protein

__all__ = ["ProfileSearch", "search_profile"]


@dataclass(frozen=True)
class ProfileSearch:
    """What profiles are made from, and what they are searched against.

    Attributes
    ----------
    database : Path
        Prefix of the HH-suite database.
    profiles : ProfileFiles or None
        Profiles that the user has, by protein.
    relatives : SequenceSearch
        How relatives of a protein without a profile are found.
    """

    database: Path
    profiles: ProfileFiles | None
    relatives: SequenceSearch


def search_profile(protein: Protein, search: ProfileSearch) -> str:
    """Return hhsearch's report for a protein.

    Its profile is the one given, else made of its relatives in UniRef30, else its sequence alone.

    Raises
    ------
    InputError
        If the given profile is not of this protein.
    ProgramError
        If a program of HH-suite fails.
    """
    with TemporaryDirectory() as folder:
        given = None if search.profiles is None else search.profiles.read(protein.id)
        hhm = query_profile(protein.sequence, given, search.relatives, Path(folder))
        return profile_report(hhm, search.database, search.relatives.threads, protein.id, Path(folder))
