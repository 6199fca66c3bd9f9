"""The template store: all templates of a reference in one Arrow IPC file, addressed by row.

Columns are read when they are first used. The file is memory-mapped, so opening an uncompressed one takes the same time
at any size. All processes read templates from this file. `domainflow.templates.store_format` describes its contents.
"""

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.run.errors import StoreError
from domainflow.run.provenance import file_checksum
from domainflow.templates.arrow_file import ArrowFile
from domainflow.templates.store_format import (
    ATOMS,
    FORMAT,
    SCHEMA,
    UNITS_PER_ANGSTROM,
    VERSION,
    TemplateRow,
    write_columns,
    write_store,
)

__all__ = ["TemplateRow", "TemplateStore", "join_stores", "write_store"]

REBUILD = "build it again with --workflow reference"
TEMPLATES = "templates.arrow"
"""Name of the store in a reference folder."""


class TemplateStore:
    """Templates of one file, addressed by row; made by `TemplateStore.open`.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, file: ArrowFile) -> None:
        self.path = file.path
        self._file = file
        self._columns: dict[str, pa.Array] = {}
        self._text_columns: dict[str, list[str]] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "TemplateStore":
        """Open a store, given its file or its reference folder.

        Raises
        ------
        StoreError
            If the file is missing, is not a store, has another version, lacks columns or holds no template.
        """
        path = Path(path)
        if path.is_dir():
            path = path / TEMPLATES
        file = ArrowFile(path, "templates", REBUILD)
        schema, version = file.schema, file.metadata.get("version", "unknown")
        if file.metadata.get("format") != FORMAT:
            raise StoreError(f"{path.name} is an Arrow file but no template store; make one with --workflow reference")
        if version != VERSION:
            raise StoreError(f"{path.name} is a template store of version {version}, expected {VERSION}; {REBUILD}")
        missing = [field.name for field in SCHEMA if field.name not in schema.names]
        if missing:
            raise StoreError(f"{path.name} lacks the columns {', '.join(missing)}; {REBUILD}")
        for field in SCHEMA:
            if not schema.field(field.name).type.equals(field.type):
                found = schema.field(field.name).type
                raise StoreError(f"column {field.name} of {path.name} holds {found}, expected {field.type}; {REBUILD}")
        if file.batches != 1:
            raise StoreError(f"{path.name} has {file.batches} record batches, expected 1; {REBUILD}")
        store = cls(file)
        if not len(store):
            raise StoreError(f"{path.name} holds no template; {REBUILD}")
        return store

    # All templates

    def __len__(self) -> int:
        return len(self._column("uid"))

    def __contains__(self, uid: object) -> bool:
        return uid in self._rows

    @property
    def uids(self) -> list[str]:
        """UIDs, ascending."""
        return self._texts("uid")

    @property
    def sequences(self) -> list[str]:
        """Amino acids of the residues with coordinates."""
        return self._texts("sequence")

    @property
    def letters(self) -> list[str]:
        """3Di letters."""
        return self._texts("letters")

    @property
    def states(self) -> list[str]:
        """Secondary structure: ``H``, ``E`` or ``-`` per residue."""
        return self._texts("states")

    @cached_property
    def h_groups(self) -> dict[str, str]:
        """Homologous group of each T-group."""
        return dict(zip(self._texts("t_group"), self._texts("h_group"), strict=True))

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Index of the first residue of each template among all residues, shape (T + 1,)."""
        return (np.from_dlpack(self._column("ca").offsets) // 3).astype(np.int64)

    @cached_property
    def lengths(self) -> NDArray[np.int32]:
        """Residues with coordinates, shape (T,); `length` counts those of the sequence."""
        return np.diff(self.offsets).astype(np.int32)

    @cached_property
    def ca(self) -> NDArray[np.float32]:
        """CA of all templates one after the other in Å, shape (R, 3); each template is centred at the origin."""
        return self._units("ca").astype(np.float32) / np.float32(UNITS_PER_ANGSTROM)

    def checksum(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return file_checksum(self.path)

    # One template

    def row(self, uid: str) -> int:
        """Return the row of a template.

        Raises
        ------
        StoreError
            If it is not in the store.
        """
        try:
            return self._rows[uid]
        except KeyError:
            raise StoreError(
                f"template {uid} is not in {self.path.name}; use the reference that the hits were found with"
            ) from None

    def length(self, row: int) -> int:
        """Residues of the template's sequence, including those without coordinates (``ECOD_length``)."""
        return int(self._column("length")[row].as_py())

    def template_id(self, row: int) -> str:
        """Domain id, for display."""
        return self._texts("id")[row]

    def pdb(self, row: int) -> str:
        """PDB entry, lower case."""
        return self._texts("pdb")[row]

    def chain(self, row: int) -> str:
        """Chain of the PDB entry."""
        return self._texts("chain")[row]

    def range(self, row: int) -> str:
        """Segments of the chain, each with the chain as its prefix."""
        return self._texts("range")[row]

    def t_group(self, row: int) -> str:
        """Topology group, such as ``11.1.1``."""
        return self._texts("t_group")[row]

    def t_group_name(self, row: int) -> str:
        """Name of the topology group, ``na`` if unknown."""
        return self._texts("t_group_name")[row]

    def h_group(self, row: int) -> str:
        """Homologous group, such as ``11.1``."""
        return self._texts("h_group")[row]

    def backbone(self, row: int) -> NDArray[np.float32]:
        """N, CA, C, O in Å, shape (L, 4, 3)."""
        start, end = self.offsets[row], self.offsets[row + 1]
        units = np.empty((end - start, 4, 3), np.int32)
        for place, name in enumerate(ATOMS):
            units[:, place] = self._units(name)[start:end]
        units[:, [0, 2, 3]] += units[:, [1]]
        return units.astype(np.float32) / np.float32(UNITS_PER_ANGSTROM)

    def nodes(self, row: int) -> list[NDArray[np.int32]]:
        """0-based residues of the folding units that count for z, the whole template first."""
        return [
            np.concatenate([np.arange(first - 1, last, dtype=np.int32) for first, last in np.reshape(bounds, (-1, 2))])
            for bounds in self._column("nodes")[row].as_py()
        ]

    @cached_property
    def node_bounds(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Folding units of all templates: first unit of each template, first bound of each unit, and the bounds.

        Bounds are 1-based: first and last residue of each range in turn.
        """
        nodes = self._column("nodes")
        units, bounds = nodes.offsets, nodes.values.offsets
        first_unit, first_bound, bound = (
            np.array(np.from_dlpack(level), np.int32) for level in (units, bounds, nodes.values.values)
        )
        return first_unit, first_bound, bound

    def sequence_index(self, row: int) -> NDArray[np.int32] | None:
        """1-based position in the sequence of every residue with coordinates; None if unknown."""
        return self._numbers("sequence_index", row)

    def subset(self, rows: Iterable[int], path: str | os.PathLike[str], compression: str | None = "zstd") -> None:
        """Write some of the templates to a new store."""
        chosen = pa.array(sorted(set(rows)), pa.int64())
        write_columns([self._column(name).take(chosen) for name in SCHEMA.names], Path(path), compression)

    # Columns

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {uid: row for row, uid in enumerate(self.uids)}

    def _column(self, name: str) -> pa.Array:
        """Return one column; it is read when it is first used."""
        if name not in self._columns:
            self._columns[name] = self._file.column(name)
        return self._columns[name]

    def _texts(self, name: str) -> list[str]:
        if name not in self._text_columns:
            self._text_columns[name] = self._column(name).to_pylist()
        return self._text_columns[name]

    def _units(self, name: str) -> NDArray[np.int16]:
        """Coordinates of one atom of all residues as stored, in 0.01 Å, shape (R, 3)."""
        # DLPack shares the memory like `to_numpy`, but does not import pandas.
        return np.asarray(np.from_dlpack(self._column(name).values), np.int16).reshape(-1, 3)

    def _numbers(self, name: str, row: int) -> NDArray | None:
        values = self._column(name)[row].values
        return None if values is None else np.from_dlpack(values)


def join_stores(paths: Iterable[Path], out: Path, compression: str | None = "zstd") -> None:
    """Write the templates of several stores as one, byte by byte as `write_store` would write them.

    Raises
    ------
    StoreError
        If there is no store, one cannot be read, or a UID is in two stores.
    """
    stores = [TemplateStore.open(path) for path in paths]
    if not stores:
        raise StoreError("no domain of the table could be made a template; the ledger says why")
    uids = [uid for store in stores for uid in store.uids]
    if len(set(uids)) < len(uids):
        raise StoreError("a template is in two of the stores to join; every UID must be there once")
    order = pa.array(np.argsort(np.array(uids), kind="stable"))
    columns = [pa.concat_arrays([store._column(name) for store in stores]).take(order) for name in SCHEMA.names]
    write_columns(columns, out, compression)
