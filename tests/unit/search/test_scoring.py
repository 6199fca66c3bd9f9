"""Scores of residue pairs."""

import numpy as np
import pytest

from domainflow.search.native.scoring import (
    ALPHABET,
    PADDING,
    background_frequencies,
    composition_bias,
    encode,
    raised_scores,
    residue_scores,
    structure_scores,
)


def test_codes_follow_the_alphabet_and_anything_else_is_unknown() -> None:
    assert encode(ALPHABET).tolist() == list(range(21))
    assert encode("UZ*a\u00e4").tolist() == [20] * 5


@pytest.mark.parametrize("scores", [structure_scores(), residue_scores()])
def test_scores_are_symmetric_unknown_is_neutral_and_padding_forbidden(scores: np.ndarray) -> None:
    np.testing.assert_array_equal(scores, scores.T)
    assert not scores[20, :PADDING].any()
    assert (scores[PADDING] <= -300).all()
    assert (np.diag(scores)[:20] > 0).all()


def test_amino_acid_scores_are_blosum62_at_065() -> None:
    # BLOSUM62: W-W 11, A-A 4, W-D -4.
    codes = encode("WAD")
    assert residue_scores()[codes[0], codes[0]] == 7
    assert residue_scores()[codes[1], codes[1]] == 3
    assert residue_scores()[codes[0], codes[2]] == -3


def test_frequencies_leave_out_unknown_residues() -> None:
    frequencies = background_frequencies(encode("AACX"))
    assert frequencies[0] == pytest.approx(2 / 3)
    assert frequencies.sum() == pytest.approx(1)
    assert background_frequencies(encode("XX")).sum() == 0


def test_low_complexity_is_penalised_and_mixed_sequence_hardly() -> None:
    background = np.full(20, 0.05)
    assert (composition_bias(encode("A" * 60), background) < -2).all()
    mixed = composition_bias(encode(ALPHABET[:20] * 4), background)
    assert np.abs(mixed).max() <= 1


def test_bias_by_hand() -> None:
    # One A and one C. Scores are A-A 3, A-C 0, C-C 6 (0.65 x BLOSUM62 4, 0, 9; rounded). The background is all C.
    # A: the window without A itself gives 0, the background 0. C: the window gives 0, the background 6.
    background = np.zeros(20)
    background[1] = 1.0
    assert composition_bias(encode("AC"), background).tolist() == [0, 6]


def test_raised_scores_begin_at_zero_and_padding_is_zero() -> None:
    structure, residue, raised = raised_scores()
    for table, scores in ((structure, structure_scores()), (residue, residue_scores())):
        assert table[:PADDING, :PADDING].min() == 0
        assert not table[PADDING].any()
        assert not table[:, PADDING].any()
        lifted = table.astype(int)[:PADDING, :PADDING] - scores[:PADDING, :PADDING]
        assert len(np.unique(lifted)) == 1
        raised -= int(lifted[0, 0])
    assert raised == 0
