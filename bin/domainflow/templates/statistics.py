"""Statistics of a reference's templates in one Arrow IPC file: z against themselves, position weights, homologues.

The file has one Arrow record batch with one row per template, ascending by UID. Columns are read when they are first
used. Statistics have a file of their own: if they change, the templates stay the same and alignments are not repeated.
assets/README.md documents every column.
"""

import hashlib
import itertools
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.run.errors import StoreError
from domainflow.templates.arrow_file import ArrowFile
from domainflow.templates.key import template_key
from domainflow.templates.position_weights import family_statistics
from domainflow.templates.store import TemplateStore

__all__ = ["NO_STATISTICS", "ReferenceStatistics", "StatisticsRow", "write_statistics"]

FORMAT = "domainflow reference statistics"
VERSION = "1"
COMPRESSION_LEVEL = 19
"""Compression level of zstd."""
REBUILD = "make it again with derive_statistics.py"

_FLOATS = pa.list_(pa.float64())
SCHEMA = pa.schema(
    [
        pa.field("uid", pa.string(), nullable=False),
        pa.field("t_group", pa.string(), nullable=False),
        pa.field("self_z", pa.float64()),
        pa.field("weights", _FLOATS),
        pa.field("family_uid", pa.list_(pa.string())),
        pa.field("family_z", _FLOATS),
        pa.field("family_score", _FLOATS),
        pa.field("family_aligned", pa.list_(pa.list_(pa.int32()))),
        pa.field("t_group_length", pa.float64()),
    ]
)

Weights = NDArray[np.float64]
Family = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class StatisticsRow:
    """Statistics of a template of L residues and its M homologues; None means unknown.

    Attributes
    ----------
    uid : str
    self_z : float or None
        z against itself (``ECOD_norms``).
    weights : ndarray, shape=(L,), or None
        Position weights (``posi_weights``).
    family_uid : sequence of str, or None
        M homologues.
    family_z, family_score : ndarray, shape=(M,), or None
        Their z-scores and weighted scores against the template (``ecod_internal``).
    family_aligned : sequence of sequences of int, or None
        Positions each homologue covers: first, last, first, last …, 1-based.
    t_group_length : float or None
        Typical length of the template's T-group (``tgroup_length``).
    """

    uid: str
    self_z: float | None = None
    weights: NDArray[np.floating] | None = None
    family_uid: Sequence[str] | None = None
    family_z: NDArray[np.floating] | None = None
    family_score: NDArray[np.floating] | None = None
    family_aligned: Sequence[Sequence[int]] | None = None
    t_group_length: float | None = None


class ReferenceStatistics:
    """Statistics of templates by UID; made by `ReferenceStatistics.open` or `ReferenceStatistics.empty`.

    All values of a template without statistics are None.
    """

    def __init__(self, load: Callable[[str], pa.Array]) -> None:
        self._load = load
        self._columns: dict[str, pa.Array] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None, store: TemplateStore | None = None) -> "ReferenceStatistics":
        """Open a file of statistics.

        Parameters
        ----------
        path : path or None
            If None, no template has statistics.
        store : TemplateStore, optional
            Templates that the statistics must belong to.

        Raises
        ------
        StoreError
            If the file is missing, holds no statistics, has another version or lacks columns, or if the statistics
            belong to other templates.
        """
        if path is None:
            return cls.empty()
        path = Path(path)
        file = ArrowFile(path, "reference statistics", REBUILD)
        version = file.metadata.get("version", "unknown")
        if file.metadata.get("format") != FORMAT:
            raise StoreError(f"{path.name} is an Arrow file but holds no reference statistics; {REBUILD}")
        if version != VERSION:
            raise StoreError(f"{path.name} holds statistics of version {version}, expected {VERSION}; {REBUILD}")
        if not file.schema.equals(SCHEMA):
            raise StoreError(f"the columns of {path.name} are not those of reference statistics; {REBUILD}")
        if file.batches != 1:
            raise StoreError(f"{path.name} has {file.batches} record batches, expected 1; {REBUILD}")
        if store is not None and file.metadata.get("templates") != template_key(store):
            raise StoreError(f"{path.name} holds statistics of other templates than {store.path.name}; {REBUILD}")
        return cls(file.column)

    @classmethod
    def empty(cls) -> "ReferenceStatistics":
        """Return statistics without any template."""
        return cls(lambda name: pa.array([], SCHEMA.field(name).type))

    @property
    def uids(self) -> list[str]:
        """UIDs of the templates with statistics, ascending."""
        return list(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, uid: object) -> bool:
        return uid in self._rows

    def self_z(self, uid: str) -> float | None:
        """z of the template against itself."""
        return self._value("self_z", uid)

    def weights(self, uid: str) -> Weights | None:
        """Position weight of every residue with coordinates, shape (L,)."""
        return self._numbers("weights", uid)

    def family(self, uid: str) -> Family | None:
        """z-scores and weighted scores of the template's homologues against it, shape (M,) each."""
        z, scores = self._numbers("family_z", uid), self._numbers("family_score", uid)
        return None if z is None or scores is None else (z, scores)

    def family_uids(self, uid: str) -> list[str] | None:
        """The homologues, in the order of `family`."""
        return self._value("family_uid", uid)

    def family_aligned(self, uid: str) -> list[list[int]] | None:
        """Positions each homologue covers (first, last … 1-based); None for imported statistics."""
        return self._value("family_aligned", uid)

    def t_group_length(self, t_group: str) -> float | None:
        """Typical length of a T-group, in residues of the sequence."""
        return self._t_group_lengths.get(t_group)

    def without(
        self, uid: str, left_out: Collection[str], drop_one_if_none: str | None = None
    ) -> tuple[Weights | None, Family | None]:
        """Return the weights and the family of a template computed without some of its homologues.

        Parameters
        ----------
        uid : str
        left_out : collection of str
            UIDs to exclude.
        drop_one_if_none : str, optional
            The query's id. If no homologue is in `left_out`, one is excluded at random, drawn by the query's id and the
            template's. Otherwise only the query's own family would lack homologues, and their number would reveal the
            answer.

        Returns
        -------
        weights, family
            Both None if no homologue remains. Imported statistics are returned unchanged: their alignments are unknown.
        """
        members, aligned = self.family_uids(uid), self.family_aligned(uid)
        weights, family = self.weights(uid), self.family(uid)
        if not members or aligned is None or weights is None or family is None:
            return weights, family
        kept = [place for place, member in enumerate(members) if member not in left_out]
        if len(kept) == len(members):
            if drop_one_if_none is None:
                return weights, family
            del kept[_draw(f"{drop_one_if_none} {uid}", len(kept))]
        statistics = family_statistics(len(weights), [aligned[place] for place in kept])
        if statistics is None:
            return None, None
        return statistics[0], (family[0][kept], statistics[1])

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {uid: row for row, uid in enumerate(self._column("uid").to_pylist())}

    @cached_property
    def _t_group_lengths(self) -> dict[str, float]:
        columns = (self._column(name).to_pylist() for name in ("t_group", "t_group_length"))
        return {group: length for group, length in zip(*columns, strict=True) if length is not None}

    def _column(self, name: str) -> pa.Array:
        """Return one column; it is read when it is first used."""
        if name not in self._columns:
            self._columns[name] = self._load(name)
        return self._columns[name]

    def _value(self, name: str, uid: str) -> Any:
        row = self._rows.get(uid)
        return None if row is None else self._column(name)[row].as_py()

    def _numbers(self, name: str, uid: str) -> NDArray[np.float64] | None:
        row = self._rows.get(uid)
        values = None if row is None else self._column(name)[row].values
        return None if values is None else np.asarray(np.from_dlpack(values), np.float64)


NO_STATISTICS = ReferenceStatistics.empty()
"""Statistics of a reference that has none."""


def write_statistics(path: str | os.PathLike[str], rows: Iterable[StatisticsRow], store: TemplateStore) -> None:
    """Write statistics; equal rows give equal bytes, whatever their order.

    Parameters
    ----------
    path : path
    rows : iterable of StatisticsRow
        At most one per template; templates without a row have no statistics.
    store : TemplateStore
        The templates.

    Raises
    ------
    StoreError
        If the template of a row is not in the store or does not fit the row, or a UID occurs twice.
    """
    ordered = sorted(rows, key=lambda row: row.uid)
    for row, following in itertools.pairwise(ordered):
        if row.uid == following.uid:
            raise StoreError(f"the statistics of template {row.uid} occur twice; every UID may be there once")
    for row in ordered:
        _check(row, store)
    columns = {field.name: [getattr(row, field.name, None) for row in ordered] for field in SCHEMA}
    columns["t_group"] = [store.t_group(store.row(row.uid)) for row in ordered]
    schema = SCHEMA.with_metadata({"format": FORMAT, "version": VERSION, "templates": template_key(store)})
    batch = pa.record_batch([pa.array(columns[field.name], field.type) for field in schema], schema=schema)
    codec = pa.Codec("zstd", compression_level=COMPRESSION_LEVEL)
    path = Path(path)
    unfinished = path.with_name(f"{path.name}.part")
    with pa.ipc.new_file(str(unfinished), schema, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_batch(batch)
    unfinished.replace(path)


def _check(row: StatisticsRow, store: TemplateStore) -> None:
    """Raise `StoreError` if a row does not fit its template."""
    name = f"template {row.uid}"
    length = int(store.lengths[store.row(row.uid)])
    if row.weights is not None and len(row.weights) != length:
        raise StoreError(f"{name} has {length} residues but {len(row.weights)} weights")
    lists = (row.family_uid, row.family_z, row.family_score, row.family_aligned)
    sizes = {len(part) for part in lists if part is not None}
    if len(sizes) > 1:
        raise StoreError(f"{name} has lists of homologues of different lengths; they must be of the same homologues")
    for bounds in row.family_aligned or ():
        if len(bounds) % 2 or any(not 1 <= bound <= length for bound in bounds):
            raise StoreError(f"{name} has homologues aligned outside its {length} residues")


def _draw(text: str, count: int) -> int:
    """Return a number below `count` that depends on a text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % count
