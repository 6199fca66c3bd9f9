"""Read DaliLite's result file, ``mol1A.txt``: one alignment of the query with each template that has z of 2 or more."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hit", "read_result_file"]

_HIT = re.compile(r"No +\d+: +Query=\S+ +Sbjct=(?P<code>\S+) +Z-score= *(?P<z>-?\d+\.\d)")
_MATRIX = re.compile(
    r'-matrix +"\S+ (?P<code>\w{4}-\w) +U\((?P<row>[123]),\.\)'
    r" *(?P<u1>-?\d+\.\d{6}) *(?P<u2>-?\d+\.\d{6}) *(?P<u3>-?\d+\.\d{6}) *(?P<t>-?\d+\.\d{6})"
)
GAP = "-"


@dataclass(frozen=True)
class Hit:
    """DaliLite's alignment of the query with one template.

    Attributes
    ----------
    z : float
        With one decimal.
    query, template : ndarray, shape=(n,), dtype=int32
        0-based ranks of aligned residues, both ascending.
    query_length, template_length : int
        Residues of the two chains.
    rotation : ndarray, shape=(3, 3)
    translation : ndarray, shape=(3,)
        ``x' = rotation @ x + translation`` moves the template onto the query, in Å.
    """

    z: float
    query: NDArray[np.int32]
    template: NDArray[np.int32]
    query_length: int
    template_length: int
    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]


def read_result_file(text: str) -> dict[str, Hit]:
    """Return the hits by the template's code.

    Raises
    ------
    ValueError
        If the file is incomplete: rows of unequal length, or a hit without its matrix.
    """
    matrices = _matrices(text)
    hits = {}
    sections = re.split(r"^(?=No +\d+: )", text, flags=re.MULTILINE)[1:]
    for section in sections:
        header = _HIT.match(section)
        if header is None:
            raise ValueError(f"a hit has no z-score: {section.splitlines()[0]}")
        code = header["code"]
        rows = {"Query": "", "Sbjct": ""}
        for line in section.splitlines()[1:]:
            name, *fields = line.split()[:2] or [""]
            if name in rows and fields:
                rows[name] += fields[0]
        query, template = _pairs(rows["Query"], rows["Sbjct"], code)
        if code not in matrices:
            raise ValueError(f"the hit {code} has no matrix")
        hits[code] = Hit(
            float(header["z"]), query, template, _residues(rows["Query"]), _residues(rows["Sbjct"]), *matrices[code]
        )
    return hits


def _pairs(query: str, template: str, code: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the aligned ranks: DaliLite writes equivalent residues in capitals, all others in lower case."""
    if len(query) != len(template) or not query:
        raise ValueError(f"the alignment with {code} has {len(query)} and {len(template)} columns")
    columns = np.array([list(query), list(template)])
    present = columns != GAP
    ranks = np.cumsum(present, axis=1) - 1
    aligned = (np.char.isupper(columns) & present).all(axis=0)
    return ranks[0, aligned].astype(np.int32), ranks[1, aligned].astype(np.int32)


def _residues(row: str) -> int:
    return len(row) - row.count(GAP)


def _matrices(text: str) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return rotation and translation by code, of templates with all three rows."""
    rows: dict[str, dict[int, list[float]]] = {}
    for match in _MATRIX.finditer(text):
        values = [float(match[name]) for name in ("u1", "u2", "u3", "t")]
        rows.setdefault(match["code"].replace("-", ""), {}).setdefault(int(match["row"]), values)
    complete = {code: np.array([found[row] for row in (1, 2, 3)]) for code, found in rows.items() if len(found) == 3}
    return {code: (table[:, :3], table[:, 3]) for code, table in complete.items()}
