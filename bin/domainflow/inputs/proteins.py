"""Group the files of a folder or archive into proteins, each with its best structure and the PAE of that model."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from domainflow.inputs.file_names import FileName, file_name, folder_name
from domainflow.inputs.listed_file import ListedFile, Role

__all__ = ["FoundProtein", "Group", "group_key", "groups", "protein_of", "protein_ids"]

Unused = tuple[str, str]
"""Path and reason of a file that is not used."""


class NamedFile(NamedTuple):
    """A file with what its name says."""

    file: ListedFile
    name: FileName


class Group(NamedTuple):
    """Files of one protein; `folder` is its folder, `protein` its name there."""

    folder: str
    protein: str
    files: list[NamedFile]

    @property
    def has_structure(self) -> bool:
        """True if it can be a protein at all."""
        return any(member.file.role is Role.STRUCTURE for member in self.files)


class FoundProtein(NamedTuple):
    """A protein of a group: its files' paths, and the files that are not used with the reason."""

    structure: str | None
    pae: str | None
    unused: list[Unused]


def group_key(path: str, top: str) -> tuple[str, str]:
    """Return (folder, name) of the protein that a file belongs to; files without a name get that of their folder.

    Parameters
    ----------
    path : str
        Relative to the input.
    top : str
        Name of the input itself.
    """
    name = file_name(path)
    return name.folder, name.protein or folder_name(name.folder) or top


def groups(files: Iterable[ListedFile], top: str) -> list[Group]:
    """Return the files by protein, sorted by folder and name."""
    keyed = sorted(((group_key(file.path, top), file) for file in files), key=lambda item: (item[0], item[1].path))
    found = []
    for (folder, protein), members in groupby(keyed, key=lambda item: item[0]):
        found += split_numbered(Group(folder, protein, [NamedFile(f, file_name(f.path)) for _, f in members]))
    return found


def split_numbered(group: Group) -> list[Group]:
    """Return a group whose names are numbered as several, unless other files show that one program wrote them."""
    numbered = [member for member in group.files if member.name.numbered]
    models = sorted({member.name.model for member in numbered}, key=int)
    if len(models) < 2 and all(member.file.role is not Role.STRUCTURE for member in numbered):
        return [group]
    if not models or any(member.file.role is not Role.STRUCTURE for member in group.files):
        return [group]
    rest = [member for member in group.files if not member.name.numbered]
    split = [Group(group.folder, group.protein, rest)] if rest else []
    for model in models:
        members = [member for member in numbered if member.name.model == model]
        stem = PurePosixPath(members[0].file.path).name.partition(".")[0]
        split.append(Group(group.folder, stem, members))
    return split


def protein_of(group: Group) -> FoundProtein:
    """Choose the best structure of a group and the PAE that belongs to it."""
    order = next((member.file.models for member in group.files if member.file.models), ())
    scores = {m.name.model: m.file.score for m in group.files if m.file.score is not None and m.name.model}
    unused = [(m.file.path, m.file.reason) for m in group.files if m.file.role is Role.OTHER]
    structures = sorted(
        (m for m in group.files if m.file.role is Role.STRUCTURE),
        key=lambda m: (*_rank(m.name, order, scores), m.file.path),
    )
    paes = [m for m in group.files if m.file.role is Role.PAE]
    if not structures:
        return FoundProtein(None, None, unused + [(m.file.path, "no structure belongs to it") for m in paes])
    best, *others = structures
    pae = _pae_of(best, paes, order)
    used = PurePosixPath(best.file.path).name
    unused += [(m.file.path, f"another model or format of the protein; {used} is used") for m in others]
    unused += [(m.file.path, f"not the PAE of {used}, or a second one") for m in paes if m is not pae]
    return FoundProtein(best.file.path, pae.file.path if pae else None, unused)


def protein_ids(found: Sequence[Group], by_folder: bool = True) -> list[str]:
    """Return the id of each group: its folder's name if it is alone there (and `by_folder`), else its own name.

    An id that another group already has gets the folder in front.
    """
    alone: dict[str, int] = {}
    for group in found:
        alone[group.folder] = alone.get(group.folder, 0) + 1
    ids: list[str] = []
    taken: set[str] = set()
    for group in found:
        folder = folder_name(group.folder)
        name = folder if by_folder and folder and alone[group.folder] == 1 else group.protein
        if name in taken and folder:
            name = f"{group.folder.strip('/').replace('/', '_')}_{group.protein}"
        taken.add(name)
        ids.append(name)
    return ids


def _rank(name: FileName, order: Sequence[str], scores: Mapping[str, float]) -> tuple[int, float, int, int]:
    """Return the rank of a model, lowest is best.

    The ranking of AlphaFold 2 decides among those that its names do not rank. Scores decide among numbered models, but
    a structure that the program put beside its numbered models is its own choice.
    """
    number, worse, form = name.rank
    if name.model in order:
        return 0, order.index(name.model), 1 + worse, form
    if name.model in scores:
        return 1, -scores[name.model], worse, form
    return 2 if scores and name.model else 0, number, worse, form


def _pae_of(best: NamedFile, paes: Sequence[NamedFile], order: Sequence[str]) -> NamedFile | None:
    """Return the PAE of a structure: that of its model, else one that names no model, else the only one there is."""
    model = best.name.model
    if order and model.isdigit() and int(model) < len(order):
        model = order[int(model)]
    fitting = [member for member in paes if member.name.model == model] or [m for m in paes if not m.name.model]
    if not fitting and len(paes) == 1 and best.name.model and not paes[0].name.model.isdigit():
        fitting = list(paes)
    return min(fitting, key=lambda member: (member.name.plain, member.file.path), default=None)
