"""The native alignment engine: properties of any alignment, and the agreement with DaliLite."""

import gzip
import json
import multiprocessing
import tarfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from alignment_pairs import Templates, align_pair
from domainflow.alignment.engine import Chain, backbone_chain, heavy_atom_chain
from domainflow.alignment.folding_units.contacts import backbone_contacts
from domainflow.alignment.folding_units.division import folding_units
from domainflow.alignment.native.engine import align
from domainflow.kernels.cache import use_stored_kernels
from domainflow.structures.prepare import prepare_protein
from domainflow.templates.store import TemplateStore
from peptides import ALPHA, STRAND, peptide

RECORDED = [
    ("2CFX_E", "d2j5aa1", 6.3),
    ("2FGC_A", "d1x0pa1", 7.1),
    ("2FGC_A", "d1ygya3", 8.8),
    ("4ZBD_B", "d1r5aa1", 10.2),
    ("1KSK_A", "d1k8wa5", 12.0),
]
"""Query, template and z of DaliLite v5."""


def templates(*chains: Chain) -> Templates:
    ca = np.concatenate([chain.backbone[:, 1] for chain in chains])
    offsets = np.cumsum([0, *(len(chain) for chain in chains)])
    contacts = [backbone_contacts(chain.backbone, chain.sequence) for chain in chains]
    return Templates(ca, offsets, [folding_units(graph) for graph in contacts])


def align_whole(query: Chain, template: Chain, min_block: int = 4):
    (alignment,) = align(query, templates(template), [(0, np.arange(len(query)))], 1, min_block)
    return alignment


def block_lengths(alignment) -> list[int]:
    ends = np.flatnonzero((np.diff(alignment.query) != 1) | (np.diff(alignment.template) != 1)) + 1
    return np.diff([0, *ends, len(alignment.query)]).tolist()


def turned(backbone: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn by a quarter about one axis and by half a radian about another, and shift."""
    cosine, sine = np.cos(0.5), np.sin(0.5)
    rotation = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]) @ [[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]]
    return (backbone @ rotation.T + [30, -20, 10]).astype(np.float32)


def alanines(backbone: NDArray[np.float32]) -> Chain:
    return backbone_chain(backbone, len(backbone) * "A")


@pytest.fixture(scope="module")
def store(root):
    return TemplateStore.open(root / "assets" / "mini-ecod")


@pytest.fixture(scope="module")
def domain(store):
    """Return reference domains by name."""
    rows = {store.template_id(row): row for row in range(len(store))}
    return lambda name: backbone_chain(store.backbone(rows[name]), store.sequences[rows[name]])


def test_a_chain_aligns_with_itself_residue_by_residue(domain):
    lysozyme = domain("d1b9oa_")
    alignment = align_whole(lysozyme, lysozyme)
    assert alignment.query.tolist() == alignment.template.tolist() == list(range(123))
    np.testing.assert_allclose(alignment.rotation, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(alignment.translation, 0, atol=1e-4)


def test_where_the_template_lies_does_not_matter(domain):
    query, template = domain("d1ygya3"), domain("d1x0pa1")
    elsewhere = backbone_chain(turned(template.backbone), template.sequence)
    here, there = align_whole(query, template), align_whole(query, elsewhere)
    assert there.query.tolist() == here.query.tolist()
    assert there.template.tolist() == here.template.tolist()


def test_the_transform_moves_the_template_onto_the_query(domain):
    query = domain("d1b9oa_")
    moved = backbone_chain(turned(query.backbone), query.sequence)
    alignment = align_whole(query, moved)
    placed = moved.backbone[:, 1] @ alignment.rotation.T + alignment.translation
    np.testing.assert_allclose(placed, query.backbone[:, 1], atol=1e-3)


def test_query_and_template_can_be_exchanged(domain):
    """Exchange query and template: the search is not symmetric, but DALI's score is."""
    one, other = domain("d1x0pa1"), domain("d1ygya3")
    there, back = align_whole(one, other), align_whole(other, one)
    assert back.score == pytest.approx(there.score, rel=0.01)
    assert back.z == pytest.approx(there.z, abs=0.1)


@pytest.mark.parametrize("min_block", [1, 2, 4, 6])
def test_gapless_blocks_have_the_least_length(domain, min_block):
    alignment = align_whole(domain("d1x0pa1"), domain("d1ygya3"), min_block)
    assert min(block_lengths(alignment)) >= min_block
    assert (np.diff(alignment.query) > 0).all()
    assert (np.diff(alignment.template) > 0).all()


def test_chains_under_30_residues_are_not_aligned(domain):
    chain = domain("d1b9oa_")
    short = backbone_chain(chain.backbone[:29], chain.sequence[:29])
    assert align_whole(short, chain) is None
    assert align_whole(chain, short) is None
    assert align(chain, templates(chain), [(0, np.arange(29))], 1) == [None]


def test_no_jobs_no_alignments(domain):
    chain = domain("d1b9oa_")
    assert align(chain, templates(chain), [], 2) == []


def test_a_second_copy_is_found_once_the_first_is_masked(domain):
    """Expect residue numbers of the whole query, also for a part of it."""
    copy = domain("d1b9oa_")
    query = backbone_chain(np.concatenate((copy.backbone, copy.backbone + np.float32(60))), 2 * copy.sequence)
    (alignment,) = align(query, templates(copy), [(0, np.arange(123, 246))], 1)
    assert alignment.query.tolist() == list(range(123, 246))
    assert alignment.template.tolist() == list(range(123))
    assert (alignment.query_length, alignment.template_length) == (123, 123)


def test_threads_order_and_company_do_not_matter(domain):
    query = domain("d1ygya3")
    names = ["d1x0pa1", "d1ygya3", "d2j5aa1", "d1r5aa1"]
    whole = np.arange(len(query))
    several = templates(*(domain(name) for name in names))
    jobs = [(row, residues) for row in range(len(names)) for residues in (whole, whole[20:])]
    once = align(query, several, jobs, 1)
    for again in (
        align(query, several, jobs, 2),
        align(query, several, jobs[::-1], 2)[::-1],
        [align(query, several, [job], 1)[0] for job in jobs],
    ):
        for one, other in zip(once, again, strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                assert (one.z, one.score) == (other.z, other.score)
                np.testing.assert_array_equal(one.query, other.query)
                np.testing.assert_array_equal(one.template, other.template)
                np.testing.assert_array_equal(one.rotation, other.rotation)


def test_z_is_that_of_the_whole_alignment_or_better(domain):
    """Expect at least the z of S, because the whole chains are one pair of units."""
    alignment = align_whole(domain("d1x0pa1"), domain("d1ygya3"))
    size = np.sqrt(alignment.query_length * alignment.template_length)
    mean = 7.9494 + 0.70852 * size + 2.5895e-4 * size**2 - 1.9156e-6 * size**3
    assert alignment.z >= 2 * (alignment.score - mean) / mean - 1e-9


def test_a_chain_scores_highest_with_itself(domain):
    chain = domain("d1ygya3")
    own = align_whole(chain, chain)
    for name in ("d1x0pa1", "d2j5aa1", "d1r5aa1"):
        other = align_whole(chain, domain(name))
        assert other is None or other.score < own.score


def test_a_chain_with_a_break_and_a_far_piece_is_aligned(domain):
    """Align a chain with a gap: this is no error, and the piece beyond the gap is aligned with its counterpart."""
    chain = domain("d1ygya3")
    broken = chain.backbone.copy()
    broken[40:] += np.float32(30)
    alignment = align_whole(alanines(np.delete(broken, range(35, 40), axis=0)), chain)
    assert alignment.z > 2


def peak_memory_of_an_alignment(query: NDArray[np.float32], template: NDArray[np.float32]) -> tuple[int, int]:
    """Return the aligned pairs, and the peak memory of this process in bytes."""
    use_stored_kernels()
    alignment = align_whole(alanines(query), alanines(template))
    (peak,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return len(alignment.query), 1024 * int(peak.split()[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_2700_residues_are_aligned_in_less_than_a_gigabyte(domain):
    """Compare the memory for 22 copies of a domain with that for 7, each in its own process with all libraries."""
    copy = domain("d1b9oa_").backbone
    query, template = (
        np.concatenate([copy + np.array([30 * number, 0, 0], np.float32) for number in range(copies)])
        for copies in (22, 7)
    )
    assert len(query) == 2706
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        pairs, peak = alone.submit(peak_memory_of_an_alignment, query, template).result()
    assert pairs >= 123
    assert peak < 1e9


def test_ten_thousand_invented_pairs_do_no_harm():
    """Build chains of helices, strands and coil, 30 to 60 residues long, some of which cross themselves."""
    rng = np.random.default_rng(11)

    def invented() -> Chain:
        torsions: list[tuple[float, float]] = []
        while len(torsions) < 30:
            kind = (ALPHA, STRAND, tuple(rng.uniform(-180, 180, 2)))[rng.integers(3)]
            torsions += [kind] * int(rng.integers(3, 16))
        return alanines(peptide(torsions[:60]).astype(np.float32))

    chains = [invented() for _ in range(100)]
    several = templates(*chains)
    for chain in chains:
        jobs = [(row, np.arange(len(chain))) for row in range(len(chains))]
        for (row, _), alignment in zip(jobs, align(chain, several, jobs, 1), strict=True):
            if alignment is not None:
                assert np.isfinite((alignment.z, alignment.score)).all()
                assert min(block_lengths(alignment)) >= 4
                assert alignment.query[-1] < len(chain)
                assert alignment.template[-1] < len(chains[row])


@pytest.fixture(scope="module")
def recorded_units(shared):
    """Return DaliLite's folding units by chain."""
    units = {}
    with gzip.open(shared / "data" / "oracle" / "dalilite_trees.jsonl.gz", "rt") as lines:
        for tree in map(json.loads, lines):
            units[tree["name"]] = [
                np.concatenate([np.arange(first - 1, last) for first, last in zip(r[::2], r[1::2], strict=True)])
                for place, (kind, _, _, _, r) in enumerate(tree["nodes"])
                if place == 0 or kind in "+*"
            ]
    return units


@pytest.fixture(scope="module")
def recorded_ca(shared):
    """Return CA atoms of the recorded queries in Å; their PDB files have one chain and one conformation."""
    wanted = {query for query, _, _ in RECORDED}
    atoms = {}
    with tarfile.open(shared / "data" / "chains" / "structures.tar.gz") as archive:
        for member in archive:
            name = Path(member.name).stem
            if name in wanted:
                lines = archive.extractfile(member).read().decode().splitlines()
                atoms[name] = np.array(
                    [
                        [float(line[30:38]), float(line[38:46]), float(line[46:54])]
                        for line in lines
                        if line.startswith("ATOM") and line[12:16] == " CA " and line[16] in " A"
                    ],
                    np.float32,
                )
    return atoms


@pytest.mark.parametrize(("query", "template", "z"), RECORDED)
def test_z_of_dalilite_with_its_own_units(recorded_units, recorded_ca, domain, query, template, z):
    _, found = align_pair(
        (recorded_ca[query], recorded_units[query]),
        (domain(template).backbone[:, 1], recorded_units[template]),
    )
    assert found == pytest.approx(z, abs=0.5)


def test_z_of_dalilite_with_our_units(shared, domain):
    """Align hen lysozyme (P00698) and alpha-lactalbumin; DaliLite v5 prints z = 18.3, for another cut of the query."""
    protein = prepare_protein("P00698", shared / "data" / "models" / "P00698" / "model.pdb.gz", None)
    alignment = align_whole(heavy_atom_chain(protein), domain("d1b9oa_"))
    assert alignment.z == pytest.approx(18.3, rel=0.1)
