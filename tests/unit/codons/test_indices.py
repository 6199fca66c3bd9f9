"""Indices of genes: their definitions, other programs' numbers, and undefined values that stay missing."""

import csv
import subprocess

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.codons import compute_indices
from domainflow.codons.compute_indices import Method, gene_tables, method_of_sample
from domainflow.codons.families import families_of
from domainflow.codons.genetic_codes import CODONS, genetic_code
from domainflow.codons.index_kernels import COLUMNS
from domainflow.codons.reference_set import (
    Reference,
    adaptiveness,
    built_in_reference,
    optimal_codons,
    read_optimal,
    read_reference,
)
from domainflow.codons.settings import IndexSettings
from domainflow.codons.trna import read_trna_genes, trna_adaptiveness
from domainflow.codons.usage import amino_acid_table, codon_usage, composition, usage_table
from domainflow.run.errors import InconsistencyError, InputError, StoreError
from unit.codons.conftest import CODES
from unit.codons.plain_counts import wright

COUNTS = st.lists(st.integers(0, 40) | st.just(0), min_size=64, max_size=64)
RNG = np.random.default_rng(3)


def indices(counts, number=1, reference=None, **settings):
    """Indices of one gene by name."""
    method = Method(IndexSettings(**settings), CODES, reference, None, None)
    values = np.zeros((1, len(COLUMNS)))
    compute_indices._compute(np.array([counts], np.int32), number, method, values)
    return dict(zip(COLUMNS, values[0], strict=True))


def equal(found, expected):
    return np.isnan(found) if expected is None else found == pytest.approx(expected, rel=1e-12)


@given(COUNTS, st.sampled_from([1, 2, 3, 11, 12, 27, 31]))
def test_enc_is_that_of_the_plain_formula(counts, number):
    assert equal(indices(counts, number)["enc"], wright(counts, genetic_code(number).amino_acids))


@given(COUNTS)
def test_indices_keep_their_ranges(counts):
    reference = Reference("r", np.arange(1, 65, dtype=float))
    found = indices(counts, 1, reference)
    for name in ("gc", "gc1", "gc2", "gc3", "gc3s", "cai", "fop", "pr2_a", "pr2_g"):
        assert np.isnan(found[name]) or 0 <= found[name] <= 1, name
    assert np.isnan(found["enc"]) or found["enc"] <= 61
    assert np.isnan(found["cbi"]) or found["cbi"] <= 1
    assert found["l_sym"] <= found["l_aa"]


def test_cai_by_hand():
    # Phe: TTT 3 of 1; Leu: CTG alone; an absent codon counts 0.5
    reference = np.zeros(64)
    reference[CODONS.index("TTT")], reference[CODONS.index("TTC")], reference[CODONS.index("CTG")] = 3, 1, 4
    counts = np.zeros(64, int)
    for codon, n in (("TTC", 2), ("CTG", 1), ("TTA", 1), ("ATG", 9), ("GGG", 5), ("TAA", 1)):
        counts[CODONS.index(codon)] = n
    found = indices(counts, reference=Reference("hand", reference))
    # Met is excluded, Gly is not in the reference
    assert found["cai"] == pytest.approx(np.exp((2 * np.log(1 / 3) + np.log(1) + np.log(0.5 / 4)) / 4), rel=1e-15)
    # optimal TTT and CTG; expected by chance 1/2 and 1/6
    assert found["fop"] == 1 / 4
    assert found["cbi"] == pytest.approx((1 - (2 / 2 + 2 / 6)) / (4 - (2 / 2 + 2 / 6)), rel=1e-15)
    assert adaptiveness(Reference("hand", reference), families_of(CODES[1], "aa"), IndexSettings()).absent[0] == "A"


def test_cai_of_e_coli_as_codon_bias_has_it(count, codon_data):
    """Its convention: the first 500 genes are the reference, 1 is added to every count, Met and Trp take part."""
    counted = count(codon_data / "ecoli_cds.fna.gz", code=11, prepare={"first_records": 500})
    method = Method(IndexSettings(cai_exclude="none"), CODES, Reference("500", counted.counts + 1.0), None, None)
    with next((codon_data / "expected").glob("*cai*.csv")).open() as stream:
        expected = [float(row["score"]) for row in csv.DictReader(stream)]
    assert [gene["cai"] for gene in counted.genes(method)] == pytest.approx(expected, abs=5.1e-7)


def test_indices_of_yeast_genes_as_codonw_has_them(count, yeast, tmp_path):
    try:
        subprocess.run(["codonw", "-help"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("codonw is not installed (Debian's package codonw)")
    counted = count(yeast, prepare={"dup_ids": "suffix"})
    families = families_of(CODES[1], "aa")
    optimal = optimal_codons(Reference("r", counted.counts.astype(float)), families) & (RNG.random(64) < 0.8)
    method = Method(IndexSettings(), CODES, Reference("self", counted.counts.astype(float)), optimal, None)
    w = np.nan_to_num(method.adaptiveness(1).w, nan=1)
    order = [CODONS.index(one + two + three) for one in "TCAG" for three in "TCAG" for two in "TCAG"]
    (tmp_path / "w").write_text("".join(f"{w[codon]:.9f}\n" for codon in order))
    (tmp_path / "o").write_text("".join(f"{3 if optimal[codon] else 2}\n" for codon in order))
    files = ["-cai", "-cai_file", "w", "-fop", "-fop_file", "o", "-cbi", "-cbi_file", "o"]
    options = ["-nomenu", "-silent", "-nowarn", "-enc", "-gc3s", *files, "-L_aa", "-L_sym"]
    command = ["codonw", yeast, "out", "bulk", *options]
    subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    rows = [[cell.strip() for cell in line.split("\t")] for line in (tmp_path / "out").read_text().splitlines()]
    limits = {
        "Nc": ("enc", 0.005),
        "GC3s": ("gc3s", 5e-4),
        "CAI": ("cai", 5e-4),
        "Fop": ("fop", 5e-4),
        "CBI": ("cbi", 5e-4),
    }
    for theirs, (ours, limit) in {**limits, "L_sym": ("l_sym", 0), "L_aa": ("l_aa", 0)}.items():
        column = rows[0].index(theirs)
        found = [gene[ours] for gene in counted.genes(method)]
        assert found == pytest.approx([float(row[column]) for row in rows[1:]], abs=limit * 1.001), theirs


def test_trna_adaptation_of_e_coli_as_codon_bias_has_it(codon_data):
    genes = read_trna_genes(codon_data / "ecoli_tgcn.csv")
    w = dict(zip(CODONS, trna_adaptiveness(genes, CODES[11], "eukaryote", ""), strict=True))
    # its weights, scaled by the largest: ATG with 8 genes
    for codon, value in {
        "AAA": 0.75,
        "AAG": 0.24,
        "CGC": 0.36,
        "GCG": 0.12,
        "TGG": 0.125,
        "CTG": 0.54,
        "ATG": 1,
    }.items():
        assert w[codon] == pytest.approx(value, rel=1e-12)
    # dos Reis et al. leave methionine out; in bacteria ATA has a tRNA of its own
    without = dict(zip(CODONS, trna_adaptiveness(genes, CODES[11], "prokaryote"), strict=True))
    assert np.isnan(without["ATG"])
    assert without["AAA"] == 1
    assert without["ATA"] == pytest.approx(0.11 / 6)


def test_tables_of_trna_genes_that_cannot_be_read(tmp_path):
    for text, said in (("CAT,x\n", "line 1 of t"), ("# nothing\n", "has no anticodon")):
        (tmp_path / "t").write_text(text)
        with pytest.raises(InputError, match=said):
            read_trna_genes(tmp_path / "t")


def test_reference_sets(count, tmp_path):
    headers = (
        ">a [gene=rpsA] [protein=30S ribosomal protein S1]",
        ">b [protein=ribosomal protein L3 methyltransferase]",
    )
    genes = f"{headers[0]}\nATGTTTTAA\n{headers[1]}\nATGTTCTAA\n"
    counted = count(genes, code=11)
    of = {}
    for name in ("self", "ribosomal", "e_coli_316407", None):
        method, notes = method_of_sample(
            name, (None, None, None), IndexSettings(), CODES, counted.paths, counted.merged.totals
        )
        of[name] = method.reference
        assert notes["reference"] == name
    assert of[None] is None
    phe = [CODONS.index("TTT"), CODONS.index("TTC")]
    assert [of["self"].counts[codon] for codon in phe] == [1, 1]
    assert [of["ribosomal"].counts[codon] for codon in phe] == [1, 0]
    assert of["e_coli_316407"].counts[CODONS.index("TAA")] == 64
    (tmp_path / "genes.fa").write_text(genes)
    assert read_reference(tmp_path / "genes.fa", 11, CODES).counts.tolist() == of["self"].counts.tolist()
    (tmp_path / "t.tsv").write_text("codon\tcount\nUUU\t7\nTTC\t2.5\n")
    assert [read_reference(tmp_path / "t.tsv", 11, CODES).counts[codon] for codon in phe] == [7, 2.5]
    none = count(">a\nATGTTTTAA\n")
    method, notes = method_of_sample(
        "ribosomal", (None, None, None), IndexSettings(), CODES, none.paths, none.merged.totals
    )
    assert method.reference is None
    assert "no gene for the reference ribosomal" in notes["remark"]
    with pytest.raises(StoreError, match="no file or reference set 'nobody'; the built-in ones are b_subtilis"):
        method_of_sample("nobody", (None, None, None), IndexSettings(), CODES, none.paths, none.merged.totals)
    (tmp_path / "empty").write_text("# nothing\n")
    with pytest.raises(StoreError):
        method_of_sample(None, (tmp_path / "empty", None, None), IndexSettings(), CODES, [], none.merged.totals)
    with pytest.raises(InputError, match="built-in ones"):
        built_in_reference("x")


def test_optimal_codons_of_a_file(tmp_path):
    (tmp_path / "o").write_text("# mine\nUUC, CTG\nAAA\n")
    assert [codon for codon, yes in zip(CODONS, read_optimal(tmp_path / "o"), strict=True) if yes] == [
        "TTC",
        "CTG",
        "AAA",
    ]
    (tmp_path / "o").write_text("Gly\n")
    with pytest.raises(InputError, match="it has GLY"):
        read_optimal(tmp_path / "o")


def test_undefined_indices_are_missing(count):
    (gene,) = count(">g\nATGTTTTAA\n").genes()
    assert [gene[name] for name in ("enc", "cai", "fop", "cbi", "tai", "pr2_a")] == [None] * 6
    assert (gene["gc3s"], gene["l_sym"], gene["l_aa"]) == (0, 1, 2)


def test_frames_have_no_indices_of_genes(count):
    (gene,) = count(">g\n" + "ATGTTTGGGCCC" * 50 + "\n", mode="frame").genes()
    assert [gene[name] for name in ("enc", "enc_sun", "start_codon", "stop_codon")] == [None] * 4
    assert gene["conventions"] == "mode=frame, frame=0; no indices of genes"


def test_genes_whose_counts_do_not_add_up_are_an_error(count):
    counted = count(">g\nATGTTTTAA\n")
    wrong = counted.merged.totals._replace(by_code={1: counted.counts + 1})
    method = Method(IndexSettings(), CODES, None, None, None)
    with pytest.raises(InconsistencyError, match="do not add up"):
        list(gene_tables(counted.paths, counted.merged._replace(totals=wrong), method))


@given(COUNTS)
def test_usage_adds_up(counts):
    counts = np.array(counts)
    usage = codon_usage(counts, CODES[1], IndexSettings())
    families = families_of(CODES[1], "aa")
    if counts.sum():
        assert usage.freq.sum() == pytest.approx(1, abs=1e-12)
    assert sorted(usage.rank) == list(range(1, 65))
    for family, size in enumerate(families.sizes):
        members = families.of_codon == family
        if counts[members].sum():
            assert usage.rscu[members].sum() == pytest.approx(size)
            assert usage.w[members].max() == 1
        else:
            assert np.isnan(usage.rscu[members]).all()


def test_choices_for_stops_and_ambiguous_triplets():
    counts = np.ones(64, int)
    plain = codon_usage(counts, CODES[1], IndexSettings())
    assert np.isnan(plain.rscu[CODES[1].never_inside]).all()
    without = codon_usage(counts, CODES[1], IndexSettings(exclude_stops=True))
    assert np.nansum(without.freq) == pytest.approx(1)
    assert np.isnan(without.freq).sum() == 3
    assert (codon_usage(counts, CODES[1], IndexSettings(rscu_stops=True)).rscu == 1).all()
    settings = IndexSettings(count_ambiguous=True)
    table = usage_table(codon_usage(counts, CODES[1], settings, 36), CODES[1], {}, "", 36)
    assert table["codon"].to_pylist()[-1] == "NNN"
    assert sum(table["freq"].to_pylist()) == pytest.approx(1)
    assert table["freq"].to_pylist()[-1] == 0.36


def test_amino_acids_and_composition():
    counts = np.zeros(64, int)
    counts[[CODONS.index("GGC"), CODONS.index("ATG")]] = 3, 1
    table = amino_acid_table(counts, CODES[1], {"sample": "s"})
    assert {row["aa"]: row["count"] for row in table.to_pylist() if row["count"]} == {"G": 3, "M": 1}
    assert pa.compute.sum(table["freq"]).as_py() == 1
    assert composition(counts, CODES[1]) == {"gc": 10 / 12, "gc1": 3 / 4, "gc2": 3 / 4, "gc3": 1, "gc3s": 1}
