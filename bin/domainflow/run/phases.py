"""Keep what the finished phases of a run made, so that another run goes on with the next phase.

A phase's folder holds one tar file for each bucket and one (``run.tar``) for files of the whole run, the inputs, the
ledger so far, and ``phase.json``. That record has size and SHA-256 of every file. It also has all that shaped their
content: code and parameters of the phases done so far, and checksums of the reference's files.
"""

import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from domainflow.run.errors import InputError
from domainflow.run.provenance import file_checksum

__all__ = ["INPUTS", "RECORD", "PhaseFile", "check_facts", "check_files", "file_record", "pack", "unpack"]

RECORD, INPUTS = "phase.json", "inputs.json"
SHAPED_BY = {
    "code": ("the code of {0}", "has changed since; use the checkout that the phase was made with"),
    "parameters": ("--{0}", "was {1} and is {2}; give it as before"),
    "files": ("{0}", "is another file now; give the one that the phase was made with"),
    "databases": ("the size of {0} in bytes", "was {1} and is {2}; give the database of before"),
}
"""Sections of the record, and what is said of a difference: its name, the value then and the value now."""
LISTED = 5
"""Differences that a sentence names; more are counted."""


class PhaseFile(NamedTuple):
    """Name, size in bytes and SHA-256 (hexadecimal) of a file of a phase's folder."""

    name: str
    size: int
    sha256: str


def pack(files: Iterable[Path], target: Path) -> PhaseFile:
    """Write files into a tar file by name, without dates and owners: the same files give the same bytes."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(files, key=lambda path: path.name):
            member = tarfile.TarInfo(path.name)
            member.size = path.stat().st_size
            with path.open("rb") as stream:
                archive.addfile(member, stream)
    return file_record(target)


def unpack(part: Path, known: PhaseFile, folder: Path) -> list[Path]:
    """Write the files of a part into a folder; return their paths.

    Raises
    ------
    InputError
        If the part is not the file that the record knows.
    """
    if file_record(part) != known:
        raise InputError(f"{known.name} is not the file that the phase wrote (its checksum differs); copy it again")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(part, "r:") as archive:
        archive.extractall(folder, filter="data")
        return [folder / member.name for member in archive.getmembers()]


def file_record(path: Path) -> PhaseFile:
    """Return a file's record."""
    return PhaseFile(path.name, path.stat().st_size, file_checksum(path))


def check_files(record: Mapping[str, Any], sizes: Mapping[str, int], inputs: Path) -> None:
    """Check that a phase's folder is whole; the content of parts is checked when they are unpacked.

    Parameters
    ----------
    record : mapping
        Content of ``phase.json``.
    sizes : mapping
        Bytes of each file that the folder has now.
    inputs : Path
        The folder's `INPUTS`.

    Raises
    ------
    InputError
        If a file is missing or has another size, or if the inputs are others.
    """
    known = [PhaseFile(**entry) for entry in record["contents"]]
    if missing := [file.name for file in known if file.name not in sizes]:
        raise InputError(f"the folder of the phase lacks {_listed(missing)}; copy it again with all of its files")
    if other := [file.name for file in known if sizes[file.name] != file.size]:
        raise InputError(f"the folder of the phase has {_listed(other)} with another size; copy it again")
    if file_record(inputs) not in known:
        raise InputError(f"{INPUTS} is not the file that the phase wrote (its checksum differs); copy it again")


def check_facts(record: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Check that this run has the workflow, code, parameters and files that shaped a phase.

    Parameters
    ----------
    record : mapping
        Content of ``phase.json``.
    facts : mapping
        The same sections (`SHAPED_BY`) of this run; what it has beyond the record is of later phases.

    Raises
    ------
    InputError
        If anything differs; all differences are named.
    """
    if facts["workflow"] != record["workflow"]:
        raise InputError(
            f"the phase {record['phase']} is of --workflow {record['workflow']}, but this run has --workflow "
            f"{facts['workflow']}; give the same workflow"
        )
    found = []
    for section, (title, advice) in SHAPED_BY.items():
        then, now = record[section], facts[section]
        for name in sorted(then.keys() | (now.keys() if section == "databases" else set())):
            if then.get(name) != now.get(name):
                values = [_shown(values.get(name)) for values in (then, now)]
                found.append(f"{title.format(name)} {advice.format(name, *values)}")
    if found:
        more = f" (and {len(found) - LISTED} more)" if len(found) > LISTED else ""
        raise InputError(f"the phase {record['phase']} cannot be gone on with: {'. Also '.join(found[:LISTED])}{more}")


def _shown(value: Any) -> str:
    return "not given" if value is None else json.dumps(value) if not isinstance(value, str) else value


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - LISTED} more files" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
