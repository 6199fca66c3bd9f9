"""Split a list of inputs into shards, one run each.

The shard of a protein is a hash of its id, so that one more protein changes one shard. An id that occurs twice stays in
one run, and so do the fragments of a long protein. The list is read once, line by line: its length does not matter.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TextIO

from domainflow.inputs.file_names import accession, file_name, folder_name
from domainflow.inputs.samplesheet import SEPARATORS, is_list_of_paths

__all__ = ["MANIFEST_COLUMNS", "Shard", "read_manifest", "shard_number", "split_list", "write_manifest"]

MANIFEST_COLUMNS = ("shard", "input", "outdir", "inputs")
WAITING = 1000
"""Lines of a shard that are kept in memory before they are written, so that no shard's file stays open."""
PATH_COLUMNS = ("structure", "pae")


class Shard(NamedTuple):
    """One run of the collection: its name, list of inputs, results folder, and number of lines in the list."""

    shard: str
    input: Path
    outdir: Path
    inputs: int


def shard_number(protein: str, shards: int) -> int:
    """Return the shard of a protein.

    A run chooses the bucket by the first seven hexadecimal digits of the same checksum. The shard is chosen by other
    digits, so that the proteins of a shard fall into all buckets.
    """
    digest = hashlib.md5(accession(protein).encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()
    return int(digest[8:20], 16) % shards


def split_list(source: Path, shards: int, folder: Path, root: Path | None = None) -> list[Shard]:
    """Write the lists of all shards that have an input; return these shards.

    Parameters
    ----------
    source : Path
        Samplesheet (CSV) or list of paths, in UTF-8.
    shards : int
    folder : Path
        Folder for the lists, ``shard-00003.csv`` or ``.txt``; made if need be.
    root : Path, optional
        Folder that relative paths count from; by default that of `source`.

    Raises
    ------
    ValueError
        If the list is neither, or `folder` holds something.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty; give a new folder")
    base = (root or source.parent).resolve()
    with source.open(newline="", encoding="utf-8-sig") as stream:
        first = _first_line(stream, source)
        is_list = is_list_of_paths(first.encode())
        lines = _paths(chain([first], stream), base) if is_list else _rows(first, stream, base, source)
        header = "" if is_list else next(lines)[1]
        counts = _write(lines, shards, folder, header, ".txt" if is_list else ".csv")
    return [
        Shard(name, path, folder / "results" / name, count)
        for name, path, count in sorted((path.stem, path, count) for path, count in counts.items())
    ]


def write_manifest(path: Path, shards: Iterable[Shard]) -> None:
    """Write the table of runs; its paths are those of this machine, in full."""
    lines = ["\t".join(MANIFEST_COLUMNS)]
    lines += [f"{one.shard}\t{one.input.resolve()}\t{one.outdir.resolve()}\t{one.inputs}" for one in shards]
    path.write_text("\n".join(lines) + "\n")


def read_manifest(path: Path) -> list[Shard]:
    """Return the runs of a manifest."""
    with path.open(newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != MANIFEST_COLUMNS:
            raise ValueError(f"{path} is no manifest of runs; its columns must be {' '.join(MANIFEST_COLUMNS)}")
        return [Shard(row["shard"], Path(row["input"]), Path(row["outdir"]), int(row["inputs"])) for row in reader]


def _first_line(stream: TextIO, source: Path) -> str:
    for line in stream:
        if line.strip():
            return line
    raise ValueError(f"{source} is empty")


def _paths(lines: Iterable[str], base: Path) -> Iterator[tuple[str, str]]:
    """Yield the protein and the line of each path of a list."""
    for line in lines:
        path = line.strip()
        if path and not path.startswith("#"):
            known = file_name(path)
            yield known.protein or folder_name(known.folder), _placed(path, base)


def _rows(first: str, stream: TextIO, base: Path, source: Path) -> Iterator[tuple[str, str]]:
    """Yield the header, then the protein and the line of each row of a samplesheet."""
    separator = max(SEPARATORS, key=first.count)
    header = [field.strip().lower() for field in next(csv.reader([first], delimiter=separator))]
    if "id" not in header or "structure" not in header:
        raise ValueError(f"{source} is neither a list of paths nor a samplesheet with the header id,structure,pae")
    yield "", _csv_line(header)
    named, paths = header.index("id"), [header.index(name) for name in PATH_COLUMNS if name in header]
    for fields in csv.reader(stream, delimiter=separator):
        if any(field.strip() for field in fields):
            placed = [_placed(text, base) if place in paths else text for place, text in enumerate(fields)]
            yield (fields[named].strip() if named < len(fields) else ""), _csv_line(placed)


def _placed(text: str, base: Path) -> str:
    """Return a path that holds from any folder."""
    path = text.strip()
    return str(base / path) if path and "://" not in path else path


def _csv_line(fields: list[str]) -> str:
    return ",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(',"\r\n') else text for text in fields)


def _write(lines: Iterable[tuple[str, str]], shards: int, folder: Path, header: str, ending: str) -> dict[Path, int]:
    waiting: dict[int, list[str]] = {}
    counts: dict[Path, int] = {}

    def write(number: int) -> None:
        path = folder / f"shard-{number:05d}{ending}"
        some = waiting.pop(number)
        with path.open("a", encoding="utf-8") as stream:
            if path not in counts and header:
                stream.write(f"{header}\n")
            stream.writelines(f"{line}\n" for line in some)
        counts[path] = counts.get(path, 0) + len(some)

    for protein, line in lines:
        number = shard_number(protein, shards)
        waiting.setdefault(number, []).append(line)
        if len(waiting[number]) == WAITING:
            write(number)
    for number in sorted(waiting):
        write(number)
    return counts
