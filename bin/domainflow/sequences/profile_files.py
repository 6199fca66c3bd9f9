"""Profiles given by the user: frequencies in an ``.npz``, or alignments and HHM files in a folder or a zip archive."""

import zipfile
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError, StoreError

__all__ = ["Frequencies", "ProfileFiles", "ProfileText"]


class Frequencies(NamedTuple):
    """Amino-acid frequencies of L columns, shape (L, 20), in the order of `domainflow.sequences.hhm.AMINO_ACIDS`."""

    table: NDArray[np.floating]


class ProfileText(NamedTuple):
    """An alignment (``a3m``) or a profile (``hhm``) as text."""

    kind: str
    text: str


_KINDS = ("hhm", "a3m")
"""File name endings. If a name has both files, the first is preferred."""


class ProfileFiles:
    """Profiles by name; made by `ProfileFiles.open`.

    Parameters
    ----------
    path : Path
        A folder or zip archive of ``NAME.a3m`` and ``NAME.hhm``, or an ``.npz`` with one L x 20 array per name.
    places : dict
        Member of the folder or archive, by (name, kind).
    """

    def __init__(self, path: Path, places: dict[tuple[str, str], str]) -> None:
        self.path = path
        self._places = places

    @classmethod
    def open(cls, path: Path) -> "ProfileFiles":
        """List the profiles of a folder or archive without reading them.

        Raises
        ------
        StoreError
            If the path is neither a folder nor an archive, or holds no profile.
        """
        if path.is_dir():
            members = [member.name for member in sorted(path.iterdir())]
        elif not path.exists():
            raise StoreError(f"{path.name}, the file of profiles, does not exist; check its path")
        else:
            try:
                with zipfile.ZipFile(path) as archive:
                    members = archive.namelist()
            except zipfile.BadZipFile:
                raise StoreError(
                    f"{path.name} holds no profiles; give an .npz of frequencies, or a folder or zip of .a3m or .hhm"
                ) from None
        places = {}
        for member in members:
            name, dot, kind = member.rpartition("/")[2].rpartition(".")
            if dot and kind in (*_KINDS, "npy"):
                places[name, kind] = member
        if not places:
            raise StoreError(f"{path.name} holds no profile; give NAME.a3m or NAME.hhm files, or arrays by name")
        return cls(path, places)

    @property
    def names(self) -> set[str]:
        """All names that have a profile."""
        return {name for name, _ in self._places}

    @property
    def has_alignments(self) -> bool:
        """Return whether any is an alignment: hhmake must then make a profile of it."""
        return any(kind == "a3m" for _, kind in self._places)

    def read(self, *names: str) -> Frequencies | ProfileText | None:
        """Return the profile of the first of the names that has one; None if none has.

        Raises
        ------
        InputError
            If the profile cannot be read.
        """
        for name in names:
            for kind in (*_KINDS, "npy"):
                member = self._places.get((name, kind))
                if member is not None:
                    return self._read(name, kind, member)
        return None

    @cached_property
    def _arrays(self) -> np.lib.npyio.NpzFile:
        return np.load(self.path, allow_pickle=False)

    def _read(self, name: str, kind: str, member: str) -> Frequencies | ProfileText:
        try:
            if kind == "npy":
                return Frequencies(self._arrays[member.removesuffix(".npy")])
            if self.path.is_dir():
                return ProfileText(kind, (self.path / member).read_text())
            with zipfile.ZipFile(self.path) as archive:
                return ProfileText(kind, archive.read(member).decode())
        except (ValueError, zipfile.BadZipFile):
            raise InputError(f"the profile of {name} in {self.path.name} cannot be read; make it again") from None
