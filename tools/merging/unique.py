"""Find ids that occur in more than one run, with little memory however many there are.

Checksums of 64 bits are written to files by their first byte, and each file is sorted by itself. Equal checksums of two
runs are compared as ids in a second reading, so that the answer is exact.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["ids_in_two_runs"]

BATCH = 100_000
"""Ids whose checksums are written at a time."""
RECORD = np.dtype([("id", "<u8"), ("run", "<u4")])


def ids_in_two_runs(runs: Sequence[Callable[[], Iterable[str]]]) -> dict[str, list[int]]:
    """Return the ids that occur in more than one run, with the places of these runs.

    Parameters
    ----------
    runs : sequence of callable
        Each returns the ids of one run; it may be called twice.
    """
    with tempfile.TemporaryDirectory() as folder:
        for run, ids in enumerate(runs):
            for batch in _batches(ids()):
                _store(batch, run, Path(folder))
        suspects = {number for path in sorted(Path(folder).iterdir()) for number in _in_two_runs(path)}
    if not suspects:
        return {}
    found: dict[str, set[int]] = {}
    for run, ids in enumerate(runs):
        for name in ids():
            if _checksum(name) in suspects:
                found.setdefault(name, set()).add(run)
    return {name: sorted(places) for name, places in found.items() if len(places) > 1}


def _checksum(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "little")


def _batches(ids: Iterable[str]) -> Iterator[NDArray[np.uint64]]:
    some: list[int] = []
    for name in ids:
        some.append(_checksum(name))
        if len(some) == BATCH:
            yield np.array(some, dtype=np.uint64)
            some = []
    yield np.array(some, dtype=np.uint64)


def _store(numbers: NDArray[np.uint64], run: int, folder: Path) -> None:
    """Append checksums to the files of their first bytes."""
    records = np.empty(len(numbers), RECORD)
    records["id"], records["run"] = numbers, run
    first = numbers >> np.uint64(56)
    order = np.argsort(first, kind="stable")
    bounds = np.searchsorted(first[order], np.arange(257, dtype=np.uint64))
    for byte, (begin, end) in enumerate(pairwise(bounds)):
        if begin < end:
            with (folder / f"{byte:02x}").open("ab") as stream:
                stream.write(records[order[begin:end]].tobytes())


def _in_two_runs(path: Path) -> set[int]:
    """Return the checksums in a file that belong to more than one run."""
    records = np.unique(np.fromfile(path, RECORD))
    again = records["id"][1:] == records["id"][:-1]
    return set(records["id"][1:][again].tolist())
