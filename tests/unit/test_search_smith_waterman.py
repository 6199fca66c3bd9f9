"""Local alignment: by hand, against a plain implementation, and the vector kernel against the traced one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from domainflow.search.lanes import pack_templates
from domainflow.search.scoring import (
    GAP_EXTEND,
    GAP_OPEN,
    PADDING,
    encode,
    residue_scores,
    structure_scores,
)
from domainflow.search.smith_waterman import score_blocks, trace_alignment

RNG = np.random.default_rng(11)
LETTERS = np.array(list("ACDEFGHIKLMNPQRSTVWY"))


def identity_scores(match: int, mismatch: int) -> NDArray[np.int16]:
    scores = np.full((PADDING + 1, PADDING + 1), mismatch, np.int16)
    np.fill_diagonal(scores, match)
    return scores


def align(query: str, template: str, match: int, mismatch: int, gap_open: int, gap_extend: int):
    """Alignment on one alphabet: the second one scores 0 throughout."""
    return trace_alignment(
        encode(query), encode(query), np.zeros(len(query), np.int16), encode(template), encode(template),
        identity_scores(match, mismatch), np.zeros((22, 22), np.int16), gap_open, gap_extend,
        np.empty((len(query) + 1, len(template) + 1), np.uint8),
    )  # fmt: skip


def plain_score(scores: NDArray, gap_open: int, gap_extend: int) -> int:
    """Local score by the definition: any gap length tried at every cell; scores has shape (n, m)."""
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
    """A relative: substitutions, one deletion and one insertion."""
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


def test_a_known_score_changes_nothing_but_the_work() -> None:
    query, template = "WWWW" + "ACDEFGHIKL" + "WWWWWWWW", "ACDEFGHIKL"
    arguments = (
        encode(query), encode(query), np.zeros(len(query), np.int16), encode(template), encode(template),
        identity_scores(5, -5), np.zeros((22, 22), np.int16), 6, 1,
    )  # fmt: skip
    work = np.zeros((len(query) + 1, len(template) + 1), np.uint8)
    score, pairs = trace_alignment(*arguments, work.copy())
    again, same_pairs = trace_alignment(*arguments, work, score)
    assert score == again == 50
    np.testing.assert_array_equal(pairs, same_pairs)
    assert not work[15:].any()


def test_vector_scores_are_the_traced_scores_forward_and_reversed() -> None:
    # More than two blocks of templates, of unequal lengths; a third of them relatives of the query.
    query, letters = random_text(60), random_text(60)
    sequences, states = [], []
    for number in range(290):
        length = int(RNG.integers(5, 90))
        sequences.append(mutated(query)[:length] if number % 3 == 0 else random_text(length))
        states.append(mutated(letters)[: len(sequences[-1])] if number % 3 == 0 else random_text(len(sequences[-1])))
        shorter = min(len(sequences[-1]), len(states[-1]))
        sequences[-1], states[-1] = sequences[-1][:shorter], states[-1][:shorter]
    uids = [f"{number:09d}" for number in range(len(sequences))]
    templates = pack_templates(uids, sequences, states, np.zeros((sum(map(len, sequences)), 3), np.float32))
    bias = RNG.integers(-2, 3, len(query)).astype(np.int16)
    forward, backward = score_blocks(
        encode(letters), encode(query), bias, structure_scores(), residue_scores(),
        templates.lane_letters, templates.lane_residues, templates.block_first, templates.block_columns,
        np.int16(GAP_OPEN), np.int16(GAP_EXTEND),
    )  # fmt: skip
    work = np.empty((len(query) + 1, 200), np.uint8)
    for reverse, scores in ((1, forward), (-1, backward)):
        arrays = [np.ascontiguousarray(a[::reverse]) for a in (encode(letters), encode(query), bias)]
        traced = [
            trace_alignment(
                *arrays, encode(states[row]), encode(sequences[row]), structure_scores(), residue_scores(), 10, 1, work
            )[0]
            for row in templates.order
        ]
        assert scores.ravel()[: len(traced)].tolist() == traced
