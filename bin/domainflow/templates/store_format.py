"""The format of a template store: its columns, and the packing of templates into them.

A store is one Arrow IPC file with one Arrow record batch and one row per template, ascending by UID. Coordinates are
int16 in 0.01 Å. CA is relative to the template's mean CA, rounded to 0.01 Å; N, C and O are relative to their own CA.
assets/README.md documents every column.
"""

import itertools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domainflow.run.errors import StoreError
from domainflow.structures.ranges import runs

__all__ = [
    "ATOMS",
    "FORMAT",
    "SCHEMA",
    "UNITS_PER_ANGSTROM",
    "VERSION",
    "ReferenceDomain",
    "TemplateRow",
    "check_domain",
    "check_template",
    "stored_backbone",
    "write_columns",
    "write_store",
]

FORMAT = "domainflow template store"
VERSION = "2"
UNITS_PER_ANGSTROM = 100
COMPRESSION_LEVEL = 19
"""Compression level of zstd; higher levels gain nothing."""

_INT16S = pa.list_(pa.int16())
SCHEMA = pa.schema(
    [
        pa.field("uid", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("pdb", pa.string(), nullable=False),
        pa.field("chain", pa.string(), nullable=False),
        pa.field("range", pa.string(), nullable=False),
        pa.field("t_group", pa.string(), nullable=False),
        pa.field("t_group_name", pa.string(), nullable=False),
        pa.field("h_group", pa.string(), nullable=False),
        pa.field("length", pa.int32(), nullable=False),
        pa.field("sequence", pa.string(), nullable=False),
        pa.field("states", pa.string(), nullable=False),
        pa.field("letters", pa.string(), nullable=False),
        pa.field("ca", _INT16S, nullable=False),
        pa.field("n", _INT16S, nullable=False),
        pa.field("c", _INT16S, nullable=False),
        pa.field("o", _INT16S, nullable=False),
        pa.field("nodes", pa.list_(pa.list_(pa.int32())), nullable=False),
        pa.field("sequence_index", pa.list_(pa.int32())),
    ],
    metadata={"format": FORMAT, "version": VERSION},
)
ATOMS = ("n", "ca", "c", "o")
"""Columns of coordinates, in the order of the atoms of a backbone."""


@dataclass(frozen=True, kw_only=True)
class ReferenceDomain:
    """A domain of L residues with complete backbone, as read from the source of a reference.

    A store holds its structure. Statistics of an imported domain are written to a file of their own.

    Attributes
    ----------
    uid : str
        Nine digits.
    id : str
        ECOD or SCOPe domain id, for display.
    pdb, chain, range : str
        Origin of the domain; `range` has a chain prefix on every segment (``A:4-10,A:12-40``).
    t_group, t_group_name, h_group : str
        ``na`` for an unknown name.
    length : int
        Residues of its sequence, including those without coordinates (``ECOD_length``).
    sequence : str
        L amino acids.
    backbone : ndarray, shape=(L, 4, 3)
        N, CA, C, O in Å.
    self_z : float or None
        z-score against itself (``ECOD_norms``).
    weights : ndarray, shape=(L,), or None
        Position weights (``posi_weights``).
    family : pair of ndarray, or None
        z-scores and weighted scores of homologues against it (``ecod_internal``).
    family_uids : tuple of str
        UIDs of these homologues.
    sequence_index : ndarray of int, shape=(L,), or None
        1-based position of every residue in the template's sequence (``ECOD_maps``).
    t_group_length : float or None
        Typical length of its T-group (``tgroup_length``).
    notes : tuple of str
        Defects of its files that do not prevent its use; not stored.
    """

    uid: str
    id: str
    pdb: str
    chain: str
    range: str
    t_group: str
    t_group_name: str
    h_group: str
    length: int
    sequence: str
    backbone: NDArray[np.floating]
    self_z: float | None = None
    weights: NDArray[np.floating] | None = None
    family: tuple[NDArray[np.floating], NDArray[np.floating]] | None = None
    family_uids: tuple[str, ...] = ()
    sequence_index: NDArray[np.integer] | None = None
    t_group_length: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TemplateRow(ReferenceDomain):
    """A domain with all properties derived from its backbone, as written to a store.

    Attributes
    ----------
    states, letters : str
        L letters each: secondary structure (``H``, ``E``, ``-``) and 3Di.
    nodes : sequence of ndarray of int
        0-based residues of each folding unit that counts for z, ascending; the whole template first.
    """

    states: str
    letters: str
    nodes: Sequence[NDArray[np.integer]]


def write_store(
    path: str | os.PathLike[str], templates: Iterable[TemplateRow], compression: str | None = "zstd"
) -> None:
    """Write templates as a store; equal templates give equal bytes, whatever their order.

    Parameters
    ----------
    path : path-like
    templates : iterable of TemplateRow
        Each is packed as soon as the iterable yields it.
    compression : {"zstd", None}
        None for a larger file that is memory-mapped.

    Raises
    ------
    StoreError
        If there is no template, a UID occurs twice or is not nine digits, lengths disagree, or a template is too large
        for the format.
    """
    packed = sorted((_packed(template) for template in templates), key=lambda row: row["uid"])
    if not packed:
        raise StoreError("there is no template to write; check the source of the reference")
    for row, following in itertools.pairwise(packed):
        if row["uid"] == following["uid"]:
            raise StoreError(f"template {row['uid']} occurs twice; every UID must be there once")
    columns = [_array([row[field.name] for row in packed], field.type) for field in SCHEMA]
    write_columns(columns, Path(path), compression)


def stored_backbone(backbone: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return a backbone as it is read back from a store: centred, rounded to 0.01 Å; shape=(L, 4, 3)."""
    units = _coordinates(backbone)
    units[:, [0, 2, 3]] += units[:, [1]]
    return units.astype(np.float32) / np.float32(UNITS_PER_ANGSTROM)


def check_domain(domain: ReferenceDomain) -> None:
    """Raise `StoreError` if a domain has no residue or coordinates that a store cannot hold."""
    name = f"template {domain.uid}"
    if not domain.sequence:
        raise StoreError(f"{name} has no residue; leave it out")
    if not np.isfinite(domain.backbone).all():
        raise StoreError(f"{name} has coordinates that are not finite numbers; leave such residues out")
    if np.abs(_coordinates(domain.backbone)).max() > np.iinfo(np.int16).max:
        raise StoreError(f"{name} reaches more than 327 Å from its centre; the store's format has no room for that")


def check_template(template: TemplateRow) -> None:
    """Raise `StoreError` if a template cannot be stored: a bad UID, lengths that disagree, bad coordinates."""
    name = f"template {template.uid}"
    length = len(template.sequence)
    if len(template.uid) != 9 or not (template.uid.isascii() and template.uid.isdigit()):
        raise StoreError(f"'{template.uid}' is no UID; it must have nine digits")
    sizes = {
        "states": len(template.states), "letters": len(template.letters), "backbone": len(template.backbone),
        "weights": length if template.weights is None else len(template.weights),
        "sequence_index": length if template.sequence_index is None else len(template.sequence_index),
    }  # fmt: skip
    for column, size in sizes.items():
        if size != length:
            raise StoreError(f"{name} has {length} residues but {size} entries in {column}")
    if template.family is not None and len(template.family[0]) != len(template.family[1]):
        z, scores = template.family
        raise StoreError(f"{name} has {len(z)} z-scores of homologues but {len(scores)} weighted scores")
    check_domain(template)


def write_columns(columns: list[pa.Array], path: Path, compression: str | None) -> None:
    """Write one Arrow record batch; the file gets its name when it is complete."""
    codec = None if compression is None else pa.Codec(compression, compression_level=COMPRESSION_LEVEL)
    batch = pa.record_batch(columns, schema=SCHEMA)
    unfinished = path.with_name(f"{path.name}.part")
    with pa.ipc.new_file(str(unfinished), SCHEMA, options=pa.ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_batch(batch)
    unfinished.replace(path)


def _packed(template: TemplateRow) -> dict[str, Any]:
    """Return the values of a template's columns as they are stored."""
    check_template(template)
    row = {field.name: getattr(template, field.name, None) for field in SCHEMA}
    row.update(nodes=[_bounds(node) for node in template.nodes])
    parts = _coordinates(template.backbone)
    return row | {atom: parts[:, place].astype(np.int16).ravel() for place, atom in enumerate(ATOMS)}


def _coordinates(backbone: NDArray[np.floating]) -> NDArray[np.int64]:
    """Values of the columns n, ca, c and o, in 0.01 Å, shape (L, 4, 3)."""
    units = np.rint(np.asarray(backbone, np.float64) * UNITS_PER_ANGSTROM).astype(np.int64)
    parts = units - units[:, [1]]
    parts[:, 1] = units[:, 1] - np.rint(units[:, 1].mean(axis=0)).astype(np.int64)
    return parts


def _bounds(residues: NDArray[np.integer]) -> list[int]:
    """Bounds of the runs of a folding unit: first, last, first, last …, 1-based."""
    return [bound + 1 for run in runs(residues) for bound in run]


def _array(values: list, kind: pa.DataType) -> pa.Array:
    """Return a column as an Arrow array; numpy converts lists of numbers, since there are millions of them."""
    if not pa.types.is_list(kind) or pa.types.is_list(kind.value_type):
        return pa.array(values, kind)
    empty = np.empty(0, kind.value_type.to_pandas_dtype())
    offsets = np.concatenate(([0], np.cumsum([0 if value is None else len(value) for value in values])))
    absent = np.array([value is None for value in values])
    flat = np.concatenate([empty, *(value for value in values if value is not None)])
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()),
        pa.array(flat, kind.value_type),
        mask=pa.array(absent) if absent.any() else None,
    )
