"""Alignments in A3M: capitals and ``-`` are columns of the profile, lower-case letters are insertions between them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError

__all__ = ["AlignedRow", "a3m_text", "first_sequence", "is_annotation", "keep_columns", "read_a3m"]


class AlignedRow(NamedTuple):
    """A row: its name (all text after ``>``) and its letters."""

    name: str
    letters: str


def read_a3m(text: str) -> list[AlignedRow]:
    """Rows of an alignment; a first line that begins with ``#`` is skipped.

    Raises
    ------
    InputError
        If there is no sequence, or rows have different numbers of columns.
    """
    rows = []
    for part in f"\n{text}".replace("\r", "").split("\n>")[1:]:
        name, _, letters = part.partition("\n")
        rows.append(AlignedRow(name.strip(), "".join(letters.split()).replace(".", "")))
    sequences = [row for row in rows if not is_annotation(row.name)]
    if not sequences or not sequences[0].letters:
        raise InputError("the alignment has no sequence; give it in A3M, the protein's own sequence first")
    widths = {len(_columns(row.letters)) for row in sequences}
    if len(widths) > 1:
        raise InputError(
            f"rows of the alignment have {min(widths)} to {max(widths)} columns; give A3M, insertions in lower case"
        )
    return rows


def is_annotation(name: str) -> bool:
    """Return whether a row is an annotation (secondary structure, accessibility, consensus) instead of a sequence."""
    return name.split(maxsplit=1)[0:1] == ["Consensus"] or name.startswith(("ss_", "sa_"))


def first_sequence(rows: Sequence[AlignedRow]) -> str:
    """Letters of the first sequence in the columns, gaps as ``-``."""
    return _columns(next(row.letters for row in rows if not is_annotation(row.name)))


def keep_columns(rows: Sequence[AlignedRow], keep: NDArray[np.bool_]) -> list[AlignedRow]:
    """Sequences reduced to some of the columns; insertions and annotations are dropped."""
    places = np.flatnonzero(keep).tolist()
    cut = []
    for row in rows:
        if not is_annotation(row.name):
            letters = _columns(row.letters)
            cut.append(AlignedRow(row.name, "".join(letters[place] for place in places)))
    return cut


def a3m_text(rows: Sequence[AlignedRow]) -> str:
    """Rows as the text of a file."""
    return "".join(f">{row.name}\n{row.letters}\n" for row in rows)


def _columns(letters: str) -> str:
    return "".join(letter for letter in letters if not letter.islower())
