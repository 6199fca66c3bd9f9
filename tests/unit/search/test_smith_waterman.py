"""Local alignments against hand-made ones and a plain implementation; the vector kernel against the traced one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from domainflow.search.native import alignments
from domainflow.search.native.alignments import LocalAlignment, Query, align_with, score_templates
from domainflow.search.native.lanes import PackedTemplates, pack_templates
from domainflow.search.native.scoring import (
    GAP_EXTEND,
    GAP_OPEN,
    PADDING,
    encode,
    residue_scores,
    structure_scores,
)
from domainflow.search.native.tracing import TRACED_LANES, trace_alignment

RNG = np.random.default_rng(11)
LETTERS = np.array(list("ACDEFGHIKLMNPQRSTVWY"))


def identity_scores(match: int, mismatch: int) -> NDArray[np.int16]:
    scores = np.full((PADDING + 1, PADDING + 1), mismatch, np.int16)
    np.fill_diagonal(scores, match)
    return scores


def align(query: str, template: str, match: int, mismatch: int, gap_open: int, gap_extend: int):
    """Align on one alphabet; the other one scores 0 throughout."""
    return trace_alignment(
        encode(query), encode(query), np.zeros(len(query), np.int16), encode(template), encode(template),
        identity_scores(match, mismatch), np.zeros((22, 22), np.int16), gap_open, gap_extend,
        np.empty((len(query) + 1, len(template) + 1), np.uint8),
    )  # fmt: skip


def plain_score(scores: NDArray, gap_open: int, gap_extend: int) -> int:
    """Return the local score by definition, with every gap length tried at every cell; `scores` has shape (n, m)."""
    n, m = scores.shape
    h = np.zeros((n + 1, m + 1), int)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            up = max(h[i - k, j] - gap_open - (k - 1) * gap_extend for k in range(1, i + 1))
            left = max(h[i, j - k] - gap_open - (k - 1) * gap_extend for k in range(1, j + 1))
            h[i, j] = max(0, h[i - 1, j - 1] + scores[i - 1, j - 1], up, left)
    return int(h.max())


def random_text(length: int) -> str:
    return "".join(RNG.choice(LETTERS, length))


def mutated(text: str) -> str:
    """Return a homologue: substitutions, one deletion and one insertion."""
    letters = np.array(list(text))
    changed = RNG.random(len(text)) < 0.4
    letters[changed] = RNG.choice(LETTERS, int(changed.sum()))
    cut = len(text) // 3
    return "".join(letters[:cut]) + "".join(letters[cut + 4 : 2 * cut]) + random_text(6) + "".join(letters[2 * cut :])


def test_textbook_example() -> None:
    # TGTTACGG and GGTTGACTA, match 3, mismatch -3, gap 2 a residue: GTT-AC on GTTGAC, score 13.
    score, pairs = align("TGTTACGG".replace("T", "W"), "GGTTGACTA".replace("T", "W"), 3, -3, 2, 2)
    assert score == 13
    assert pairs.tolist() == [[1, 2, 3, 4, 5], [1, 2, 3, 5, 6]]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_gap_of_k_costs_open_and_k_minus_1_extensions(length: int) -> None:
    left, right, gap = "ACDE", "FGHI", "W" * length
    for query, template in ((left + right, left + gap + right), (left + gap + right, left + right)):
        score, pairs = align(query, template, 5, -20, 6, 1)
        assert score == 8 * 5 - 6 - (length - 1)
        assert pairs.shape == (2, 8)


def test_nothing_alike_gives_no_alignment() -> None:
    score, pairs = align("AAAA", "WWWW", 5, -5, 6, 1)
    assert score == 0
    assert pairs.shape == (2, 0)


def test_score_is_that_of_the_definition_and_of_the_traced_pairs() -> None:
    for _ in range(30):
        query, query_letters = random_text(25), random_text(25)
        template, template_letters = mutated(query), mutated(query_letters)
        shorter = min(len(template), len(template_letters))
        codes = [encode(text) for text in (query_letters, query, template_letters[:shorter], template[:shorter])]
        bias = RNG.integers(-2, 3, len(query)).astype(np.int16)
        table = (
            structure_scores()[codes[0]][:, codes[2]].astype(int)
            + residue_scores()[codes[1]][:, codes[3]]
            + bias[:, None]
        )
        score, pairs = trace_alignment(
            codes[0], codes[1], bias, codes[2], codes[3], structure_scores(), residue_scores(), 10, 1,
            np.empty((len(query) + 1, shorter + 1), np.uint8),
        )  # fmt: skip
        assert score == plain_score(table, 10, 1)
        gaps = (np.diff(pairs, axis=1) - 1).ravel()
        cost = sum(10 + int(gap) - 1 for gap in gaps if gap > 0)
        assert score == table[pairs[0], pairs[1]].sum() - cost


def random_query(length: int) -> tuple[Query, str, str]:
    """Return a query with some bias, its amino acids and its structure letters."""
    residues, letters = random_text(length), random_text(length)
    bias = RNG.integers(-2, 3, length).astype(np.int16)
    return Query(encode(letters), encode(residues), bias, np.zeros((length, 3), np.float32)), residues, letters


def random_templates(residues: str, letters: str, count: int, longest: int) -> PackedTemplates:
    """Return templates of unequal lengths, a third of them homologues of the query."""
    sequences, states = [], []
    for number in range(count):
        length = int(RNG.integers(5, longest))
        pair = (mutated(residues), mutated(letters)) if number % 3 == 0 else (random_text(length), random_text(length))
        shorter = min(length, *map(len, pair))
        sequences.append(pair[0][:shorter])
        states.append(pair[1][:shorter])
    uids = [f"{number:09d}" for number in range(count)]
    return pack_templates(uids, sequences, states, np.zeros((sum(map(len, sequences)), 3), np.float32))


def traced(query: Query, templates: PackedTemplates, row: int) -> LocalAlignment:
    """Align with the kernel for one template."""
    inside = slice(templates.offsets[row], templates.offsets[row + 1])
    return LocalAlignment(*trace_alignment(
        query.letters, query.residues, query.bias, templates.letters[inside], templates.residues[inside],
        structure_scores(), residue_scores(), GAP_OPEN, GAP_EXTEND,
        np.empty((len(query.letters) + 1, int(templates.lengths[row]) + 1), np.uint8),
    ))  # fmt: skip


def test_among_equal_alignments_the_first_of_the_template_is_taken() -> None:
    _, pairs = align("WACDEW", "ACDEYYACDE", 5, -20, 6, 1)
    assert pairs.tolist() == [[1, 2, 3, 4], [0, 1, 2, 3]]
    _, pairs = align("ACDEYYACDE", "WACDEW", 5, -20, 6, 1)
    assert pairs.tolist() == [[0, 1, 2, 3], [1, 2, 3, 4]]


def test_scores_of_all_templates_are_the_traced_scores_forward_and_reversed() -> None:
    # More than two blocks of templates.
    query, residues, letters = random_query(60)
    templates = random_templates(residues, letters, 290, 90)
    for direction, scores in zip((query, query.reversed()), score_templates(query, templates), strict=True):
        assert scores.tolist() == [traced(direction, templates, row).score for row in range(290)]


def test_scores_that_do_not_fit_a_byte_are_exact() -> None:
    # Homologues of 200 residues score up to some 900; in bytes no score exceeds 255.
    query, residues, letters = random_query(200)
    templates = random_templates(residues, letters, 60, 220)
    forward, _ = score_templates(query, templates)
    assert forward.max() > 500
    assert np.count_nonzero(forward > 255) > 5
    assert forward.tolist() == [traced(query, templates, row).score for row in range(60)]
    itself = pack_templates(["1"], [residues], [letters], np.zeros((200, 3), np.float32))
    scored = structure_scores()[query.letters, query.letters] + residue_scores()[query.residues, query.residues]
    assert score_templates(query, itself)[0][0] == (scored + query.bias).sum()


@pytest.mark.parametrize("count", [1, 7, 8, TRACED_LANES, TRACED_LANES + 1, 150])
def test_alignments_in_lanes_are_those_of_one_template_at_a_time(count: int) -> None:
    query, residues, letters = random_query(70)
    templates = random_templates(residues, letters, count, 100)
    rows = RNG.permutation(count)
    for row, alignment in zip(rows, align_with(query, templates, rows), strict=True):
        expected = traced(query, templates, int(row))
        assert alignment.score == expected.score
        np.testing.assert_array_equal(alignment.pairs, expected.pairs)


def test_each_template_has_its_own_forbidden_residues() -> None:
    query, residues, letters = random_query(70)
    templates = random_templates(residues, letters, 90, 100)
    rows = np.arange(90)
    biases = np.tile(query.bias, (90, 1))
    for row in rows:
        biases[row, row % 40 : row % 40 + 25] = -200
    for row, alignment in zip(rows, align_with(query, templates, rows, biases), strict=True):
        expected = traced(query._replace(bias=biases[row]), templates, int(row))
        assert alignment.score == expected.score
        np.testing.assert_array_equal(alignment.pairs, expected.pairs)
        assert not np.isin(alignment.pairs[0], np.arange(row % 40, row % 40 + 25)).any()


@pytest.mark.parametrize("limit", ["LARGEST_SCORE", "LARGEST_WORK"])
def test_what_is_too_large_for_lanes_is_aligned_one_by_one(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    query, residues, letters = random_query(60)
    templates = random_templates(residues, letters, 100, 90)
    expected = align_with(query, templates, np.arange(100))
    monkeypatch.setattr(alignments, limit, 300)
    for before, after in zip(expected, align_with(query, templates, np.arange(100)), strict=True):
        assert before.score == after.score
        np.testing.assert_array_equal(before.pairs, after.pairs)
