"""The structure search finds known homologues; its hits do not depend on the other queries."""

import csv
import gzip
import io
import tarfile
from pathlib import Path

import gemmi
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from domainflow.search.native import alignments
from domainflow.search.native import engine as native_search
from domainflow.search.native.engine import COLUMNS, search
from domainflow.structures.protein import Protein
from domainflow.structures.structure_letters import structure_letters
from peptides import ALPHA, STRAND, peptide

RNG = np.random.default_rng(23)
RESIDUES = np.array(list("ACDEFGHIKLMNPQRSTVWY"))


class Templates:
    """Part of a template store that the search reads."""

    def __init__(self, uids: list[str], sequences: list[str], backbones: list[NDArray[np.float32]]) -> None:
        self.uids = uids
        self.sequences = sequences
        self.letters = [structure_letters(backbone, None) for backbone in backbones]
        self.lengths = np.array([len(sequence) for sequence in sequences], np.int32)
        self.offsets = np.concatenate(([0], np.cumsum(self.lengths))).astype(np.int64)
        self.ca = np.concatenate([backbone[:, 1] for backbone in backbones]).astype(np.float32)


def protein(name: str, sequence: str, backbone: NDArray, cbeta: NDArray | None = None) -> Protein:
    length = len(sequence)
    chain = np.asarray(backbone, np.float32)
    beta = np.full((length, 3), np.nan, np.float32) if cbeta is None else cbeta
    return Protein(
        name, sequence, chain, beta, chain[:, 1], np.arange(length, dtype=np.int32), "-" * length,
        np.zeros(length, np.int32), None, (), "",
    )  # fmt: skip


def random_fold(length: int) -> NDArray[np.float32]:
    """Build helices and strands of random lengths, joined by random turns."""
    torsions: list[tuple[float, float]] = []
    while len(torsions) < length:
        torsions += [[ALPHA, STRAND][RNG.integers(2)]] * int(RNG.integers(6, 14))
        torsions += [(float(RNG.uniform(-150, -50)), float(RNG.uniform(-60, 160))) for _ in range(3)]
    return peptide(torsions[:length]).astype(np.float32)


def random_sequence(length: int) -> str:
    return "".join(RNG.choice(RESIDUES, length))


LENGTHS = [int(length) for length in RNG.integers(40, 130, 40)]
FOLDS = [random_fold(length) for length in LENGTHS]
SEQUENCES = [random_sequence(length) for length in LENGTHS]
STORE = Templates([f"{number:09d}" for number in range(40)], SEQUENCES, FOLDS)
QUERIES = [protein(f"q{number}", SEQUENCES[number], FOLDS[number]) for number in (3, 17, 30)]


def test_a_template_finds_itself_first_from_end_to_end() -> None:
    for query, number in zip(QUERIES, (3, 17, 30), strict=True):
        best = search([query], STORE, 1)[0].iloc[0]
        assert best["query"] == query.id
        assert best["target"] == f"{number:09d}.pdb"
        assert best[["qstart", "qend", "tstart", "tend"]].tolist() == [1, len(query), 1, len(query)]
        assert best["fident"] == 1
        assert best["mismatch"] == best["gapopen"] == 0
        assert best["alnlen"] == len(query)
        assert best["tm"] == pytest.approx(1, abs=1e-3)
        assert best["bits"] == pytest.approx(best["score"], abs=1)
        assert best["evalue"] < 1e-5


def test_rows_go_by_level_then_by_rank_score() -> None:
    hits = search(QUERIES[:1], STORE, 1)[0]
    assert list(hits.columns) == list(COLUMNS)
    np.testing.assert_allclose(hits["rank_score"], (hits["score"] + 50) * hits["tm_refined"] ** 1.5)
    assert (hits["tm_refined"] >= hits["tm"]).all()
    assert hits["level"].is_monotonic_increasing
    assert hits["level"].iloc[-1] > 0
    for _, together in hits.groupby("level"):
        assert together["rank_score"].is_monotonic_decreasing
    assert (hits["qstart"] <= hits["qend"]).all()
    assert (hits["qend"] <= len(QUERIES[0])).all()
    np.testing.assert_array_equal(hits["fident"], hits["fident"].round(3))


def test_unknown_residues_are_identical_to_nothing() -> None:
    number = 3
    sequence = SEQUENCES[number][:20] + "X" * 10 + SEQUENCES[number][30:]
    store = Templates(["000000001"], [sequence], [FOLDS[number]])
    best = search([protein("unknown", sequence, FOLDS[number])], store, 1)[0].iloc[0]
    assert best["alnlen"] == len(sequence)
    assert best["mismatch"] == 10
    assert best["fident"] == pytest.approx(1 - 10 / len(sequence), abs=1e-3)


def test_a_repeated_domain_gives_a_row_for_each_copy() -> None:
    fold, sequence = FOLDS[5], SEQUENCES[5]
    twice = np.concatenate([fold, fold + np.float32([60, 0, 0])])
    hits = search([protein("twice", sequence * 2, twice)], STORE, 1)[0]
    copies = hits[hits["target"] == "000000005.pdb"].sort_values("qstart")
    assert len(copies) >= 2
    best = copies[copies["score"] > copies["score"].max() / 2]
    middle = len(sequence)
    assert best["qend"].iloc[0] <= middle + 3
    assert best["qstart"].iloc[1] >= middle - 2
    assert (best["tend"] - best["tstart"] > 0.8 * middle).all()


def test_gaps_are_counted_as_columns() -> None:
    # Ten residues of the template are missing in the query: pairs + 10 columns, one gap.
    keep = [i for i in range(LENGTHS[7]) if not 20 <= i < 30]
    query = protein("shorter", "".join(SEQUENCES[7][i] for i in keep), FOLDS[7][keep])
    best = search([query], STORE, 1)[0].iloc[0]
    assert best["target"] == "000000007.pdb"
    assert best["gapopen"] == 1
    assert best["alnlen"] == LENGTHS[7]
    assert best["fident"] == pytest.approx((LENGTHS[7] - 10) / LENGTHS[7], abs=0.03)


def test_rows_depend_on_neither_threads_nor_batch_nor_order() -> None:
    together = search(QUERIES, STORE, 1)
    for other in (
        search(QUERIES, STORE, 2),
        search(QUERIES[::-1], STORE, 2)[::-1],
        [search([query], STORE, 1)[0] for query in QUERIES],
    ):
        for expected, found in zip(together, other, strict=True):
            pd.testing.assert_frame_equal(expected, found, check_exact=True)


def test_pairs_too_large_for_the_vector_kernel_give_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = search(QUERIES, STORE, 1)
    monkeypatch.setattr(alignments, "LARGEST_SCORE", 100)
    for before, after in zip(expected, search(QUERIES, STORE, 1), strict=True):
        pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_a_score_beyond_sixteen_bits_does_not_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    # Letters and amino acids that score high against themselves: some 14 a residue, 3,000 residues.
    sequence = "".join(RNG.choice(np.array(list("WHCPYFMN")), 3000))
    letters = "".join(RNG.choice(np.array(list("AEFGHIKMRTWY")), 3000))
    backbone = np.resize(FOLDS[0], (3000, 4, 3)) + np.arange(3000, dtype=np.float32)[:, None, None]
    store = Templates(["000000001"], [sequence], [backbone])
    store.letters = [letters]
    monkeypatch.setattr(native_search, "structure_letters", lambda *_: letters)
    best = search([protein("long", sequence, backbone)], store, 1)[0].iloc[0]
    assert best["alnlen"] == 3000
    assert best["score"] > 32_767


def test_ten_residues_can_be_searched() -> None:
    short = protein("short", SEQUENCES[2][:10], FOLDS[2][:10])
    hits = search([short], STORE, 1)[0]
    assert list(hits.columns) == list(COLUMNS)
    assert (hits["qend"] <= 10).all()


def test_no_hits_is_an_empty_table_with_the_columns() -> None:
    unknown = protein("unknown", "X" * 12, np.full((12, 4, 3), np.nan, np.float32))
    store = Templates(["000000001"], ["W" * 30], [peptide([ALPHA] * 30).astype(np.float32)])
    hits = search([unknown], store, 1)[0]
    assert len(hits) == 0
    assert list(hits.columns) == list(COLUMNS)
    assert hits.dtypes.astype(str).tolist() == search(QUERIES[:1], STORE, 1)[0].dtypes.astype(str).tolist()
    assert search([], STORE, 1) == []


def read_members(archive: Path, names: set[str]) -> dict[str, tuple[str, NDArray, NDArray]]:
    """Return sequence, backbone and CB of the PDB files with these stems."""
    found = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            name = Path(member.name).stem
            if name not in names or not member.isfile():
                continue
            handle = tar.extractfile(member)
            assert handle is not None
            structure = gemmi.read_pdb_string(io.TextIOWrapper(handle).read())
            sequence, rows = "", []
            for residue in structure[0][0]:
                atoms = {atom.name: atom.pos.tolist() for atom in residue}
                if "CA" in atoms:
                    sequence += gemmi.find_tabulated_residue(residue.name).one_letter_code.upper()
                    rows.append([atoms.get(atom, [np.nan] * 3) for atom in ("N", "CA", "C", "O", "CB")])
            coordinates = np.array(rows, np.float32)
            found[name] = (sequence, coordinates[:, :4], coordinates[:, 4])
    return found


@pytest.mark.shared
def test_foldseeks_clear_hits_are_found(shared: Path) -> None:
    # Foldseek at commit d5b1d3d, all 2,574 templates: its hits with e <= 1e-3 have e <= 1e-2 here.
    names = ("2FGC_A", "3HPY_B", "1ZYM_A", "1QR0_A")
    clear: dict[str, set[str]] = {name: set() for name in names}
    listed = set()
    with gzip.open(shared / "data" / "oracle" / "foldseek.tsv.gz", "rt") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            if row["query"] in clear:
                listed.add(row["target"])
                if float(row["evalue"]) <= 1e-3:
                    clear[row["query"]].add(row["target"])
    wanted = sorted(set().union(*clear.values()) | set(sorted(listed)[::12]))
    assert sum(map(len, clear.values())) >= 4
    data = read_members(shared / "data" / "reference" / "structures.tar.gz", set(wanted))
    store = Templates(wanted, [data[uid][0] for uid in wanted], [data[uid][1] for uid in wanted])
    # Foldseek's e-value grows with the number of residues searched, to the power 0.32; this store has fewer.
    growth = (423_199 / store.offsets[-1]) ** 0.32
    chains = read_members(shared / "data" / "chains" / "structures.tar.gz", set(names))
    for name, hits in zip(names, search([protein(name, *chains[name]) for name in names], store, 2), strict=True):
        evalues = hits.groupby("target")["evalue"].min() * growth
        for target in sorted(clear[name]):
            assert evalues[f"{target}.pdb"] <= 1e-2
