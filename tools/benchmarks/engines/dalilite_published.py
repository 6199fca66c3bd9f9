"""Align with DaliLite as DPAM v2 does: for each pair and round a folder of its own, both PDB files, and one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from domainflow.alignment.dalilite.engine import alignment_of
from domainflow.alignment.dalilite.programs import MAIN, DaliLite
from domainflow.alignment.dalilite.result_file import Hit, read_result_file
from domainflow.alignment.engine import Alignment, Chain, Job, LostAlignment

__all__ = ["PublishedWay"]

RESULT = "mol1A.txt"


@dataclass(frozen=True)
class PublishedWay:
    """DaliLite, called once for each pair and round.

    Attributes
    ----------
    dalilite : DaliLite
    templates : mapping of int to Path
        PDB file of each template, by its row in the store.
    folder : Path
        Folder for the folders of the calls.
    """

    dalilite: DaliLite
    templates: Mapping[int, Path]
    folder: Path

    def align(self, query: Chain, jobs: Sequence[Job]) -> list[Alignment | LostAlignment | None]:
        """Align a query, or its remaining residues, with templates, one after another."""
        return [self._alignment(query, self.templates[row], residues) for row, residues in jobs]

    def _alignment(self, query: Chain, template: Path, residues: NDArray[np.integer]) -> Alignment | None:
        with TemporaryDirectory(prefix="p", dir=self.folder) as made:
            private = Path(made)
            (private / "q.pdb").write_text(_lines_of(query.pdb, residues))
            (private / "t.pdb").write_bytes(template.read_bytes())
            self.dalilite.run(
                private, MAIN, "--pdbfile1", "q.pdb", "--pdbfile2", "t.pdb", "--dat1", "./", "--dat2", "./",
                "--outfmt", "summary,alignments,transrot",
            )  # fmt: skip
            hits = _hits(private / RESULT)
        return alignment_of(hits[0], residues) if hits else None


def _lines_of(pdb: str, residues: NDArray[np.integer]) -> str:
    """Return the ATOM lines of 0-based residues of a chain numbered 1..L."""
    numbers = set((residues + 1).tolist())
    atoms = (line for line in pdb.splitlines(keepends=True) if line.startswith("ATOM"))
    return "".join(line for line in atoms if int(line[22:26]) in numbers)


def _hits(path: Path) -> list[Hit]:
    """Return the hits of a result file; DaliLite writes no file for chains under 30 residues."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return []
    return list(read_result_file(text).values())
