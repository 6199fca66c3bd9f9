"""The templates' profiles as a database of HH-suite: ``templates_hhm``, ``templates_a3m`` and ``templates_cs219``.

hhsearch 3.3.0 reads the profiles from ``_hhm``. Without ``_cs219`` it ends with an error, though it reads only the
lengths from it. Without ``_a3m`` it ends with a segmentation fault. It adds homologues from ``_a3m`` to the query, for
results that are not used here. Therefore ``_a3m`` holds only each template's own sequence, and ``_cs219`` as many
letters. The prefilter of hhblits cannot use such a database.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from domainflow.run.errors import InputError, ProgramError
from domainflow.sequences.ffindex import FfindexWriter
from domainflow.sequences.profile_files import Frequencies, ProfileFiles
from domainflow.sequences.profiles import template_profile
from domainflow.templates.store import TemplateStore

__all__ = ["NAME", "ProfileRow", "build_database"]

NAME = "templates"
"""File prefix of the database."""
ANY_STATE = b"A"


class ProfileRow(NamedTuple):
    """The source of a template's profile, or the reason why it has none.

    `made_from` is ``frequencies``, ``alignment``, ``profile``, ``sequence`` (alone) or ``left out``.
    """

    uid: str
    made_from: str
    reason: str = "-"


def build_database(store: TemplateStore, profiles: ProfileFiles | None, folder: Path) -> list[ProfileRow]:
    """Write the database of all templates into a folder; entries are named by UID.

    Parameters
    ----------
    store : TemplateStore
    profiles : ProfileFiles or None
        By UID or domain id. The profile of a template without one is made of its sequence alone.
    folder : Path

    Returns
    -------
    list of ProfileRow
        One per template, in the store's order.
    """
    rows = []
    prefix = folder / NAME
    with (
        FfindexWriter(prefix.with_name(f"{NAME}_hhm")) as hhm,
        FfindexWriter(prefix.with_name(f"{NAME}_a3m")) as a3m,
        FfindexWriter(prefix.with_name(f"{NAME}_cs219")) as cs219,
        TemporaryDirectory() as work,
    ):
        for row, (uid, sequence, states) in enumerate(zip(store.uids, store.sequences, store.states, strict=True)):
            try:
                given = None if profiles is None else profiles.read(uid, store.template_id(row))
                text = template_profile(
                    uid, sequence, states, store.length(row), store.sequence_index(row), given, Path(work)
                )
            except (InputError, ProgramError) as error:
                rows.append(ProfileRow(uid, "left out", str(error)))
                continue
            if given is None:
                made_from = "sequence"
            elif isinstance(given, Frequencies):
                made_from = "frequencies"
            else:
                made_from = "profile" if given.kind == "hhm" else "alignment"
            hhm.add(uid, text.encode())
            a3m.add(uid, f">{uid}\n{sequence}\n".encode())
            cs219.add(uid, ANY_STATE * len(sequence))
            rows.append(ProfileRow(uid, made_from))
    return rows
