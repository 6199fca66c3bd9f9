"""Read the answers of other programs: domains as residues numbered 1..n."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domainflow.structures.ranges import parse_range

__all__ = [
    "Domains", "Reader", "check_residues", "read_afragmenter", "read_chopping", "read_networks", "read_spaed",
]  # fmt: skip

Domains = list[NDArray[np.int64]]
Reader = Callable[[Path], Domains]


def read_chopping(text: str) -> Domains:
    """Read ``1-20_41-80,21-40``: commas between domains, underscores between the segments of one.

    Raises
    ------
    ValueError
        If a segment is not a number or a pair ``first-last``.
    """
    if not text.strip():
        return []
    return [np.unique(parse_range(domain.replace("_", ","))) for domain in text.strip().split(",")]


def read_networks(path: Path) -> dict[str, tuple[str, float, str]]:
    """Read what `networks` wrote: chopping, CPU seconds and reason by protein; an unfinished last line is left out."""
    answers = {}
    for line in path.read_text().splitlines(keepends=True) if path.exists() else []:
        cells = line.rstrip("\n").split("\t")
        if line.endswith("\n") and len(cells) == 4:
            answers[cells[0]] = (cells[1], float(cells[2]), cells[3])
    return answers


def read_afragmenter(path: Path) -> Domains:
    """Read AFragmenter's table of one protein: a row per domain, segments in the column `chopping`."""
    return [domain for row in _rows(path, ",") for domain in read_chopping(row["chopping"])]


def read_spaed(path: Path) -> Domains:
    """Read SPAED's table of one protein: semicolons between domains, all of one segment, in the column `domains`."""
    return read_chopping(_only_row(path, ",")["domains"].replace(";", ","))


def check_residues(domains: Domains, length: int) -> None:
    """Make sure that all residues are of 1..length, and that no residue is in two domains.

    Raises
    ------
    ValueError
        If one is not, or is in two. The message is one sentence.
    """
    residues = np.concatenate([np.empty(0, np.int64), *domains])
    beyond = residues[(residues < 1) | (residues > length)]
    if beyond.size:
        raise ValueError(f"residue {beyond[0]} of the answer is none of the protein's 1 to {length}")
    numbers, counts = np.unique(residues, return_counts=True)
    if np.any(counts > 1):
        raise ValueError(f"residue {numbers[counts > 1][0]} of the answer is in two domains")


def _only_row(path: Path, delimiter: str) -> dict[str, str]:
    rows = _rows(path, delimiter)
    if len(rows) != 1:
        raise ValueError(f"the answer has {len(rows)} rows instead of one")
    return rows[0]


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))
