"""The templates' profiles as a database of HH-suite: ``templates_hhm``, ``templates_a3m`` and ``templates_cs219``.

hhsearch 3.3.0 reads the profiles from ``_hhm``. It ends with an error without ``_cs219``, of which it takes the lengths
only, and with a segmentation fault without ``_a3m``, from which it joins relatives to the query for results that nobody
asks for. So ``_a3m`` has each template's own sequence and ``_cs219`` as many letters; hhblits' prefilter cannot use it.
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
"""What the names of the database's files begin with."""
ANY_STATE = b"A"


class ProfileRow(NamedTuple):
    """What became of a template: made from ``frequencies``, an ``alignment``, a ``profile``, its ``sequence`` alone, or
    ``left out`` for a reason."""

    uid: str
    made_from: str
    reason: str = "-"


def build_database(store: TemplateStore, profiles: ProfileFiles | None, folder: Path) -> list[ProfileRow]:
    """Write the database of all templates into a folder; entries are named by UID.

    Parameters
    ----------
    store : TemplateStore
    profiles : ProfileFiles or None
        By UID or domain id. A template without one is there by its sequence alone.
    folder : Path

    Returns
    -------
    list of ProfileRow
        One a template, in the store's order.
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
