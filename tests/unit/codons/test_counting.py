"""Counts are exact, every record ends in one state, and every code of the ledger has its example."""

import bz2
import gzip
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domainflow.codons.codes import Code
from domainflow.codons.count_codons import count_part
from domainflow.codons.genes import gene_table
from domainflow.codons.genetic_codes import CODONS
from domainflow.codons.merge_counts import merge_counts
from domainflow.codons.settings import CountSettings
from domainflow.codons.totals import Totals, check_law
from domainflow.run.errors import InconsistencyError
from unit.codons.conftest import CODES
from unit.codons.plain_counts import counts_by_numpy, counts_by_slices
from unit.codons.test_golden_values import genbank

RNG = np.random.default_rng(7)
SEQUENCE = st.text("ACGTUacgtuNRn-*", max_size=60)


def counted_part(sequences, **settings):
    """Count sequences without a file."""
    columns = {
        "file": "f", "seq_id": [str(number) for number in range(len(sequences))], "genetic_code": 1,
        "sequence": pa.array([sequence.encode() for sequence in sequences], pa.large_binary()),
    }  # fmt: skip
    (batch,) = gene_table(len(sequences), columns).combine_chunks().to_batches()
    return count_part(batch, "s", 0, CountSettings(**settings), CODES)


def random_dna(length):
    return "".join(RNG.choice(list("ACGT"), length))


@given(st.lists(SEQUENCE, min_size=1, max_size=5), st.integers(0, 2))
def test_compiled_counts_are_those_of_slices_and_of_numpy(sequences, frame):
    part = counted_part(sequences, mode="frame", frame=frame)
    genes = {gene["seq_id"]: gene for gene in part.counts.to_pylist()}
    for number, sequence in enumerate(sequences):
        counts, others = counts_by_slices(sequence, frame)
        assert counts_by_numpy(sequence, frame).tolist() == counts
        gene = genes.get(str(number))
        if gene is not None:
            assert (gene["counts"], gene["n_ambiguous"]) == (counts, others)
    assert len(part.lines) == len(sequences)


@given(SEQUENCE, st.integers(0, 2))
def test_a_frame_is_frame_0_of_the_rest(sequence, frame):
    one = counted_part([sequence], mode="frame", frame=frame).totals
    other = counted_part([sequence[frame:]], mode="frame").totals
    assert (one.counts == other.counts).all() or one.rejected != other.rejected


def test_reverse_complement_reverses_the_codons():
    sequence = random_dna(300)
    back = sequence[::-1].translate(str.maketrans("ACGT", "TGCA"))
    counts, reverse = (counted_part([text], mode="frame").totals.counts for text in (sequence, back))
    for codon, n in zip(CODONS, counts, strict=True):
        assert reverse[CODONS.index(codon[::-1].translate(str.maketrans("ACGT", "TGCA")))] == n


GENE = "ATGGCTAAATAA"
EXAMPLES = [
    ("C003", ">g\n\n", {}, "rejected"),
    ("C004", ">g\nAT\n", {}, "rejected"),
    ("C005", ">g\nMKLVEFQPLLE\n", {}, "rejected"),
    ("C006", f">g\n{GENE}\n>g\n{GENE}\n", {}, "rejected"),
    ("C007", ">g\nATGGCTTAAG\n", {}, "ok"),
    ("C007", ">g\nATGGCTTAAG\n", {"partial": "reject"}, "rejected"),
    ("C008", ">g\nAAAGCTTAA\n", {}, "ok"),
    ("C009", ">g\nATGGCT\n", {}, "ok"),
    ("C010", ">g\nATGTAAGCTTAA\n", {}, "ok"),
    ("C010", ">g\nATGTAAGCTTAA\n", {"internal_stop": "reject"}, "rejected"),
    ("C011", ">g\nATGNNNGCTTAA\n", {}, "ok"),
    ("C011", ">g\nATGNNNGCTTAA\n", {"ambiguous": "reject"}, "rejected"),
    ("C012", ">g [gene=x] [transl_table=7]\nATGGCTTAA\n", {}, "rejected"),
    ("C014", ">g\nATG---GCTTAA\n", {}, "ok"),
    ("C021", ">g [pseudo=true]\nATGGCTTAA\n", {}, "ok"),
    ("C022", genbank(GENE, [("1..12", ["transl_except=(pos:4..6,aa:OTHER)"])]), {}, "ok"),
    ("C023", genbank(GENE, [("1..12", ['exception="RNA editing"'])]), {}, "ok"),
    ("C024", genbank(GENE, [("1..12", ["trans_splicing"])]), {}, "ok"),
    ("C025", genbank(GENE, [("1..30", [])]), {}, "rejected"),
    ("C025", genbank("TAAATGGCT", [("join(4..9,1..3)", [])]), {}, "ok"),
    ("C020", genbank(GENE, [("1..12", ['translation="MAR"'])]), {}, "ok"),
    ("C026", genbank(GENE * 2, [("1..12", ['gene="a"']), ("13..24", ['gene="a"'])]), {}, "ok"),
    ("C001", gzip.compress(f">g\n{GENE}\n".encode())[:-4], {}, "rejected"),
    ("C001", bz2.compress(f">g\n{GENE}\n".encode())[:-4], {}, "rejected"),
    ("C001", "no sequence at all\n", {}, "rejected"),
    ("C001", "", {}, "rejected"),
]


@pytest.mark.parametrize(("code", "source", "settings", "status"), EXAMPLES)
def test_every_code_has_its_example(count, code, source, settings, status):
    counted = count(source, **settings)
    rows = [row for row in counted.rows if code in row["codes"].split(",")]
    assert [row["status"] for row in rows] == [status]
    assert rows[0]["reason"] != "-"
    check_law(counted.merged.totals)


def test_all_codes_have_an_example():
    of_parquet = {"C002", "C013"}  # tests/unit/codons/test_reading.py
    assert {code for code, *_ in EXAMPLES} | of_parquet == {code.name for code in Code}


def test_truncated_genes_keep_the_law(count):
    counted = count(">g\nATGAAATAAGCTGCTTAA\n", internal_stop="truncate")
    totals = counted.merged.totals
    assert (int(totals.counts.sum()), totals.truncated, totals.triplets) == (2, 4, 6)


def test_lower_case_can_be_skipped(count):
    totals = count(">g\nATGaaaTAA\n", soft_mask="skip").merged.totals
    assert (int(totals.counts.sum()), totals.ambiguous) == (2, 1)


def test_codons_that_are_stop_and_sense_stop_at_the_end_alone(count):
    # in table 27 TGA is both: it is no stop inside, and a stop at the end
    assert count(">g\nATGTGAGCTTGA\n", code=27).rows[0]["codes"] == "-"


def test_a_stop_is_not_inside_if_it_is_the_last_whole_codon(count):
    assert count(">g\nATGGCTTAAC\n").rows[0]["codes"] == "C007"


def test_proteins(count):
    proteins = count(">a\nGTGGCTNNNTAA\n>b\nATGTAAGCTTAA\n>c\nATGGCT\n", code=11).proteins
    assert proteins == {"a": "MAX", "c": "MA"}  # b has a stop inside


def test_copies_are_counted_once_if_that_is_wanted(count):
    record = genbank(GENE * 2, [("1..12", ['gene="a"']), ("13..24", ['gene="a"'])])
    assert count(record).merged.totals.counted == 2
    once = count(record, prepare={"ir_copies": "once"})
    assert [row["status"] for row in once.rows] == ["ok", "rejected"]
    assert once.merged.totals.counted == 1


def test_a_broken_law_is_an_error():
    totals = Totals.empty()
    with pytest.raises(InconsistencyError, match="rows"):
        check_law(totals._replace(rows=1))
    with pytest.raises(InconsistencyError, match="triplets"):
        check_law(totals._replace(triplets=1))
    planned = [{"name": "b0", "first": 0, "rows": 1}]
    with pytest.raises(InconsistencyError, match="1 rows, and 0 were counted"):
        merge_counts("s", "", "cds", planned, {"b0": totals})
    with pytest.raises(InconsistencyError, match="not of the sample"):
        merge_counts("s", "", "cds", planned, {"other": totals})


def test_a_lost_batch_is_remembered():
    merged = merge_counts("s", "", "cds", [{"name": "b0", "first": 0, "rows": 3}], {})
    assert (merged.lost_rows, merged.totals.rows) == (3, 0)


def test_ids_of_the_code_never_come_from_spark(root):
    """Ordinals are counted while the files are read; numbers of another program have gaps."""
    forbidden = "monotonically_increasing" + "_id"
    sources = [*root.glob("bin/**/*.py"), *root.glob("tools/**/*.py"), *root.glob("**/*.nf")]
    assert [path for path in sources if re.search(forbidden, path.read_text())] == []
