"""The table of other programs' answers, `peers.tsv`: one row for each program and protein."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from domainflow.structures.ranges import NO_RESIDUES

__all__ = ["Answer", "read_answers", "write_answers"]

BETWEEN_DOMAINS = ";"
NONE = NO_RESIDUES
"""Stands for no domain, no CPU time and no reason, so that no cell is empty."""


class Answer(NamedTuple):
    """One program's answer for one protein.

    Attributes
    ----------
    peer, version, protein : str
    domains : tuple of str
        Ranges of residues numbered 1..n, as domainflow writes and numbers them.
    cpu_seconds : float or None
        User and system time of the program and its children, its start included; None if it failed.
    reason : str
        Why there is no answer; "" if there is one.
    """

    peer: str
    version: str
    protein: str
    domains: tuple[str, ...] = ()
    cpu_seconds: float | None = None
    reason: str = ""


def write_answers(path: Path, answers: Iterable[Answer]) -> None:
    """Write the table."""
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(Answer._fields)
        for answer in answers:
            seconds = NONE if answer.cpu_seconds is None else f"{answer.cpu_seconds:.2f}"
            domains = BETWEEN_DOMAINS.join(answer.domains) or NONE
            writer.writerow([*answer[:3], domains, seconds, answer.reason or NONE])


def read_answers(path: Path) -> list[Answer]:
    """Read the table."""
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return [
        Answer(
            row["peer"],
            row["version"],
            row["protein"],
            () if row["domains"] == NONE else tuple(row["domains"].split(BETWEEN_DOMAINS)),
            None if row["cpu_seconds"] == NONE else float(row["cpu_seconds"]),
            "" if row["reason"] == NONE else row["reason"],
        )
        for row in rows
    ]
