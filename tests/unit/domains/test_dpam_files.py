"""DPAM's own files: names and layouts of both releases."""

import numpy as np
import pandas as pd

from domainflow.alignment.engine import Alignment
from domainflow.domains.dpam_files import steps_1_to_13
from domainflow.domains.dpam_files.names import named_files

ALIGNMENT = Alignment(
    z=7.26,
    query=np.array([5, 6, 7], np.int32),
    template=np.array([0, 1, 2], np.int32),
    rotation=np.eye(3),
    translation=np.array([1.0, -2.5, 0]),
    query_length=120,
    template_length=80,
    score=10.0,
)


def test_an_alignment_block_has_four_lines_and_its_pairs():
    text = steps_1_to_13.format_alignments([("000000012", 1, ALIGNMENT)])
    assert text.splitlines() == [
        ">000000012_1\t7.3\t3\t120\t80",
        "rotation\t1.000000\t0.000000\t0.000000",
        "rotation\t0.000000\t1.000000\t0.000000",
        "rotation\t0.000000\t0.000000\t1.000000",
        "translation\t1.000000\t-2.500000\t0.000000",
        "6\t1",
        "7\t2",
        "8\t3",
    ]


def test_blocks_are_read_back():
    text = steps_1_to_13.format_alignments([("000000012", 1, ALIGNMENT), ("000000012", 2, ALIGNMENT)])
    first, second = steps_1_to_13.parse_alignments(text)
    assert (first.uid, first.z) == ("000000012", 7.3)
    assert (first.query.tolist(), first.template.tolist()) == ([6, 7, 8], [1, 2, 3])
    assert second.hit_name == "000000012_2"
    assert first.translation == "1.000000,-2.500000,0.000000"


def test_v1_has_other_names_and_no_superposition():
    texts = {"alignments": steps_1_to_13.format_alignments([("1", 1, ALIGNMENT)]), "domains": "D1\t1-30\n"}
    assert dict(named_files(texts, "P1", "v1")) == {
        "P1_iterativdDali_hits": ">1_1\t7.3\t3\t120\t80\n6\t1\n7\t2\n8\t3\n",
        "P1.finalDPAM.domains": "D1\t1-30\n",
    }
    assert [name for name, _ in named_files(texts, "P1", "v2")] == ["step8/P1_hits", "step14/P1.domains"]


def test_elements_are_read_back():
    elements = np.array([0, 1, 1, 0], np.int32)
    text = steps_1_to_13.format_elements("MKVA", "-HH-", elements)
    assert text == "1\tM\tna\tC\n2\tK\t1\tH\n3\tV\t1\tH\n4\tA\tna\tC\n"
    assert steps_1_to_13.parse_elements(text).tolist() == elements.tolist()


def test_the_search_table_reads_as_foldseek_prints_it():
    columns = {
        "query": "P1", "target": "002033668.pdb", "fident": 0.2229, "alnlen": 82, "mismatch": 59, "gapopen": 0,
        "qstart": 176, "qend": 252, "tstart": 19, "tend": 100, "evalue": 4.592e-3, "bits": 178, "score": 55.5,
    }  # fmt: skip
    line = "P1\t002033668.pdb\t0.223\t82\t59\t0\t176\t252\t19\t100\t4.592E-03\t178\n"  # as in the published example
    assert steps_1_to_13.format_search_table(pd.DataFrame([columns])) == line
    assert steps_1_to_13.format_search_table(pd.DataFrame(columns=list(columns))) == ""
