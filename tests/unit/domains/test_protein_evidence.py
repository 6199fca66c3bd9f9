"""What the report shows of a parsed protein comes back as it was written."""

import numpy as np
import pytest

from domainflow.domains.evidence.accepted import AcceptedHit
from domainflow.domains.parse_protein import ParsedProtein
from domainflow.domains.protein_evidence import ROWS_OF_DOMAIN, EvidenceRow, evidence_text, read_evidence
from domainflow.domains.rows import ParsedDomain, SequenceHit, StructureHit
from domainflow.structures.prepare import prepare_protein
from peptides import ALPHA, pdb_text, peptide

LENGTH = 40


class Store:
    """A reference whose templates have the T-group of their UID's first letter."""

    def row(self, uid):
        return uid

    def t_group(self, row):
        return row[0]


@pytest.fixture(scope="module")
def protein(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "a.pdb"
    path.write_text(pdb_text(peptide([ALPHA] * LENGTH)))
    return prepare_protein("x", path, None)


def structure_hit(uid, z, first, last):
    residues = np.arange(first, last + 1)
    no_turn = ("na", "na", "na")
    return StructureHit(f"{uid}_1", uid, uid, "1.1", z, 0.5, 0.1, 0.1, 1.0, residues, residues, no_turn, "na")


def sequence_hit(uid, probability, first, last):
    residues = np.arange(first, last + 1)
    return SequenceHit(f"{uid}_1", uid, uid, "1.1", probability, 0.9, 40, residues, residues)


def parsed(hits=(), sequence_hits=(), accepted=(), domains=(), cells=LENGTH):
    disordered = np.zeros(LENGTH, bool)
    disordered[[0, 1, 2, 9]] = True
    same = np.full((cells, cells), 0.874)
    named = [
        ParsedDomain(f"D{number}", np.arange(first, last + 1), "templates")
        for number, (first, last) in enumerate(domains, start=1)
    ]
    return ParsedProtein(
        list(hits), list(sequence_hits), [AcceptedHit(hit, hit.query, 1.0, "") for hit in accepted], disordered,
        named, [], (), "contacts", same,
    )  # fmt: skip


def test_ranges_depth_and_matrix(protein):
    hits = [structure_hit("a1", 9.0, 1, 20), structure_hit("a2", 8.0, 11, 30)]
    found = read_evidence(evidence_text(protein, parsed(accepted=hits, cells=20), Store()))
    assert found.disorder == [[1, 3], [10, 10]]
    assert found.disorder_from == "contacts"
    assert found.depth == [1] * 10 + [2] * 10 + [1] * 10 + [0] * 10
    assert found.same_domain.shape == (20, 20)
    assert set(found.same_domain.ravel().tolist()) == {87}


def test_the_best_hit_of_each_t_group_of_a_domain(protein):
    hits = [
        structure_hit("a1", 5.0, 1, 20),
        structure_hit("a2", 7.0, 1, 20),
        structure_hit("b1", 6.0, 1, 20),
        # less than half of it, and less than half of the domain, are in D1
        structure_hit("c1", 9.0, 16, 40),
    ]
    text = evidence_text(protein, parsed(hits, [sequence_hit("a3", 98.0, 2, 19)], domains=[(1, 20), (21, 40)]), Store())
    assert read_evidence(text).rows == [
        EvidenceRow("D1", "dali", "a2", 7.0, [[1, 20]]),
        EvidenceRow("D1", "dali", "b1", 6.0, [[1, 20]]),
        EvidenceRow("D1", "hh", "a3", 98.0, [[2, 19]]),
        EvidenceRow("D2", "dali", "c1", 9.0, [[16, 40]]),
    ]


def test_a_protein_without_domains_shows_its_best_hits(protein):
    hits = [structure_hit(f"{letter}1", float(place), 1, 30) for place, letter in enumerate("abcdefgh")]
    rows = read_evidence(evidence_text(protein, parsed(hits), Store())).rows
    assert [row.uid for row in rows] == ["h1", "g1", "f1", "e1", "d1", "c1"]
    assert len(rows) == ROWS_OF_DOMAIN
