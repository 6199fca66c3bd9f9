"""Refinement can leave a wrong register, and never ends below its best round."""

import numpy as np
import pytest

from domainflow.alignment.native.cells import local_similarity
from domainflow.alignment.native.refinement import Phase, refine
from domainflow.alignment.native.score import DistanceMatrices, distance_matrices, pair_scores
from domainflow.alignment.native.workspace import workspace
from domainflow.templates.store import TemplateStore

UNBIASED = Phase(rounds=4, stride=1, exclusion=2, local_weight=1.0, gain=5e-4, patience=1)
PLAIN = Phase(rounds=10, stride=1, exclusion=-1, local_weight=0.0, gain=5e-4, patience=1)


@pytest.fixture(scope="module")
def geometry(root):
    """Return the distances of reference domains by name."""
    store = TemplateStore.open(root / "assets" / "mini-ecod")
    rows = {store.template_id(row): row for row in range(len(store))}

    def distances(name: str) -> DistanceMatrices:
        row = rows[name]
        return distance_matrices(store.backbone(row)[:, 1])

    return distances


def refined(query, template, pairs, phase, min_block=4, corridor=0.93):
    space = workspace(len(query.distance), len(template.distance))
    local_similarity(query, template, space.local)
    return refine(query, template, pairs, phase, min_block, corridor, space)


def shifted(length: int, shift: int):
    return np.stack((np.arange(length - shift), np.arange(shift, length))).astype(np.int32)


def test_a_register_wrong_by_one_is_left_when_neighbours_have_no_vote(geometry):
    chain = geometry("d1b9oa_")
    pairs, score = refined(chain, chain, shifted(123, 1), UNBIASED)
    assert (pairs[0] == pairs[1]).all()
    identity = shifted(123, 0)
    assert score == pytest.approx(pair_scores(chain, chain, identity).sum(), rel=1e-3)


def test_the_identity_is_kept(geometry):
    chain = geometry("d1b9oa_")
    for phase in (UNBIASED, PLAIN):
        pairs, _ = refined(chain, chain, shifted(123, 0), phase)
        assert pairs.tolist() == shifted(123, 0).tolist()


@pytest.mark.parametrize("min_block", [1, 4])
def test_the_score_is_that_of_the_returned_pairs(geometry, min_block):
    query, template = geometry("d1x0pa1"), geometry("d1ygya3")
    length = min(len(query.distance), len(template.distance))
    pairs, score = refined(query, template, shifted(length, 0), UNBIASED, min_block)
    assert score == pytest.approx(pair_scores(query, template, pairs).sum(), rel=1e-3)


def test_more_rounds_never_give_a_smaller_score(geometry):
    query, template = geometry("d1x0pa1"), geometry("d1ygya3")
    length = min(len(query.distance), len(template.distance))
    scores = [
        refined(query, template, shifted(length, 0), UNBIASED._replace(rounds=rounds, patience=rounds))[1]
        for rounds in range(1, 7)
    ]
    assert (np.diff(scores) >= 0).all()


def test_an_alignment_of_nothing_refines_to_nothing(geometry):
    chain = geometry("d1b9oa_")
    pairs, score = refined(chain, chain, np.empty((2, 0), np.int32), UNBIASED)
    assert (pairs.shape, score) == ((2, 0), 0)
