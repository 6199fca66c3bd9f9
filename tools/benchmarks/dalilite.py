"""Run an installed DaliLite v5 on pairs of chains, for `tools/bench.py align`.

Its programs need short relative paths (80 characters) and imported chains in a folder of their own.
"""

import re
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.oracle import UNITS_FOR_Z

__all__ = ["DaliLite", "units_for_z"]

UNIT = re.compile(r"\s+\d+\s+\d+\s+\d+ ([-+*=])\S+ ")
"""First line of a folding unit; its kind is the sign."""
SEGMENT = re.compile(r"\s+(\d+)\s+(\d+)\s")
"""First and last residue of a segment, 1-based, in the lines after it."""
CODES = "0123456789abcdefghijklmnopqrstuvwxyz"


class DaliLite:
    """DaliLite in a folder with ``import.pl`` and ``dali.pl``, or with these in ``bin``.

    Used as a context manager; imported chains are kept until it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._programs = (folder / "bin" if (folder / "bin" / "dali.pl").is_file() else folder).resolve()
        if not (self._programs / "dali.pl").is_file():
            raise SystemExit(f"{folder} holds no dali.pl; give the folder of a built DaliLite v5")

    def __enter__(self) -> "DaliLite":
        self._work = Path(tempfile.mkdtemp(prefix="dl", dir="/tmp"))
        (self._work / "D").mkdir()
        self._imported: dict[str, str] = {}
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._work)

    def imported(self, pdb: str) -> str:
        """Return the code of a chain given as PDB text; it is imported on first use."""
        if pdb not in self._imported:
            number = len(self._imported)
            code = "m" + "".join(CODES[number // 36**place % 36] for place in (2, 1, 0))
            (self._work / "x.pdb").write_text(pdb)
            self._run("import.pl", "--pdbfile", "x.pdb", "--pdbid", code, "--dat", "./D/")
            self._imported[pdb] = code + _chain(pdb)
        return self._imported[pdb]

    def folding_units(self, pdb: str, seed: int | None = None) -> list[NDArray[np.int32]]:
        """0-based residues of the folding units that count for z, the whole chain first; optionally another seed."""
        with tempfile.TemporaryDirectory(prefix="u", dir=self._work) as name:
            folder = Path(name)
            (folder / "x.pdb").write_text(pdb)
            options = {"lhetatm": "TRUE", "printdepth": "-99", "lsplit": "TRUE"} | ({"seed": str(seed)} if seed else {})
            (folder / "puu.default").write_text("".join(f"#{key}\n{value}\n" for key, value in options.items()))
            self._run("dsspcmbi", "x.pdb", "x.dssp", folder=folder)
            self._run("puu", f"abcd{_chain(pdb)}", "x.pdb", "x.dssp", folder=folder)
            listed = folder / "units.puu"
            units = units_for_z(listed.read_text(errors="replace")) if listed.is_file() else []
            if not units:
                raise RuntimeError("DaliLite's dsspcmbi and puu list no folding unit of a chain")
            return units

    def compare(self, query: str, template: str) -> tuple[float | None, float]:
        """Return z of two imported chains (None: nothing found) and the CPU seconds of ``dali.pl`` and its children."""
        with tempfile.TemporaryDirectory(prefix="c", dir=self._work) as folder:
            Path(folder, "D").symlink_to(self._work / "D")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            self._run("dali.pl", "--cd1", query, "--cd2", template, "--dat1", "./D/", "--dat2", "./D/",
                      "--outfmt", "summary", folder=Path(folder))  # fmt: skip
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            report = Path(folder, f"{query}.txt")
            lines = report.read_text(errors="replace").splitlines() if report.is_file() else []
        hits = [line.split() for line in lines if line.split()[:1] == ["1:"]]
        return (float(hits[0][2]) if hits else None), seconds

    def _run(self, program: str, *arguments: str, folder: Path | None = None) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments], cwd=folder or self._work, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip


def _chain(pdb: str) -> str:
    """Return the chain name in PDB text; empty if it is a blank."""
    return next(line[21] for line in pdb.splitlines() if line.startswith("ATOM")).strip()


def units_for_z(text: str) -> list[NDArray[np.int32]]:
    """Parse DaliLite's list of folding units: 0-based residues of those that count for z, the whole chain first."""
    units: list[list[NDArray[np.int32]]] = []
    counts = False
    for line in text.splitlines():
        if found := UNIT.match(line):
            counts = not units or found[1] in UNITS_FOR_Z
            if counts:
                units.append([])
        elif counts and (found := SEGMENT.match(line)):
            units[-1].append(np.arange(int(found[1]) - 1, int(found[2]), dtype=np.int32))
    return [np.concatenate(segments) for segments in units]
