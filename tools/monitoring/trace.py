"""Read Nextflow's trace: one row for each task that has ended, those of an earlier run as CACHED."""

import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

__all__ = ["TraceRow", "bytes_of", "read_trace", "seconds_of"]

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
"""Units of time in a trace."""
BYTES = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
"""Units of memory in a trace."""


class TraceRow(NamedTuple):
    """One attempt at a task.

    Attributes
    ----------
    hash : str
        Beginning of its folder's name, such as ``8a/6d7e85``.
    process, tag, name : str
        Process without the workflows around it; the tag is "" for a process with one task.
    status : str
        COMPLETED, CACHED, FAILED or ABORTED.
    exit : int or None
    attempt : int
    start, end : float or None
        Unix seconds.
    seconds : float
        Wall time of the script.
    cpu_seconds : float
    memory : int
        Largest resident set in bytes; 0 if Nextflow saw none.
    """

    hash: str
    process: str
    tag: str
    name: str
    status: str
    exit: int | None
    attempt: int
    start: float | None
    end: float | None
    seconds: float
    cpu_seconds: float
    memory: int

    @property
    def ended_well(self) -> bool:
        return self.status in ("COMPLETED", "CACHED")


def seconds_of(text: str) -> float:
    """Return a duration as Nextflow writes it, such as ``2m 13s``, in seconds; 0 for none."""
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+)(ms|[smhd])", text))


def bytes_of(text: str) -> int:
    """Return an amount of memory as Nextflow writes it, such as ``1.5 GB``, in bytes; 0 for none."""
    found = re.fullmatch(r"([\d.]+) ?([KMGT]?B)", text)
    return int(float(found[1]) * BYTES[found[2]]) if found else 0


def read_trace(path: Path) -> list[TraceRow]:
    """Return the rows of a trace; a last line that is just being written is left out."""
    if not path.exists():
        return []
    text = path.read_text(errors="replace")
    header, *lines = text[: text.rfind("\n") + 1].splitlines() or [""]
    columns = header.split("\t")
    rows = (dict(zip(columns, line.split("\t"), strict=False)) for line in lines)
    return [_row(row) for row in rows if len(row) == len(columns)]


def _row(row: dict[str, str]) -> TraceRow:
    seconds, share = seconds_of(row["realtime"]), re.match(r"[\d.]+", row["%cpu"])
    submitted = _time(row["submit"])
    end = None if submitted is None else submitted + seconds_of(row["duration"])
    return TraceRow(
        hash=row["hash"],
        process=row["process"].rpartition(":")[2],
        tag="" if row["tag"] == "-" else row["tag"],
        name=row["name"],
        status=row["status"],
        exit=int(row["exit"]) if row["exit"].lstrip("-").isdigit() else None,
        attempt=int(row["attempt"]) if row["attempt"].isdigit() else 1,
        start=None if end is None else end - seconds,
        end=end,
        seconds=seconds,
        cpu_seconds=seconds * float(share[0]) / 100 if share else seconds,
        memory=bytes_of(row["peak_rss"]),
    )


def _time(text: str) -> float | None:
    """Return a time of the trace, which is in the local zone, in Unix seconds."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").timestamp()
    except ValueError:
        return None
