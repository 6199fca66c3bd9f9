"""Comparison of groups, exports, pictures and the last step."""

import json
import subprocess

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import chi2_contingency, false_discovery_control

from domainflow.codons.comparison import adjusted, chi_square, compare_groups
from domainflow.codons.compute_indices import GENES_SCHEMA, Method, gene_tables
from domainflow.codons.exports import cusp_table, exported, fractions_json, kazusa_table
from domainflow.codons.genetic_codes import CODONS
from domainflow.codons.plots.gene_figures import line_through, principal_components, wright_curve
from domainflow.codons.plots.plot_codon_usage import chosen_genes, gene_rscu, plot_codon_usage
from domainflow.codons.settings import IndexSettings
from domainflow.codons.tables import in_groups, read_tsv, tsv_bytes, write_parquet, write_tsv
from domainflow.codons.usage import codon_usage
from unit.codons.conftest import CODES

RNG = np.random.default_rng(17)
COUNTS = RNG.integers(1, 500, 64)


def usage(counts=COUNTS):
    return codon_usage(counts, CODES[1], IndexSettings())


def test_chi_square_is_scipys():
    table = RNG.integers(0, 50, (2, 6))
    table[:, 2] = 0
    expected = chi2_contingency(table[:, [0, 1, 3, 4, 5]], correction=False)
    value, df = chi_square(table)
    assert (value, df) == (pytest.approx(expected.statistic), expected.dof)
    p = RNG.random(30).tolist()
    assert adjusted(p) == pytest.approx(false_discovery_control(p).tolist())
    assert adjusted([]) == []


def test_groups_are_compared_by_amino_acid():
    other = COUNTS.copy()
    other[[CODONS.index("TTT"), CODONS.index("TTC")]] = 1000, 10
    rows = compare_groups({("a", 1): COUNTS, ("b", 1): other, ("c", 11): COUNTS}, CODES, "aa").to_pylist()
    assert len(rows) == 18  # amino acids with two codons or more; c has another genetic code
    strongest = max(rows, key=lambda row: row["cramers_v"])
    assert (strongest["family"], strongest["largest_change"][:3]) == ("F", "TTT")
    assert strongest["q"] < 1e-50
    assert all(row["p"] == 1 for row in rows if row is not strongest)


def test_cusp_writes_the_same_table(tmp_path):
    text = cusp_table(usage(), CODES[1])
    try:
        subprocess.run(["cusp", "-help"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("cusp is not installed (Debian's package emboss)")
    genes = "".join(codon * n for codon, n in zip(CODONS, COUNTS.tolist(), strict=True))
    (tmp_path / "genes.fa").write_text(f">g\n{genes}\n")
    subprocess.run(["cusp", "genes.fa", "out"], cwd=tmp_path, capture_output=True, check=True)
    theirs = [line.split() for line in (tmp_path / "out").read_text().splitlines() if line and line[0] != "#"]
    ours = [line.split() for line in text.splitlines() if line[0] != "#"]
    assert sorted(ours) == sorted(theirs)
    assert len(ours) == 64


def test_counts_of_chloroplast_genes_are_those_of_cusp(count, biopython, tmp_path):
    try:
        subprocess.run(["cusp", "-help"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("cusp is not installed (Debian's package emboss)")
    from Bio import SeqIO

    genome = SeqIO.read(biopython / "GenBank" / "NC_000932.gb", "genbank")
    genes = [feature.extract(genome.seq) for feature in genome.features if feature.type == "CDS"]
    (tmp_path / "genes.fa").write_text("".join(f">g{n}\n{gene}\n" for n, gene in enumerate(genes)))
    subprocess.run(["cusp", "genes.fa", "out"], cwd=tmp_path, capture_output=True, check=True)
    theirs = {
        line.split()[0]: int(line.split()[4])
        for line in (tmp_path / "out").read_text().splitlines()
        if line and line[0] != "#"
    }
    ours = count(biopython / "GenBank" / "NC_000932.gb").counts
    assert dict(zip(CODONS, ours.tolist(), strict=True)) == theirs


def test_exports_hold_all_codons():
    texts = dict(exported(usage(), CODES[1]))
    assert set(texts) == {"cusp", "gcg.cod", "kazusa.txt", "json", "rna.json"}
    assert sum(codon in texts["gcg.cod"] for codon in CODONS) == 64
    assert sum(codon.replace("T", "U") in texts["kazusa.txt"] for codon in CODONS) == 64
    assert kazusa_table(usage()).splitlines()[0].split("(")[0].startswith("UUU")
    table = json.loads(fractions_json(usage(), CODES[1]))
    assert set(table) == {*"ACDEFGHIKLMNPQRSTVWY*"}
    assert all(sum(codons.values()) == pytest.approx(1) for codons in table.values())
    assert "UUU" in json.loads(texts["rna.json"])["F"]
    one = np.zeros(64, int)
    one[CODONS.index("ATG")] = 1
    assert json.loads(fractions_json(usage(one), CODES[1])) == {"M": {"ATG": 1.0}}


def test_tables_have_no_digits_to_spare(tmp_path):
    table = pa.table({"x": pa.array([0.1, None, 1 / 3]), "t": ["a\tb", "", "c"], "yes": [True, False, None]})
    write_tsv(tmp_path / "t.tsv", table)
    assert (tmp_path / "t.tsv").read_text() == "x\tt\tyes\n0.1\ta b\ttrue\n\t\tfalse\n0.3333333333333333\tc\t\n"
    assert read_tsv(tmp_path / "t.tsv")[0]["t"] == "a b"
    assert tsv_bytes(table.slice(0, 0)) == b""


@pytest.mark.parametrize("sizes", [[10], [3, 4, 3], [1] * 10, [0, 10, 0]])
def test_parquet_does_not_depend_on_the_parts(tmp_path, sizes):
    table = pa.table({"x": range(10)})
    places = np.cumsum([0, *sizes])
    parts = [table.slice(begin, size) for begin, size in zip(places, sizes, strict=False)]
    write_parquet(tmp_path / "parts", parts, table.schema)
    write_parquet(tmp_path / "whole", [table], table.schema)
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()
    assert [len(group) for group in in_groups(parts, 4)] == [4, 4, 2]


def test_curve_and_line():
    assert wright_curve(np.array([0.5]))[0] == pytest.approx(2 + 0.5 + 29 / 0.5)
    assert line_through(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])) == pytest.approx((2, 1, 1))
    assert line_through(np.array([1.0, 1.0]), np.array([1.0, 2.0])) is None


def test_components_do_not_depend_on_order():
    rscu = RNG.random((50, 10)) * 2
    rscu[3, 4] = np.nan
    order = RNG.permutation(50)
    points, shares = principal_components(rscu)
    assert (principal_components(rscu[order])[0] == points[order]).all()
    assert shares[0] >= shares[1] > 0


def sample_of(count, tmp_path, text, **options):
    counted = count(text, **options)
    path = tmp_path / "genes.parquet"
    method = Method(IndexSettings(), CODES, None, None, None)
    write_parquet(path, gene_tables(counted.paths, counted.merged, method), GENES_SCHEMA)
    return counted.merged, path


def test_pictures_have_their_tables(count, yeast, tmp_path):
    sample = sample_of(count, tmp_path, yeast)
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        plot_codon_usage([sample], folder, IndexSettings(), CODES)
    names = {path.name for path in folders[0].iterdir()}
    stems = {"rscu.sample.code_1", "rscu_heat_map.code_1", "enc_gc3s", "neutrality", "pr2", "rscu_components"}
    assert names == {f"{stem}.{ending}" for stem in stems for ending in ("png", "svg", "tsv")}
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name
    points = read_tsv(folders[0] / "enc_gc3s.tsv")
    assert len(points) == 110
    assert float(points[0]["expected_enc"]) == pytest.approx(wright_curve(np.array([float(points[0]["gc3s"])]))[0])


def test_frames_are_named_as_such_and_have_no_genes_to_draw(count, tmp_path):
    sample = sample_of(count, tmp_path, ">g\n" + "ATGGCC" * 100 + "\n", mode="frame")
    (tmp_path / "plots").mkdir()
    plot_codon_usage([sample], tmp_path / "plots", IndexSettings(), CODES)
    stems = {path.name.removesuffix(".svg") for path in (tmp_path / "plots").glob("*.svg")}
    assert stems == {"rscu.sample (frame).code_1", "rscu_heat_map.code_1"}


def test_of_many_genes_the_same_ones_are_drawn_in_any_order(count, tmp_path, monkeypatch):
    monkeypatch.setattr("domainflow.codons.plots.plot_codon_usage.MOST_POINTS", 10)
    genes = [f">g{number}\n{'ATGGCC' * 20}TAA\n" for number in range(40)]
    chosen = []
    for order in (genes, genes[::-1]):
        table = chosen_genes([sample_of(count, tmp_path, "".join(order))])
        assert len(table) == 10
        chosen.append(set(table["seq_id"].to_pylist()))
    assert chosen[0] == chosen[1]


def test_rscu_of_genes_is_that_of_the_usage_table(count, tmp_path):
    merged, path = sample_of(count, tmp_path, ">g\n" + "".join(RNG.choice(list("ACGT"), 900)) + "\n")
    table = pq.read_table(path)
    row = gene_rscu(table, CODES, IndexSettings())[0]
    expected = codon_usage(merged.totals.counts, CODES[1], IndexSettings()).rscu
    shown = (CODES[1].degeneracy > 1) & ~CODES[1].never_inside
    np.testing.assert_allclose(row, expected[shown])
