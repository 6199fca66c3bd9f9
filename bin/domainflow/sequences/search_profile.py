"""Search one protein against an HH-suite database of templates or of PDB chains (DPAM step 2)."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from domainflow.sequences.hhsuite import profile_report
from domainflow.sequences.profile_files import ProfileFiles
from domainflow.sequences.profiles import SequenceSearch, query_profile
from domainflow.structures.protein import Protein

__all__ = ["ProfileSearch", "profile_notes", "search_profile"]


@dataclass(frozen=True)
class ProfileSearch:
    """Sources of the profiles, and the database they are searched against.

    Attributes
    ----------
    database : Path
        Prefix of the HH-suite database.
    profiles : ProfileFiles or None
        The user's profiles, by protein.
    relatives : SequenceSearch
        Settings of the search for homologues of a protein without a profile.
    notes : tuple of str
        Remarks on every protein whose profile is made of its homologues.
    """

    database: Path
    profiles: ProfileFiles | None
    relatives: SequenceSearch
    notes: tuple[str, ...] = ()


def search_profile(protein: Protein, search: ProfileSearch) -> str:
    """Return hhsearch's report for a protein.

    The profile is the given one if there is one. Otherwise it is made of homologues in UniRef30, or of the sequence
    alone.

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


def profile_notes(protein: str, search: ProfileSearch) -> tuple[str, ...]:
    """Return the remarks on a protein's profile: none if the user gave the profile."""
    return () if search.profiles is not None and protein in search.profiles.names else search.notes
