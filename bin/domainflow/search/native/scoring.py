"""Score a residue of the query against a residue of a template.

    score(i, j) = 1.065 * 3Di(letter_i, letter_j) + 0.65 * BLOSUM62(residue_i, residue_j) + bias_i

Each term is rounded to a whole number. 3Di is the substitution matrix of the structure letters. Both factors bring the
matrices to the scale on which Foldseek adds them (2.1 and 1.4 bits; van Kempen et al., *Nature Biotechnology* 2024,
42:243-246).

bias_i gives less weight to residues that resemble their own surroundings (Hauser et al., *Bioinformatics* 2016,
32:1323-1330). It uses amino acids only: with a bias on structure letters too, the scores differ more from Foldseek's.
"""

import functools

import numpy as np
from numpy.typing import NDArray
from scoring_matrices import ScoringMatrix

__all__ = [
    "ALPHABET",
    "GAP_EXTEND",
    "GAP_OPEN",
    "PADDING",
    "UNKNOWN",
    "background_frequencies",
    "composition_bias",
    "encode",
    "raised_scores",
    "residue_scores",
    "structure_scores",
]

ALPHABET = "ACDEFGHIKLMNPQRSTVWYX"
"""Letters of the codes 0..20, for amino acids and for structure letters; X scores 0 against all."""
UNKNOWN = ALPHABET.index("X")
"""Code of X."""
PADDING = len(ALPHABET)
"""Code that fills a lane after its template's end."""
PADDING_SCORE = -300
"""Score against padding: low enough to end any alignment that would enter it."""

STRUCTURE_FACTOR = 1.065
RESIDUE_FACTOR = 0.65
GAP_OPEN = 10
"""Cost of the first residue of a gap."""
GAP_EXTEND = 1
"""Cost of each further residue: a gap of k residues costs 10 + (k - 1)."""
BIAS_WINDOW = 20
"""Residues on each side that count as a residue's surroundings."""

_CODES = np.full(256, UNKNOWN, np.uint8)
_CODES[np.frombuffer(ALPHABET.encode(), np.uint8)] = np.arange(len(ALPHABET), dtype=np.uint8)


def encode(text: str) -> NDArray[np.uint8]:
    """Return the codes of a sequence or of structure letters, shape (L,); any letter outside `ALPHABET` is X."""
    return _CODES[np.frombuffer(text.encode("ascii", "replace"), np.uint8)]


@functools.cache
def structure_scores() -> NDArray[np.int16]:
    """Return the scores of structure letters, shape (22, 22); the last row and column are for padding."""
    return _scaled("3DI", STRUCTURE_FACTOR)


@functools.cache
def residue_scores() -> NDArray[np.int16]:
    """Return the scores of amino acids, shape (22, 22); the last row and column are for padding."""
    return _scaled("BLOSUM62", RESIDUE_FACTOR)


@functools.cache
def raised_scores() -> tuple[NDArray[np.uint8], NDArray[np.uint8], int]:
    """Return both tables for `score_blocks`, each shifted so that its lowest score is 0, and the sum of both shifts.

    Padding has the raised score 0 against all. So it costs the whole shift, and no alignment gains by entering it.
    """
    raised, total = [], 0
    for scores in (structure_scores(), residue_scores()):
        inside = scores[:PADDING, :PADDING]
        table = np.zeros(scores.shape, np.uint8)
        table[:PADDING, :PADDING] = inside - inside.min()
        raised.append(table)
        total -= int(inside.min())
    return raised[0], raised[1], total


def background_frequencies(residues: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the frequencies of the 20 amino acids in coded sequences, shape (20,); all zero if there are none."""
    counts = np.bincount(residues, minlength=UNKNOWN)[:UNKNOWN].astype(np.float64)
    return counts / max(counts.sum(), 1.0)


def composition_bias(residues: NDArray[np.uint8], background: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return the bias of each query residue, which corrects its scores for the composition around it.

    The bias is the residue's mean score against the background minus its mean score against a window of the query.

    Parameters
    ----------
    residues : ndarray, shape=(L,), dtype=uint8
        Coded sequence of the query.
    background : ndarray, shape=(20,), dtype=float64
        Amino acid frequencies of the templates.

    Returns
    -------
    ndarray, shape=(L,), dtype=int16
    """
    length = len(residues)
    if length == 0:
        return np.zeros(0, np.int16)
    scores = residue_scores()[:PADDING, :PADDING].astype(np.float64)
    counts = np.zeros((length + 1, PADDING))
    counts[1:] = np.cumsum(np.eye(PADDING)[residues], axis=0)
    place = np.arange(length)
    first = np.maximum(0, place - BIAS_WINDOW)
    end = np.minimum(length, place + BIAS_WINDOW)
    around = (scores[residues] * (counts[end] - counts[first])).sum(axis=1) - scores[residues, residues]
    expected = (scores[residues, :UNKNOWN] * background).sum(axis=1)
    return np.rint(expected - around / (end - first)).astype(np.int16)


def _scaled(name: str, factor: float) -> NDArray[np.int16]:
    matrix = ScoringMatrix.from_name(name)
    order = [matrix.alphabet.index(letter) for letter in ALPHABET]
    scores = np.full((PADDING + 1, PADDING + 1), PADDING_SCORE, np.int16)
    scores[:PADDING, :PADDING] = np.rint(np.array(matrix)[np.ix_(order, order)] * factor)
    scores[UNKNOWN, :PADDING] = 0
    scores[:PADDING, UNKNOWN] = 0
    scores.setflags(write=False)
    return scores
