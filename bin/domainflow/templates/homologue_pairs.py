"""Alignments of homologous templates in files: one Arrow IPC table per bucket, with its place in the set of tables.

Columns are query, template (UIDs), z, query_bounds and template_bounds (first, last, first, last … of the aligned
residues, 1-based structure indices). A set of tables is complete if it has every bucket of the number of buckets that
its tables name.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from domainflow.run.errors import StoreError
from domainflow.templates.arrow_file import ArrowFile

__all__ = ["PAIRS_SUFFIX", "HomologuePair", "read_pairs", "write_pairs"]

PAIRS_SUFFIX = ".pairs.arrow"
FORMAT = "domainflow homologue pairs"
VERSION = "1"
ALIGN_AGAIN = "align the homologues again"

_BOUNDS = pa.list_(pa.int32())
SCHEMA = pa.schema(
    [
        pa.field("query", pa.string(), nullable=False),
        pa.field("template", pa.string(), nullable=False),
        pa.field("z", pa.float64(), nullable=False),
        pa.field("query_bounds", _BOUNDS, nullable=False),
        pa.field("template_bounds", _BOUNDS, nullable=False),
    ]
)


class HomologuePair(NamedTuple):
    """Two templates of a homologous group and their alignment.

    Attributes
    ----------
    query, template : str
        UIDs.
    z : float
    query_bounds, template_bounds : list of int
        First and last residue, 1-based, of each run of aligned residues in turn.
    """

    query: str
    template: str
    z: float
    query_bounds: list[int]
    template_bounds: list[int]


def write_pairs(path: Path, pairs: Sequence[HomologuePair], key: str, bucket: int, buckets: int) -> None:
    """Write one bucket's pairs.

    Parameters
    ----------
    path : Path
    pairs : sequence of HomologuePair
    key : str
        Key of the templates (`domainflow.templates.key`).
    bucket, buckets : int
        Number of the bucket, counted from 0, and number of all buckets.
    """
    schema = SCHEMA.with_metadata(
        {"format": FORMAT, "version": VERSION, "templates": key, "bucket": str(bucket), "buckets": str(buckets)}
    )
    columns = [pa.array([pair[place] for pair in pairs], field.type) for place, field in enumerate(schema)]
    unfinished = path.with_name(f"{path.name}.part")
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(str(unfinished), schema, options=options) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))
    unfinished.replace(path)


def read_pairs(paths: Iterable[Path], key: str) -> list[HomologuePair]:
    """Read all pairs of a complete set of tables, sorted by query and template.

    Raises
    ------
    StoreError
        If a table is damaged or of other templates, or the set lacks a bucket or has one twice.
    """
    pairs: list[HomologuePair] = []
    found: dict[int, Path] = {}
    expected = None
    for path in sorted(paths):
        file = _open(path)
        if file.metadata.get("templates") != key:
            raise StoreError(f"{path.name} was made with other templates; {ALIGN_AGAIN}")
        bucket, buckets = int(file.metadata["bucket"]), int(file.metadata["buckets"])
        if bucket in found or buckets != (expected or buckets):
            raise StoreError(f"{path.name} and {found.popitem()[1].name} are not of one set; {ALIGN_AGAIN}")
        found[bucket], expected = path, buckets
        rows = zip(*(file.column(name).to_pylist() for name in SCHEMA.names), strict=True)
        pairs += [HomologuePair(*row) for row in rows]
    missing = [str(bucket) for bucket in range(expected or 1) if bucket not in found]
    if missing:
        raise StoreError(f"the alignments of homologues lack bucket {', '.join(missing)}; {ALIGN_AGAIN}")
    return sorted(pairs)


def _open(path: Path) -> ArrowFile:
    file = ArrowFile(path, "alignments of homologues", ALIGN_AGAIN)
    of_this_version = (file.metadata.get("format"), file.metadata.get("version")) == (FORMAT, VERSION)
    if not of_this_version or not file.schema.equals(SCHEMA) or file.batches != 1:
        raise StoreError(f"{path.name} holds no alignments of homologues of version {VERSION}; {ALIGN_AGAIN}")
    return file
