"""Step 13 compared with its plain transcription, and properties that hold for any input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domainflow.domains.evidence.accepted import AcceptedHit
from domainflow.domains.parameters import DPAM_V1, DPAM_V2
from domainflow.domains.parsing.clustering import cluster_chunks, domains_by_clustering, domains_from_clusters
from domainflow.domains.parsing.pair_probability import pair_probabilities
from domainflow.domains.rows import SequenceHit, StructureHit
from step_13_in_loops import parse_plainly


def random_case(seed: int, length: int):
    """A chain of globules with PAE, evidence and disorder drawn at random."""
    rng = np.random.default_rng(seed)
    block = np.sort(rng.integers(0, 4, length))
    centres = rng.normal(0, 25, (4, 3))
    atom_residue = np.repeat(np.arange(length), rng.integers(1, 4, length))
    atoms = np.round(centres[block[atom_residue]] + rng.normal(0, 9, (len(atom_residue), 3)), 3)
    pae = np.round(np.where(block[:, None] == block[None, :], 3, 18) + rng.normal(0, 3, (length, length)).clip(-3, 12))
    rows = []
    for _ in range(rng.integers(0, 12)):
        first = rng.integers(1, length - 30)
        residues = np.arange(first, rng.integers(first + 25, length + 1))
        residues = residues[rng.random(len(residues)) > 0.1]
        rows.append((residues, float(np.round(rng.uniform(2, 12), 1)), bool(rng.random() < 0.4)))
    disordered = rng.random(length) < 0.05
    return atoms, atom_residue, pae, rows, disordered


def accepted_rows(rows):
    none = np.empty(0, np.int64)
    accepted = []
    for residues, score, is_sequence in rows:
        if is_sequence:
            hit = SequenceHit("s", "1", "e", "1.1", score * 8, 1.0, 30, residues, none)
            accepted.append(AcceptedHit(hit, residues, score * 8, "na"))
        else:
            hit = StructureHit("d", "1", "e", "1.1", score, -1, -1, -1, 1.0, residues, none, ("na",) * 3, "na")
            accepted.append(AcceptedHit(hit, residues, score, "na"))
    return accepted


@pytest.mark.parametrize("parameters", [DPAM_V2, DPAM_V1], ids=["v2", "v1"])
@pytest.mark.parametrize("seed", range(6))
def test_fast_and_plain_step_13_agree(seed, parameters):
    length = 140
    atoms, atom_residue, pae, rows, disordered = random_case(seed, length)
    probabilities = pair_probabilities(atoms, atom_residue, pae, accepted_rows(rows), parameters)
    fast = [d.tolist() for d in domains_by_clustering(probabilities, disordered, parameters)]
    plain = parse_plainly(
        atoms, atom_residue, pae,
        [(r.tolist(), s * 8) for r, s, is_sequence in rows if is_sequence],
        [(r.tolist(), s) for r, s, is_sequence in rows if not is_sequence],
        set((np.flatnonzero(disordered) + 1).tolist()), length, parameters,
    )  # fmt: skip
    assert fast == plain


@given(st.integers(0, 10_000), st.integers(10, 120))
@settings(max_examples=40, deadline=None)
def test_domains_lie_in_the_chain_and_are_long_enough(seed, length):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.3, 1, (length, length))
    found = domains_by_clustering((p + p.T) / 2, rng.random(length) < 0.2, DPAM_V2)
    for domain in found:
        assert len(domain) >= DPAM_V2.domain_residues
        assert domain.min() >= 1
        assert domain.max() <= length
        assert (np.diff(domain) > 0).all()


def test_all_disordered_gives_no_domain():
    assert domains_by_clustering(np.ones((50, 50)), np.ones(50, bool), DPAM_V2) == []


def test_rejected_pair_may_be_joined_by_a_later_one():
    # chunks 0-1 and 2-3 are tight, with weak links between them: they stay separate under v1's rule
    counts = np.full((4, 4), 25)
    means = np.array([[0, 0.9, 0.55, 0.55], [0.9, 0, 0.55, 0.55], [0.55, 0.55, 0, 0.9], [0.55, 0.55, 0.9, 0]])
    clusters = cluster_chunks(counts, means * 25, DPAM_V1)
    assert [c.tolist() for c in clusters] == [[0, 1], [2, 3]]


def test_long_gap_is_filled_in_v2_only_if_it_is_free():
    with_gap = np.concatenate([np.arange(1, 41), np.arange(56, 96)])  # 15 residues between
    assert [len(d) for d in domains_from_clusters([with_gap], DPAM_V2)] == [95]
    assert [len(d) for d in domains_from_clusters([with_gap], DPAM_V1)] == [80]


def test_segment_shared_with_another_domain_is_dropped():
    one = np.concatenate([np.arange(1, 41), np.arange(60, 66)])
    two = np.arange(45, 100)  # 15 residues of the gap are foreign: it stays open
    found = domains_from_clusters([one, two], DPAM_V2)
    assert found[0].tolist() == list(range(1, 41))
    assert found[1].tolist() == list(range(45, 100))
