"""Run HH-suite's programs: make profiles of queries and templates, and search one against the other (DPAM step 2).

The programs are hhblits, addss.pl, hhmake and hhsearch (Steinegger et al., *BMC Bioinformatics* 2019, 20:473). They run
in a folder of their own with fixed file names, so that no protein's name appears on a command line.

Each call is for one protein. The programs `hhblits_omp` and `hhsearch_omp` search many in one call, but their memory
grows with each, and `hhsearch_omp` saved 6 % of the CPU time (34 proteins, 2,574 templates).
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from domainflow.run.errors import MissingProgramError, ProgramError, StoreError
from domainflow.sequences.a3m import AlignedRow, a3m_text, read_a3m
from domainflow.sequences.hhm import named_hhm

__all__ = [
    "NO_PSIPRED",
    "QUERY",
    "aligned_with_uniref",
    "database_prefix",
    "hhm_of_alignment",
    "profile_report",
    "psipred_installed",
    "require_programs",
]

QUERY = "query"
"""Name of every query in HH-suite's files: some names have a special meaning there."""
PARTS = ("a3m", "hhm", "cs219")
"""Parts of a database that hhsearch 3.3.0 opens. If one is missing it ends with an error or a segmentation fault."""
ADDSS = ("addss.pl", "/usr/share/hhsuite/scripts/addss.pl", "/usr/lib/hhsuite/scripts/addss.pl")
PSIPRED = ("psipred", "psipass2")
"""Programs of PSIPRED that addss.pl runs."""
NO_PSIPRED = "its profile has no predicted secondary structure, because PSIPRED is not installed"
"""Remark on a protein whose profile was made without addss.pl, although the user did not ask for that."""
LISTED = 100000
"""Largest number of summary rows and of alignments in a report."""
ATTEMPTS = 3
KILLED = (-9, 137)


def require_programs(*names: str) -> None:
    """Check that programs are installed.

    Raises
    ------
    MissingProgramError
        If some are not; the message names them.
    """
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise MissingProgramError(
            f"{', '.join(missing)} of HH-suite cannot be found; install Debian's package hhsuite or set the PATH"
        )


def psipred_installed() -> bool:
    """Return whether addss.pl is installed, with PSIPRED in the folder that its HHPaths.pm names."""
    addss = next(filter(None, map(shutil.which, ADDSS)), None)
    if addss is None or shutil.which("perl") is None:
        return False
    # addss.pl looks for HHPaths.pm in the same places
    shared = [f"-I{os.environ['HHLIB']}/scripts"] if os.environ.get("HHLIB") else []
    command = ["perl", *shared, f"-I{Path(addss).resolve().parent}", "-MHHPaths", "-e", "print $execdir"]
    folder = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return bool(folder) and all(os.access(Path(folder, name), os.X_OK) for name in PSIPRED)


def database_prefix(path: Path, parts: Sequence[str] = PARTS) -> Path:
    """Return the file prefix of an HH-suite database as an absolute path.

    Parameters
    ----------
    path : Path
        The prefix, or a folder that holds the files of one database, directly or in one folder inside.

    Raises
    ------
    StoreError
        If there is no database, or more than one, or a part of it is missing.
    """
    if path.is_dir():
        found = sorted({*path.glob("*_hhm.ffdata"), *path.glob("*/*_hhm.ffdata")})
        if len(found) != 1:
            raise StoreError(f"{path.name} holds {len(found)} HH-suite databases, expected 1; give the prefix of one")
        prefix = found[0].with_name(found[0].name.removesuffix("_hhm.ffdata"))
    else:
        prefix = path
    files = [f"{prefix.name}_{part}.{ending}" for part in parts for ending in ("ffdata", "ffindex")]
    missing = [name for name in files if not prefix.with_name(name).exists()]
    if missing:
        raise StoreError(f"the HH-suite database {prefix.name} lacks {', '.join(missing)}; copy or build it again")
    return prefix.absolute()


def hhm_of_alignment(rows: Sequence[AlignedRow], name: str, folder: Path) -> str:
    """Make a profile of an alignment with hhmake, under the given name."""
    (folder / "profile.a3m").write_text(a3m_text(rows))
    _run("hhmake -i profile.a3m -o profile.hhm -v 0", folder)
    return named_hhm((folder / "profile.hhm").read_text(), name)


def aligned_with_uniref(sequence: str, uniref: Path, predict: bool, threads: int, folder: Path) -> list[AlignedRow]:
    """Homologues of a sequence, found by hhblits, after rows of predicted secondary structure.

    Parameters
    ----------
    sequence : str
    uniref : Path
        Prefix of UniRef30.
    predict : bool
        Let addss.pl predict secondary structure. This needs PSIPRED, which addss.pl finds through HHPaths.pm.
    threads : int
    folder : Path
        Working folder of the programs.

    Raises
    ------
    ProgramError
        If a program fails, or addss.pl predicts nothing although there are homologues.
    """
    (folder / "query.fa").write_text(f">{QUERY}\n{sequence}\n")
    _run(f"hhblits -cpu {threads} -i query.fa -oa3m query.a3m -o {os.devnull} -v 0", folder, uniref)
    rows = read_a3m((folder / "query.a3m").read_text())
    if not predict or len(rows) == 1:
        return rows
    try:
        _run(f"{shlex.quote(_addss())} query.a3m predicted.a3m -a3m", folder)
        rows = read_a3m((folder / "predicted.a3m").read_text())
        if not {"ss_pred", "ss_conf"} <= {row.name.split(maxsplit=1)[0] for row in rows if row.name}:
            raise ProgramError("addss.pl predicted no secondary structure")
    except (FileNotFoundError, ProgramError) as error:
        raise ProgramError(f"{error}; set PSIPRED's folders in HHPaths.pm, or give --skip_addss") from None
    return rows


def profile_report(hhm: str, database: Path, threads: int, protein: str, folder: Path) -> str:
    """Search a profile with hhsearch; return its complete report without the lines of place and time.

    Parameters
    ----------
    hhm : str
        The query's profile.
    database : Path
        Prefix of the templates' database.
    threads : int
    protein : str
        Name of the query in the report.
    folder : Path
        Working folder of the program.

    Raises
    ------
    ProgramError
        If hhsearch fails, or its report is still incomplete after the last attempt.
    """
    (folder / "query.hhm").write_text(hhm)
    report = folder / "query.hhr"
    complaint = None
    for _ in range(ATTEMPTS):
        _run(f"hhsearch -cpu {threads} -Z {LISTED} -B {LISTED} -i query.hhm -o query.hhr -v 0", folder, database)
        text = report.read_text() if report.exists() else ""
        complaint = _incomplete(text)
        if complaint is None:
            return _tidy(text, protein)
        report.unlink(missing_ok=True)
    raise ProgramError(f"hhsearch's report is incomplete after {ATTEMPTS} attempts: {complaint}")


def _incomplete(report: str) -> str | None:
    """Return the defect of an incomplete report; None if every row has an alignment and the last alignment ends."""
    summary, first, alignments = report.partition("\nNo 1")
    heading = re.search(r"^ *No Hit .*$", summary, re.MULTILINE)
    if heading is None:
        return "it has no list of hits"
    listed = [int(row.split(maxsplit=1)[0]) for row in summary[heading.end() :].splitlines() if row.strip()]
    shown = [int(number) for number in re.findall(r"^No (\d+) *$", first + alignments, re.MULTILINE)]
    if listed != shown:
        return f"{len(listed)} hits are listed, {len(shown)} alignments given"
    return None if report.endswith("\n\n") or not listed else "it ends within an alignment"


def _tidy(report: str, protein: str) -> str:
    lines = [line for line in report.splitlines() if not line.startswith(("Date ", "Command "))]
    lines[0] = f"Query         {protein}"
    return "\n".join([*lines, ""])


def _addss() -> str:
    for place in ADDSS:
        found = shutil.which(place)
        if found:
            return found
    raise MissingProgramError("addss.pl of HH-suite cannot be found; put it on the PATH, or give --skip_addss")


def _run(arguments: str, folder: Path, database: Path | None = None) -> None:
    """Run a program in a folder; if it fails, its last line of output goes into the error."""
    command = [*shlex.split(arguments), *([] if database is None else ["-d", str(database)])]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    if result.returncode in KILLED:
        raise MemoryError
    if result.returncode:
        said = [line for line in (result.stderr + result.stdout).splitlines() if line.strip()]
        last = said[-1] if said else "it printed nothing"
        raise ProgramError(f"{Path(command[0]).name} ended with code {result.returncode}: {last}")
