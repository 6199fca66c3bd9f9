"""Profiles as HH-suite's text (``.hhm``), made from amino-acid frequencies where there is no alignment.

The line of a column holds -1000 log2 p of the twenty amino acids, ``*`` for p = 0. The next line holds the same for the
seven transitions, then the effective numbers of sequences (Neff, in thousandths) of the column, its insertions and its
deletions.

Frequencies hold less information than an alignment. The rest is assumed:

* Neff of a column is 2 to the power of the mean entropy, in bits, of the columns around it, 20 to either side. This is
  HH-suite's own definition (Söding, *Bioinformatics* 2005, 21:951) if all sequences are as long as this window. In a
  profile without homologues the window has no entropy and Neff is 1. HH-suite then adds the pseudocounts of a single
  sequence.
* Transitions are not observed. All columns get the same ones, and HH-suite mixes them with its own pseudocounts
  according to Neff.
"""

import numpy as np
from numpy.typing import NDArray

from domainflow.run.errors import InputError
from domainflow.sequences.a3m import first_sequence, is_annotation, read_a3m

__all__ = ["AMINO_ACIDS", "hhm_sequence", "hhm_text", "named_hhm", "one_hot"]

AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
"""Order of frequencies, both in HH-suite's text and in arrays."""

HALF_WINDOW = 20
"""Columns to either side that Neff is averaged over."""


GAP_OPENED, GAP_CONTINUED = 0.01, 0.5
"""Probabilities, in every column, of opening an insertion (the same for a deletion) and of continuing one.

Chosen on 40 templates of the embedded reference. Hits with a probability of 50 % or more are counted among the 97 other
templates of their T-groups, and among templates of other H-groups. These values give 59 and 12. Without gaps there are
59 and 22, with 0.03 and 0.6 there are 54 and 3.
"""


_BACKGROUND = (
    3706, 5728, 4211, 4064, 4839, 3729, 4763, 4308, 4069, 3323, 5509, 4640, 4464, 4937, 4285, 4423, 3815, 3783, 6325,
    4665,
)  # fmt: skip
"""-1000 log2 of the amino acids' background frequencies, as hhmake 3.3.0 writes them."""
_LINE = 100
_DSSP = str.maketrans("-", "C")


def one_hot(sequence: str) -> NDArray[np.float64]:
    """Frequencies of a sequence without homologues, shape (L, 20); background where a residue's type is unknown."""
    background = 2.0 ** (-np.array(_BACKGROUND) / 1000)
    table = np.tile(background / background.sum(), (len(sequence), 1))
    for column, letter in enumerate(sequence):
        place = AMINO_ACIDS.find(letter)
        if place >= 0:
            table[column] = np.eye(len(AMINO_ACIDS))[place]
    return table


def hhm_text(name: str, sequence: str, frequencies: NDArray[np.floating], states: str | None = None) -> str:
    """Return a profile of L columns in HH-suite's format.

    Parameters
    ----------
    name : str
        Name of the profile and of its only sequence.
    sequence : str
        L amino acids.
    frequencies : ndarray, shape=(L, 20)
        Of the amino acids in the order of `AMINO_ACIDS`, without pseudocounts. Rows are scaled to add up to 1.
    states : str, optional
        L secondary structure states, ``H``, ``E`` or ``-``. HH-suite scores them against a query's predicted states.

    Raises
    ------
    InputError
        If the frequencies have another shape, or a row is negative, not finite or empty.
    """
    length = len(sequence)
    table = np.asarray(frequencies, np.float64)
    if table.shape != (length, len(AMINO_ACIDS)):
        shape = " x ".join(map(str, table.shape))
        raise InputError(
            f"the frequencies have the shape {shape}, expected {length} x {len(AMINO_ACIDS)}: one row per residue"
        )
    if not np.isfinite(table).all() or (table < 0).any() or (table.sum(axis=1) <= 0).any():
        raise InputError("the frequencies are negative, not finite or all zero in a column; give shares from 0 to 1")
    table = table / table.sum(axis=1, keepdims=True)
    diversity = _effective_sequences(table)
    lines = [
        "HHsearch 1.5",
        f"NAME  {name}",
        "FAM   ",
        f"LENG  {length} match states, {length} columns in multiple alignment",
        "",
        f"NEFF  {diversity.mean():.1f} ",
        "SEQ",
    ]
    if states is not None:
        lines += _fasta("ss_dssp", states.translate(_DSSP))
    lines += _fasta("Consensus", sequence.lower()) + _fasta(name, sequence)
    lines += [
        "#",
        "NULL   " + "".join(f"{value}\t" for value in _BACKGROUND),
        "HMM    " + "".join(f"{letter}\t" for letter in AMINO_ACIDS),
        "       M->M\tM->I\tM->D\tI->M\tI->I\tD->M\tD->D\tNeff\tNeff_I\tNeff_D",
        "       0\t*\t*\t0\t*\t0\t*\t*\t*\t*\t",
    ]
    inner, last = _transitions(GAP_OPENED), _transitions(0.0)
    for column, (letter, row) in enumerate(zip(sequence, _scores(table), strict=True), start=1):
        steps = inner if column < length else last
        neff = round(1000 * diversity[column - 1])
        lines += [f"{letter} {column:<4d} {row}\t{column}", f"       {steps}\t{neff}\t1000\t1000\t", ""]
    return "\n".join([*lines, "//", ""])


def named_hhm(text: str, name: str) -> str:
    """Rename a profile and its first sequence, and drop the lines with the place and time of its making.

    Raises
    ------
    InputError
        If the text is not a profile of HH-suite.
    """
    lines = [line for line in text.splitlines() if not line.startswith(("COM ", "DATE "))]
    start, end = _sequence_lines(lines)
    for place in range(start):
        if lines[place].startswith("NAME "):
            lines[place] = f"NAME  {name}"
    for place in range(start, end):
        if lines[place].startswith(">") and not is_annotation(lines[place][1:]):
            lines[place] = f">{name}"
            break
    return "\n".join([*lines, ""])


def hhm_sequence(text: str) -> str:
    """First sequence of a profile in its columns, gaps as ``-``.

    Raises
    ------
    InputError
        If the text is not a profile of HH-suite, or its number of columns differs from that of its sequence.
    """
    lines = text.splitlines()
    start, end = _sequence_lines(lines)
    sequence = first_sequence(read_a3m("\n".join(lines[start:end])))
    columns = next((line.split()[1] for line in lines[:start] if line.startswith("LENG ")), "no")
    if columns != str(len(sequence)):
        raise InputError(
            f"the profile has {columns} columns but its sequence {len(sequence)}; make it again with hhmake"
        )
    return sequence


def _sequence_lines(lines: list[str]) -> tuple[int, int]:
    """Indices of the lines where the sequences of a profile begin and end."""
    try:
        start = lines.index("SEQ") + 1
        return start, lines.index("#", start)
    except ValueError:
        raise InputError("this is no profile as hhmake writes it; make it with HH-suite 3") from None


def _effective_sequences(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Neff of every column, shape (L,)."""
    entropy = -np.sum(table * np.log2(np.where(table > 0, table, 1.0)), axis=1)
    total = np.concatenate(([0.0], np.cumsum(entropy)))
    columns = np.arange(len(table))
    first, end = np.maximum(columns - HALF_WINDOW, 0), np.minimum(columns + HALF_WINDOW + 1, len(table))
    return 2.0 ** ((total[end] - total[first]) / (end - first))


def _scores(probabilities: NDArray[np.float64]) -> list[str]:
    """Rows of -1000 log2 p as text, tab separated."""
    values = np.rint(-1000 * np.log2(np.where(probabilities > 0, probabilities, 1.0))).astype(int)
    return [
        "\t".join("*" if p <= 0 else str(abs(value)) for p, value in zip(row, scores, strict=True))
        for row, scores in zip(probabilities.tolist(), values.tolist(), strict=True)
    ]


def _transitions(opened: float) -> str:
    """M->M, M->I, M->D, I->M, I->I, D->M and D->D of a column."""
    stay = GAP_CONTINUED
    return _scores(np.array([[1 - 2 * opened, opened, opened, 1 - stay, stay, 1 - stay, stay]]))[0]


def _fasta(name: str, text: str) -> list[str]:
    return [f">{name}", *(text[start : start + _LINE] for start in range(0, len(text), _LINE))]
