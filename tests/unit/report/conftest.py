"""A protein of two domains in a file with awkward numbers, and all that the steps found on it."""

from pathlib import Path

import numpy as np
import pytest

from domainflow.domains.results import DomainRow
from domainflow.structures.prepare import prepare_protein
from domainflow.structures.protein import Protein
from peptides import ALPHA, STRAND, pdb_text, peptide

LENGTH = 60
OTHERS = 8
"""Residues of another chain of the same file, with the same numbers."""
LABELS = [
    *(str(number) for number in range(-4, 11)), "10A", "10B", "11", *(str(number) for number in range(100, 120)),
    "120A", "120", "121", *(str(number) for number in range(200, 219)),
]  # fmt: skip
"""Negative numbers, insertion codes (one before its number), gaps."""


def numbered(text: str, labels: list[str], chain: str) -> str:
    """The same PDB lines with other residue numbers and another chain."""
    lines = []
    for line in text.splitlines():
        label = labels[int(line[22:26]) - 1]
        digits = label.rstrip("AB")
        lines.append(f"{line[:21]}{chain}{digits:>4s}{label[len(digits) :] or ' ':1s}{line[27:]}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def user_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's file: the protein is chain B; chain A and a water have numbers of its residues."""
    backbone = peptide([ALPHA] * 20 + [STRAND] * 20 + [ALPHA] * 20)
    other = numbered(pdb_text(backbone[:OTHERS] + 200), LABELS, "A")
    own = numbered(pdb_text(backbone), LABELS, "B")
    water = "HETATM  999  O   HOH B 300      90.000  90.000  90.000  1.00 20.00           O\n"
    path = tmp_path_factory.mktemp("user") / "own file.pdb"
    path.write_text(f"{other}TER\n{own}TER\n{water}END\n")
    return path


@pytest.fixture(scope="session")
def protein(user_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Protein:
    alone = tmp_path_factory.mktemp("one") / "B.pdb"
    alone.write_text("".join(line for line in user_file.read_text().splitlines(True) if line[21:22] == "B"))
    return prepare_protein("two.domains", alone, None)


@pytest.fixture(scope="session")
def rows(protein: Protein) -> list[DomainRow]:
    """Two domains; the first has two segments and ends between residues of one number."""
    ranges = {"nD1": [*range(1, 17), *range(39, 60)], "nD2": list(range(20, 38))}
    values = dict.fromkeys(DomainRow._fields, "na") | {"protein": protein.id, "helices": "2", "strands": "1"}
    found = []
    for name, residues in ranges.items():
        own = {
            "domain": name, "range": ",".join(f"{a}-{b}" for a, b in _runs(residues)), "length": str(len(residues)),
            "author_range": protein.author.range_of(residues), "chain": "B", "label": "low_confidence",
            "assignment": "miss", "parts": "D1,D3" if name == "nD1" else "D2",
        }  # fmt: skip
        found.append(DomainRow(**values | own))
    return found


def _runs(residues: list[int]) -> list[tuple[int, int]]:
    cuts = [0, *(place for place in range(1, len(residues)) if residues[place] - residues[place - 1] > 1)]
    ends = [*cuts[1:], len(residues)]
    return [(residues[a], residues[b - 1]) for a, b in zip(cuts, ends, strict=True)]


def wanted_labels(protein: Protein, row: DomainRow) -> list[str]:
    """Labels of a domain's residues in the user's file, by its column ``range``."""
    places = [place for part in row.range.split(",") for place in _places(part)]
    return [protein.author.labels[place - 1] for place in places]


def _places(segment: str) -> list[int]:
    first, last = map(int, segment.split("-"))
    return np.arange(first, last + 1).tolist()
