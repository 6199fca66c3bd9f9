"""The published v1 run, step by step: our output equals the files of its authors, to the byte."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from domainflow.alignment.engine import Alignment
from domainflow.domains.candidates import depth_filter
from domainflow.domains.dpam_files import steps_1_to_13
from domainflow.domains.dpam_files.names import named_files
from domainflow.domains.evidence import accepted as evidence
from domainflow.domains.evidence import alignment_scores, support
from domainflow.domains.parameters import DPAM_V1, DPAM_V2, DpamParameters
from domainflow.domains.parsing import clustering, disorder, pair_probability
from domainflow.structures.pdb_text import parse_pdb_text
from domainflow.structures.ranges import format_range, parse_range

FOLDSEEK_COLUMNS = [
    "query", "target", "fident", "alnlen", "mismatch", "gapopen", "qstart", "qend", "tstart", "tend", "evalue", "bits",
]  # fmt: skip
LENGTH = 341


def accepted_hits(published, parameters):
    facts = published.facts()
    scored = steps_1_to_13.parse_scored_alignments(published.text("scored"))
    sequence = support.sequence_support(published.mappings(), facts, parameters)
    structure = support.structure_support(scored, published.mappings(), facts, parameters)
    return (
        sequence,
        structure,
        evidence.accept_sequence_hits(sequence, parameters)
        + evidence.accept_structure_hits(structure, facts, parameters),
    )


def pae_of(published):
    return np.array(json.loads(published.text(".json"))[0]["predicted_aligned_error"], float)


def disordered(published, parameters: DpamParameters):
    *_, accepted = accepted_hits(published, parameters)
    return disorder.disordered_residues(
        disorder.pae_contacts(pae_of(published), parameters),
        steps_1_to_13.parse_elements(published.text("elements")),
        evidence.covered_residues(accepted, LENGTH),
        parameters,
    )


def domains(published, parameters: DpamParameters):
    model = parse_pdb_text(published.text("model"))
    *_, accepted = accepted_hits(published, parameters)
    probabilities = pair_probability.pair_probabilities(
        model.atoms, model.atom_residue, pae_of(published), accepted, parameters
    )
    return clustering.domains_by_clustering(probabilities, disordered(published, parameters), parameters)


def test_step_4_keeps_507_of_45523_search_hits(published):
    table = pd.read_csv(io.StringIO(published.text("search")), sep="\t", names=FOLDSEEK_COLUMNS, dtype={"target": str})
    hits = depth_filter.filter_by_depth(table, LENGTH, DPAM_V1)
    assert (len(table), len(hits)) == (45523, 507)
    assert steps_1_to_13.format_search_hits(hits) == published.text("search_hits")


def test_step_6_lists_561_candidates(published):
    table = pd.read_csv(io.StringIO(published.text("search")), sep="\t", names=FOLDSEEK_COLUMNS, dtype={"target": str})
    hits = depth_filter.filter_by_depth(table, LENGTH, DPAM_V1)
    candidates = sorted({hit.uid for hit in hits} | {mapping.uid for mapping in published.mappings()})
    assert len(candidates) == 561
    # v1 wrote them in the order of a set
    assert candidates == sorted(published.text("candidates").split())


def test_step_7_file_is_written_as_it_was_read(published):
    rows = []
    for block in published.blocks():
        uid, _, number = block.hit_name.partition("_")
        pairs = (block.query - 1).astype(np.int32), (block.template - 1).astype(np.int32)
        lengths = block.query_length, block.template_length
        rows.append((uid, int(number), Alignment(block.z, *pairs, np.eye(3), np.zeros(3), *lengths, 0.0)))
    texts = {"alignments": steps_1_to_13.format_alignments(rows)}
    ((name, text),) = named_files(texts, "A0A0K2WPR7", "v1")
    assert name == "A0A0K2WPR7_iterativdDali_hits"
    assert text == published.text("alignments")


def test_step_8_order_rank_and_ranges_of_232_alignments(published):
    hits = alignment_scores.score_alignments(published.blocks(), published.facts())
    written = steps_1_to_13.format_scored_alignments(hits, "v1").splitlines()
    expected = published.text("scored").splitlines()
    assert len(hits) == 232
    # columns 5 to 7 are statistics of the authors' own data folder
    open_columns = [0, 1, 2, 3, 4, 8, 9, 10]
    for ours, theirs in zip(written, expected, strict=True):
        assert [ours.split("\t")[k] for k in open_columns] == [theirs.split("\t")[k] for k in open_columns]


def test_step_9_sequence_support(published):
    sequence, _, _ = accepted_hits(published, DPAM_V1)
    assert steps_1_to_13.format_sequence_support(sequence) == published.text("sequence_support")


def test_step_9_structure_support(published):
    _, structure, _ = accepted_hits(published, DPAM_V1)
    assert steps_1_to_13.format_structure_support(structure) == published.text("structure_support")


def test_step_10_accepts_292_hits(published):
    *_, accepted = accepted_hits(published, DPAM_V1)
    assert len(accepted) == 292
    assert steps_1_to_13.format_evidence(accepted, "A0A0K2WPR7") == published.text("evidence")


def test_accepted_evidence_covers_297_residues(published):
    *_, accepted = accepted_hits(published, DPAM_V1)
    covered = np.flatnonzero(evidence.covered_residues(accepted, LENGTH)) + 1
    assert format_range(covered) == "1-68,73-82,96-105,128-277,280-289,293-341"


def test_step_12_v1_disorder(published):
    assert steps_1_to_13.format_disorder(disordered(published, DPAM_V1)) == published.text("disorder")


def test_step_12_v2_disorder(published):
    residues = np.flatnonzero(disordered(published, DPAM_V2)) + 1
    assert residues.tolist() == parse_range("78-132").tolist()


def test_step_13_v1_domains(published):
    assert steps_1_to_13.format_domains(domains(published, DPAM_V1)) == published.text("domains")


def test_step_13_v2_domains(published):
    assert [format_range(d) for d in domains(published, DPAM_V2)] == ["6-65", "156-260", "266-320"]


@pytest.mark.parametrize(("first", "second", "distance"), [(1, 2, 1.329), (1, 10, 15.209), (6, 65, 29.81)])
def test_closest_atom_distances(published, first, second, distance):
    model = parse_pdb_text(published.text("model"))
    distances = pair_probability.closest_atom_distances(model.atoms.astype(float), model.atom_residue.astype(np.int64))
    assert distances[first - 1, second - 1] == pytest.approx(distance, abs=5e-4)


def test_chunks_and_pairs_above_the_threshold(published):
    for parameters, n_chunks, n_pairs in ((DPAM_V1, 56, 408), (DPAM_V2, 57, 234)):
        model = parse_pdb_text(published.text("model"))
        *_, accepted = accepted_hits(published, parameters)
        probabilities = pair_probability.pair_probabilities(
            model.atoms, model.atom_residue, pae_of(published), accepted, parameters
        )
        members = clustering.chunks(disordered(published, parameters))
        counts, sums = clustering.chunk_pairs(probabilities, members)
        upper = np.triu(counts > 0, 1)
        above = (sums[upper] / counts[upper]) > parameters.pair_threshold
        assert (len(members), int(above.sum())) == (n_chunks, n_pairs)
