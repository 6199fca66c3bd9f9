"""Published and measured values of real genomes, and the inputs that broke other programs (field notes T1 to T22)."""

import gzip
from collections import Counter

import numpy as np
import pytest
from Bio import SeqIO

from domainflow.codons.compute_indices import Method
from domainflow.codons.genetic_codes import CODONS, genetic_code
from domainflow.codons.gff3 import read_gff3
from domainflow.codons.locations import joined_sequence, parse_location
from domainflow.codons.reference_set import Reference
from domainflow.codons.settings import IndexSettings
from domainflow.codons.translation import translate
from domainflow.codons.usage import codon_usage
from unit.codons.conftest import CODES

GENBANK_END = "ORIGIN\n//\n"


def genbank(sequence, features, topology="linear"):
    """A GenBank record of a sequence with features as (location, qualifiers)."""
    lines = [f"LOCUS       TEST {len(sequence):>20} bp    DNA     {topology:<8} BCT 01-JAN-2000", "DEFINITION  test."]
    lines += ["ACCESSION   TEST", "VERSION     TEST.1", "FEATURES             Location/Qualifiers"]
    for location, qualifiers in features:
        lines.append(f"     CDS             {location}")
        lines += [f"                     /{text}" for text in qualifiers]
    lines.append("ORIGIN")
    for at in range(0, len(sequence), 60):
        lines.append(f"{at + 1:>9} {sequence[at : at + 60].lower()}")
    return "\n".join([*lines, "//"]) + "\n"


def starts_and_stops(counted):
    genes = counted.genes()
    return Counter(gene["start_codon"] for gene in genes), Counter(gene["stop_codon"] for gene in genes)


def test_t1_chloroplast_of_arabidopsis(count, biopython):
    counted = count(biopython / "GenBank" / "NC_000932.gb", code=1)
    totals = counted.merged.totals
    assert (totals.counted, totals.rejected, totals.triplets) == (85, 0, 26494)
    assert int(counted.counts.sum()) == 26494
    assert (counted.counts > 0).all()
    of = dict(zip(CODONS, counted.counts.tolist(), strict=True))
    assert [of[codon] for codon in ("AAA", "GAA", "ATT", "TTT", "CGG")] == [1157, 1056, 1159, 1097, 118]
    starts, stops = starts_and_stops(counted)
    assert starts == {"ATG": 81, "GTG": 3, "ACG": 1}
    assert stops == {"TAA": 52, "TGA": 12, "TAG": 21}
    assert list(totals.by_code) == [11]
    # start codons other than ATG are read as M; of all 85, only the edited one differs
    (differs,) = [row for row in counted.rows if "C020" in row["codes"]]
    assert differs["codes"] == "C008,C020,C023"
    assert "residue 1 is T, annotated is M" in differs["reason"]


@pytest.mark.parametrize(("frame", "stops"), [(0, 3186), (1, 2944), (2, 2962)])
def test_t2_the_same_genome_in_frames(count, biopython, frame, stops):
    genome = SeqIO.read(biopython / "GenBank" / "NC_000932.gb", "genbank")
    counted = count(f">NC_000932\n{genome.seq}\n", mode="frame", frame=frame)
    assert counted.merged.totals.triplets == 51492
    assert int(counted.counts[genetic_code(11).never_inside].sum()) == stops
    in_genes = count(biopython / "GenBank" / "NC_000932.gb").counts
    assert int(in_genes[genetic_code(11).never_inside].sum()) == 85


def test_t3_trans_spliced_gene_in_both_copies(count, biopython):
    counted = count(biopython / "GenBank" / "NC_000932.gb")
    copies = [row for row in counted.rows if "C024" in row["codes"]]
    assert [row["length"] for row in copies] == ["372", "372"]
    assert all("C020" not in row["codes"] for row in copies)


@pytest.mark.parametrize(
    ("name", "code", "genes", "codons", "starts", "stops"),
    [
        ("GFF/NC_001422.gbk", 11, 11, 2338, {"ATG": 11}, {"TGA": 8, "TAA": 3}),
        ("GenBank/arab1.gb", 1, 18, 8534, None, None),
        ("GenBank/NC_005816.gb", 11, 10, 1938, {"ATG": 6, "GTG": 3, "TTG": 1}, None),
        ("GenBank/NC_005816.ffn", 11, 10, 1938, {"ATG": 6, "GTG": 3, "TTG": 1}, None),
    ],
)
def test_t4_small_genomes(count, biopython, name, code, genes, codons, starts, stops):
    counted = count(biopython / name, code=code)
    assert (counted.merged.totals.counted, int(counted.counts.sum())) == (genes, codons)
    found = starts_and_stops(counted)
    assert starts is None or found[0] == starts
    assert stops is None or found[1] == stops
    assert "C020" not in counted.merged.totals.codes


def test_t4_genes_of_the_genome_are_those_of_the_fasta_file(count, biopython):
    in_genome, in_fasta = (count(biopython / "GenBank" / f"NC_005816.{ending}", code=11) for ending in ("gb", "ffn"))
    assert (in_genome.counts == in_fasta.counts).all()


@pytest.mark.parametrize(
    ("location", "length", "residues"),
    [
        ("join(complement(200..313),400..631,700..725)", 372, 123),  # T5
        ("complement(join(96834..96860,97398..97628,68375..68476))", 360, 119),  # T6
        ("complement(join(7118734..7119102,1..405))", 774, 257),  # T7
        ("join(266..13468,13468..21555)", 21291, 7096),  # T13: one base is read twice
    ],
)
def test_t5_t6_t7_t13_parts_are_joined_as_written(location, length, residues):
    parts = parse_location(location)
    assert sum(part.end - part.begin for part in parts) == length
    assert length // 3 - 1 == residues
    sequence = bytes(np.random.default_rng(1).choice(list(b"ACGT"), max(part.end for part in parts)).astype(np.uint8))
    expected = b"".join(
        piece if part.strand == 1 else piece[::-1].translate(bytes.maketrans(b"ACGT", b"TGCA"))
        for part in parts
        for piece in [sequence[part.begin : part.end]]
    )
    assert joined_sequence(sequence, parts) == expected


def test_t6_exons_keep_the_order_of_the_transcript():
    begins = [part.begin + 1 for part in parse_location("complement(join(96834..96860,97398..97628,68375..68476))")]
    assert begins == [68375, 97398, 96834]


def test_t8_and_t11_codon_start_is_moved_before_reading(count):
    protein = "MGTKVTED"
    dna = "ATGGGTACTAAAGTTACTGAAGATTAA"
    for shift in (0, 1, 2):
        text = genbank(
            "CC"[:shift] + dna, [(f"<1..{len(dna) + shift}", [f"codon_start={shift + 1}", f'translation="{protein}"'])]
        )
        counted = count(text)
        assert counted.merged.totals.codes == {}
        assert int(counted.counts.sum()) == 9
    assert translate(b"ACGGCACGAAAG"[2:], genetic_code(1), whole=False) == "GTK"


def test_t9_phase_of_a_first_part_that_is_incomplete(count, tmp_path):
    gene = "GG" + "AAACCCGGGTTT"
    (tmp_path / "genome.fa").write_text(f">c\n{gene}\n>d\n{reverse_complement(gene)}\n")
    for phase in (0, 1, 2):
        lines = [
            f"{contig}\tx\tCDS\t1\t14\t.\t{strand}\t{phase}\tID={contig}" for contig, strand in (("c", "+"), ("d", "-"))
        ]
        (tmp_path / "genes.gff3").write_text("##gff-version 3\n" + "\n".join(lines) + "\n")
        counted = count(tmp_path / "genes.gff3", genome=tmp_path / "genome.fa")
        lengths = [int(row["length"]) for row in counted.rows]
        assert lengths == [14 - phase, 14 - phase]
    of = dict(zip(CODONS, counted.counts.tolist(), strict=True))
    assert of["AAA"] == of["CCC"] == of["GGG"] == of["TTT"] == 2


def reverse_complement(text):
    return text[::-1].translate(str.maketrans("ACGT", "TGCA"))


def test_t10_a_file_of_cds_lines_alone_is_not_shifted(tmp_path):
    (tmp_path / "genes.gff3").write_text("c\tx\tCDS\t4\t12\t.\t+\t0\tParent=t1\n##FASTA\n>c\nCCCATGAAATAACC\n")
    ((contig, (gene,)),) = read_gff3(tmp_path / "genes.gff3", None, 1)
    assert joined_sequence(contig.bases, gene.parts)[gene.shift :] == b"ATGAAATAA"


def test_t12_a_first_part_shorter_than_its_phase(count, tmp_path):
    (tmp_path / "genome.fa").write_text(">c\nGCCCGATGAAATAA\n")
    lines = ["c\tx\tCDS\t1\t1\t.\t+\t2\tID=g", "c\tx\tCDS\t5\t14\t.\t+\t0\tID=g"]
    (tmp_path / "genes.gff3").write_text("\n".join(lines) + "\n")
    counted = count(tmp_path / "genes.gff3", genome=tmp_path / "genome.fa")
    assert (counted.rows[0]["length"], counted.rows[0]["codons"]) == ("9", "3")
    assert counted.merged.totals.codes == {}


def test_t14_a_stop_completed_by_polyadenylation(count):
    sense = "ATA" + "CTT" * 317
    text = genbank(sense + "TA", [("1..956", ["transl_table=2", "transl_except=(pos:955..956,aa:TERM)"])])
    counted = count(text)
    (row,) = counted.rows
    assert (row["codes"], row["length"], row["codons"]) == ("C022", "956", "318")
    (gene,) = counted.genes()
    assert (gene["n_ambiguous"], gene["stop_codon"]) == (0, None)


def test_t15_arginine_codons_that_stop_in_table_2(count):
    (row,) = count(">g\nATGAGAAAA\n", code=2).rows
    assert row["codes"] == "C009,C010"
    assert count(">g\nATGAGAAAA\n", code=1).rows[0]["codes"] == "C009"
    assert translate(b"ATGAGAAAA", genetic_code(2)) == "M*K"


def test_t16_selenocysteine(count):
    dna = "ATG" + "GCT" * 47 + "TGA" + "GGC" * 10 + "TAG"
    with_exception = genbank(dna, [(f"1..{len(dna)}", ["transl_except=(pos:145..147,aa:Sec)"])])
    counted = count(with_exception)
    assert counted.rows[0]["codes"] == "C022"
    (protein,) = counted.proteins.values()
    assert protein[48] == "U"
    assert dict(zip(CODONS, counted.counts.tolist(), strict=True))["TGA"] == 1
    assert count(genbank(dna, [(f"1..{len(dna)}", [])])).rows[0]["codes"] == "C010"
    on_other_strand = genbank(
        reverse_complement(dna),
        [
            (
                f"complement(1..{len(dna)})",
                [f"transl_except=(pos:complement({len(dna) - 146}..{len(dna) - 144}),aa:Sec)"],
            )
        ],
    )
    assert count(on_other_strand).rows[0]["codes"] == "C022"


def test_t17_rscu_of_families_that_do_not_occur_is_missing(count):
    counts = count(">g\nATGACCAGCAGCAGC\n").counts
    usage = codon_usage(counts, genetic_code(1), IndexSettings())
    rscu = dict(zip(CODONS, usage.rscu.tolist(), strict=True))
    assert (rscu["ATG"], rscu["ACC"], rscu["AGC"]) == (1, 4, 6)
    assert [rscu[codon] for codon in ("ACT", "ACA", "ACG", "TCT", "TCC", "TCA", "TCG", "AGT")] == [0] * 8
    letters = genetic_code(1).amino_acids
    assert all(np.isnan(rscu[codon]) for codon, letter in zip(CODONS, letters, strict=True) if letter not in "MTS")


def test_t18_cai_of_the_best_codons_is_exactly_1(count):
    rng = np.random.default_rng(5)
    reference = Reference("random", rng.integers(1, 1000, 64).astype(float))
    method = Method(IndexSettings(), CODES, reference, None, None)
    w = method.adaptiveness(1).w
    best = "".join(codon for codon, value in zip(CODONS, w, strict=True) if value == 1)
    any_codons = "".join(codon for codon, value in zip(CODONS, w, strict=True) if not np.isnan(value))
    genes = count(f">best\n{best}\n>any\n{any_codons}\n").genes(method)
    assert genes[0]["cai"] == 1
    assert genes[1]["cai"] < 1


def test_t19_a_gene_alone_has_the_values_it_has_among_others(count, yeast):
    together = count(yeast).genes()
    text = yeast.read_text().split(">")[3]
    assert count(f">{text}").genes()[0]["enc"] == together[2]["enc"]


def test_t20_enc_of_yeast_genes(count, yeast):
    genes = count(yeast, prepare={"dup_ids": "suffix"}).genes()
    assert len(genes) == 111
    assert [gene["enc"] for gene in genes[:4]] == pytest.approx([54.08925, 52.45982, 58.72610, 58.29489], abs=5e-6)


def test_t21_families_of_four_and_two(count):
    # one family of four evenly used, one of two with one codon alone: (n + k) weights and pseudocount 1
    counted = count(">g\n" + "CTTCTCCTACTG" * 5 + "TTA" * 8 + "\n")
    method = Method(IndexSettings(families="box"), CODES, None, None, None)
    (gene,) = counted.genes(method)
    # families without a codon are even (F = 1/k); 12 families of two, 8 of four, one of three, two of one
    twos, fours = [8 + 2, *[2] * 11], [20 + 4, *[4] * 7]
    of_twos = [(9 / 10) ** 2 + (1 / 10) ** 2, *[1 / 2] * 11]
    of_fours = [1 / 4] * 8
    expected = 2 + 12 * sum(twos) / np.dot(twos, of_twos) + 3 + 8 * sum(fours) / np.dot(fours, of_fours)
    assert gene["enc_sun"] == pytest.approx(expected, rel=1e-12)


def test_t22_any_ending_and_mixed_case(count, tmp_path):
    path = tmp_path / "genes.ffn"
    path.write_text(">g\natGAAAtaa\n")
    assert count(path).rows[0]["codes"] == "-"
    assert (count(path).counts == count(">g\nATGAAATAA\n").counts).all()


@pytest.mark.shared
def test_ten_chloroplasts_beside_their_translations(count, codon_data):
    """As many rows as annotated genes; each gene equals its protein, or the difference is an edited RNA."""
    for path in sorted((codon_data / "chloroplast").iterdir()):
        with gzip.open(path, "rt") as stream:
            records = list(SeqIO.parse(stream, "genbank"))
        features = [feature for record in records for feature in record.features if feature.type == "CDS"]
        counted = count(path)
        assert len(counted.rows) == len(features) == counted.merged.totals.counted, path.name
        codons = sum(len(feature.location) // 3 for feature in features)
        assert int(counted.counts.sum()) + counted.merged.totals.ambiguous == codons, path.name
        differing = [row["codes"].split(",") for row in counted.rows if "C020" in row["codes"]]
        assert all("C023" in codes for codes in differing), path.name


@pytest.mark.shared
def test_genes_of_e_coli(count, codon_data):
    """The three selenoproteins have no stop inside; pseudogenes do."""
    counted = count(codon_data / "ecoli_cds.fna.gz", code=11)
    totals = counted.merged.totals
    assert (totals.counted, totals.rejected, int(totals.counts.sum())) == (4318, 0, 1342295)
    seleno = [row for row in counted.rows if "C022" in row["codes"]]
    assert [row["codes"] for row in seleno] == ["C022"] * 3
    assert all("C021" in row["codes"] for row in counted.rows if "C010" in row["codes"])
    assert sum(gene["n_internal_stops"] > 0 for gene in counted.genes()) == totals.codes["C010"]
