"""Read the data folder that DPAM is published with: tables of ECOD domains and, per domain, a PDB file and statistics.

A template needs `ECOD_length`, `ecod.latest.domains` and its PDB file (in `ECOD_pdbs` or `ECOD70`). Other files may be
missing for some or all domains. The files of a domain are in their folder or in its sub-folders named by the last two
digits of the UID. Weights and maps refer to residues by structure index, the rank among the residues with a complete
backbone (docs/dpam-versions.md).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.reference.domain_table import unquoted
from domainflow.run.errors import InputError, StoreError
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.structure_file import read_structure
from domainflow.templates.statistics import StatisticsRow
from domainflow.templates.store_format import ReferenceDomain

__all__ = ["DpamData", "imported_statistics", "read_dpam_data"]

STRUCTURE_FOLDERS = ("ECOD_pdbs", "ECOD70")
OPTIONAL = {
    "ECOD_pdbmap": "ranges are those of ecod.latest.domains",
    "ECOD_norms": "z-scores cannot be normalised",
    "tgroup_length": "no T-group has a typical length",
    "posi_weights": "alignments get no weighted score",
    "ecod_internal": "alignments get no percentiles among homologues",
    "ECOD_maps": "no residue has a place in the sequence",
}
"""Files and folders that may be missing as a whole, and the effect of that."""
UNKNOWN = "na"
T_NAME_COLUMN = 12
"""Column of T-group names in ecod.latest.domains if the heading does not name one."""
_UID = re.compile("[0-9]{9}")


class _Classification(NamedTuple):
    """A domain's row of ecod.latest.domains."""

    t_group: str
    h_group: str
    t_group_name: str
    pdb: str
    range: str


class DpamData:
    """The folder's tables, read once; the files of a domain are read on request.

    Attributes
    ----------
    folder : Path
    uids : list of str
        Of all domains with a length or a PDB file, ascending; some of these may be unusable.
    problems : list of (str, str)
        Files and folders that are missing as a whole, by name, each with a sentence.

    Raises
    ------
    StoreError
        If the folder, its PDB files or one of the two tables is missing, or a table cannot be parsed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = [name for name in STRUCTURE_FOLDERS if (folder / name).is_dir()]
        if not names:
            raise StoreError(f"{folder} has neither ECOD_pdbs nor ECOD70 in it; give DPAM's data folder")
        self._structures = folder / names[0]
        self._lengths = {row[0]: (row[1], int(row[2])) for row in _rows(folder / "ECOD_length", (str, str, int))}
        self.problems = [
            (name, f"it is not in {folder.name}, so {effect}")
            for name, effect in OPTIONAL.items()
            if not (folder / name).exists()
        ]
        self.uids = sorted({*self._lengths, *(path.stem for path in self._structures.glob("**/*.pdb"))})
        self._classes = _classifications(folder / "ecod.latest.domains", frozenset(self.uids))
        self._places = {
            row[0]: (row[1].lower(), row[2]) for row in _optional_rows(folder / "ECOD_pdbmap", (str, str, str))
        }
        self._norms = {row[0]: float(row[1]) for row in _optional_rows(folder / "ECOD_norms", (str, float))}
        self._t_group_lengths = {
            row[0]: float(row[1]) for row in _optional_rows(folder / "tgroup_length", (str, float))
        }

    def domain(self, uid: str) -> ReferenceDomain:
        """Read one domain; weights and sequence index are 0 for residues that are not in their files.

        Raises
        ------
        StoreError
            If it has no UID, length, classification or usable PDB file, or one of its files cannot be parsed.
        """
        if not _UID.fullmatch(uid):
            raise StoreError("a UID has nine digits; correct ECOD_length or the name of the PDB file")
        if uid not in self._lengths:
            raise StoreError("it is not in ECOD_length")
        if uid not in self._classes:
            raise StoreError("it is not in ecod.latest.domains")
        identifier, length = self._lengths[uid]
        kind = self._classes[uid]
        model = parse_pdb_text(self.pdb(uid))
        residues = len(model.sequence)
        notes: list[str] = []
        family = self._family(uid)
        pdb, place = self._places.get(uid, (kind.pdb, kind.range))
        place = _normal_range(place)
        return ReferenceDomain(
            uid=uid,
            id=identifier,
            pdb=pdb,
            chain=place.partition(":")[0] if ":" in place else UNKNOWN,
            range=place,
            t_group=kind.t_group,
            t_group_name=kind.t_group_name,
            h_group=kind.h_group,
            length=length,
            sequence=model.sequence,
            backbone=model.backbone,
            self_z=self._norms.get(uid),
            weights=self._weights(uid, residues, notes),
            family=None if family is None else family[1:],
            family_uids=() if family is None else family[0],
            sequence_index=self._sequence_index(uid, residues, length, notes),
            t_group_length=self._t_group_lengths.get(kind.t_group),
            notes=tuple(notes),
        )

    def pdb(self, uid: str) -> str:
        """Return the structure of a domain in PDB format, with all atoms: chain A, complete residues 1..L.

        Raises
        ------
        StoreError
            If its PDB file is missing or cannot be used.
        """
        path = _domain_file(self._structures, uid, "pdb")
        if path is None:
            raise StoreError(f"there is no file {uid}.pdb in {self._structures.name}")
        try:
            return read_structure(path).pdb
        except InputError as error:
            raise StoreError(str(error)) from None

    def identifier(self, uid: str) -> str:
        """Return a domain's id, ``na`` for one without length."""
        return self._lengths[uid][0] if uid in self._lengths else UNKNOWN

    def _weights(self, uid: str, residues: int, notes: list[str]) -> NDArray[np.float64] | None:
        path = _domain_file(self.folder / "posi_weights", uid, "weight")
        if path is None:
            return None
        rows = list(_rows(path, (int, str, str, float)))
        return _by_index([int(row[0]) for row in rows], [float(row[3]) for row in rows], residues, path.name, notes)

    def _family(self, uid: str) -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]] | None:
        path = _domain_file(self.folder / "ecod_internal", uid, "info")
        rows = [] if path is None else list(_rows(path, (str, float, float)))
        if not rows:
            return None
        numbers = np.array([(float(row[1]), float(row[2])) for row in rows])
        return tuple(row[0] for row in rows), numbers[:, 0], numbers[:, 1]

    def _sequence_index(self, uid: str, residues: int, length: int, notes: list[str]) -> NDArray[np.int32] | None:
        path = _domain_file(self.folder / "ECOD_maps", uid, "map")
        if path is None:
            return None
        rows = list(_rows(path, (int, int)))
        places = _by_index([int(row[0]) for row in rows], [int(row[1]) for row in rows], residues, path.name, notes)
        if places.max(initial=0) > length:
            notes.append(f"{path.name} goes up to residue {int(places.max())} of a sequence of {length}; kept as it is")
        return places.astype(np.int32)


def read_dpam_data(folder: Path) -> DpamData:
    """Open DPAM's data folder; errors are those of `DpamData`."""
    return DpamData(folder)


def imported_statistics(domain: ReferenceDomain) -> StatisticsRow:
    """Return the statistics that were imported with a domain."""
    z, score = domain.family or (None, None)
    return StatisticsRow(
        uid=domain.uid,
        self_z=domain.self_z,
        weights=domain.weights,
        family_uid=domain.family_uids or None,
        family_z=z,
        family_score=score,
        t_group_length=domain.t_group_length,
    )


def _domain_file(folder: Path, uid: str, ending: str) -> Path | None:
    """Find a domain's file in the sub-folder of the UID's last two digits or in the folder itself; None if missing."""
    name = f"{uid}.{ending}"
    return next((path for path in (folder / uid[-2:] / name, folder / name) if path.is_file()), None)


def _by_index(
    indices: list[int], values: list[float] | list[int], residues: int, name: str, notes: list[str]
) -> NDArray[np.float64]:
    """Values by structure index, shape (L,); 0 where a value is missing."""
    index = np.array(indices, np.int64)
    inside = (index >= 1) & (index <= residues)
    ordered = np.zeros(residues)
    ordered[index[inside] - 1] = np.array(values, np.float64)[inside]
    if not inside.all():
        outside = np.count_nonzero(~inside)
        notes.append(f"{name} has {outside} of {len(index)} lines for residues outside 1-{residues}; they are ignored")
    return ordered


def _rows(path: Path, kinds: tuple[type, ...]) -> Iterator[list[str]]:
    """First fields of a table separated by white space, with their types checked; blank and # lines are skipped."""
    try:
        stream = path.open(encoding="utf-8", errors="replace")
    except OSError:
        raise StoreError(f"{path} cannot be read; complete DPAM's data folder") from None
    with stream:
        for number, line in enumerate(stream, start=1):
            fields = line.split()
            if not fields or line.startswith("#"):
                continue
            try:
                for kind, field in zip(kinds, fields[: len(kinds)], strict=True):
                    kind(field)
            except ValueError:
                expected = ", ".join({str: "text", int: "a whole number", float: "a number"}[kind] for kind in kinds)
                raise StoreError(
                    f"line {number} of {path.name} is '{line.strip()[:60]}', expected {expected}; repair or remove it"
                ) from None
            yield fields


def _optional_rows(path: Path, kinds: tuple[type, ...]) -> Iterator[list[str]]:
    return _rows(path, kinds) if path.is_file() else iter(())


def _classifications(path: Path, wanted: frozenset[str]) -> dict[str, _Classification]:
    """Rows of the requested domains; the whole table has a million rows."""
    found = {}
    name_column = T_NAME_COLUMN
    try:
        stream = path.open(encoding="utf-8", errors="replace")
    except OSError:
        raise StoreError(f"{path} cannot be read; complete DPAM's data folder") from None
    with stream:
        for line in stream:
            fields = line.rstrip("\r\n").split("\t")
            if line.startswith("#"):
                if "t_name" in fields:
                    name_column = fields.index("t_name")
                continue
            if fields[0] not in wanted or len(fields) < 4:
                continue
            groups = fields[3].split(".")
            cells = [unquoted(field) or UNKNOWN for field in fields]
            cells += [UNKNOWN] * (max(name_column, 6) + 1 - len(cells))
            found[fields[0]] = _Classification(
                t_group=".".join(groups[:3]),
                h_group=".".join(groups[:2]),
                t_group_name=cells[name_column],
                pdb=cells[4].lower(),
                range=cells[6],
            )
    return found


def _normal_range(text: str) -> str:
    """Write segments as ``A:4-10`` and a single residue as ``A:4-4``; text of another form is unchanged."""
    segments = []
    for segment in text.split(","):
        match = re.fullmatch(r"(\w+:)?(\d+)(?:-(\d+))?", segment)
        if match is None:
            return text
        segments.append(f"{match[1] or ''}{match[2]}-{match[3] or match[2]}")
    return ",".join(segments)
