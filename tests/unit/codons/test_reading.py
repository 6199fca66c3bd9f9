"""Files are read whatever their form: endings of lines, compression, splits, formats; batches hold each record once."""

import bz2
import gzip
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from Bio import SeqIO
from hypothesis import given
from hypothesis import strategies as st

from domainflow.codons import fasta, opened_file
from domainflow.codons.batches import BatchWriter, batch_facts, open_batch
from domainflow.codons.genes import SCHEMA, gene_table
from domainflow.codons.opened_file import file_kind, read_blocks
from domainflow.codons.prepare_genes import GeneFile, prepare_genes
from domainflow.codons.settings import PrepareSettings
from domainflow.run.errors import InputError
from unit.codons.conftest import CODES
from unit.codons.test_golden_values import genbank

RNG = np.random.default_rng(11)
TEXT = ">a first\nATGGCT\nTAA\n>b\nATGTTTTAG\n>c\nATGGGGTGA"


def random_genes(n):
    return [(f"g{number}", "".join(RNG.choice(list("ACGT"), RNG.integers(0, 200)))) for number in range(n)]


def as_fasta(genes):
    return "".join(f">{name}\n{sequence}\n" for name, sequence in genes)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT + "\n",
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace("T", "U"),
        TEXT.lower().replace(">A", ">a"),
        "\n\n" + TEXT,
        TEXT.replace("GCT", "G C\tT"),
    ],
)
def test_forms_of_fasta_give_the_same_counts(count, text):
    plain = count(TEXT)
    other = count(text)
    assert (other.counts == plain.counts).all()
    assert [row["seq_id"] for row in other.rows] == ["a", "b", "c"]


def test_compressed_files_are_read(count, tmp_path):
    plain = count(TEXT)
    packed = {
        "gz": gzip.compress(TEXT[:20].encode()) + gzip.compress(TEXT[20:].encode()),  # two members
        "bz2": bz2.compress(TEXT.encode()),
        "zst": pa.compress(TEXT.encode(), "zstd", asbytes=True),
    }
    for ending, content in packed.items():
        path = tmp_path / f"genes.fa.{ending}"
        path.write_bytes(content)
        assert (count(path).counts == plain.counts).all(), ending


@pytest.mark.parametrize("size", [1, 2, 7, 64, 1000])
def test_blocks_may_end_anywhere(count, monkeypatch, size):
    plain = count(TEXT)
    monkeypatch.setattr(fasta, "read_blocks", lambda path: read_blocks(path, size))
    assert (count(TEXT).counts == plain.counts).all()


def test_characters_keep_their_place(count):
    """A gap or a digit makes its triplet ambiguous and shifts nothing."""
    counted = count(">g\nATG-CTA9AGGGTAA\n")
    assert counted.merged.totals.ambiguous == 2
    assert int(counted.counts.sum()) == 3


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 9), st.integers(1, 300))
def test_each_record_is_in_one_batch(tmp_path_factory, sizes, batch_size, max_bases):
    folder = tmp_path_factory.mktemp("batches")
    writer = BatchWriter(folder, "s", batch_size, max_bases)
    number = 0
    for size in sizes:
        ids = [str(number + at) for at in range(size)]
        sequences = [b"A" * int(length) for length in RNG.integers(0, 90, size)]
        writer.append(gene_table(size, {"file": "f", "seq_id": ids, "sequence": sequences, "genetic_code": 1}))
        number += size
    writer.close()
    found, first = [], 0
    for batch in writer.batches:
        table = open_batch(batch.path).read_all()
        assert batch_facts(batch.path) == ("s", first)
        assert len(table) == batch.rows <= batch_size
        bases = sum(len(sequence.as_py()) for sequence in table["sequence"])
        assert bases == batch.bases
        assert bases <= max_bases or batch.rows == 1
        found += table["seq_id"].to_pylist()
        first += len(table)
    assert found == [str(at) for at in range(number)]


@pytest.mark.parametrize(("n", "batches"), [(32_240, [5000] * 6 + [2240]), (10_000, [5000] * 2), (1, [1])])
def test_numbers_of_batches(tmp_path, n, batches):
    writer = BatchWriter(tmp_path, "s", 5000, 2**29)
    writer.append(
        gene_table(n, {"file": "f", "seq_id": list(map(str, range(n))), "sequence": b"ATG", "genetic_code": 1})
    )
    writer.close()
    assert [batch.rows for batch in writer.batches] == batches


@pytest.mark.parametrize(("before", "after"), [(0, 3), (3, 3), (4, 9), (7, 1), (12, 5)])
def test_genes_of_a_damaged_file_are_taken_back(tmp_path, before, after):
    def genes(first, n):
        ids = [str(first + at) for at in range(n)]
        return gene_table(n, {"file": "f", "seq_id": ids, "sequence": b"ATG", "genetic_code": 1})

    writer = BatchWriter(tmp_path, "s", 4, 2**29)
    writer.append(genes(0, before)) if before else None
    writer.append(genes(100, after))
    writer.roll_back(before)
    writer.append(genes(before, 2))
    hashes = writer.close()
    ids = [name for batch in writer.batches for name in open_batch(batch.path).read_all()["seq_id"].to_pylist()]
    assert ids == [str(at) for at in range(before + 2)]
    assert len(hashes) == len(ids) == len(set(hashes.tolist()))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(batch.path.name for batch in writer.batches)


def test_a_truncated_file_is_rejected_as_a_whole(count, tmp_path, monkeypatch):
    monkeypatch.setattr(fasta, "read_blocks", lambda path: read_blocks(path, 500))
    good, bad = as_fasta([("good", "ATGTAA")]), as_fasta(random_genes(200))
    (tmp_path / "good.fa").write_text(good)
    (tmp_path / "bad.fa.gz").write_bytes(gzip.compress(bad.encode())[:-9])
    counted = count(
        tmp_path / "good.fa", tmp_path / "bad.fa.gz", good.replace("good", "last"), prepare={"batch_size": 3}
    )
    assert [(row["seq_id"], row["status"]) for row in counted.rows] == [
        ("good", "ok"),
        ("-", "rejected"),
        ("last", "ok"),
    ]
    assert "bad.fa.gz is a damaged or incomplete archive" in counted.rows[1]["reason"]


def test_records_with_one_id(count):
    text = as_fasta([("a", "ATGTAA"), ("b", "ATGTAA"), ("a", "ATGAAATAA"), ("a", "ATGTAA")])
    for size in (1, 3, 100):
        rows = count(text, prepare={"batch_size": size}).rows
        assert [(row["seq_id"], row["status"]) for row in rows] == [
            ("a", "ok"), ("b", "ok"), ("a", "rejected"), ("a", "rejected"),
        ]  # fmt: skip
        renamed = count(text, prepare={"batch_size": size, "dup_ids": "suffix"})
        assert [row["seq_id"] for row in renamed.rows] == ["a", "b", "a~2", "a~3"]
        assert renamed.merged.totals.codes["C006"] == 2


def test_results_do_not_depend_on_batches_files_order_or_compression(count, tmp_path):
    genes = random_genes(60)
    whole = count(as_fasta(genes))
    table = {row["seq_id"]: row["counts"] for row in whole.genes()}
    (tmp_path / "packed.fa.gz").write_bytes(gzip.compress(as_fasta(genes).encode()))
    others = [
        count(as_fasta(genes), prepare={"batch_size": 1}),
        count(as_fasta(genes), prepare={"batch_size": 7}),
        count(as_fasta(genes), prepare={"max_batch_bases": 500}),
        count(as_fasta(genes[:20]), as_fasta(genes[20:])),
        count(as_fasta(genes[::-1])),
        count(tmp_path / "packed.fa.gz"),
    ]
    for other in others:
        assert (other.counts == whole.counts).all()
        assert other.merged.totals.codes == whole.merged.totals.codes
        assert {row["seq_id"]: row["counts"] for row in other.genes()} == table
    assert others[0].genes() == whole.genes()


def test_only_the_first_records(count):
    assert len(count(TEXT, prepare={"first_records": 2}).rows) == 2


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_parquet(count, tmp_path, kind):
    genes = [("a", "ATG GCT\nTAA"), ("b", "ATGTTTTAG"), ("c", "ATGGGGTGA")]
    table = pa.table(
        {
            "seq_id": [name for name, _ in genes],
            "sequence": pa.array([text for _, text in genes]).cast(kind),
            "description": ["x"] * 3,
            "length": pa.array([9, 9, 8], pa.int32()),
            "genetic_code": pa.array([1, 11, None], pa.int32()),
            "source": ["y"] * 3,
        }
    )
    pq.write_table(table, tmp_path / "shard_00000.parquet", compression="snappy")
    counted = count(tmp_path / "shard_00000.parquet")
    assert (counted.counts == count(TEXT).counts).all()
    assert [row["codes"] for row in counted.rows] == ["-", "-", "C013"]
    assert [row["genetic_code"] for row in counted.genes()] == [1, 11, 1]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"seq_id": ["a"]}, "has no column sequence"),
        ({"seq_id": ["a"], "sequence": [1]}, "must be text"),
        ({"seq_id": ["a"], "sequence": ["ATG"], "length": ["3"]}, "must have whole numbers"),
    ],
)
def test_parquet_without_a_column_is_rejected(count, tmp_path, table, said):
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    (row,) = count(tmp_path / "t.parquet").rows
    assert (row["codes"], row["status"]) == ("C002", "rejected")
    assert said in row["reason"]


def test_files_without_a_record(count, tmp_path):
    pq.write_table(
        pa.table({"seq_id": pa.array([], pa.string()), "sequence": pa.array([], pa.string())}), tmp_path / "t.parquet"
    )
    counted = count(tmp_path / "t.parquet", genbank("ATGTAA", []))
    assert [row["status"] for row in counted.rows] == ["no_gene", "no_gene"]
    assert counted.merged.totals.without_gene == 2


def test_a_record_longer_than_a_block(count, monkeypatch):
    monkeypatch.setattr(fasta, "read_blocks", lambda path: read_blocks(path, 1000))
    sequence = "ATGGCT" * 5000
    counted = count(f">long\n{sequence}\n>next\nATGTAA\n", prepare={"max_batch_bases": 100}, mode="frame")
    assert [batch.rows for batch in counted.merged.batches] == [1, 1]
    assert int(counted.counts.sum()) == 10002


def test_headers_of_ncbi(count):
    header = (
        ">lcl|NC_000913.3_cds_NP_417.1_4 [gene=fdnG] [protein=formate dehydrogenase] [transl_table=11] "
        "[transl_except=(pos:4..6,aa:Sec)] [protein_id=NP_417.1] [location=101..112] [gbkey=CDS]\nATGTGAGCTTAA\n"
        ">lcl|x_cds_2 [gene=rpsA] [protein=30S ribosomal subunit protein S1] [frame=2] [location=<1..10]\nCATGGCTTAA\n"
    )
    counted = count(header)
    assert [row["codes"] for row in counted.rows] == ["C022", "-"]
    assert [(row["gene"], row["genetic_code"]) for row in counted.genes()] == [("fdnG", 11), ("rpsA", 1)]
    assert counted.proteins["lcl|NC_000913.3_cds_NP_417.1_4"] == "MUA"


def test_a_genome_without_sequence_and_a_gene_past_the_end(count):
    record = genbank("ATGGCTTAA", [("1..9", ['locus_tag="a"']), ("4..12", ['locus_tag="b"'])])
    without = re.sub(r"ORIGIN.*//", "//", record, flags=re.DOTALL).replace("TEST", "BARE")
    rows = count(record, without).rows
    assert [(row["status"], row["codes"]) for row in rows] == [
        ("ok", "-"), ("rejected", "C025"), ("rejected", "C003"), ("rejected", "C003"),
    ]  # fmt: skip
    assert "the part 4..12 is outside of TEST.1, which has 9 bases" in rows[1]["reason"]
    assert "the record BARE.1 has no sequence" in rows[2]["reason"]


def test_gff_that_names_an_unknown_sequence(count, tmp_path):
    (tmp_path / "genome.fa").write_text(">c\nATGGCTTAA\n")
    lines = ["c\tx\tCDS\t1\t9\t.\t+\t0\tID=a", "d\tx\tCDS\t1\t9\t.\t+\t0\tID=b"]
    (tmp_path / "g.gff3").write_text("##gff-version 3\n" + "\n".join(lines) + "\n")
    rows = count(tmp_path / "g.gff3", genome=tmp_path / "genome.fa").rows
    assert [(row["status"], row["seq_id"]) for row in rows] == [("ok", "c_cds_a_1"), ("rejected", "d_cds_b_1")]
    assert "d has no sequence" in rows[1]["reason"]
    (row,) = count(tmp_path / "g.gff3").rows
    assert (row["codes"], row["status"]) == ("C001", "rejected")


def test_gff_gives_the_genes_of_genbank(count, biopython, tmp_path):
    """The chloroplast's genes, written as GFF3 in an order that a reader must not trust."""
    record = SeqIO.read(biopython / "GenBank" / "NC_000932.gb", "genbank")
    lines = [f"{record.id}\tx\tregion\t1\t{len(record)}\t.\t+\t.\tID=r;Is_circular=true"]
    for number, feature in enumerate([f for f in record.features if f.type == "CDS"]):
        spliced = "trans_splicing" in feature.qualifiers
        parts = list(enumerate(feature.location.parts, start=1))
        for place, part in parts if spliced else sorted(parts, key=lambda pair: pair[1].start):
            said = f"ID=cds{number};gene={feature.qualifiers['gene'][0]};transl_table=11"
            said += f";part={place}/{len(parts)};exception=trans-splicing" if spliced else ""
            strand = "-" if part.strand == -1 else "+"
            lines.append(f"{record.id}\tx\tCDS\t{part.start + 1}\t{part.end}\t.\t{strand}\t0\t{said}")
    (tmp_path / "g.gff3").write_text("\n".join([*lines, "##FASTA", f">{record.id}", str(record.seq)]) + "\n")
    ours, theirs = count(tmp_path / "g.gff3"), count(biopython / "GenBank" / "NC_000932.gb")
    assert (ours.counts == theirs.counts).all()
    assert [gene["counts"] for gene in ours.genes()] == [gene["counts"] for gene in theirs.genes()]


def test_transcripts_of_one_gene_are_genes_of_their_own(count, tmp_path):
    (tmp_path / "genome.fa").write_text(">c\nATGGCTAAATAATAG\n")
    lines = [
        "c\tx\tmRNA\t1\t12\t.\t+\t.\tID=t1", "c\tx\tmRNA\t1\t15\t.\t+\t.\tID=t2",
        "c\tx\tCDS\t1\t6\t.\t+\t0\tID=p1;Parent=t1,t2", "c\tx\tCDS\t7\t12\t.\t+\t0\tID=p2;Parent=t1",
        "c\tx\tCDS\t13\t15\t.\t+\t0\tID=p3;Parent=t2",
    ]  # fmt: skip
    (tmp_path / "g.gff3").write_text("\n".join(lines) + "\n")
    counted = count(tmp_path / "g.gff3", genome=tmp_path / "genome.fa")
    assert [row["length"] for row in counted.rows] == ["12", "9"]


def test_embl(count, biopython, tmp_path):
    source = biopython / "GenBank" / "NC_005816.gb"
    record = SeqIO.read(source, "genbank")
    SeqIO.write(record, tmp_path / "x.embl", "embl")
    (tmp_path / "x.embl.gz").write_bytes(gzip.compress((tmp_path / "x.embl").read_bytes()))
    assert (count(tmp_path / "x.embl.gz").counts == count(source).counts).all()


@pytest.mark.filterwarnings("ignore")
def test_every_annotated_gene_of_every_test_file_has_a_row(count, biopython):
    """Real and odd files: as many rows as Biopython finds genes, or one row that says why the file cannot be read."""
    for path in sorted((biopython / "GenBank").glob("*.gb*")) + sorted((biopython / "EMBL").glob("*.embl")):
        kind = "embl" if path.suffix == ".embl" else "genbank"
        rows = count(path).rows
        try:
            if path.suffix == ".bgz":
                continue
            records = list(SeqIO.parse(path, kind))
            n = sum(feature.type == "CDS" for record in records for feature in record.features)
        except ValueError:
            n = 0
        assert len(rows) == max(n, 1), path.name
        assert n > 0 or rows[0]["status"] in ("no_gene", "rejected"), path.name


def test_formats_are_told_by_their_content(tmp_path):
    contents = {
        "fasta": ">a\nATG\n", "genbank": "LOCUS       X\n", "embl": "ID   X\n",
        "gff3": "# comment\nc\tx\tCDS\t1\t9\t.\t+\t0\tID=a\n",
    }  # fmt: skip
    for kind, content in contents.items():
        (tmp_path / "file").write_text(content)
        assert file_kind(tmp_path / "file") == kind
    (tmp_path / "file").write_text("PK\x03\x04")
    with pytest.raises(InputError, match="none of FASTA, GenBank"):
        file_kind(tmp_path / "file")


def test_missing_files_and_folders_are_rejected(tmp_path):
    files = [GeneFile("gone", tmp_path / "gone.fa", None, 1, None), GeneFile("folder", tmp_path, None, 1, None)]
    files += [GeneFile("x", None, None, 1, "no file is given"), GeneFile("y", tmp_path / "y", None, 99, None)]
    (batch,) = prepare_genes(files, tmp_path, "s", PrepareSettings(), CODES)
    table = open_batch(batch.path).read_all()
    assert table.schema.names == SCHEMA.names
    said = table["reason"].to_pylist()
    assert "does not exist" in said[0]
    assert "is a folder" in said[1]
    assert said[2] == "no file is given"
    assert said[3].startswith("there is no genetic code 99; the numbers are 1, 2, 3")


def test_text_that_is_no_utf_8_is_read(tmp_path):
    (tmp_path / "x").write_bytes(b"one\ntw\xf6\nthree")
    with opened_file.open_text(Path(tmp_path / "x")) as lines:
        assert list(lines) == ["one\n", "twö\n", "three"]
