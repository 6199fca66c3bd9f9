"""The demo's own proteins are complete and described, and none is among the templates they are compared with."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from domainflow.structures.ranges import parse_range
from domainflow.structures.structure_file import read_structure

LENGTHS = {"1GVH_A": 396, "4EAD_A": 440, "1E4E_A": 341, "1CDO_B": 374, "1FC6_A": 386, "1CFB_A": 205}


@pytest.fixture
def demo(root: Path) -> Path:
    return root / "assets" / "demo"


@pytest.fixture
def known(demo: Path) -> pd.DataFrame:
    return pd.read_csv(demo / "known_domains.tsv", sep="\t", dtype=str)


def test_samplesheet_names_six_chains_without_pae(demo):
    with (demo / "samplesheet.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == list(LENGTHS)
    assert all((demo / row["structure"]).is_file() and row["pae"] == "" for row in rows)


@pytest.mark.parametrize(("protein", "length"), LENGTHS.items())
def test_chains_are_complete_and_numbered_from_one(demo, protein, length):
    chain = read_structure(demo / f"{protein}.pdb.gz")
    assert chain.labels == [str(number) for number in range(1, length + 1)]
    assert chain.notes == []


def test_gzip_carries_no_time(demo):
    for path in sorted(demo.glob("*.pdb.gz")):
        content = path.read_bytes()
        assert content[4:8] == bytes(4)
        assert gzip.decompress(content).startswith(b"TITLE")


def test_no_demo_chain_comes_from_a_templates_pdb_entry(root):
    """Otherwise the demo would find its own proteins."""
    facts = pd.read_csv(root / "assets" / "mini-ecod" / "domains.tsv", sep="\t", dtype=str)
    assert not set(facts["pdb"].str.upper()) & {protein[:4] for protein in LENGTHS}


def test_known_domains_lie_inside_and_apart(known):
    for protein, domains in known.groupby("protein"):
        residues = np.concatenate([parse_range(text) for text in domains["range"]])
        assert len(np.unique(residues)) == len(residues)
        assert residues.min() >= 1
        assert residues.max() <= LENGTHS.get(str(protein), 358)
    assert set(known["protein"]) == {*LENGTHS, "D0R0F0"}


def test_every_known_t_group_has_a_template(root, known):
    facts = pd.read_csv(root / "assets" / "mini-ecod" / "domains.tsv", sep="\t", dtype=str)
    assert set(known["t_group"]) <= set(facts["t_group"])
